import { InvalidArgumentError } from 'commander'
import { expect, test } from 'vitest'
import { dateAlone } from '../../core/time/date-alone.ts'
import { callTimeOf, countArgument, durationArgument, instantOf, listArgument, listOf, namedRange, rangeOf } from './arguments.ts'
import { UsageError } from '../terminal/failure.ts'

const BERLIN = 'Europe/Berlin'

test.each([
  ['180', 180],
  ['3:00', 180],
  ['0:03:00', 180],
  ['', null],
])('a duration of %j', (text, seconds) => expect(durationArgument(text)).toBe(seconds))

test.each(['soon', '-1', '3:75', '1,234', '1.234'])('%j is not a duration', (text) =>
  expect(() => durationArgument(text)).toThrow(InvalidArgumentError),
)
test.each(['0', '-1', '1.5', 'ten', '99999999'])('%j is not a number of rows', (text) =>
  expect(() => countArgument(text)).toThrow(InvalidArgumentError),
)

test.each([
  ['2026-11-02T10:00:00Z', Date.UTC(2026, 10, 2, 10)],
  ['2026-11-02T10:00:00+05:00', Date.UTC(2026, 10, 2, 5)],
  ['2026-11-02T10:00', Date.UTC(2026, 10, 2, 9)],
  ['2026-11-02', Date.UTC(2026, 10, 1, 23)],
  ['2026-07-01', Date.UTC(2026, 5, 30, 22)],
])('%s in Berlin', (text, instant) => expect(instantOf('--from', text, BERLIN)).toBe(instant))

test.each(['2.11.2026', 'yesterday', '2026-02-30', '2026-11-02T25:00', ''])('%j is not a time', (text) =>
  expect(() => instantOf('--from', text, BERLIN)).toThrow(UsageError),
)

test('a day of a call is a date without a time, a time is an instant in the client’s zone', () => {
  expect(callTimeOf('--completed-at', '2026-11-28', BERLIN)).toBe(dateAlone(Date.UTC(2026, 10, 28), BERLIN))
  expect(callTimeOf('--completed-at', '2026-11-28T10:00', BERLIN)).toBe(Date.UTC(2026, 10, 28, 9))
  expect(() => callTimeOf('--completed-at', 'soon', BERLIN)).toThrow(UsageError)
})

test('a range can be open or empty, but cannot end before it starts', () => {
  expect(rangeOf({}, BERLIN)).toEqual({})
  expect(rangeOf({ from: '2026-03-29', to: '2026-03-30' }, BERLIN)).toEqual({
    from: Date.UTC(2026, 2, 28, 23),
    to: Date.UTC(2026, 2, 29, 22),
  })
  expect(rangeOf({ from: '2026-01-01', to: '2026-01-01' }, BERLIN)).toEqual({ from: expect.any(Number), to: expect.any(Number) })
  expect(() => rangeOf({ from: '2026-01-02', to: '2026-01-01' }, BERLIN)).toThrow(UsageError)
})

test('a period has a name', () => {
  expect(namedRange('Last-Week', Date.UTC(2026, 10, 22, 9), BERLIN, 1)).toEqual({
    from: Date.UTC(2026, 10, 8, 23),
    to: Date.UTC(2026, 10, 15, 23),
  })
  expect(() => namedRange('someday', 0, BERLIN, 1)).toThrow(UsageError)
})

test('lists are separated by commas or given by repeated options', () => {
  expect(listArgument('a, b', undefined)).toEqual(['a', 'b'])
  expect(listArgument('c', ['a'])).toEqual(['a', 'c'])
  expect(listOf(['no_show', 'completed'])('No-Show,completed', undefined)).toEqual(['no_show', 'completed'])
  expect(() => listOf(['no_show'])('lost', undefined)).toThrow(InvalidArgumentError)
})
