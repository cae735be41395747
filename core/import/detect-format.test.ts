import { expect, test } from 'vitest'
import { FormatDetector, writesMonthFirst, type TimeKind } from './detect-format.ts'

function guess(kind: TimeKind, values: readonly string[], monthFirst = false) {
  const detector = new FormatDetector(kind, monthFirst)
  for (const value of values) detector.add(value)
  return detector.guess()
}
function days(count: number, spell: (date: Date) => string): string[] {
  return Array.from({ length: count }, (_, day) => spell(new Date(Date.UTC(2026, 0, 1 + day))))
}
const slashed = (first: 'day' | 'month') => (date: Date) => {
  const [d, m] = [date.getUTCDate(), date.getUTCMonth() + 1]
  return first === 'day' ? `${d}/${m}/2026` : `${m}/${d}/2026`
}

test.each<[TimeKind, string, string]>([
  ['date', '1-Jan-21', 'd-MMM-yy'],
  ['date', '2021-01-31', 'yyyy-MM-dd'],
  ['date', '31.01.2021', 'd.M.yyyy'],
  ['date', 'Jan 31, 2021', 'MMM d, yyyy'],
  ['time', '9:47', 'H:mm'],
  ['time', '09:47:01', 'H:mm:ss'],
  ['time', '9:47 PM', 'h:mm a'],
  ['dateTime', '2026-11-02T10:00:00Z', 'ISO'],
  ['dateTime', '31.01.2021 09:47', 'd.M.yyyy H:mm'],
  ['dateTime', '1/31/2021 9:47 PM', 'M/d/yyyy h:mm a'],
])('a %s like %s is read as %s', (kind, value, format) => {
  expect(guess(kind, [value])).toMatchObject({ format, ambiguousWith: [] })
})

test('one day above 12 anywhere in the column decides the order', () => {
  const early = Array.from({ length: 200 }, (_, n) => `${(n % 12) + 1}/${((n * 5) % 12) + 1}/2026`)
  expect(guess('date', [...early, '13/1/2026'])).toMatchObject({ format: 'd/M/yyyy', ambiguousWith: [] })
  expect(guess('date', [...early, '1/13/2026'])).toMatchObject({ format: 'M/d/yyyy', ambiguousWith: [] })
})

test('where no day is above 12, rows sorted under one order only decide it', () => {
  const first12 = ['2026-01', '2026-02'].flatMap((month) =>
    Array.from({ length: 12 }, (_, n) => new Date(`${month}-${String(n + 1).padStart(2, '0')}`)),
  )
  expect(guess('date', first12.map(slashed('day')))).toMatchObject({ format: 'd/M/yyyy', ambiguousWith: [] })
  expect(guess('date', first12.map(slashed('month')))).toMatchObject({ format: 'M/d/yyyy', ambiguousWith: [] })
  expect(guess('date', first12.toReversed().map(slashed('month')))).toMatchObject({ format: 'M/d/yyyy', ambiguousWith: [] })
})

test('where nothing decides, the custom of the country does, and the guess says so', () => {
  const undecided = ['3/4/2026', '1/2/2026', '7/6/2026']
  expect(guess('date', undecided)).toMatchObject({ format: 'd/M/yyyy', ambiguousWith: ['M/d/yyyy'] })
  expect(guess('date', undecided, true)).toMatchObject({ format: 'M/d/yyyy', ambiguousWith: ['d/M/yyyy'] })
  expect(writesMonthFirst('US')).toBe(true)
  expect(writesMonthFirst('DE')).toBe(false)
  expect(writesMonthFirst(null)).toBe(false)
})

test('a few bad values do not spoil a column, many do', () => {
  expect(guess('date', [...days(50, slashed('day')), 'n/a', '??'])).toMatchObject({ format: 'd/M/yyyy', hits: 50, values: 52 })
  expect(guess('date', ['1/1/2026', 'Diane', 'Becky', 'Jim'])).toBeUndefined()
  expect(guess('date', [])).toBeUndefined()
})

test('a column of other texts is given up after a while', () => {
  const detector = new FormatDetector('dateTime', false)
  for (let n = 0; n < 100; n++) detector.add(`text ${n}`)
  expect(detector.alive).toBe(false)
  expect(detector.guess()).toBeUndefined()
})
