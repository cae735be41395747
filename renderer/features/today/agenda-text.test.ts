import { DateTime } from 'luxon'
import { expect, test } from 'vitest'
import { MOST_COUNTED } from '../../../core/contract/agenda.ts'
import { dateAlone } from '../../../core/time/date-alone.ts'
import { countText, dueText, laterText, missedText } from './agenda-text.ts'

const ZONE = 'Europe/Berlin'
const at = (text: string) => DateTime.fromISO(text, { zone: ZONE }).toMillis()
const NOW = at('2026-11-25T15:00')
const date = (day: string) => dateAlone(Date.parse(`${day}T00:00Z`), ZONE)

test.each([
  ['overdue', at('2026-11-24T09:30'), 'Yesterday 09:30'],
  ['overdue', at('2026-11-23T09:30'), 'Mon 23 Nov, 09:30'],
  ['overdue', at('2025-11-23T09:30'), '23 Nov 2025, 09:30'],
  ['overdue', date('2026-11-23'), 'Mon 23 Nov'],
  ['today', at('2026-11-25T09:30'), '09:30'],
  ['today', date('2026-11-25'), 'Any time'],
  ['tomorrow', at('2026-11-26T18:00'), '18:00'],
  ['week', at('2026-11-27T18:00'), 'Fri 27 Nov, 18:00'],
  ['week', date('2026-11-28'), 'Sat 28 Nov'],
  ['undated', null, 'No date'],
] as const)('a call of the group %s at %s is shown as %s', (group, scheduledAt, text) => {
  expect(dueText({ group, scheduledAt }, NOW, ZONE)).toBe(text)
})

test('only a missed call shows how long ago it was due', () => {
  expect(missedText({ group: 'overdue', scheduledAt: NOW - 2 * 3_600_000 }, NOW)).toBe('missed 2 hours ago')
  expect(missedText({ group: 'overdue', scheduledAt: NOW - 1 }, NOW)).toBe('missed less than a minute ago')
  expect(missedText({ group: 'today', scheduledAt: NOW }, NOW)).toBeUndefined()
})

test('a count that was not finished has a plus sign', () => {
  expect(countText(12)).toBe('12')
  expect(countText(MOST_COUNTED + 1)).toBe('10,000+')
})

test('calls after this week are mentioned', () => {
  const counts = { overdue: 0, today: 0, tomorrow: 0, week: 0, undated: 0, later: 0 }
  expect(laterText({ counts, nextLater: null }, NOW, ZONE)).toBeUndefined()
  const first = 'the first one for Tue 1 Dec, 10:00.'
  const nextLater = at('2026-12-01T10:00')
  expect(laterText({ counts: { ...counts, later: 1 }, nextLater }, NOW, ZONE)).toBe(
    `1 call is scheduled after this week, ${first}`,
  )
  expect(laterText({ counts: { ...counts, later: 3 }, nextLater }, NOW, ZONE)).toBe(
    `3 calls are scheduled after this week, ${first}`,
  )
})
