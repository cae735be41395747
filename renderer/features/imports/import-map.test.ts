import fc from 'fast-check'
import { expect, test } from 'vitest'
import { IMPORT_FIELDS, importMapSchema } from '../../../core/contract/imports.ts'
import type { ImportMap } from '../../../core/contract/imports.ts'
import {
  columnsOf,
  mapProblem,
  OTHERS,
  targetsOf,
  translated,
  valuesToMap,
  withColumns,
  withConstant,
  withDuration,
  withText,
  withValue,
} from './import-map.ts'

const EMPTY_MAP: ImportMap = { source: 'csv', fields: {}, createAgents: true, createLossReasons: true }
const COLUMNS = [
  { name: 'Answered', samples: ['Y'], distinct: ['Y', 'N', 'n '] },
  { name: 'Call Id', samples: ['1'], distinct: null },
]

test('a mapping stays valid for the application after any changes', () => {
  const change = fc.oneof(
    fc.tuple(fc.constant('columns'), fc.constantFrom(...IMPORT_FIELDS), fc.subarray(['Answered', 'Call Id'])),
    fc.tuple(fc.constant('constant'), fc.constantFrom(...IMPORT_FIELDS), fc.subarray(['completed'])),
    fc.tuple(fc.constant('value'), fc.constantFrom(...IMPORT_FIELDS), fc.subarray(['won'])),
  )
  fc.assert(
    fc.property(fc.array(change), (changes) => {
      let map = EMPTY_MAP
      for (const [kind, field, values] of changes) {
        if (kind === 'columns') map = withColumns(map, field, values)
        else if (kind === 'constant') map = withConstant(map, field, values[0] ?? '')
        else map = withValue(map, field, 'Y', values[0])
        expect(importMapSchema.parse(map)).toEqual(map)
      }
    }),
  )
})

test('one column is stored by name, several are joined, and none removes the rule', () => {
  const one = withColumns(EMPTY_MAP, 'notes', ['Topic'])
  expect(one.fields.notes).toEqual({ column: 'Topic', separator: ' · ' })
  const two = withColumns(one, 'notes', ['Topic', 'Month'])
  expect(two.fields.notes).toEqual({ columns: ['Topic', 'Month'], separator: ' · ' })
  expect(columnsOf(two.fields.notes)).toEqual(['Topic', 'Month'])
  expect(withColumns(two, 'notes', []).fields).toEqual({})
})

test('translations of values are removed with their column', () => {
  const mapped = withValue(withColumns(EMPTY_MAP, 'status', ['Answered']), 'status', 'Y', 'completed')
  expect(withColumns(mapped, 'status', ['Other']).fields.status?.values).toBeUndefined()
})

test('values are compared without case and outer spaces, and each is offered once', () => {
  const map = withValue(withColumns(EMPTY_MAP, 'status', ['Answered']), 'status', 'y', 'completed')
  expect(translated(map.fields.status, ' Y ')).toBe('completed')
  expect(valuesToMap(map.fields.status, COLUMNS)).toEqual(['Y', 'N'])
  const again = withValue(map, 'status', 'Y', null)
  expect(again.fields.status?.values).toEqual({ Y: null })
  expect(withValue(again, 'status', 'y', undefined).fields.status).toEqual({ column: 'Answered', separator: ' · ' })
})

test('a mapped value that is not in the file is still shown; the catch-all has its own line', () => {
  const map = withValue(
    withValue(withColumns(EMPTY_MAP, 'status', ['Answered']), 'status', 'maybe', 'scheduled'),
    'status',
    OTHERS,
    'no_show',
  )
  expect(valuesToMap(map.fields.status, COLUMNS)).toEqual(['Y', 'N', 'maybe'])
})

test('a fixed value needs no column, and an empty one is removed', () => {
  const map = withConstant(EMPTY_MAP, 'callType', 'inbound')
  expect(map.fields.callType).toEqual({ separator: ' · ', constant: 'inbound' })
  expect(withConstant(map, 'callType', '').fields).toEqual({})
})

test('only fields with a fixed set of values have choices for their values', () => {
  expect(targetsOf('status')?.map(({ label }) => label)).toContain('No-show')
  expect(targetsOf('agent')).toBeUndefined()
})

test('a mapping without a date cannot be run', () => {
  expect(mapProblem(EMPTY_MAP)).not.toBeNull()
  expect(mapProblem(withColumns(EMPTY_MAP, 'dateTime', ['When']))).toBeNull()
})

test('an empty option is detected again', () => {
  const map = withText(EMPTY_MAP, 'dateFormat', 'd-MMM-yy')
  expect(map.dateFormat).toBe('d-MMM-yy')
  expect('dateFormat' in withText(map, 'dateFormat', '')).toBe(false)
})

test('a mapping with a column for the date and one for date and time cannot be run', () => {
  expect(mapProblem(withColumns(withColumns(EMPTY_MAP, 'dateTime', ['When']), 'date', ['Day']))).toContain('either')
})

test('a mapping cannot be run before the question about durations is answered', () => {
  const map = withColumns(withColumns(EMPTY_MAP, 'dateTime', ['When']), 'callDuration', ['Length'])
  const questions = [{ option: 'durationFormat' as const, column: 'Length', message: '?', choices: ['s', 'min'] }]
  expect(mapProblem(map, questions)).toContain('“Length”')
  const answered = withDuration(map, 'durationFormat', 'min')
  expect(answered.durationFormat).toBe('min')
  expect(mapProblem(answered, questions)).toBeNull()
  expect('durationFormat' in withDuration(answered, 'durationFormat', null)).toBe(false)
})

test('a field that gets another column does not keep the format of the previous one', () => {
  const map = {
    ...withColumns(EMPTY_MAP, 'date', ['Day']),
    dateFormat: 'd.M.yyyy',
    timeFormat: 'H:mm',
    durationFormat: 'min' as const,
    durationDecimal: ',' as const,
  }
  expect(withColumns(map, 'date', ['Other'])).toEqual({
    ...withColumns(EMPTY_MAP, 'date', ['Other']),
    timeFormat: 'H:mm',
    durationFormat: 'min',
    durationDecimal: ',',
  })
  expect(Object.keys(withColumns(map, 'callDuration', ['Other']))).not.toContain('durationFormat')
  expect(withColumns(map, 'notes', ['Other'])).toMatchObject({ dateFormat: 'd.M.yyyy' })
})
