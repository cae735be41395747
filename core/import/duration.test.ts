import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseDuration } from './duration.ts'

test.each([
  ['143', 143],
  ['0', 0],
  ['90.0', 90],
  ['89,6', 90],
  ['2:23', 143],
  ['02:23', 143],
  ['90:00', 5_400],
  ['0:02:23', 143],
  ['1:00:00', 3_600],
  ['0:00:59.7', 59],
  ['2m 23s', 143],
  ['1h', 3_600],
  ['1 h 5 min', 3_900],
  ['5 minutes', 300],
  [' 45 sec ', 45],
])('%s is %d seconds', (text, seconds) => expect(parseDuration(text)).toBe(seconds))

test.each(['', ' ', '-5', '2:60', '1:60:00', '1:2:3:4', 'five', '5 calls', '1e3', '0x10', '½'])('%j is no duration', (text) =>
  expect(parseDuration(text)).toBeUndefined(),
)

test('reads back every duration that it can spell', () => {
  fc.assert(
    fc.property(fc.nat({ max: 86_400 }), (seconds) => {
      const pad = (value: number) => String(value).padStart(2, '0')
      const [h, m, s] = [Math.floor(seconds / 3_600), Math.floor((seconds % 3_600) / 60), seconds % 60]
      expect(parseDuration(`${h}:${pad(m)}:${pad(s)}`)).toBe(seconds)
      expect(parseDuration(`${Math.floor(seconds / 60)}:${pad(s)}`)).toBe(seconds)
      expect(parseDuration(`${h}h ${m}m ${s}s`)).toBe(seconds)
      expect(parseDuration(String(seconds))).toBe(seconds)
    }),
  )
})
