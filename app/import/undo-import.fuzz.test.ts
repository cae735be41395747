import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Call } from '../../core/model/call.ts'
import { deleteCall, updateCall } from '../../db/commands/calls.ts'
import { listCalls } from '../../db/queries/calls.ts'
import { listUsers } from '../../db/queries/users.ts'
import { TestWorkspace } from '../../db/testing/test-workspace.ts'
import { file, importInto, MAP, undoInto } from '../testing/import-into.ts'

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 60)

test('after an import, some edits and an undo, only the edited calls and the earlier calls remain', async () => {
  const row = fc.record({
    id: fc.constantFrom('1', '2', '3', '4', '5', '6', ''),
    agent: fc.constantFrom('Ben', 'Zoe', 'Ada'),
    at: fc.constantFrom('2026-01-05T10:00', '2026-01-06T11:30'),
    status: fc.constantFrom('completed', 'no_show', 'scheduled'),
    outcome: fc.constantFrom('won', 'lost', 'undecided'),
    reason: fc.constantFrom('Price', 'Far', ''),
    notes: fc.constantFrom('', 'a', 'b', '=1'),
  })
  const rows = fc.array(row, { maxLength: 8 })
  const edit = fc.record({ at: fc.nat(20), what: fc.constantFrom('notes', 'delete', 'reassign', 'append') })
  const text = (all: readonly (typeof row extends fc.Arbitrary<infer T> ? T : never)[]) =>
    file(
      ...all.map((each) =>
        [each.id, each.agent, 'Jo', each.at, each.status, each.outcome, each.reason, '60', each.notes].join(','),
      ),
    )
  await fc.assert(
    fc.asyncProperty(rows, rows, fc.array(edit, { maxLength: 5 }), fc.boolean(), async (earlier, now, edits, again) => {
      const workspace = new TestWorkspace()
      try {
        const { db, clientId } = workspace
        const page = { filter: {}, sort: { by: 'eventAt', direction: 'asc' }, after: null, skip: 0, limit: 100 } as const
        const all = (): Map<string, Call> =>
          new Map(listCalls(db, clientId, page, null).rows.map((call) => [call.id, { ...call, updatedAt: 0 }]))
        await importInto(workspace, text(earlier), MAP)
        workspace.addCall({ prospectName: 'By hand' })
        if (again) {
          const first = await importInto(workspace, text(now), MAP)
          if (first.created + first.updated > 0) undoInto(workspace, first.importId)
        }
        const before = all()
        const { importId, created, updated } = await importInto(workspace, text(now), MAP)
        // An import that wrote nothing has nothing to undo.
        if (created + updated === 0) return
        const touched = new Set<string>()
        for (const { at, what } of edits) {
          const call = [...all().values()][at % Math.max(1, all().size)]
          if (call === undefined) break
          touched.add(call.id)
          workspace.write(() => {
            if (what === 'delete') deleteCall(db, call.id)
            else if (what === 'notes') updateCall(db, call.id, { notes: `edited ${at}` })
            else if (what === 'reassign')
              updateCall(db, call.id, { userId: call.userId === workspace.adminId ? workspace.agentId : workspace.adminId })
            else updateCall(db, call.id, { notes: `${call.notes ?? ''}!` })
          })
        }
        const edited = all()
        undoInto(workspace, importId)
        const expected = new Map(before)
        for (const id of touched) {
          const call = edited.get(id)
          if (call === undefined) expected.delete(id)
          else expected.set(id, call)
        }
        expect([...all().values()].toSorted(byId)).toEqual([...expected.values()].toSorted(byId))
        const owners = new Set([...all().values()].map(({ userId }) => userId))
        for (const user of listUsers(db, clientId)) if (owners.has(user.id)) expect(user.isActive).toBe(true)
      } finally {
        workspace.dispose()
      }
    }),
    { numRuns: RUNS, verbose: true },
  )
})

function byId(a: Call, b: Call): number {
  return a.id < b.id ? -1 : 1
}
