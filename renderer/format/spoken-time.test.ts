import { expect, test } from 'vitest'
import { spokenTime as spoken } from '../../core/time/typed-time.ts'
import { spokenTime } from './spoken-time.ts'

test('the English window writes a time as the application does', () => {
  const now = Date.UTC(2026, 10, 26, 18)
  for (const at of [Date.UTC(2026, 11, 1, 14), Date.UTC(2027, 11, 1, 14)])
    expect(spokenTime(at, now, 'Europe/Berlin')).toBe(spoken(at, now, 'Europe/Berlin'))
})
