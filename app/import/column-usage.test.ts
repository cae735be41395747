import fc from 'fast-check'
import { expect, test } from 'vitest'
import { importMapSchema } from '../../core/contract/imports.ts'
import { ColumnUsages } from './column-usage.ts'
import { compileMapping } from './map-row.ts'
import { RowIdentity } from './row-identity.ts'

const COLUMNS = [
  'Id',
  'Agent',
  'Name',
  'Mail',
  'Phone',
  'Day',
  'At',
  'Status',
  'Outcome',
  'Why',
  'Length',
  'Note',
  'More',
  'Unused',
]
const MAP = importMapSchema.parse({
  fields: {
    externalId: { column: 'Id' },
    agent: { column: 'Agent' },
    prospectName: { column: 'Name' },
    prospectEmail: { column: 'Mail' },
    prospectPhone: { column: 'Phone' },
    date: { column: 'Day' },
    time: { column: 'At' },
    status: { column: 'Status' },
    outcome: { column: 'Outcome' },
    lossReason: { column: 'Why' },
    callDuration: { column: 'Length' },
    notes: { columns: ['Note', 'More'] },
  },
})
const FORMATS = { date: 'yyyy-MM-dd', time: 'H:mm', duration: 'min', decimal: ',' } as const
const rows = fc.array(
  fc.record({
    Id: fc.constantFrom('', '1', '2', '3', '4', '5', '6'),
    Agent: fc.constantFrom('Ben', 'Zoë', ''),
    Name: fc.constantFrom('Jo', 'Al', '', 'x'.repeat(201)),
    Mail: fc.constantFrom('', 'jo@x.example', 'Jo <jo@x.example>', 'mailto:jo@x.example', 'jo at x', '\u200bjo@x.example'),
    Phone: fc.constantFrom(
      '',
      '030 555123',
      '="030555123"',
      'tel:+4930555123',
      '4.9E+11',
      'n/a',
      '030 1 or 040 2 3',
      '1'.repeat(60),
    ),
    Day: fc.constantFrom('2026-01-05', '2026-03-29', '2099-01-01', 'soon', ''),
    At: fc.constantFrom('10:30', '02:30', '', 'noon'),
    Status: fc.constantFrom('completed', 'no_show', 'scheduled', 'cancelled', 'odd', ''),
    Outcome: fc.constantFrom('won', 'lost', 'undecided', 'odd', ''),
    Why: fc.constantFrom('Price', ''),
    Length: fc.constantFrom('17', '1,5', '1.234,5', '0:17', '0', 'long', '9999', ''),
    Note: fc.constantFrom('', 'a note'),
    More: fc.constantFrom('', 'b'),
    Unused: fc.constantFrom('', 'x', 'y'),
  }),
  { minLength: 1, maxLength: 30 },
)

test('every value of a mapped column that is left out is listed, and the counts add up', () => {
  fc.assert(
    fc.property(rows, (generated) => {
      const usages = new ColumnUsages(MAP, COLUMNS, FORMATS)
      const identity = new RowIdentity('00000000-0000-7000-8000-00000000000c', 'test')
      const mapper = compileMapping({
        map: MAP,
        columns: COLUMNS,
        formats: FORMATS,
        timeZone: 'Europe/Berlin',
        identity,
        now: Date.UTC(2027, 0, 1),
      })
      for (const [index, record] of generated.entries()) {
        const row = { line: index + 2, cells: COLUMNS.map((column) => record[column as keyof typeof record]), fault: null }
        const mapped = mapper(row)
        usages.add(row, mapped)
        if ('issues' in mapped) {
          expect(mapped.issues.length, 'a refused row has a reason').toBeGreaterThan(0)
          continue
        }
        const { call, lossReason, agent } = mapped.row
        /** The values of the call by column. */
        const kept: Record<string, unknown> = {
          Agent: agent,
          Name: call.prospectName,
          Mail: call.prospectEmail,
          Phone: call.prospectPhone,
          Status: call.status,
          Outcome: call.outcome,
          Why: lossReason,
        }
        const remarked = (field: string) => mapped.remarks.some((remark) => remark.field === field)
        const columnFields = { Mail: 'prospectEmail', Phone: 'prospectPhone', Outcome: 'outcome', Why: 'lossReason' }
        for (const [column, value] of Object.entries(kept)) {
          const cell = record[column as keyof typeof record]
          const field = columnFields[column as keyof typeof columnFields] ?? column
          // An undecided outcome means nothing for a call that did not take place.
          const isNothing = column === 'Outcome' && call.status !== 'completed' && cell === 'undecided'
          if (cell !== '' && value !== cell && !isNothing) expect(remarked(field), `${column}: ${cell}`).toBe(true)
        }
        if (record.Length !== '' && record.Length !== '0' && call.callDuration === null)
          expect(remarked('callDuration')).toBe(true)
        for (const note of [record.Note, record.More]) expect(call.notes ?? '').toContain(note)
      }
      for (const usage of usages.all()) {
        const { used, cleaned, doubted, leftOut, refused, filled, column } = usage
        expect(filled, column).toBe(generated.filter((record) => record[column as keyof typeof record].trim() !== '').length)
        expect(used + cleaned + doubted + leftOut + refused, column).toBe(filled)
        if (cleaned + doubted + leftOut > 0) expect(usage.examples.length, column).toBeGreaterThan(0)
      }
      expect(usages.all().at(-1)).toMatchObject({ column: 'Unused', fields: [], used: 0 })
    }),
    { numRuns: 300 },
  )
})

test('ten thousand equal faults are listed as one example, and a different fault as another', () => {
  const usages = new ColumnUsages(MAP, COLUMNS, FORMATS)
  const issue = (value: string) => ({
    issues: [{ field: 'date' as const, message: `“${value}” is not a date like yyyy-MM-dd` }],
  })
  for (let line = 2; line < 10_002; line++)
    usages.add({ line, cells: ['', '', '', '', '', `day ${line}`], fault: null }, issue(`day ${line}`))
  usages.add(
    { line: 10_002, cells: ['', '', '', '', '', '2099-01-01'], fault: null },
    { issues: [{ field: 'date', message: 'It is in the future' }] },
  )
  expect(usages.all().find(({ column }) => column === 'Day')).toMatchObject({
    refused: 10_001,
    examples: [
      { line: 2, value: 'day 2' },
      { line: 10_002, value: '2099-01-01' },
    ],
  })
})
