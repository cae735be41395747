import { parse } from 'csv-parse/sync'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { TestWorkspace } from '../../db/testing/test-workspace.ts'
import { importInto } from '../testing/import-into.ts'
import { inspectCsv } from './inspect-csv.ts'

/** Exports of other systems, next to the checkout where there are any; they are not part of the project. */
const FOLDER = new URL('../../../shared/data/samples/', import.meta.url)
const FILES = existsSync(FOLDER) ? readdirSync(FOLDER).filter((name) => name.endsWith('.csv')) : []

/** Files of the same shapes, so that the test has something to read without the samples. */
const MADE: Readonly<Record<string, string>> = {
  'telephony.csv':
    'sid,date_created,to,from,status,start_time,duration,direction,uri\n' +
    'CA1,2024-05-22T21:08:36.794Z,+19170000000,+16000000000,completed,2024-05-22T21:08:36.794Z,1620,inbound,/Calls/CA1.json\n' +
    'CA2,2025-11-02T10:48:58.368Z,+12060000000,+16000000000,busy,2025-11-02T10:48:58.368Z,0,outbound-api,/Calls/CA2.json\n',
  'japan.csv':
    '\ufeffcall_id,call_datetime,agent_id,customer_age_group,call_result\n' +
    'C1,2024-10-04 15:38,A002,20代,断り\nC2,2024-08-14 17:12,A012,40代,不在\n',
}

const read = (name: string): Uint8Array => (name in MADE ? Buffer.from(MADE[name] ?? '') : readFileSync(new URL(name, FOLDER)))

test.each([...FILES, ...Object.keys(MADE)])('%s: as many rows as another reader counts, each accounted for', async (name) => {
  const bytes = read(name)
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
