import { expect, test } from 'vitest'
import { statusText } from '../../app/sync-status.tsx'
import { decisionBarrier, needsSignIn } from './server-problem.ts'

const serverUrl = 'https://sync.example'

test('what the server decides waits for it, and for nothing where there is none', () => {
  expect(decisionBarrier({ serverUrl: null, isReached: false, problem: null })).toBeNull()
  expect(decisionBarrier({ serverUrl, isReached: true, problem: null })).toBeNull()
  expect(decisionBarrier({ serverUrl, isReached: false, problem: null })).toContain('not reached')
  expect(decisionBarrier({ serverUrl, isReached: true, problem: 'UNAUTHENTICATED' })).toContain('Sign in')
})

test('the corner asks for a sign-in before anything else, and only where one helps', () => {
  const status = { state: 'attention', pending: 2, rejections: 1, conflicts: 0 } as const
  expect(statusText({ ...status, problem: 'UNAUTHENTICATED' })).toBe('Sign in to the server again · 2 changes kept')
  expect(statusText({ ...status, problem: 'EPOCH' })).toBe('Needs attention: 1 refusal, 0 conflicts')
  expect(needsSignIn({ problem: 'DEVICE_REVOKED' })).toBe(false)
})

test('the corner names the problem, and what is kept', () => {
  const status = { state: 'attention', pending: 3, rejections: 0, conflicts: 0 } as const
  expect(statusText({ ...status, problem: 'DISK_FULL' })).toBe('The disk is full · 3 changes kept')
  expect(statusText({ ...status, problem: 'EPOCH' })).toBe('The server was restored from a backup or replaced · 3 changes kept')
  expect(statusText({ ...status, state: 'offline', problem: 'NOT_THE_SERVER' })).toBe(
    'The network answered instead of the sync server · 3 changes kept',
  )
  expect(statusText({ ...status, state: 'offline', problem: null })).toBe('Server not reached · 3 changes kept')
  expect(needsSignIn({ problem: 'OPERATION_ALTERED' })).toBe(true)
})
