import fc from 'fast-check'
import { DateTime } from 'luxon'
import { expect, test } from 'vitest'
import { must } from '../assert.ts'
import { localDay, startOfLocalDay } from './time-range.ts'
import { offsetAt, zoneOffsets, type ZoneOffset } from './zone-offsets.ts'

const DAY = 86_400_000
const spell = (day: number) => new Date(day * DAY).toISOString().slice(0, 10)
const START = Date.UTC(1970, 0, 1)
const END = Date.UTC(2050, 0, 1)

function dayAt(offsets: readonly ZoneOffset[], instant: number): number {
  return Math.floor((instant + must(offsetAt(offsets, instant), 'A zone has an offset').dayOffset) / DAY)
}

const ZONES = Intl.supportedValuesOf('timeZone')
const known = new Map<string, ZoneOffset[]>()
function offsetsOf(zone: string): ZoneOffset[] {
  const offsets = known.get(zone) ?? zoneOffsets(zone, START, END)
  known.set(zone, offsets)
  return offsets
}

test(
  'for any zone and instant the offset is that of the clock, and the day the one whose start was last',
  { timeout: 120_000 },
  () => {
    const instants = fc.oneof(
      fc.record({ zone: fc.constantFrom(...ZONES), instant: fc.integer({ min: START, max: END - 1 }) }),
      // Near a change of the clock.
      fc
        .record({ zone: fc.constantFrom(...ZONES), which: fc.nat(), after: fc.integer({ min: -2 * DAY, max: 2 * DAY }) })
        .map(({ zone, which, after }) => {
          const offsets = offsetsOf(zone)
          return { zone, instant: Math.max(START, (offsets[which % offsets.length]?.startsAt ?? START) + after) }
        }),
    )
    fc.assert(
      fc.property(instants, ({ zone, instant }) => {
        const offsets = offsetsOf(zone)
        expect(offsetAt(offsets, instant)?.offset).toBe(DateTime.fromMillis(instant, { zone }).offset * 60_000)
        const day = dayAt(offsets, instant)
        expect(startOfLocalDay(spell(day), zone)).toBeLessThanOrEqual(instant)
        expect(instant).toBeLessThan(startOfLocalDay(spell(day + 1), zone))
      }),
      { numRuns: 500 },
    )
  },
)

test('offsets of half an hour and of 45 minutes are exact', () => {
  const hours = (zone: string, date: string) =>
    must(offsetAt(offsetsOf(zone), Date.parse(date)), 'A zone has an offset').offset / 3_600_000
  expect(hours('Asia/Kathmandu', '2026-05-01')).toBe(5.75)
  expect(hours('Australia/Lord_Howe', '2026-01-10')).toBe(11)
  expect(hours('Australia/Lord_Howe', '2026-07-10')).toBe(10.5)
})

test('a clock that is set back over midnight does not end the day that has started', () => {
  // At 00:01 on 7 November 2010 the clock showed 23:01 of 6 November again.
  const zone = 'America/St_Johns'
  const again = startOfLocalDay('2010-11-07', zone) + 30 * 60_000
  expect(localDay(again, zone)).toBe('2010-11-06')
  expect(spell(dayAt(offsetsOf(zone), again))).toBe('2010-11-07')
})

test('an unknown zone is refused', () => {
  expect(() => zoneOffsets('Mars/Olympus', START, END)).toThrow('Not an IANA time zone: Mars/Olympus')
})
