import { expect, test } from 'vitest'
import { listedCalls, unfinishedLabel, withTimerStopped } from './unfinished-calls.ts'

test('stored drafts are listed without the one that the form shows, and without values that are not a draft', () => {
  const stored = [
    { form: 'aside:a', value: { draftId: 'a', prospectName: 'Jo' }, updatedAt: 1 },
    { form: 'aside:b', value: { draftId: 'b' }, updatedAt: 2 },
    { form: 'aside:c', value: null, updatedAt: 3 },
    { form: 'aside:d', value: 'text', updatedAt: 4 },
    { form: 'aside:e', value: ['Jo'], updatedAt: 5 },
    { form: 'aside:f', value: { draftId: 'f', prospectName: 5, prospectPhone: null, timer: {} }, updatedAt: 6 },
  ]
  const listed = listedCalls(stored, 'b')
  expect(listed).toEqual([
    { form: 'aside:a', values: { draftId: 'a', prospectName: 'Jo' }, updatedAt: 1 },
    { form: 'aside:f', values: { draftId: 'f' }, updatedAt: 6 },
  ])
  expect(listed.map(({ values }) => unfinishedLabel(values))).toEqual(['Jo', 'No name yet'])
})

test('a call is recognised by its name, else by its phone number or e-mail address', () => {
  expect(unfinishedLabel({ prospectName: ' Jo ', prospectPhone: '1' })).toBe('Jo')
  expect(unfinishedLabel({ prospectName: ' ', prospectPhone: '030 1', prospectEmail: 'x@y' })).toBe('030 1')
  expect(unfinishedLabel({ prospectName: '', prospectEmail: 'x@y' })).toBe('x@y')
  expect(unfinishedLabel({})).toBe('No name yet')
})

test('a running timer is stopped at what it shows; a stopped one and a typed duration stay', () => {
  expect(withTimerStopped({ timer: '5000 since 10000', duration: '' }, 70_000)).toEqual({ timer: '65000', duration: '1:05' })
  expect(withTimerStopped({ timer: '5000', duration: '0:07' }, 70_000)).toEqual({ timer: '5000', duration: '0:07' })
  expect(withTimerStopped({ timer: '', duration: '4:0' }, 70_000)).toEqual({ timer: '', duration: '4:0' })
  expect(withTimerStopped({ timer: '5000 since 90000', duration: '' }, 70_000), 'the clock was set back').toMatchObject({
    duration: '0:05',
  })
})
