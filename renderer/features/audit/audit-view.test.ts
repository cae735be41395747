import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createIdGenerator } from '../../../core/id.ts'
import { AUDIT_ACTIONS } from '../../../core/model/audit.ts'
import { auditFilterOf, auditViewFromSearch, auditViewToSearch, WHOLE_TRAIL } from './audit-view.ts'
import type { AuditView } from './audit-view.ts'

const newId = createIdGenerator(Date.now, (length) => crypto.getRandomValues(new Uint8Array(length)))
const view: fc.Arbitrary<AuditView> = fc.record({
  period: fc.constantFrom(WHOLE_TRAIL.period, { kind: 'named', period: 'today' } as const),
  tableName: fc.constantFrom(null, 'calls', 'users'),
  userId: fc.constantFrom(null, newId()),
  actions: fc.subarray([...AUDIT_ACTIONS]),
})

test('the view of the trail is read back from the address', () => {
  fc.assert(
    fc.property(view, (shown) => {
      expect(auditViewFromSearch(auditViewToSearch(shown))).toEqual(shown)
    }),
  )
})

test('an address with an impossible table name has no filter by table', () => {
  expect(auditViewFromSearch({ table: 'x'.repeat(51) }).tableName).toBeNull()
  expect(auditViewFromSearch({ table: "Robert'); DROP TABLE calls;--" }).tableName).toBeNull()
})

test('the whole trail has no filter', () => {
  expect(auditFilterOf(WHOLE_TRAIL, { now: 0, zone: 'UTC', weekStart: 1 })).toEqual({})
})
