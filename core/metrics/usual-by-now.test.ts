import fc from 'fast-check'
import { DateTime } from 'luxon'
import { expect, test } from 'vitest'
import { NO_CALLS, type CallCounts } from './metrics.ts'
import { LEAST_USUAL_DAYS, sameWeekdays, USUAL_WEEKS, usualByNow } from './usual-by-now.ts'

const ZONE = 'Europe/Berlin'
const at = (text: string) => DateTime.fromISO(text, { zone: ZONE }).toMillis()
const shown = (millis: number) => DateTime.fromMillis(millis, { zone: ZONE }).toFormat("yyyy-MM-dd'T'HH:mm")

test('the days are those of the same weekday in the last eight weeks, each until the same time of day', () => {
  const { today, earlier } = sameWeekdays(at('2026-11-25T15:10'), ZONE)
  expect(shown(today.whole.from)).toBe('2026-11-25T00:00')
  expect(today.untilNow.to).toBe(at('2026-11-25T15:10') + 1)
  expect(earlier).toHaveLength(USUAL_WEEKS)
  expect(earlier.map(({ whole }) => shown(whole.from)).at(-1)).toBe('2026-09-30T00:00')
  // The clocks were set back on 25 October; the wall clock counts.
  for (const { untilNow } of earlier) expect(shown(untilNow.to)).toMatch(/T15:10$/)
})

test('a part of a day never leaves its day, in any zone and at any time', () => {
  const zones = ['Europe/Berlin', 'America/St_Johns', 'Asia/Kathmandu', 'Africa/Cairo', 'America/Sao_Paulo', 'Pacific/Apia']
  fc.assert(
    fc.property(fc.integer({ min: Date.UTC(2008, 0, 1), max: Date.UTC(2027, 0, 1) }), fc.constantFrom(...zones), (now, zone) => {
      const { today, earlier } = sameWeekdays(now, zone)
      for (const { whole, untilNow } of [today, ...earlier]) {
        expect(untilNow.from).toBe(whole.from)
        expect(untilNow.to).toBeGreaterThanOrEqual(untilNow.from)
        expect(untilNow.to).toBeLessThanOrEqual(whole.to)
      }
      for (const { whole } of earlier)
        expect(DateTime.fromMillis(whole.to - 1, { zone }).weekday).toBe(
          DateTime.fromMillis(today.whole.to - 1, { zone }).weekday,
        )
    }),
  )
})

const day = (completed: number, won = 0, talkSeconds = 0): CallCounts => ({ ...NO_CALLS, completed, won, talkSeconds })

test('the usual figure is the median of the days', () => {
  const figures = usualByNow(day(14, 2, 3_000), [day(9, 1, 10), day(30, 9, 20), day(11, 0, 30)])
  expect(figures).toEqual([
    { key: 'completed', value: 14, usual: 11 },
    { key: 'won', value: 2, usual: 1 },
    { key: 'talk_time', value: 3_000, usual: 20 },
  ])
})

test('of an even number of days it is the mean of the two middle ones, rounded half up', () => {
  const [completed] = usualByNow(day(0), [day(10), day(12), day(13), day(50)])
  expect(completed?.usual).toBe(13)
})

test('with too few days nothing is usual', () => {
  const few = Array.from({ length: LEAST_USUAL_DAYS - 1 }, () => day(5))
  expect(usualByNow(day(3), few).map(({ usual }) => usual)).toEqual([null, null, null])
})

test('at most half of the days have more, and at most half have less, up to the rounding', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(200), { minLength: LEAST_USUAL_DAYS, maxLength: USUAL_WEEKS }), (counts) => {
      const [completed] = usualByNow(
        day(0),
        counts.map((count) => day(count)),
      )
      const usual = completed?.usual ?? NaN
      expect(counts.filter((count) => count > usual).length).toBeLessThanOrEqual(counts.length / 2)
      expect(counts.filter((count) => count < usual - 0.5).length).toBeLessThanOrEqual(counts.length / 2)
    }),
  )
})
