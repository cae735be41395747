import { afterEach, beforeEach, expect, test } from 'vitest'
import { deleteCall, insertCall, updateCall } from '../commands/calls.ts'
import { openMigrated } from '../open.ts'
import { SCHEMA_VERSION } from '../migrations/migrations.ts'
import { wrongTotals } from '../queries/derived-soundness.ts'
import { schemaDifferences } from '../schema-objects.ts'
import { compareIndexWithCalls, foundByWord, schemaText } from '../testing/search.ts'
import { TestWorkspace } from '../testing/test-workspace.ts'
import { beginBulkLoad, finishBulkLoad } from './bulk-load.ts'
import { indexTextTogether } from '../text-index.ts'

let workspace: TestWorkspace
beforeEach(() => {
  workspace = new TestWorkspace()
})
afterEach(() => workspace.dispose())

function load(count: number): void {
  const calls = Array.from({ length: count }, () => workspace.newCall())
  const ids = calls.map(({ id }) => id)
  workspace.write(() =>
    indexTextTogether(workspace.db, ids, () => {
      for (const call of calls) insertCall(workspace.db, { ...call, notes: 'loaded' })
    }),
  )
}

test('a file that was loaded in bulk has exactly the schema of a fresh one', () => {
  const fresh = openMigrated(SCHEMA_VERSION)
  for (let n = 0; n < 5; n++) workspace.addCall({ notes: `before ${n}` })
  workspace.write(() => beginBulkLoad(workspace.db))
  expect(schemaDifferences(workspace.db).missing.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['calls_by_time', 'calls_text_insert', 'calls_totals_insert', 'calls_audit_insert']),
  )
  // An interrupted load starts again.
  workspace.write(() => beginBulkLoad(workspace.db))
  load(20)
  workspace.write(() => finishBulkLoad(workspace.db))
  expect(schemaText(workspace.db.sqlite)).toEqual(schemaText(fresh))
  expect(schemaDifferences(workspace.db)).toEqual({ missing: [], altered: [], added: [] })
  expect(wrongTotals(workspace.db)).toBe(0)
  expect(() => compareIndexWithCalls(workspace.db.sqlite)).not.toThrow()
  expect(foundByWord(workspace.db.sqlite, 'loaded')).toHaveLength(20)
  fresh.close()
})

test('after a bulk load the text index reflects every later change of a call', () => {
  const { db } = workspace
  workspace.write(() => beginBulkLoad(db))
  load(3)
  workspace.write(() => finishBulkLoad(db))
  const { id } = workspace.addCall({ notes: 'Quetzalcoatl' })
  expect(foundByWord(db.sqlite, 'Quetzalcoatl')).toEqual([id])
  workspace.write(() => updateCall(db, id, { notes: 'Zerubbabel' }))
  expect(foundByWord(db.sqlite, 'Quetzalcoatl')).toEqual([])
  expect(foundByWord(db.sqlite, 'Zerubbabel')).toEqual([id])
  load(2)
  expect(foundByWord(db.sqlite, 'loaded')).toHaveLength(5)
  workspace.write(() => deleteCall(db, id))
  expect(foundByWord(db.sqlite, 'Zerubbabel')).toEqual([])
  expect(() => compareIndexWithCalls(db.sqlite)).not.toThrow()
})
