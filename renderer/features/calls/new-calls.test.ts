import { beforeEach, expect, test } from 'vitest'
import { createIdGenerator } from '../../../core/id.ts'
import { newCallValues } from './call-form-values.ts'
import { forgetUnsaved, nextForm, putBack, takeUnsaved, useNewCalls } from './new-calls.ts'

const newId = createIdGenerator(Date.now, (length) => crypto.getRandomValues(new Uint8Array(length)))
const [me, other] = [newId(), newId()]
const called = (prospectName: string) => ({ ...newCallValues(me, { now: 0, zone: 'UTC' }), prospectName })
const names = () => useNewCalls.getState().unsaved.map(({ values }) => values.prospectName)
beforeEach(forgetUnsaved)

test('a call that could not be saved is shown first, then what was typed since', () => {
  const before = useNewCalls.getState().round
  putBack(me, { values: called('Greta'), error: new Error('refused') }, called('Hans'))
  expect(useNewCalls.getState().round, 'the form starts again').toBe(before + 1)
  expect(takeUnsaved(me)).toMatchObject({ values: { prospectName: 'Greta' }, error: { message: 'refused' } })
  nextForm()
  expect(takeUnsaved(me)).toMatchObject({ values: { prospectName: 'Hans' }, error: null })
  expect(takeUnsaved(me)).toBeUndefined()
})

test('none of several calls that fail is lost', () => {
  putBack(me, { values: called('One'), error: 1 }, null)
  putBack(me, { values: called('Two'), error: 2 }, called('Typed'))
  expect(names()).toEqual(['Two', 'Typed', 'One'])
})

test('a call that fails after its person has signed out is not shown to the next person', () => {
  putBack(me, { values: called('Mine'), error: 1 }, null)
  expect(takeUnsaved(other)).toBeUndefined()
  expect(takeUnsaved(me)?.values.prospectName).toBe('Mine')
})
