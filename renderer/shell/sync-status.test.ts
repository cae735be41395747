import { expect, test } from 'vitest'
import { statusText } from './sync-status.tsx'

test('a needed sign-in is shown before any other state, and only for problems that it solves', () => {
  const status = { state: 'attention', pending: 2, rejections: 1, conflicts: 0 } as const
  expect(statusText({ ...status, problem: 'UNAUTHENTICATED' })).toBe('Sign in to the server again · 2 changes kept')
  expect(statusText({ ...status, problem: 'EPOCH' })).toBe('Needs attention: 1 refusal, 0 conflicts')
})

test('the status names the problem and what is kept', () => {
  const status = { state: 'attention', pending: 3, rejections: 0, conflicts: 0 } as const
  expect(statusText({ ...status, problem: 'DISK_FULL' })).toBe('The disk is full · 3 changes kept')
  expect(statusText({ ...status, problem: 'EPOCH' })).toBe('The server was restored from a backup or replaced · 3 changes kept')
  expect(statusText({ ...status, state: 'offline', problem: 'NOT_THE_SERVER' })).toBe(
    'The network answered instead of the sync server · 3 changes kept',
  )
  expect(statusText({ ...status, state: 'offline', problem: null })).toBe('Server not reached · 3 changes kept')
})
