import { beforeEach, expect, test } from 'vitest'
import { createIdGenerator } from '../../../core/id.ts'
import { newCallValues } from './call-form-values.ts'
import { dropUnsaved, firstUnsaved, forgetUnsaved, keepUnsaved, putBack, useNewCalls } from './new-calls.ts'

const newId = createIdGenerator(Date.now, (length) => crypto.getRandomValues(new Uint8Array(length)))
const [me, other] = [newId(), newId()]
const called = (prospectName: string) => ({ ...newCallValues(me, { now: 0, zone: 'UTC' }), prospectName })
const names = () => useNewCalls.getState().unsaved.map(({ values }) => values.prospectName)
beforeEach(forgetUnsaved)

const shown = () => {
  const first = firstUnsaved(me)
  if (first === undefined) throw new Error('No call is unsaved')
  return first
}

test('a call that could not be saved is shown first, then what was typed since', () => {
  const before = useNewCalls.getState().round
  putBack(me, { values: called('Greta'), error: new Error('refused') }, called('Hans'))
  expect(useNewCalls.getState().round, 'the form starts again').toBe(before + 1)
  expect(shown()).toMatchObject({ values: { prospectName: 'Greta' }, error: { message: 'refused' } })
  expect(shown(), 'a form that is closed and opened shows the same call').toMatchObject({ values: { prospectName: 'Greta' } })
  keepUnsaved(shown(), called('Greta Neumann'))
  expect(names()).toEqual(['Greta Neumann', 'Hans'])
  dropUnsaved(shown())
  expect(shown()).toMatchObject({ values: { prospectName: 'Hans' }, error: null })
  dropUnsaved(shown())
  expect(firstUnsaved(me)).toBeUndefined()
})

test('none of several calls that fail is lost or listed twice', () => {
  putBack(me, { values: called('One'), error: 1 }, called('Typed'))
  // Its form shows One, so what is typed is One.
  putBack(me, { values: called('Two'), error: 2 }, called('One'))
  expect(names()).toEqual(['Two', 'One', 'Typed'])
})

test('a call that fails after its person has signed out is not shown to the next person', () => {
  putBack(me, { values: called('Mine'), error: 1 }, null)
  expect(firstUnsaved(other)).toBeUndefined()
  expect(shown().values.prospectName).toBe('Mine')
})
