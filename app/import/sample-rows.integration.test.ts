import { parse } from 'csv-parse/sync'
import { expect, test } from 'vitest'
import { TestWorkspace } from '../../db/testing/test-workspace.ts'
import { importInto } from '../testing/import-into.ts'
import { SAMPLE_NAMES, sampleFile } from '../testing/sample-files.ts'
import { inspectCsv } from '../testing/inspect-csv.ts'

const WITH_MARK =
  '\ufeffcall_id,call_datetime,agent_id,customer_age_group,call_result\n' +
  'C1,2024-10-04 15:38,A002,20代,断り\nC2,2024-08-14 17:12,A012,40代,不在\n'

const FILES: readonly (readonly [name: string, used: string, bytes: Uint8Array])[] = [
  ...SAMPLE_NAMES.map((name) => [name, sampleFile(name).used, sampleFile(name).bytes] as const),
  ['marked.csv', 'a file with a byte order mark', Buffer.from(WITH_MARK)],
]

test.each(FILES)('%s (%s) has as many rows as another parser counts, and every line is counted', async (name, _used, bytes) => {
  const independent = parse(Buffer.from(bytes), { bom: true, skip_empty_lines: true })
  const workspace = new TestWorkspace()
  try {
    const preview = await inspectCsv(bytes, name, workspace.newId(), {
      timeZone: 'UTC',
      defaultCountry: null,
      now: Date.UTC(2027, 0, 1),
    })
    expect(preview).toMatchObject({ encoding: 'utf-8', delimiter: ',', headerLine: 1, rowCount: independent.length - 1 })
    expect(preview.columns.map((column) => column.name)).toEqual(independent[0])
    const map = preview.suggestedMap
    const report = await importInto(workspace, bytes, map)
    expect(report.created + report.updated + report.unchanged + report.refused).toBe(independent.length - 1)
    const { lines, before, header, blank, rows, continued } = report.lineAccount ?? preview.lineAccount
    expect(before + header + blank + rows + continued).toBe(lines)
  } finally {
    workspace.dispose()
  }
})
