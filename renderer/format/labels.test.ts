import { expect, test } from 'vitest'
import { AUDIT_ACTIONS } from '../../core/model/audit.ts'
import { CALL_FIELD_LABELS, CALL_FIELD_NAMES, CALL_OUTCOMES, CALL_STATUSES, CALL_TYPES } from '../../core/model/call-fields.ts'
import { CALL_TYPE_LABELS, OUTCOME_LABELS, STATUS_LABELS } from '../../core/model/call-labels.ts'
import { personLabel as corePersonLabel, WEEKDAYS } from '../../core/model/labels.ts'
import { ROLES } from '../../core/roles.ts'
import { PERIODS } from '../../core/time/time-range.ts'
import {
  actionLabel,
  callFieldLabel,
  callTypeLabel,
  outcomeLabel,
  periodLabel,
  personLabel,
  resultLabel,
  roleLabel,
  statusLabel,
  weekdayNames,
} from './labels.ts'

const named = <K extends string>(keys: readonly K[], label: (key: K) => string) =>
  Object.fromEntries(keys.map((key) => [key, label(key)]))

test('the English labels of the window are those of files and of the command line', () => {
  expect(named(CALL_TYPES, callTypeLabel)).toEqual(CALL_TYPE_LABELS)
  expect(named(CALL_STATUSES, statusLabel)).toEqual(STATUS_LABELS)
  expect(named(CALL_OUTCOMES, outcomeLabel)).toEqual(OUTCOME_LABELS)
  expect(named(CALL_FIELD_NAMES, callFieldLabel)).toEqual(CALL_FIELD_LABELS)
  expect(weekdayNames()).toEqual(WEEKDAYS)
  expect(weekdayNames('short')).toEqual(WEEKDAYS.map((day) => day.slice(0, 3)))
  for (const person of [
    { name: 'Ada Long', isActive: true },
    { name: 'Ada Long', isActive: false },
  ]) {
    expect(personLabel(person)).toBe(corePersonLabel(person))
  }
})

test('roles, periods and actions of the trail have names', () => {
  expect(ROLES.map(roleLabel)).toEqual(['Agent', 'Team lead', 'Admin', 'Viewer'])
  expect(PERIODS.map(periodLabel)).toContain('This quarter')
  expect(AUDIT_ACTIONS.map(actionLabel)).toContain('Failed sign-in')
})

test('a call ends with its outcome, or with its status if it has none', () => {
  expect(resultLabel({ status: 'completed', outcome: 'won' })).toBe('Won')
  expect(resultLabel({ status: 'no_show', outcome: null })).toBe('No-show')
})
