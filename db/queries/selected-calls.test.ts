import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { BY_RANK, CALL_SORTS, callPageRequestSchema, type CallFilter, type CallSort } from '../../core/contract/calls.ts'
import type { Id, UserId } from '../../core/id.ts'
import { CALL_OUTCOMES, CALL_STATUSES } from '../../core/model/call-fields.ts'
import { TestWorkspace } from '../testing/test-workspace.ts'
import { listCalls } from './calls.ts'
import { countSelected, selectedIds, type SelectedList } from './selected-calls.ts'

let workspace: TestWorkspace
beforeAll(() => {
  workspace = new TestWorkspace()
  const { adminId, agentId, priceId } = workspace
  for (let n = 0; n < 60; n++) {
    const lost = n % 4 === 0
    const done = lost || n % 3 === 0
    workspace.addCall({
      userId: n % 2 === 0 ? agentId : adminId,
      prospectName: ['Jo', 'jo', 'Ada', 'Zoë'][n % 4] ?? '',
      notes: n % 5 === 0 ? 'wants a quote' : null,
      status: done ? 'completed' : 'scheduled',
      outcome: lost ? 'lost' : done ? 'won' : null,
      lossReasonId: lost && n % 8 === 0 ? priceId : null,
      callDuration: done ? (n % 3) * 60 : null,
      completedAt: done ? 1_000_000 + (n % 7) : null,
      scheduledAt: done ? null : 1_000_000 + (n % 5),
    })
  }
})
afterAll(() => workspace.dispose())

/** The list as the screen shows it. */
function shown(filter: CallFilter, sort: CallSort, restrict: UserId | null): Id[] {
  const request = callPageRequestSchema.parse({ filter, sort, limit: 500 })
  return listCalls(workspace.db, workspace.clientId, request, restrict).rows.map(({ id }) => id)
}

function selected(list: SelectedList, restrict: UserId | null): string[] {
  const packed = selectedIds(workspace.db, workspace.clientId, list, restrict)
  return (packed.match(/.{32}/g) ?? []).toSorted()
}

const packed = (ids: readonly string[]) => ids.map((id) => id.replaceAll('-', '')).toSorted()

const filters: fc.Arbitrary<CallFilter> = fc
  .record(
    {
      from: fc.constantFrom(0, 1_000_002),
      to: fc.constantFrom(1_000_004, 2_000_000),
      mine: fc.boolean(),
      statuses: fc.subarray([...CALL_STATUSES], { minLength: 1 }),
      outcomes: fc.subarray([...CALL_OUTCOMES], { minLength: 1 }),
      weekHours: fc.constantFrom(0, 3 * 24 + 1).map((hour) => [hour]),
      hasDuration: fc.boolean(),
      reason: fc.constantFrom('none', 'price', 'any'),
      text: fc.constantFrom('quote', 'jo', 'jo quote', 'absent', '+', 'qoute', 'zoee'),
    },
    { requiredKeys: [] },
  )
  .map(({ mine, reason, ...rest }) => ({
    ...rest,
    ...(mine === true && { userIds: [workspace.agentId] }),
    ...(reason !== undefined && {
      lossReasonIds: { none: [null], price: [workspace.priceId], any: [null, workspace.priceId] }[reason] ?? [],
    }),
  }))
const columnSorts = fc.record({ by: fc.constantFrom(...CALL_SORTS), direction: fc.constantFrom('asc' as const, 'desc' as const) })
const sorts: fc.Arbitrary<CallSort> = fc.oneof(columnSorts, fc.constant(BY_RANK))

test('a selection holds the calls that the list shows: all of them, a span, and all but a few', () => {
  const property = fc.property(
    filters,
    sorts,
    fc.boolean(),
    fc.nat(),
    fc.nat(),
    fc.array(fc.nat(), { maxLength: 5 }),
    (filter, sort, isAgent, one, other, left) => {
      const restrict = isAgent ? workspace.agentId : null
      const list = shown(filter, sort, restrict)
      const except = left.flatMap((n) => list[n % Math.max(1, list.length)] ?? [])
      const whole = { filter, span: null, except }
      expect(selected(whole, restrict)).toEqual(packed(list.filter((id) => !except.includes(id))))
      const total = new Set(except).size
      expect(countSelected(workspace.db, workspace.clientId, whole, restrict).total).toBe(list.length - total)
      if (list.length === 0) return
      const ends = [one % list.length, other % list.length] as const
      const [from, to] = [Math.min(...ends), Math.max(...ends)]
      const span = { sort, first: list[ends[0]] as Id, last: list[ends[1]] as Id }
      const part = { filter, span, except }
      const expected = list.slice(from, to + 1).filter((id) => !except.includes(id))
      expect(selected(part, restrict)).toEqual(packed(expected))
      expect(countSelected(workspace.db, workspace.clientId, part, restrict)).toEqual({ total: expected.length, from })
    },
  )
  fc.assert(property, { numRuns: 150 })
})

test('a span whose end has left the list is refused', () => {
  const sort = { by: 'eventAt', direction: 'desc' } as const
  const [first] = shown({ outcomes: ['lost'] }, sort, null)
  const [last] = shown({ outcomes: ['won'] }, sort, null)
  const list = { filter: { outcomes: ['lost' as const] }, span: { sort, first: first as Id, last: last as Id }, except: [] }
  for (const read of [countSelected, selectedIds])
    expect(() => read(workspace.db, workspace.clientId, list, null)).toThrow('has left the list. Nothing was changed')
})
