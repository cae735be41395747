import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dateAlone, dateAloneOf } from './date-alone.ts'
import { localDay, periodRange, startOfLocalDay, nextDay } from './time-range.ts'

const ALL_ZONES = [...Intl.supportedValuesOf('timeZone'), 'Etc/GMT+12', 'Etc/GMT-14']
const DAY = 86_400_000
const days = fc.integer({ min: 1, max: Date.UTC(2099, 0, 1) / DAY }).map((day) => new Date(day * DAY).toISOString().slice(0, 10))
const reading = (day: string) => Date.parse(`${day}T00:00:00Z`)
/** Whether the zone is outside UTC−10 … UTC+13:59 on that day. No instant has the same date in such zones and in all others. */
const isExtreme = (day: string, zone: string) => {
  const instant = reading(day) + 10 * 3_600_000 + 1
  return localDay(instant, zone) !== day
}

test('a date without a time is on its day in the zone of the import, for every zone', () => {
  fc.assert(
    fc.property(days, fc.constantFrom(...ALL_ZONES), (day, zone) => {
      const instant = dateAlone(reading(day), zone)
      expect(dateAloneOf(instant)).toBe(day)
      const [start, end] = [startOfLocalDay(day, zone), startOfLocalDay(nextDay(day), zone)]
      fc.pre(end > start)
      expect(start <= instant && instant < end).toBe(true)
    }),
    { numRuns: 1_000 },
  )
})

test('a date alone keeps its date and its day if the zone of the client changes', () => {
  fc.assert(
    fc.property(days, fc.constantFrom(...ALL_ZONES), fc.constantFrom(...ALL_ZONES), (day, before, after) => {
      fc.pre(!isExtreme(day, before) && !isExtreme(day, after))
      const instant = dateAlone(reading(day), before)
      expect(instant, 'an import of the same file in the new zone changes nothing').toBe(dateAlone(reading(day), after))
      expect(localDay(instant, after)).toBe(day)
      expect(dateAloneOf(instant)).toBe(day)
      const { from, to } = periodRange('today', instant, after, 1)
      expect([from, to]).toEqual([startOfLocalDay(day, after), startOfLocalDay(nextDay(day), after)])
    }),
    { numRuns: 1_000 },
  )
})

test('only the zones in the decision page are extreme', () => {
  const outside = Intl.supportedValuesOf('timeZone').filter((zone) =>
    ['2026-01-15', '2026-07-15'].some((day) => isExtreme(day, zone)),
  )
  expect(outside).toEqual(['Pacific/Kiritimati', 'Pacific/Midway', 'Pacific/Niue', 'Pacific/Pago_Pago'])
})

test.each(['2026-11-28T10:00:00.000Z', '2026-11-28T10:00:00.002Z', '2026-11-28T00:00:00.001Z', '2026-11-28T11:00:00.001Z'])(
  '%s has a time of day',
  (text) => expect(dateAloneOf(Date.parse(text))).toBeNull(),
)
