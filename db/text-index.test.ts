import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { insertCall } from './commands/calls.ts'
import { checkpoint } from '../platform/sqlite/database.ts'
import { compareIndexWithCalls } from './testing/search.ts'
import { TestWorkspace } from './testing/test-workspace.ts'
import { indexTextTogether, scrubTextStep } from './text-index.ts'

let workspace: TestWorkspace
beforeEach(() => {
  workspace = new TestWorkspace()
})
afterEach(() => workspace.dispose())

const compareIndexWithRows = () => compareIndexWithCalls(workspace.db.sqlite)

const text = fc.oneof(fc.constant(null), fc.constantFrom('a', 'Ünï çode', 'a "b" \\ c', '日本', 'one two three one'), fc.string())
const change = fc.record({ place: fc.nat(9), name: text, notes: text, isSame: fc.boolean() })

test('the index has the right words of each row after many rows changed together', () => {
  const calls = Array.from({ length: 10 }, (_, n) => ({ ...workspace.newCall(), id: workspace.newId(), notes: `note ${n}` }))
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 20 }), (changes) => {
      const ids = [...new Set(changes.map(({ place }) => calls[place]?.id ?? ''))]
      workspace.write(() =>
        indexTextTogether(workspace.db, ids, () => {
          for (const { place, name, notes, isSame } of changes) {
            const { sqlite } = workspace.db
            const call = calls[place]
            if (call === undefined) continue
            const exists = sqlite.prepare('SELECT 1 FROM calls WHERE id = ?').get(call.id) !== undefined
            if (!exists) insertCall(workspace.db, call)
            else if (!isSame)
              sqlite
                .prepare(`UPDATE calls SET prospect_name = 'P' || coalesce(?, ''), notes = ? WHERE id = ?`)
                .run(name?.slice(0, 20).replaceAll(/\p{Cc}/gu, '') ?? null, notes?.replaceAll('\0', '') || null, call.id)
          }
        }),
      )
      expect(compareIndexWithRows).not.toThrow()
    }),
    { numRuns: 60 },
  )
})

test('after a merge of the index no file has the words of deleted rows [S15]', () => {
  for (let n = 0; n < 50; n++) workspace.addCall({ notes: `kept ${n}` })
  const { id } = workspace.addCall({ notes: 'Zerubbabel' })
  workspace.write(() => {
    const { sqlite } = workspace.db
    sqlite.exec('UPDATE local_write_context SET sync = 0; UPDATE local_write_context SET trail = 0')
    sqlite.prepare('DELETE FROM calls WHERE id = ?').run(id)
    // Only a removal by the server's data passes these triggers, so the test drops them.
    sqlite.exec('DROP TRIGGER audit_logs_no_delete; DROP TRIGGER sync_outbox_guard_delete')
    sqlite.prepare('DELETE FROM audit_logs WHERE record_id = ?').run(id)
    sqlite.prepare('DELETE FROM sync_outbox WHERE row_id = ?').run(id)
  })
  let steps = 1
  for (let isDone = scrubTextStep(workspace.db, true); !isDone; steps++) isDone = scrubTextStep(workspace.db, false)
  expect(steps).toBeLessThan(20)
  expect(checkpoint(workspace.db.sqlite)).toBe(true)
  expect(readFileSync(workspace.path).toString('latin1').toLowerCase().includes('zerubbabel')).toBe(false)
  compareIndexWithRows()
})
