import { expect, test } from 'vitest'
import { importMapSchema } from '../../core/contract/imports.ts'
import { callCenterCsv, callCenterFile } from '../testing/call-center-file.ts'
import { inspectCsv } from '../testing/inspect-csv.ts'

const hasText = (part: string): unknown => expect.objectContaining({ message: expect.stringContaining(part) })

const IMPORT_ID = '00000000-0000-7000-8000-000000000001'
const CONTEXT = { timeZone: 'Europe/Berlin', defaultCountry: null, now: Date.UTC(2027, 0, 1) }
const inspect = (text: string, fileName = 'calls.csv', country: string | null = null) =>
  inspectCsv(Buffer.from(text), fileName, IMPORT_ID, { ...CONTEXT, defaultCountry: country })

/** Returns the columns or the constant of each rule. */
function rules(
  fields: Record<string, { column?: string | undefined; columns?: string[] | undefined; constant?: string | undefined }>,
) {
  return Object.fromEntries(
    Object.entries(fields).map(([field, rule]) => [field, rule.column ?? rule.columns ?? `=${rule.constant}`]),
  )
}

const { bytes, used } = callCenterFile()
test(`the suggested mapping for the export of a call centre fills all fields (${used})`, async () => {
  const preview = await inspectCsv(bytes, 'Call-Center-Dataset.csv', IMPORT_ID, CONTEXT)
  expect(preview).toMatchObject({ rowCount: 5_000, encoding: 'utf-8', delimiter: ',' })
  expect(preview.suggestedMap).toMatchObject({ source: 'call-id-agent-date-time', dateFormat: 'd-MMM-yy', timeFormat: 'H:mm' })
  expect(rules(preview.suggestedMap.fields)).toEqual({
    externalId: 'Call Id',
    agent: 'Agent',
    date: 'Date',
    time: 'Time',
    status: 'Answered (Y/N)',
    outcome: 'Resolved',
    callDuration: 'AvgTalkDuration',
    notes: 'Topic',
    prospectName: 'Call Id',
    callType: '=inbound',
  })
  expect(preview.suggestedMap.fields.status?.values).toEqual({ Y: 'completed', N: 'no_show' })
  // An unresolved call is undecided, because no one declined.
  expect(preview.suggestedMap.fields.outcome?.values).toEqual({ Y: 'won', N: 'undecided' })
  expect(preview.warnings).toEqual([hasText('Call Id'), hasText('inbound')])
})

test('a column with a long first value has further samples', async () => {
  const { columns } = await inspect(`Call Id,Notes\n1,${'long '.repeat(40)}\n2,short\n3,short\n4,other\n`)
  expect(columns.find(({ name }) => name === 'Notes')?.samples).toEqual([expect.stringMatching(/^long/), 'short', 'other'])
})

test('columns have samples, and all their values if they are few', async () => {
  const { columns } = await inspect(callCenterCsv(300))
  const named = Object.fromEntries(columns.map((column) => [column.name, column]))
  expect(named['Agent']?.distinct).toHaveLength(8)
  expect(named['Call Id']?.distinct).toBeNull()
  expect(named['Call Id']?.samples).toEqual(['ID0001', 'ID0002', 'ID0003', 'ID0004', 'ID0005'])
  expect(named['Answered (Y/N)']?.distinct?.toSorted()).toEqual(['N', 'Y'])
})

test('an English sales log fills all fields', async () => {
  const { suggestedMap, warnings } = await inspect(
    [
      'Record ID;First Name;Last Name;E-Mail;Phone Number;Owner;Direction;Call Status;Disposition;Loss Reason;Comments;Call Duration;Started At',
      'r1;Jo;Smith;jo@x.example;+49 30 123456;Bea;Outgoing;Completed;Sold;;called back;4:10;2026-03-01T10:00:00Z',
      'r2;Al;Jones;al@x.example;0170 1234567;Ben;Incoming;Completed;Lost;Price;;0:59;2026-03-01T11:00:00Z',
      'r3;Cy;Brown;cy@x.example;030/998877;Ben;Incoming;Cancelled;;;;;2026-03-02T11:00:00Z',
    ].join('\n'),
  )
  expect(rules(suggestedMap.fields)).toEqual({
    externalId: 'Record ID',
    prospectName: ['First Name', 'Last Name'],
    prospectEmail: 'E-Mail',
    prospectPhone: 'Phone Number',
    agent: 'Owner',
    callType: 'Direction',
    status: 'Call Status',
    outcome: 'Disposition',
    lossReason: 'Loss Reason',
    notes: 'Comments',
    callDuration: 'Call Duration',
    dateTime: 'Started At',
  })
  expect(suggestedMap.fields.callType?.values).toEqual({ Outgoing: 'outbound', Incoming: 'inbound' })
  expect(suggestedMap.fields.outcome?.values).toEqual({ Sold: 'won', Lost: 'lost' })
  expect(suggestedMap.dateFormat).toBe('ISO')
  expect(warnings).toEqual([])
})

test('a German sales log fills all fields', async () => {
  const { suggestedMap } = await inspect(
    'Anruf-ID;Mitarbeiter;Kunde;Datum;Uhrzeit;Richtung;Erreicht;Ergebnis;Verlustgrund;Dauer;Notiz\n' +
      '1;Jörg;Fa. Müller;31.12.2025;14:05;ausgehend;ja;gewonnen;;3:10;ok\n2;Jörg;Fa. Maier;1.1.2026;14:06;eingehend;ja;verloren;Preis;;\n',
  )
  expect(rules(suggestedMap.fields)).toEqual({
    externalId: 'Anruf-ID',
    agent: 'Mitarbeiter',
    prospectName: 'Kunde',
    date: 'Datum',
    time: 'Uhrzeit',
    callType: 'Richtung',
    status: 'Erreicht',
    outcome: 'Ergebnis',
    lossReason: 'Verlustgrund',
    callDuration: 'Dauer',
    notes: 'Notiz',
  })
  expect(suggestedMap).toMatchObject({ dateFormat: 'd.M.yyyy', timeFormat: 'H:mm' })
})

test('every guess has a warning', async () => {
  const undecided = 'Name,Date\nJo,1/2/2026\nAl,3/1/2026\n'
  const day = await inspect(undecided)
  expect(day.suggestedMap.dateFormat).toBe('d/M/yyyy')
  expect(day.warnings).toContainEqual(hasText('M/d/yyyy'))
  expect((await inspect(undecided, 'calls.csv', 'US')).suggestedMap.dateFormat).toBe('M/d/yyyy')
  expect(day.warnings).toContainEqual(hasText('No column identifies a row'))
  expect(day.warnings).toContainEqual(hasText('agent'))
  const strange = await inspect('Id,Name,Date,Status\n1,Jo,2026-01-02,Done\n2,Al,2026-01-02,Quux\n3,Bo,soon,Done\n')
  expect(strange.warnings).toContainEqual(hasText('“Quux”'))
  expect(strange.warnings).toContainEqual(hasText('1 value that is not written as'))
  expect((await inspect('1,Jo,2026-01-02\n2,Al,2026-01-03\n')).warnings[0]).toEqual(hasText('first row looks like data'))
})

test('an export has the same source with another file name or an additional column; an export of another system does not', async () => {
  const text = 'Id,Agent,Date,Name\n1,Bea,2026-01-02,Jo\n'
  const source = async (csv: string, name: string) => (await inspect(csv, name)).suggestedMap.source
  expect(await source(text, 'january.csv')).toBe('id-agent-date')
  expect(await source(text, 'from Bob (2).csv')).toBe('id-agent-date')
  expect(await source(text.replace('Name', 'Name,Score').replace('Jo', 'Jo,3'), 'x.csv')).toBe('id-agent-date')
  expect(await source(text.replace('Id', 'Ticket Id'), 'x.csv')).toBe('ticket-id-agent-date')
})

test('a column whose header is a question of 585 characters can be mapped', async () => {
  const question = `Notes ${'about how satisfied the caller was '.repeat(20)}`.slice(0, 585).trim()
  const preview = await inspect(`Id,Agent,Name,Date,"${question}"\n1,Bea,Jo,2026-11-02,fine\n2,Bea,Al,2026-11-03,good\n`)
  expect(preview.columns.at(-1)?.name).toBe(question)
  expect(importMapSchema.safeParse({ fields: { notes: { column: question } } }).success).toBe(true)
})

test('the choices about reading a file are part of the suggested mapping', async () => {
  const titled = Buffer.from('Title\nId;Name;Date\n1;Jo;2026-11-02\n')
  const reading = { delimiter: ';', headerLine: 2, multilineCells: false, encoding: 'utf-8' }
  const { suggestedMap, lineAccount } = await inspectCsv(titled, 'a.csv', IMPORT_ID, CONTEXT, reading)
  expect(suggestedMap).toMatchObject(reading)
  expect(lineAccount).toMatchObject({ lines: 3, before: 1, header: 1, rows: 1 })
})

// A search that starts again at every character would take minutes here.
test.each([
  ['letters', 'x'.repeat(400_000)],
  ['digits', `${'1'.repeat(400_000)}x`],
  ['dots', `a@${'.'.repeat(400_000)}<`],
  ['commas', `"1h${','.repeat(400_000)}x"`],
])('a cell of 400,000 %s is read fast in every column', async (_name, cell) => {
  const rows = [`A1,Bea,Jo,j@x.example,2026-11-02,60,${cell}`, `A2,Bea,${cell},${cell},${cell},${cell},ok`]
  const preview = await inspect(['Call Id,Agent,Name,E-mail,Date,Duration,Notes', ...rows, ''].join('\n'))
  expect(preview).toMatchObject({ rowCount: 2, headerLine: 1, suggestedMap: { fields: { notes: { column: 'Notes' } } } })
})
