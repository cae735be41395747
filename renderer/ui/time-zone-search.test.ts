import { expect, test } from 'vitest'
import { findTimeZones } from './time-zone-search.ts'

const ZONES = [
  'Africa/Sao_Tome',
  'America/Argentina/Buenos_Aires',
  'America/New_York',
  'America/North_Dakota/New_Salem',
  'America/Port-au-Prince',
  'America/Sao_Paulo',
  'Asia/Ho_Chi_Minh',
  'Asia/Kolkata',
  'Europe/Kyiv',
  'Etc/GMT+1',
  'UTC',
]

test.each([
  ['new york', 'America/New_York'],
  ['New_York', 'America/New_York'],
  ['NEWYORK', 'America/New_York'],
  ['york new', 'America/New_York'],
  ['america/new y', 'America/New_York'],
  ['  new   york ', 'America/New_York'],
  ['port au prince', 'America/Port-au-Prince'],
  ['ho chi minh', 'Asia/Ho_Chi_Minh'],
  ['saigon', 'Asia/Ho_Chi_Minh'],
  ['calcutta', 'Asia/Kolkata'],
  ['kiev', 'Europe/Kyiv'],
  ['são paulo', 'America/Sao_Paulo'],
  ['buenos aires', 'America/Argentina/Buenos_Aires'],
  ['utc', 'UTC'],
])('%j finds %s first', (typed, zone) => {
  expect(findTimeZones(ZONES, typed)[0]).toBe(zone)
})

test('other zones are not found; an empty text finds all zones in their order', () => {
  expect(findTimeZones(ZONES, 'new york')).toEqual(['America/New_York'])
  expect(findTimeZones(ZONES, 'atlantis')).toEqual([])
  expect(findTimeZones(ZONES, '')).toEqual(ZONES)
})
