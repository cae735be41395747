import { expect, test } from 'vitest'
import { decisionBarrier, needsSignIn } from './server-problem.ts'

const serverUrl = 'https://sync.example'

test('a change that the server decides needs the server; without a server nothing is blocked', () => {
  expect(decisionBarrier({ serverUrl: null, isReached: false, problem: null })).toBeNull()
  expect(decisionBarrier({ serverUrl, isReached: true, problem: null })).toBeNull()
  expect(decisionBarrier({ serverUrl, isReached: false, problem: null })).toContain('not reached')
  expect(decisionBarrier({ serverUrl, isReached: true, problem: 'UNAUTHENTICATED' })).toContain('Sign in')
})

test('only some problems need a new sign-in to the server', () => {
  expect(needsSignIn({ problem: 'DEVICE_REVOKED' })).toBe(false)
  expect(needsSignIn({ problem: 'OPERATION_ALTERED' })).toBe(true)
})
