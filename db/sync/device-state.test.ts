import { afterEach, beforeEach, expect, test } from 'vitest'
import { TestWorkspace } from '../testing/test-workspace.ts'
import { acquireEngineLease, getDeviceState, noteSuccess, setProblem, type WatchedHeartbeat } from './device-state.ts'

let workspace: TestWorkspace
beforeEach(() => void (workspace = new TestWorkspace()))
afterEach(() => workspace.dispose())

const STALE_MS = 30_000
const acquire = (owner: string, now: number, dead: readonly string[] = []) =>
  workspace.write(() => acquireEngineLease(workspace.db, owner, now, STALE_MS, (other) => dead.includes(other)))

test('one process runs the engine; another takes over after thirty seconds without a heartbeat, or immediately if the first has ended', () => {
  expect(acquire('window', 100_000)).toBe(true)
  expect(acquire('command', 105_000)).toBe(false)
  expect(acquire('window', 110_000)).toBe(true)
  expect(acquire('command', 139_999)).toBe(false)
  expect(acquire('command', 140_001)).toBe(true)
  expect(acquire('window', 141_000)).toBe(false)
  expect(acquire('window', 141_000, ['command'])).toBe(true)
})

test('a heartbeat from the future is stale: the clock was set back, and the wait would last until that time [S20]', () => {
  const day = 86_400_000
  expect(acquire('crashed', 2 * day)).toBe(true)
  expect(acquire('window', day)).toBe(true)
  // A correction by one second does not end the lease.
  expect(acquire('command', day - 1_000)).toBe(false)
})

test('a process that watches the owner needs no wall clock: the lease is stale if the heartbeat has not changed [S20]', () => {
  const day = 86_400_000
  const watching = (now: number, watched: WatchedHeartbeat) =>
    workspace.write(() => acquireEngineLease(workspace.db, 'other', now, STALE_MS, () => false, watched))
  expect(acquire('window', 2 * day)).toBe(true)
  const seen = { owner: 'window', at: 2 * day }
  // The clock was set back or forward: the owner's lease is still valid.
  expect(watching(day, { ...seen, ms: 1_000 })).toBe(false)
  expect(watching(9 * day, { ...seen, ms: 29_000 })).toBe(false)
  expect(acquire('window', day)).toBe(true)
  expect(watching(day, { ...seen, ms: 60_000 }), 'the heartbeat has changed since').toBe(false)
  expect(watching(day, { owner: 'window', at: day, ms: 30_001 })).toBe(true)
})

test('a success clears the problems of its direction and of both, not the other direction’s; contact and problem change together', () => {
  const problems = () => {
    const { problem, pushProblem, pullProblem, lastContactAt } = getDeviceState(workspace.db)
    return [problem, pushProblem, pullProblem, lastContactAt]
  }
  const write = (work: () => void) => workspace.write(work, { source: 'server' })
  write(() => setProblem(workspace.db, null, 'UNAUTHENTICATED'))
  write(() => setProblem(workspace.db, 'push', 'TOO_LARGE'))
  write(() => setProblem(workspace.db, 'push', 'OPERATION_ALTERED'))
  write(() => setProblem(workspace.db, 'pull', 'EPOCH'))
  expect(problems()).toEqual(['UNAUTHENTICATED', 'OPERATION_ALTERED', 'EPOCH', null])
  write(() => noteSuccess(workspace.db, 'pull', 5_000))
  expect(problems()).toEqual([null, 'OPERATION_ALTERED', null, 5_000])
  write(() => setProblem(workspace.db, 'pull', 'EPOCH'))
  // The clock was set back: the last contact is the last one all the same.
  write(() => noteSuccess(workspace.db, 'push', 4_000))
  expect(problems()).toEqual([null, null, 'EPOCH', 4_000])
})
