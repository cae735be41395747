import { afterEach, beforeEach, expect, test } from 'vitest'
import { TestWorkspace } from '../testing/test-workspace.ts'
import { claimEngine } from './connection.ts'

let workspace: TestWorkspace
beforeEach(() => void (workspace = new TestWorkspace()))
afterEach(() => workspace.dispose())

const STALE_MS = 30_000
const claim = (owner: string, now: number, dead: readonly string[] = []) =>
  workspace.write(() => claimEngine(workspace.db, owner, now, STALE_MS, (other) => dead.includes(other)))

test('one process runs the engine; another takes over after thirty seconds of silence, or at once where it is gone', () => {
  expect(claim('window', 100_000)).toBe(true)
  expect(claim('command', 105_000)).toBe(false)
  expect(claim('window', 110_000)).toBe(true)
  expect(claim('command', 139_999)).toBe(false)
  expect(claim('command', 140_001)).toBe(true)
  expect(claim('window', 141_000)).toBe(false)
  expect(claim('window', 141_000, ['command'])).toBe(true)
})

test('a sign of life from the future is none: the clock was set back, and nobody would replicate until it is there again [S20]', () => {
  const day = 86_400_000
  expect(claim('crashed', 2 * day)).toBe(true)
  expect(claim('window', day)).toBe(true)
  // A clock that is put right by a second takes nobody's place.
  expect(claim('command', day - 1_000)).toBe(false)
})
