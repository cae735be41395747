import { notifications, notificationsStore } from '@mantine/notifications'
import { beforeEach, expect, test } from 'vitest'
import { notifyDone, notifyProblem, notifyRevertible } from './notify.tsx'

const LIMIT = 3

beforeEach(() => {
  notifications.clean()
  notificationsStore.setState({ ...notificationsStore.getState(), limit: LIMIT })
})

const shown = () => notificationsStore.getState().notifications.map(({ title, message }) => title ?? message)

test('a success replaces the last success and leaves the problems', () => {
  notifyDone('first saved')
  notifyProblem('A not saved', 'why')
  notifyDone('second saved')
  expect(shown()).toEqual(['second saved', 'A not saved'])
  notifyProblem('B not saved', 'why')
  notifyRevertible('third saved', 'Undo', () => {})
  expect(shown()).toHaveLength(LIMIT)
  expect(shown()).toEqual(expect.arrayContaining(['A not saved', 'B not saved']))
  expect(shown()).not.toContain('second saved')
})

test('a success is shown although many problems wait', () => {
  for (const name of ['A', 'B', 'C', 'D']) notifyProblem(`${name} not saved`, 'why')
  notifyDone('saved')
  expect(shown()).toEqual(['saved', 'A not saved', 'B not saved'])
  expect(notificationsStore.getState().queue).toHaveLength(2)
})

test('a problem that occurs again is shown once, also after it was closed', () => {
  for (let time = 0; time < 3; time++) notifyProblem('The disk is full', 'why')
  expect(shown()).toEqual(['The disk is full'])
  notifications.hide(notificationsStore.getState().notifications[0]?.id ?? '')
  expect(shown()).toEqual([])
  notifyProblem('The disk is full', 'why')
  notifyProblem('The disk is full', 'another reason')
  expect(shown()).toEqual(['The disk is full', 'The disk is full'])
})
