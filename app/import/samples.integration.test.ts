import { afterEach, beforeEach, expect, test } from 'vitest'
import { dateAloneOf } from '../../core/time/date-alone.ts'
import { countAllCalls } from '../../db/queries/call-count.ts'
import { listCalls } from '../../db/queries/calls.ts'
import { TestWorkspace } from '../../db/testing/test-workspace.ts'
import { importInto } from '../testing/import-into.ts'
import { SAMPLE_NAMES, sampleFile, type SampleName } from '../testing/sample-files.ts'
import { inspectCsv } from '../testing/inspect-csv.ts'

let workspace: TestWorkspace
beforeEach(() => void (workspace = new TestWorkspace()))
afterEach(() => workspace.dispose())

const CONTEXT = { timeZone: 'Europe/Berlin', defaultCountry: null, now: Date.UTC(2027, 0, 1) }
/** Returns the values of a column without the importer. No sample has a quoted cell. */
function cellsOf(name: SampleName, column: string): string[] {
  const [header = '', ...lines] = Buffer.from(sampleFile(name).bytes)
    .toString()
    .replace(/^\ufeff/, '')
    .trim()
    .split(/\r?\n/)
  const place = header.split(',').indexOf(column)
  return lines.map((line) => line.split(',')[place] ?? '')
}
async function importSample(name: SampleName) {
  const { bytes } = sampleFile(name)
  const preview = await inspectCsv(bytes, name, workspace.newId(), CONTEXT)
  return { preview, report: await importInto(workspace, bytes, preview.suggestedMap) }
}
const count = (filter: Parameters<typeof countAllCalls>[2]) => countAllCalls(workspace.db, workspace.clientId, filter, null)
const times = (value: string, cells: readonly string[]) => cells.filter((cell) => cell === value).length
function calls() {
  const page = { filter: {}, sort: { by: 'eventAt', direction: 'asc' }, after: null, skip: 0, limit: 500 } as const
  return listCalls(workspace.db, workspace.clientId, page, null).rows
}

test.each(SAMPLE_NAMES.map((name) => [name, sampleFile(name).used] as const))(
  'every row of %s (%s) is imported with the suggested mapping, and every value of every column is counted',
  async (name) => {
    const { preview, report } = await importSample(name)
    expect(preview.usages.questions).toEqual([])
    expect(report).toMatchObject({ rows: preview.rowCount, created: preview.rowCount, refused: 0, issues: [] })
    expect(preview.usages.usages, 'the same counts before and after the import').toEqual(report.columns)
    expect(report.columns).toHaveLength(preview.columns.length)
    for (const { column, filled, used, cleaned, doubted, leftOut, refused } of report.columns) {
      expect(filled, column).toBe(cellsOf(name, column).filter((cell) => cell.trim() !== '').length)
      expect(used + cleaned + doubted + leftOut + refused, column).toBe(filled)
    }
  },
)

test('in a telephony log busy means no-show, and the duration of a call that did not take place is listed as left out', async () => {
  const { preview, report } = await importSample('cloud-telephony-log.csv')
  const status = cellsOf('cloud-telephony-log.csv', 'status')
  expect(count({ statuses: ['no_show'] })).toBe(times('busy', status))
  expect(count({ statuses: ['completed'] })).toBe(times('completed', status))
  expect(preview.suggestedMap.fields).toMatchObject({ dateTime: { column: 'start_time' }, callDuration: { column: 'duration' } })
  expect(preview.suggestedMap.durationFormat).toBe('s')
  expect(report.columns.find(({ column }) => column === 'duration')).toMatchObject({ leftOut: times('busy', status) })
})

test('in a Japanese log one column fills status and outcome, and durations are minutes', async () => {
  const { preview } = await importSample('calls-japan.csv')
  const result = cellsOf('calls-japan.csv', 'call_result')
  expect(count({ statuses: ['no_show'] })).toBe(times('不在', result))
  expect(count({ outcomes: ['won'] })).toBe(times('成約', result))
  expect(count({ outcomes: ['lost'] })).toBe(times('断り', result))
  expect(count({ statuses: ['rescheduled'] })).toBe(times('コールバック希望', result))
  expect(preview.suggestedMap.durationFormat).toBe('min')
  const minutes = cellsOf('calls-japan.csv', 'call_duration_min').reduce(
    (sum, cell, index) => sum + (['成約', '断り', '検討中', '不明'].includes(result[index] ?? '') ? Number(cell) : 0),
    0,
  )
  expect(calls().reduce((sum, { callDuration }) => sum + (callDuration ?? 0), 0)).toBe(Math.round(minutes * 60))
})

test('in a support log dates without a time keep their dates', async () => {
  await importSample('support-calls.csv')
  const dates = cellsOf('support-calls.csv', 'Date').toSorted()
  expect(calls().flatMap(({ eventAt }) => dateAloneOf(eventAt) ?? [])).toEqual(dates)
})
