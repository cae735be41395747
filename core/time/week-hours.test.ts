import fc from 'fast-check'
import { DateTime } from 'luxon'
import { expect, test } from 'vitest'
import { steadyParts, WEEK_HOURS, weekHourAt, weekHourSpans } from './week-hours.ts'
import { zoneOffsets } from './zone-offsets.ts'

const ZONES = [
  'Europe/Berlin',
  'America/New_York',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'America/Havana',
  'America/Santiago',
  'UTC',
]
const MONTH = 31 * 86_400_000
const start = fc.integer({ min: Date.UTC(2026, 0), max: Date.UTC(2027, 0) })

test('the spans of hours of the week contain exactly the instants whose clock shows these hours', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...ZONES),
      start,
      fc.nat(MONTH),
      fc.uniqueArray(fc.nat(WEEK_HOURS - 1), { minLength: 1, maxLength: 5 }),
      fc.array(fc.nat(MONTH), { maxLength: 50 }),
      (zone, from, length, slots, picks) => {
        const range = { from, to: from + length }
        const parts = steadyParts(zoneOffsets(zone, from, range.to), range)
        const spans = weekHourSpans(parts, slots)
        expect(spans).toEqual(spans.toSorted((a, b) => a.from - b.from))
        for (const pick of picks) {
          const instant = from + (length === 0 ? 0 : pick % length)
          const part = parts.find((each) => each.from <= instant && instant < each.to)
          const local = DateTime.fromMillis(instant, { zone })
          const slot = (local.weekday - 1) * 24 + local.hour
          if (part !== undefined) expect(weekHourAt(instant, part)).toBe(slot)
          const isIn = spans.some((span) => span.from <= instant && instant < span.to)
          expect(isIn).toBe(part !== undefined && slots.includes(slot))
        }
      },
    ),
  )
})

test('an hour that the clock shows twice is one span, and one that it skips is none', () => {
  const sunday2 = 6 * 24 + 2
  const spansOf = (day: string) => {
    const range = { from: Date.parse(`${day}T00:00Z`) - 43_200_000, to: Date.parse(`${day}T00:00Z`) + 86_400_000 }
    return weekHourSpans(steadyParts(zoneOffsets('Europe/Berlin', range.from, range.to), range), [sunday2])
  }
  expect(spansOf('2026-10-25')).toEqual([{ from: Date.parse('2026-10-25T00:00Z'), to: Date.parse('2026-10-25T02:00Z') }])
  expect(spansOf('2026-03-29')).toEqual([])
})
