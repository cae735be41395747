import { expect, test } from 'vitest'
import { importMapSchema, type ImportMapInput } from '../../core/contract/imports.ts'
import { dateAlone } from '../../core/time/date-alone.ts'
import type { ColumnFormats } from './find-formats.ts'
import { compileMapping } from './map-row.ts'
import { RowIdentity } from './row-identity.ts'

const CLIENT = '00000000-0000-7000-8000-00000000000c'
const COLUMNS = ['Id', 'Who', 'Name', 'Day', 'At', 'State', 'Result', 'Why', 'Secs', 'Mail', 'A', 'B']
const FIELDS: ImportMapInput['fields'] = {
  externalId: { column: 'Id' },
  agent: { column: 'Who' },
  prospectName: { column: 'Name' },
  date: { column: 'Day' },
  time: { column: 'At' },
  status: { column: 'State', values: { Y: 'completed', n: 'no_show', '?': null } },
  outcome: { column: 'Result', values: { good: 'won', '*': 'lost' } },
  lossReason: { column: 'Why' },
  callDuration: { column: 'Secs' },
  prospectEmail: { column: 'Mail' },
  notes: { columns: ['A', 'B'], separator: ' / ' },
}
const GOOD = {
  Id: 'r1',
  Who: 'Diane',
  Name: ' Jo Smith ',
  Day: '2026-01-05',
  At: '9:12',
  State: 'y',
  Result: 'good',
  Why: '',
  Secs: '2:23',
  Mail: '',
  A: 'one',
  B: 'two',
}

function mapper(
  map: Partial<ImportMapInput> = {},
  formats: ColumnFormats = { date: 'yyyy-MM-dd', time: 'H:mm', dateTime: 'ISO' },
  columns = COLUMNS,
) {
  const identity = new RowIdentity(CLIENT, 'test')
  const compiled = compileMapping({
    map: importMapSchema.parse({ fields: FIELDS, ...map }),
    columns,
    formats,
    timeZone: 'Europe/Berlin',
    identity,
    now: Date.UTC(2026, 10, 25, 12),
  })
  return (row: Partial<typeof GOOD>, line = 2) => {
    const cells = COLUMNS.map((name) => ({ ...GOOD, ...row })[name as keyof typeof GOOD])
    return compiled({ line, cells, fault: null })
  }
}
function messages(mapped: ReturnType<ReturnType<typeof mapper>>) {
  return 'issues' in mapped ? mapped.issues.map(({ field, message }) => `${field}: ${message}`) : []
}

test('a valid row becomes a call', () => {
  expect(mapper()({})).toEqual({
    row: {
      line: 2,
      id: expect.stringMatching(/^00000000-0000-7/),
      agent: 'Diane',
      lossReason: null,
      call: {
        prospectName: 'Jo Smith',
        prospectEmail: null,
        prospectPhone: null,
        callType: 'outbound',
        status: 'completed',
        outcome: 'won',
        notes: 'one / two',
        callDuration: 143,
        scheduledAt: null,
        completedAt: Date.UTC(2026, 0, 5, 8, 12),
      },
    },
    remarks: [],
  })
})

test('a call that did not take place has no outcome, loss reason, duration or completion time, and is scheduled at its time', () => {
  expect(mapper()({ State: 'N', Result: 'good', Secs: '0:00:00', Why: 'Price' })).toMatchObject({
    row: {
      lossReason: null,
      call: { status: 'no_show', outcome: null, callDuration: null, completedAt: null, scheduledAt: Date.UTC(2026, 0, 5, 8, 12) },
    },
  })
})

test('values are mapped regardless of case and spaces; * maps all others, null maps to empty, and a value that is not listed is used as is', () => {
  expect(mapper()({ State: ' Y ', Result: 'anything' })).toMatchObject({ row: { call: { outcome: 'lost' } } })
  expect(mapper()({ State: '?' })).toMatchObject({ row: { call: { status: 'completed' } } })
  expect(mapper()({ State: 'No-Show' })).toMatchObject({ row: { call: { status: 'no_show' } } })
})

test('the loss reason of a call that was not lost is left out', () => {
  expect(mapper()({ Why: 'Price' })).toMatchObject({ row: { lossReason: null } })
  expect(mapper()({ Result: 'bad', Why: 'Price' })).toMatchObject({ row: { lossReason: 'Price', call: { outcome: 'lost' } } })
})

test.each<[Partial<typeof GOOD>, string]>([
  [{ Day: '31.12.2025' }, 'date: “31.12.2025” is not a date like yyyy-MM-dd'],
  [{ Day: '' }, 'date: The date is missing'],
  [{ At: 'noon' }, 'time: “noon” is not a time like H:mm'],
  [{ Secs: '-5' }, 'callDuration: “-5” is not a duration in seconds'],
  [{ State: 'maybe' }, 'status: “maybe” isn’t mapped to a status'],
  [{ Name: '  ' }, "prospectName: The prospect's name is required"],
  [{ Who: '' }, 'agent: The agent is missing'],
])('%j is refused', (row, message) => expect(messages(mapper()(row))).toEqual([message]))

test('all issues of a row are reported together', () => {
  expect(messages(mapper()({ Day: 'x', Secs: 'y', Name: '', Who: '' }))).toHaveLength(4)
})

test('a value that is too long for its field is refused and not cut', () => {
  expect(messages(mapper()({ Name: 'x'.repeat(201) }))).toEqual([expect.stringContaining('prospectName')])
  expect(messages(mapper()({ Secs: '25:00:00' }))).toEqual([expect.stringContaining('callDuration')])
})

test('a second row with the same key is refused, unless the first one was refused', () => {
  const map = mapper()
  expect(messages(map({ Day: 'never' }, 2))).toHaveLength(1)
  expect(map({}, 3)).toHaveProperty('row')
  expect(messages(map({ Name: 'Other' }, 4))).toEqual(['externalId: “r1” is already on line 3; only that row was used'])
})

test('the id depends only on client, source and key; without a key, on all values and the number of equal rows above', () => {
  const idOf = (mapped: ReturnType<ReturnType<typeof mapper>>) => ('row' in mapped ? mapped.row.id : undefined)
  expect(idOf(mapper()({}))).toBe(idOf(mapper()({ Name: 'Other', Secs: '9' }, 77)))
  expect(idOf(mapper()({}))).not.toBe(idOf(mapper()({ Id: 'r2' })))
  const [first, second] = [mapper(), mapper()].map((map) => [
    idOf(map({ Id: '' })),
    idOf(map({ Id: '' })),
    idOf(map({ Id: '', A: 'x' })),
  ])
  expect(new Set(first).size).toBe(3)
  expect(second).toEqual(first)
})

test('a time with a zone keeps it; other times have the zone of the mapping or of the client', () => {
  const fields = { prospectName: { column: 'Name' }, dateTime: { column: 'Day' } }
  const at = (day: string, map: Partial<ImportMapInput> = {}) => {
    const mapped = mapper({ fields, ...map })({ Day: day })
    return 'row' in mapped ? mapped.row.call.completedAt : undefined
  }
  expect(at('2026-07-01T10:00:00')).toBe(Date.UTC(2026, 6, 1, 8))
  expect(at('2026-07-01T10:00:00Z')).toBe(Date.UTC(2026, 6, 1, 10))
  expect(at('2026-07-01T10:00:00-05:00')).toBe(Date.UTC(2026, 6, 1, 15))
  expect(at('2026-07-01T10:00:00', { timeZone: 'America/New_York' })).toBe(Date.UTC(2026, 6, 1, 14))
})

test('a call without a time of day has a date alone', () => {
  const mapped = mapper({ fields: { prospectName: { column: 'Name' }, date: { column: 'Day' } } })({})
  expect(mapped).toMatchObject({
    row: { agent: null, call: { completedAt: dateAlone(Date.UTC(2026, 0, 5), 'Europe/Berlin'), outcome: 'undecided' } },
  })
})

test('a date alone is the same in every zone: in a column of dates, in a column of dates and times, and with a blank time', () => {
  const when = (map: Partial<ImportMapInput>, row: Partial<typeof GOOD>) => {
    const mapped = mapper(map)(row)
    return 'row' in mapped ? mapped.row.call.completedAt : mapped.issues
  }
  const alone = dateAlone(Date.UTC(2026, 0, 5), 'Europe/Berlin')
  expect(when({}, { At: '' })).toBe(alone)
  expect(when({ fields: { prospectName: { column: 'Name' }, dateTime: { column: 'Day' } } }, {})).toBe(alone)
  expect(when({ timeZone: 'America/New_York' }, { At: '' }), 'the same instant in every zone').toBe(alone)
})

test('a column of times is combined with a column of dates, also if the mapping uses the dates as date and time', () => {
  const fields = { prospectName: { column: 'Name' }, dateTime: { column: 'Day' }, time: { column: 'At' } }
  const when = (row: Partial<typeof GOOD>) => {
    const mapped = mapper({ fields })(row)
    return 'row' in mapped ? mapped.row.call.completedAt : mapped.issues
  }
  expect(when({ Day: '2026-01-05', At: '10:30' })).toBe(Date.UTC(2026, 0, 5, 9, 30))
  expect(when({ Day: '2026-01-05T00:00:00', At: '10:30' })).toBe(Date.UTC(2026, 0, 5, 9, 30))
  expect(when({ Day: '2026-01-05T00:00:00.000Z', At: '10:30' })).toBe(Date.UTC(2026, 0, 5, 9, 30))
  expect(when({ Day: '2026-01-05T10:30', At: '10:30' })).toBe(Date.UTC(2026, 0, 5, 9, 30))
  expect(when({ Day: '2026-01-05T09:15', At: '' })).toBe(Date.UTC(2026, 0, 5, 8, 15))
  expect(when({ Day: '2026-01-05T09:15', At: '10:30' })).toEqual([
    expect.objectContaining({ field: 'time', message: expect.stringContaining('another time of day') }),
  ])
})

test('a completed call in the future is refused, a scheduled call is not', () => {
  expect(messages(mapper()({ Day: '2099-01-05' }))).toEqual([expect.stringMatching(/^date: .*2099-01-05 is in the future/)])
  expect(mapper()({ Day: '2099-01-05', State: 'scheduled' })).toHaveProperty('row')
  expect(mapper()({ Day: '2026-11-25', At: '23:00' }), 'a clock can be some hours wrong').toHaveProperty('row')
})

test('a date before 1970 is refused, and the message has the date', () => {
  expect(messages(mapper()({ Day: '0026-01-05' }))).toEqual(['date: The date 0026-01-05 is before 1970; correct the date'])
})

test('every value that an accepted row leaves out, cleans or doubts has a remark', () => {
  const fields = { ...FIELDS, prospectPhone: { column: 'A' }, prospectEmail: { column: 'Mail' } }
  const remarks = (row: Partial<typeof GOOD>) => {
    const mapped = mapper({ fields })(row)
    return 'row' in mapped ? mapped.remarks.map(({ field, kind, became }) => [field, kind, became]) : mapped.issues
  }
  expect(remarks({ A: '030 555123' })).toEqual([])
  expect(remarks({ A: '="030555123"' })).toEqual([['prospectPhone', 'cleaned', '030555123']])
  expect(remarks({ A: '4.9E+11' })).toEqual([['prospectPhone', 'leftOut', null]])
  expect(remarks({ A: '030 555123 or 040' })).toEqual([['prospectPhone', 'doubted', '030 555123 or 040']])
  expect(remarks({ A: '', Mail: 'Jo Smith <jo@x.example>' })).toEqual([['prospectEmail', 'cleaned', 'jo@x.example']])
  expect(remarks({ A: '', Mail: `none ${'x'.repeat(300)}` })).toEqual([['prospectEmail', 'leftOut', null]])
  expect(remarks({ A: '', Mail: 'jo at x' })).toEqual([['prospectEmail', 'doubted', 'jo at x']])
  expect(remarks({ A: '', Why: 'Price' })).toEqual([['lossReason', 'leftOut', null]])
  expect(remarks({ A: '', State: 'N', Why: '', Result: 'good', Secs: '2:23' })).toEqual([
    ['outcome', 'leftOut', null],
    ['callDuration', 'leftOut', null],
  ])
  expect(remarks({ A: '', State: 'N', Result: '', Secs: '0:00' })).toEqual([['outcome', 'leftOut', null]])
})

test('messages are plain English', () => {
  expect(messages(mapper()({ Name: 'x'.repeat(201) }))).toEqual(['prospectName: This is longer than 200 characters'])
  expect(messages(mapper()({ Secs: '25:00:00' }))).toEqual(['callDuration: A call lasts at most 24 hours'])
})

test.each<[string, Partial<ImportMapInput>, ColumnFormats]>([
  ['a column that the file does not have', { fields: { ...FIELDS, notes: { column: 'Nope' } } }, { date: 'ISO', time: 'H:mm' }],
  ['no name', { fields: { date: { column: 'Day' } } }, { date: 'ISO' }],
  ['two dates', { fields: { ...FIELDS, dateTime: { column: 'Day' } } }, { date: 'ISO', dateTime: 'ISO', time: 'H:mm' }],
  ['no date', { fields: { prospectName: { column: 'Name' } } }, {}],
  ['a rule without column and constant', { fields: { ...FIELDS, notes: {} } }, { date: 'ISO', time: 'H:mm' }],
  ['an unknown format', {}, { date: 'QQQQ', time: 'H:mm' }],
  ['a format that could not be detected', {}, {}],
])('a mapping with %s is refused before any row is read', (_name, map, formats) => {
  expect(() => mapper(map, formats)).toThrow(
    expect.objectContaining({ code: 'INVALID', message: expect.stringContaining('Nothing was imported') }),
  )
})
