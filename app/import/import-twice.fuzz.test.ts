import fc from 'fast-check'
import { expect, test } from 'vitest'
import { deleteCall, updateCall } from '../../db/commands/calls.ts'
import { updateUser } from '../../db/commands/users.ts'
import { listCalls } from '../../db/queries/calls.ts'
import { TestWorkspace } from '../../db/testing/test-workspace.ts'
import { file, importInto, MAP } from '../testing/import-into.ts'

test('a second import of any file changes nothing, even after edits in between', async () => {
  const name = fc.constantFrom('Ben', 'ben', 'Zoë', 'Cy', '', 'ada@acme.test', 'x'.repeat(201))
  const row = fc.record({
    id: fc.constantFrom('', '1', '2', '3', '4', '5'),
    agent: name,
    prospect: fc.constantFrom('Jo', 'Al', '', '"q, ""u"""', 'é'),
    at: fc.constantFrom('2026-01-05T10:00', '2026-03-29T02:30', '2026-10-25T02:30Z', 'nonsense', ''),
    status: fc.constantFrom('completed', 'no_show', 'scheduled', 'rescheduled', 'cancelled', 'odd', ''),
    outcome: fc.constantFrom('won', 'lost', 'undecided', ''),
    reason: fc.constantFrom('Price', 'price', 'Far', ''),
    secs: fc.constantFrom('60', '1:00', '', '-1'),
    notes: fc.constantFrom('', 'a', 'b', '=1+1'),
  })
  const edit = fc.record({ at: fc.nat(10), what: fc.constantFrom('notes', 'delete', 'reassign', 'outcome', 'rename') })
  await fc.assert(
    fc.asyncProperty(fc.array(row, { maxLength: 12 }), fc.array(edit, { maxLength: 4 }), async (rows, edits) => {
      const fresh = new TestWorkspace()
      try {
        const text = file(
          ...rows.map(({ id, agent, prospect, at, status, outcome, reason, secs, notes }) =>
            [id, agent, prospect, at, status, outcome, reason, secs, notes].join(','),
          ),
        )
        const first = await importInto(fresh, text, MAP)
        expect(first.rows).toBe(first.created + first.updated + first.unchanged + first.refused)
        const page = { filter: {}, sort: { by: 'eventAt', direction: 'asc' }, after: null, skip: 0, limit: 100 } as const
        const all = () => listCalls(fresh.db, fresh.clientId, page, null).rows
        for (const { at, what } of edits) {
          const present = all()
          const call = present[at % Math.max(1, present.length)]
          if (call === undefined) break
          fresh.write(() => {
            if (what === 'notes') updateCall(fresh.db, call.id, { notes: `edited ${at}` })
            else if (what === 'delete') deleteCall(fresh.db, call.id)
            else if (what === 'reassign') updateCall(fresh.db, call.id, { userId: fresh.adminId })
            else if (what === 'rename') updateUser(fresh.db, call.userId, { name: `Renamed ${at}` })
            else if (call.status === 'completed') updateCall(fresh.db, call.id, { outcome: 'undecided', lossReasonId: null })
          })
        }
        const before = all()
        const second = await importInto(fresh, text, MAP)
        expect(second).toMatchObject({
          created: 0,
          updated: 0,
          unchanged: first.created,
          refused: first.refused,
          createdUsers: [],
          createdLossReasons: [],
        })
        expect(all()).toEqual(before)
      } finally {
        fresh.dispose()
      }
    }),
    { numRuns: 100 },
  )
})
