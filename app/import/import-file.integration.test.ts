import { expect, test } from 'vitest'
import { countAllCalls } from '../../db/queries/call-count.ts'
import { TestWorkspace } from '../../db/testing/test-workspace.ts'
import { callCenterFile } from '../testing/call-center-file.ts'
import { importInto } from '../testing/import-into.ts'
import { inspectCsv } from '../testing/inspect-csv.ts'

const { bytes, used } = callCenterFile()

test(`the 5,000 calls of a call centre are imported, and a second import changes nothing (${used})`, async () => {
  const workspace = new TestWorkspace()
  const auditCount = () => workspace.db.sqlite.prepare('SELECT count(*) FROM audit_logs').pluck().get() as number
  try {
    const { suggestedMap } = await inspectCsv(bytes, 'Call-Center-Dataset.csv', workspace.newId(), {
      timeZone: 'Europe/Berlin',
      defaultCountry: null,
      now: Date.UTC(2027, 0, 1),
    })
    const first = await importInto(workspace, bytes, suggestedMap)
    expect(first).toMatchObject({ rows: 5_000, created: 5_000, updated: 0, unchanged: 0, refused: 0 })
    expect(first.createdUsers.toSorted()).toEqual(['Becky', 'Dan', 'Diane', 'Greg', 'Jim', 'Joe', 'Martha', 'Stewart'])
    const lines = Buffer.from(bytes).toString().split(/\r?\n/)
    const answered = lines.filter((line) => line.split(',')[6] === 'Y').length
    const resolved = lines.filter((line) => line.split(',')[7] === 'Y').length
    const count = (filter: Parameters<typeof countAllCalls>[2]) => countAllCalls(workspace.db, workspace.clientId, filter, null)
    expect(count({ statuses: ['completed'] })).toBe(answered)
    expect(count({ statuses: ['no_show'] })).toBe(5_000 - answered)
    expect(count({ outcomes: ['won'] })).toBe(resolved)
    const before = auditCount()
    expect(await importInto(workspace, bytes, suggestedMap)).toMatchObject({
      rows: 5_000,
      created: 0,
      updated: 0,
      unchanged: 5_000,
      refused: 0,
    })
    expect(auditCount()).toBe(before + 1)
  } finally {
    workspace.dispose()
  }
})
