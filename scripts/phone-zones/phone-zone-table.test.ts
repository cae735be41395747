import { expect, test } from 'vitest'
import { phoneZoneTable } from './phone-zone-table.ts'

const lines = (source: string) => phoneZoneTable(source).split('`\n')[1]?.split('\n').slice(0, -1)

test('the table has a line for each set of zones, without prefixes that change nothing', () => {
  const source =
    '# a note\n351|Europe/Lisbon&Atlantic/Azores\n3512|Europe/Lisbon\n35121|Europe/Lisbon\n3513|Atlantic/Azores&Europe/Lisbon\n'
  expect(lines(source)).toEqual(['Atlantic/Azores&Europe/Lisbon 351', 'Europe/Lisbon 3512'])
})

test('zones have their present names, and unknown ones are left out', () => {
  expect(lines('91|Asia/Calcutta\n800|Etc/Nowhere\n')).toEqual(['Asia/Kolkata 91'])
})

test('a line that is not a prefix with zones is refused', () => {
  expect(() => phoneZoneTable('351 Europe/Lisbon\n')).toThrow('351 Europe/Lisbon')
})
