import fc from 'fast-check'
import { DateTime } from 'luxon'
import { expect, test } from 'vitest'
import { dateText, dayText, exactText, localReadings, secondsText } from './local-readings.ts'

const zone = fc.constantFrom('Europe/Berlin', 'America/St_Johns', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'UTC', 'Pacific/Apia')

test('readings are the local times of the zone, also around changes of the clock', () => {
  const instants = fc.oneof(
    fc.integer({ min: 0, max: Date.UTC(2100, 0, 1) }),
    fc.integer({ min: -3_600_000, max: 3_600_000 }).map((offset) => Date.UTC(2026, 9, 25, 1) + offset),
  )
  fc.assert(
    fc.property(zone, instants, (name, instant) => {
      const { reading, offset, isDate } = localReadings(name)(instant)
      if (isDate) return
      const local = DateTime.fromMillis(instant, { zone: name })
      expect(exactText(reading)).toBe(local.toFormat("yyyy-MM-dd'T'HH:mm:ss.SSS"))
      expect(secondsText(reading)).toBe(local.toFormat('yyyy-MM-dd HH:mm:ss'))
      expect(offset).toBe(local.offset * 60_000)
    }),
  )
})

test('a date without a time of day is the same date in every zone', () => {
  for (const name of ['Pacific/Honolulu', 'Pacific/Chatham'])
    expect(localReadings(name)(Date.UTC(2026, 2, 1, 10, 0, 0, 1))).toMatchObject({ isDate: true, reading: Date.UTC(2026, 2, 1) })
  expect([dateText(Date.UTC(2026, 2, 1, 23)), dayText(0), dayText(-1)]).toEqual(['2026-03-01', '1970-01-01', '1969-12-31'])
})
