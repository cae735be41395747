import { notifications, notificationsStore } from '@mantine/notifications'
import { ORPCError } from '@orpc/client'
import { beforeEach, expect, test } from 'vitest'
import { announceUndoable, recordUndoable, redoLast, requireSame, StepRefused, undoLast } from './use-undo.ts'
import { useViewState } from './view-state.ts'

beforeEach(() => {
  notifications.clean()
  useViewState.getState().reset()
})

/** A value with an edit that expects the value before it, like the application. */
class Record {
  value: string
  constructor(value: string) {
    this.value = value
  }
  async set(value: string, expected: string): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve))
    if (this.value !== expected) throw new ORPCError('CONFLICT', { message: 'changed', data: { changedSince: true } })
    this.value = value
  }
  async edit(value: string): Promise<void> {
    const before = this.value
    await this.set(value, before)
    recordUndoable(
      `to ${value}`,
      () => this.set(before, value),
      () => this.set(value, before),
    )
  }
}

const titles = () => notificationsStore.getState().notifications.map(({ title, message }) => title ?? message)
const labels = () => {
  const { undoSteps, redoSteps } = useViewState.getState()
  return { undo: undoSteps.map(({ label }) => label), redo: redoSteps.map(({ label }) => label) }
}

test('several steps are undone and redone in their order, also if they are requested at once', async () => {
  const record = new Record('a')
  for (const value of ['b', 'c', 'd']) await record.edit(value)
  await Promise.all([undoLast(), undoLast(), undoLast(), undoLast()])
  expect(record.value).toBe('a')
  expect(labels()).toEqual({ undo: [], redo: ['to d', 'to c', 'to b'] })
  await Promise.all([redoLast(), redoLast()])
  expect(record.value).toBe('c')
  await undoLast()
  expect(record.value).toBe('b')
  expect(labels()).toEqual({ undo: ['to b'], redo: ['to d', 'to c'] })
})

test('a new change removes the steps that can be redone', async () => {
  const record = new Record('a')
  await record.edit('b')
  await undoLast()
  await record.edit('x')
  await redoLast()
  expect(record.value).toBe('x')
  expect(labels()).toEqual({ undo: ['to x'], redo: [] })
})

test('a step of a record that was changed since is refused by name, and the earlier steps stay', async () => {
  const [first, second] = [new Record('a'), new Record('a')]
  await first.edit('b')
  await second.edit('b')
  second.value = 'of someone else'
  await undoLast()
  expect([first.value, second.value]).toEqual(['b', 'of someone else'])
  expect(titles()).toEqual(['Not undone: to b'])
  expect(notificationsStore.getState().notifications[0]?.message).toContain('changed in the meantime')
  await undoLast()
  expect(first.value).toBe('a')
  first.value = 'of someone else'
  await redoLast()
  expect(first.value).toBe('of someone else')
  expect(titles()).toContain('Not redone: to b')
  expect(labels()).toEqual({ undo: [], redo: [] })
})

test('a step that failed for another reason stays and can be tried again', async () => {
  const failures: Error[] = [new StepRefused('Another action runs.', true), new Error('no connection')]
  let undone = 0
  recordUndoable('a change', () => {
    const failure = failures.shift()
    if (failure !== undefined) return Promise.reject(failure)
    undone++
    return Promise.resolve()
  })
  await undoLast()
  await undoLast()
  expect([undone, labels().undo]).toEqual([0, ['a change']])
  await undoLast()
  expect([undone, labels()]).toEqual([1, { undo: [], redo: [] }])
  expect(() => requireSame(false)).toThrow(StepRefused)
})

test('the message names what was undone and redone; a step that was done in part stays', async () => {
  let part = 0
  announceUndoable(
    '3 calls deleted',
    async () => (part++ === 0 ? { text: 'Undo cancelled', isPartial: true } : '3 calls restored'),
    async () => {},
  )
  expect(notificationsStore.getState().notifications).toHaveLength(1)
  await undoLast()
  expect(titles()).toEqual(['Undo cancelled'])
  expect(labels()).toEqual({ undo: ['3 calls deleted'], redo: [] })
  await undoLast()
  expect(labels()).toEqual({ undo: [], redo: ['3 calls deleted'] })
  await redoLast()
  expect(labels()).toEqual({ undo: ['3 calls deleted'], redo: [] })
})

test('steps of an ended session are gone, also if one was running at the end', async () => {
  let settle = () => {}
  recordUndoable(
    'a change',
    () => new Promise<void>((resolve) => (settle = resolve)),
    async () => {},
  )
  const undone = undoLast()
  await new Promise((resolve) => setTimeout(resolve))
  useViewState.getState().reset()
  settle()
  await undone
  expect(labels()).toEqual({ undo: [], redo: [] })
})
