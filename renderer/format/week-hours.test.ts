import { expect, test } from 'vitest'
import { weekHoursLabel, weekHourTitle } from './week-hours.ts'

test('the name of an hour of the week has its day and its time', () => {
  expect(weekHourTitle(9)).toBe('Monday 09:00')
  expect(weekHourTitle(167)).toBe('Sunday 23:00')
})

test('consecutive hours of a day have one name, and many spans have their number as a name', () => {
  expect(weekHoursLabel([9])).toBe('Mon 09:00–10:00')
  expect(weekHoursLabel([10, 9, 11])).toBe('Mon 09:00–12:00')
  expect(weekHoursLabel([23, 24])).toBe('Mon 23:00–24:00, Tue 00:00–01:00')
  expect(weekHoursLabel([1, 3, 5])).toBe('3 hours of the week')
})
