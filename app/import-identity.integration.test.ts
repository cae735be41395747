import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Api } from '../core/contract/contract.ts'
import type { ImportMap, ImportReport } from '../core/contract/imports.ts'
import { TestApplication } from './testing/test-application.ts'

let app: TestApplication
let api: Api
let n = 0
beforeAll(() => (app = new TestApplication()))
afterAll(() => app.dispose())
beforeEach(async () => ({ api } = await app.workspace(`window ${++n}`, `Acme ${n}`, `ada${n}@acme.test`)))
afterEach(() => api.session.signOut())

type Options = { readonly map?: Partial<ImportMap>; readonly dryRun?: boolean; readonly overwrite?: boolean }

/** Imports a file with the suggested mapping, as the window and the command line do. */
async function importFile(text: string, { map = {}, dryRun = false, overwrite = false }: Options = {}) {
  const preview = await api.imports.inspect({ file: new File([text], 'calls.csv') })
  const input = { importId: preview.importId, map: { ...preview.suggestedMap, ...map }, dryRun, overwrite }
  let report: ImportReport | undefined
  for await (const event of await api.imports.run(input)) if (event.kind === 'report') ({ report } = event)
  if (report === undefined) throw new Error('The import ended without a report')
  return { preview, report, counts: [report.created, report.updated, report.unchanged, report.refused] }
}
const calls = async () => (await api.calls.list({ sort: { by: 'eventAt', direction: 'asc' } })).rows
const names = async () => (await calls()).map(({ prospectName, notes }) => `${prospectName} ${notes}`)

/** Returns a file of three calls to the same leads in a month. */
const month = (header: string, keys: readonly string[], number: string, what: string) =>
  [
    `${header},Agent,Date,Name,Notes`,
    ...keys.map((key, row) => `${key},Ben,2026-${number}-0${row + 2} 1${row}:0${row + 3},Lead ${row + 1},${what}`),
  ].join('\n')

const LEADS = ['L1', 'L2', 'L3']
const COUNTED = ['1', '2', '3']

test.each([
  ['the number of a lead', 'Lead Id', LEADS],
  ['the number of a lead with another header', 'id', LEADS],
  ['the number of a lead with the header of a key', 'Reference', LEADS],
  ['the number of a lead with the header of a call id', 'Call Id', LEADS],
  ['the number of a lead that is not consecutive', 'Call Id', ['L7', 'X9', 'M44']],
  ['the number of a lead that is not consecutive, with another header', 'id', ['L7', 'X9', 'M44']],
  ['a running number', 'Nr', COUNTED],
  ['a running number of rows', 'Row number', COUNTED],
  ['a running number with the header of a call number', 'Call Number', COUNTED],
])('a file of November does not overwrite the calls of October: %s', async (_, header, keys) => {
  const october = month(header, keys, '10', 'october')
  const november = month(header, keys, '11', 'november')
  expect((await importFile(october)).counts).toEqual([3, 0, 0, 0])
  expect((await importFile(november)).counts).toEqual([3, 0, 0, 0])
  const both = [1, 2, 3].map((lead) => `Lead ${lead} october`).concat([1, 2, 3].map((lead) => `Lead ${lead} november`))
  expect(await names()).toEqual(both)
  for (const text of [october, november, october]) expect((await importFile(text)).counts).toEqual([0, 0, 3, 0])
  expect(await names()).toEqual(both)
})

test('two unrelated files with the same columns do not overwrite each other', async () => {
  const first = month('Call Id', ['a1', 'a2', 'b7'], '10', 'support')
  const second = first
    .replaceAll('Lead', 'Buyer')
    .replaceAll('support', 'sales')
    .replaceAll('Ben', 'Zoe')
    .replaceAll(/ 1(\d):0/g, ' 0$1:1')
  await importFile(first)
  expect((await importFile(second)).counts).toEqual([3, 0, 0, 0])
  expect(await names()).toHaveLength(6)
})

test('a running number is used as the key if calls of the workspace confirm it', async () => {
  const october = month('id', COUNTED, '10', 'october')
  const byHand = { fields: { externalId: { column: 'id', separator: ' · ' } } }
  const { preview } = await importFile(october, { dryRun: true })
  expect(preview.suggestedMap.fields.externalId).toBeUndefined()
  expect(preview.warnings.map(({ message }) => message).join('\n')).toContain('it only counts the rows')
  const fields = { ...preview.suggestedMap.fields, ...byHand.fields }
  await importFile(october, { map: { fields } })
  const again = await importFile(october)
  expect(again.preview.suggestedMap.fields.externalId).toMatchObject({ column: 'id' })
  expect(again.counts).toEqual([0, 0, 3, 0])
})

test('a key is still used after a person has corrected the times of calls', async () => {
  const text = month('Call Id', ['k1', 'k2', 'x3'], '10', 'october')
  await importFile(text)
  for (const { id, completedAt } of await calls())
    await api.calls.update({ id, patch: { completedAt: (completedAt ?? 0) - 3 * 86_400_000 - 12_345 } })
  const again = await importFile(text)
  expect(again.preview.suggestedMap.fields.externalId).toMatchObject({ column: 'Call Id' })
  expect(again.counts).toEqual([0, 0, 3, 0])
})

test('a key is still used after a change of the time zone', async () => {
  const text = month('Call Id', ['k1', 'k2', 'x3'], '10', 'october')
  await importFile(text)
  await api.settings.update({ time_zone: 'Asia/Kathmandu' })
  const { preview } = await importFile(text, { dryRun: true })
  expect(preview.suggestedMap.fields.externalId).toMatchObject({ column: 'Call Id' })
})

test('a file can change the time of a scheduled call if changes are allowed', async () => {
  const text = (status: string, day: string) => `Call Id,Agent,Date,Name,Status\nk9,Ben,2026-10-${day} 10:00,Jo,${status}`
  await importFile(text('scheduled', '02'))
  const moved = text('completed', '09')
  const dry = await importFile(moved, { dryRun: true })
  expect(dry.counts).toEqual([0, 1, 0, 0])
  expect(dry.report.otherCalls).toBe(0)
  expect((await importFile(moved, { overwrite: true })).counts).toEqual([0, 1, 0, 0])
})

const KEYED = month('Call Id', ['k1', 'k2', 'x3'], '10', 'october')
const LATER = month('Call Id', ['k1', 'k2', 'x3'], '11', 'november')
async function byKey(): Promise<Partial<ImportMap>> {
  const { preview } = await importFile(KEYED, { dryRun: true })
  return { source: 'by hand', fields: preview.suggestedMap.fields }
}

test('a dry run shows a call before and after, and nothing is overwritten unless changes are allowed', async () => {
  const map = await byKey()
  await importFile(KEYED, { map })
  const before = await calls()
  const dry = await importFile(LATER, { map, dryRun: true })
  expect(dry.counts).toEqual([0, 3, 0, 0])
  expect(dry.report.otherCalls).toBe(3)
  expect(dry.report.changes[0]).toEqual({
    line: 2,
    prospectName: 'Lead 1',
    isAnotherCall: true,
    fields: [
      { field: 'notes', before: 'october', after: 'november' },
      { field: 'completedAt', before: before[0]?.completedAt, after: Date.UTC(2026, 10, 2, 9, 3) },
    ],
  })
  const kept = await importFile(LATER, { map })
  expect(kept.counts).toEqual([0, 0, 0, 3])
  expect(kept.report.groups).toMatchObject([
    { column: null, message: expect.stringContaining('The call was kept as it is'), value: null, count: 3, lines: [2, 3, 4] },
  ])
  expect(await calls()).toEqual(before)
  expect((await importFile(LATER, { map, overwrite: true })).counts).toEqual([0, 3, 0, 0])
  expect(await names()).toEqual(['Lead 1 november', 'Lead 2 november', 'Lead 3 november'])
})

test('changed people and loss reasons are shown by name', async () => {
  const text = (agent: string, reason: string) =>
    `Call Id,Agent,Date,Name,Outcome,Loss reason\nk9,${agent},2026-10-02 10:00,Jo,lost,${reason}`
  await importFile(text('Ben', 'Price'))
  const { report } = await importFile(text('Cleo', 'Too far'), { dryRun: true })
  expect(report.changes).toMatchObject([
    {
      isAnotherCall: false,
      fields: [
        { field: 'userId', before: 'Ben', after: 'Cleo' },
        { field: 'lossReasonId', before: 'Price', after: 'Too far' },
      ],
    },
  ])
})

test('refused rows that are corrected and imported again keep their values', async () => {
  const notes = ['- called back', '=1+1', "'- said", '+49 (30) 1', "''@x", 'plain', '-5']
  const header = 'Agent,When,Name,Notes'
  const file = [header, ...notes.map((note, row) => `Ben,soon,Lead ${row},"${note}"`)].join('\n')
  const fields = Object.fromEntries(
    Object.entries({ agent: 'Agent', dateTime: 'When', prospectName: 'Name', notes: 'Notes' }).map(([field, column]) => [
      field,
      { column, separator: ' · ' },
    ]),
  )
  const map = { source: 'refused', fields, dateFormat: 'yyyy-MM-dd HH:mm', encoding: 'windows-1252' }
  const { report } = await importFile(file, { map })
  expect(report.refused).toBe(notes.length)
  const corrected = report.refusedCsv?.replaceAll('soon', '2026-10-02 10:00') ?? ''
  expect((await importFile(corrected, { map })).counts).toEqual([notes.length, 0, 0, 0])
  expect(new Set((await calls()).map((call) => call.notes))).toEqual(new Set(notes))
  // The same rows in a corrected source are the same calls.
  expect((await importFile(file.replaceAll('soon', '2026-10-02 10:00'), { map })).counts).toEqual([0, 0, notes.length, 0])
})

test('a file of refused rows is read correctly with a mapping that has another encoding', async () => {
  const fields = { dateTime: { column: 'When', separator: '' }, prospectName: { column: 'Name', separator: '' } }
  const map = { source: 'umlauts', fields, dateFormat: 'yyyy-MM-dd HH:mm', encoding: 'windows-1252' }
  const bytes = Buffer.from('When,Name\nsoon,J\u00fcrgen', 'latin1').toString('latin1')
  const first = await api.imports.inspect({ file: new File([Buffer.from(bytes, 'latin1')], 'calls.csv') })
  let refusedCsv: string | null = null
  for await (const event of await api.imports.run({ importId: first.importId, map }))
    if (event.kind === 'report') ({ refusedCsv } = event.report)
  await importFile(String(refusedCsv).replaceAll('soon', '2026-10-02 10:00'), { map })
  expect((await calls()).map(({ prospectName }) => prospectName)).toEqual(['Jürgen'])
})

test('a request that does not match the contract is refused with a plain message', async () => {
  const { preview } = await importFile(KEYED, { dryRun: true })
  const map = { ...preview.suggestedMap, source: '' }
  const failure = api.imports.run({ importId: preview.importId, map })
  await expect(failure).rejects.toMatchObject({ code: 'INVALID', message: 'This is missing. Nothing was changed.' })
})

test('a mapping for a file with a header of 1,500 characters can be saved', async () => {
  const header = ['Name', 'Date', 'How satisfied were you? '.repeat(63).trim()]
  const { preview } = await importFile([header.join(','), 'Jo,2026-10-02,very'].join('\n'), { dryRun: true })
  const columns = preview.columns.map(({ name }) => name)
  expect(columns).toEqual(header)
  await api.imports.saveMap({ name: 'Survey', header: columns, map: preview.suggestedMap })
  expect(await api.imports.maps()).toMatchObject([{ name: 'Survey' }])
})
