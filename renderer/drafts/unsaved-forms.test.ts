import { beforeEach, expect, test } from 'vitest'
import { createIdGenerator } from '../../core/id.ts'
import { createUnsavedForms } from './unsaved-forms.ts'

const newId = createIdGenerator(Date.now, (length) => crypto.getRandomValues(new Uint8Array(length)))
const [me, other] = [newId(), newId()]
const calls = createUnsavedForms<{ readonly prospectName: string }>()
const called = (prospectName: string) => ({ prospectName })
const names = () => calls.useForms.getState().unsaved.map(({ values }) => values.prospectName)
beforeEach(() => calls.clear())

const shown = () => {
  const first = calls.first(me)
  if (first === undefined) throw new Error('No call is unsaved')
  return first
}

test('a call whose save failed is shown first, then the values typed since', () => {
  const before = calls.useForms.getState().round
  calls.putBack(me, { values: called('Greta'), error: new Error('refused') }, called('Hans'))
  expect(calls.useForms.getState().round, 'the form restarts').toBe(before + 1)
  expect(shown()).toMatchObject({ values: { prospectName: 'Greta' }, error: { message: 'refused' } })
  expect(shown(), 'a reopened form shows the same call').toMatchObject({ values: { prospectName: 'Greta' } })
  calls.keep(shown(), called('Greta Neumann'))
  expect(names()).toEqual(['Greta Neumann', 'Hans'])
  calls.drop(shown())
  expect(shown()).toMatchObject({ values: { prospectName: 'Hans' }, error: null })
  calls.drop(shown())
  expect(calls.first(me)).toBeUndefined()
})

test('none of several calls that fail is lost or listed twice', () => {
  calls.putBack(me, { values: called('One'), error: 1 }, called('Typed'))
  // The form shows One, so the typed values belong to One.
  calls.putBack(me, { values: called('Two'), error: 2 }, called('One'))
  expect(names()).toEqual(['Two', 'One', 'Typed'])
})

test('a call whose save fails after its person has signed out is not shown to the next person', () => {
  calls.putBack(me, { values: called('Mine'), error: 1 }, null)
  expect(calls.first(other)).toBeUndefined()
  expect(shown().values.prospectName).toBe('Mine')
})
