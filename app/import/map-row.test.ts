import { expect, test } from 'vitest'
import { importMapSchema, type ImportMapInput } from '../../core/contract/imports.ts'
import { dateAlone } from '../../core/date-alone.ts'
import type { ColumnFormats } from './find-formats.ts'
import { compileMap } from './map-row.ts'
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
  const compiled = compileMap({
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

test('a good row becomes a call', () => {
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

test('a call that did not take place has no outcome, reason, duration or completion, and counts at its time', () => {
  expect(mapper()({ State: 'N', Result: 'good', Secs: '0:00:00', Why: 'Price' })).toMatchObject({
    row: {
      lossReason: null,
      call: { status: 'no_show', outcome: null, callDuration: null, completedAt: null, scheduledAt: Date.UTC(2026, 0, 5, 8, 12) },
    },
  })
})

test('values are compared without case and trimmed, * catches the rest, null empties, what is not listed passes', () => {
  expect(mapper()({ State: ' Y ', Result: 'anything' })).toMatchObject({ row: { call: { outcome: 'lost' } } })
  expect(mapper()({ State: '?' })).toMatchObject({ row: { call: { status: 'completed' } } })
  expect(mapper()({ State: 'No-Show' })).toMatchObject({ row: { call: { status: 'no_show' } } })
})

test('the reason of a call that was not lost is dropped', () => {
  expect(mapper()({ Why: 'Price' })).toMatchObject({ row: { lossReason: null } })
  expect(mapper()({ Result: 'bad', Why: 'Price' })).toMatchObject({ row: { lossReason: 'Price', call: { outcome: 'lost' } } })
})

test.each<[Partial<typeof GOOD>, string]>([
  [{ Day: '31.12.2025' }, 'date: “31.12.2025” is not a date of the form yyyy-MM-dd'],
  [{ Day: '' }, 'date: The date is missing'],
  [{ At: 'noon' }, 'time: “noon” is not a time of the form H:mm'],
  [{ Secs: '-5' }, 'callDuration: “-5” is not a duration in seconds'],
  [{ State: 'maybe' }, 'status: “maybe” isn’t mapped to a status'],
  [{ Name: '  ' }, "prospectName: The prospect's name is required"],
  [{ Who: '' }, 'agent: The agent is missing'],
])('%j is refused', (row, message) => expect(messages(mapper()(row))).toEqual([message]))

test('all that is wrong with a row is said at once', () => {
  expect(messages(mapper()({ Day: 'x', Secs: 'y', Name: '', Who: '' }))).toHaveLength(4)
})

test('a value too long for its field is refused, not cut', () => {
  expect(messages(mapper()({ Name: 'x'.repeat(201) }))).toEqual([expect.stringContaining('prospectName')])
  expect(messages(mapper()({ Secs: '25:00:00' }))).toEqual([expect.stringContaining('callDuration')])
})

test('a key that stands twice in a file is refused the second time, unless the first row was itself refused', () => {
  const map = mapper()
  expect(messages(map({ Day: 'never' }, 2))).toHaveLength(1)
  expect(map({}, 3)).toHaveProperty('row')
  expect(messages(map({ Name: 'Other' }, 4))).toEqual(['externalId: “r1” stands on line 3 already; only that row was used'])
})

test('the id depends on the client, the source and the key alone; without a key on the row and how often it stood above', () => {
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

test('times that name a zone keep it, others are the client’s or the map’s', () => {
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

test('without a time of day a call has its date alone', () => {
  const mapped = mapper({ fields: { prospectName: { column: 'Name' }, date: { column: 'Day' } } })({})
  expect(mapped).toMatchObject({
    row: { agent: null, call: { completedAt: dateAlone(Date.UTC(2026, 0, 5), 'Europe/Berlin'), outcome: 'undecided' } },
  })
})

test('a date alone keeps its date in other zones: in a column of dates, in one of dates and times, and where the time is blank', () => {
  const when = (map: Partial<ImportMapInput>, row: Partial<typeof GOOD>) => {
    const mapped = mapper(map)(row)
    return 'row' in mapped ? mapped.row.call.completedAt : mapped.issues
  }
  const alone = dateAlone(Date.UTC(2026, 0, 5), 'Europe/Berlin')
  expect(when({}, { At: '' })).toBe(alone)
  expect(when({ fields: { prospectName: { column: 'Name' }, dateTime: { column: 'Day' } } }, {})).toBe(alone)
  expect(when({ timeZone: 'America/New_York' }, { At: '' }), 'the same instant in every zone').toBe(alone)
})

test('a column of times is used next to one of dates, also where the map calls the dates date and time', () => {
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
    { field: 'time', message: expect.stringContaining('another time of day') },
  ])
})

test('a completed call in the future is refused; one that is only planned is not', () => {
  expect(messages(mapper()({ Day: '2099-01-05' }))).toEqual([expect.stringMatching(/^date: .*2099-01-05 is in the future/)])
  expect(mapper()({ Day: '2099-01-05', State: 'scheduled' })).toHaveProperty('row')
  expect(mapper()({ Day: '2026-11-25', At: '23:00' }), 'a clock may be some hours wrong').toHaveProperty('row')
})

test('a date before 1970 is refused with the date', () => {
  expect(messages(mapper()({ Day: '0026-01-05' }))).toEqual(['date: The date 0026-01-05 is before 1970; correct the date'])
})

test('what an accepted row leaves out or cleans is remarked', () => {
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

test('messages are plain words', () => {
  expect(messages(mapper()({ Name: 'x'.repeat(201) }))).toEqual(['prospectName: This is longer than 200 characters'])
  expect(messages(mapper()({ Secs: '25:00:00' }))).toEqual(['callDuration: A call lasts at most 24 hours'])
})

test.each<[string, Partial<ImportMapInput>, ColumnFormats]>([
  ['a column the file lacks', { fields: { ...FIELDS, notes: { column: 'Nope' } } }, { date: 'ISO', time: 'H:mm' }],
  ['no name', { fields: { date: { column: 'Day' } } }, { date: 'ISO' }],
  ['two dates', { fields: { ...FIELDS, dateTime: { column: 'Day' } } }, { date: 'ISO', dateTime: 'ISO', time: 'H:mm' }],
  ['no time at all', { fields: { prospectName: { column: 'Name' } } }, {}],
  ['a rule without column and constant', { fields: { ...FIELDS, notes: {} } }, { date: 'ISO', time: 'H:mm' }],
  ['an unknown format', {}, { date: 'QQQQ', time: 'H:mm' }],
  ['a format that was not found', {}, {}],
])('a map with %s is refused before any row is read', (_name, map, formats) => {
  expect(() => mapper(map, formats)).toThrow(
    expect.objectContaining({ code: 'INVALID', message: expect.stringContaining('Nothing was imported') }),
  )
})
