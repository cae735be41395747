import { afterEach, beforeEach, expect, test } from 'vitest'
import { SteadyClock } from '../../../core/steady-clock.ts'
import { moveServer } from '../../../db/sync/device-state.ts'
import { TestWorkspace } from '../../../db/testing/test-workspace.ts'
import { runOperation } from '../../operations/run-operation.ts'
import { operationContext } from '../../testing/operation-context.ts'
import type { Workspace } from '../../workspace/workspace.ts'
import { EngineLease } from './engine-lease.ts'

const URL = 'https://sync.acme.test'
const SECOND = 1_000

let file: TestWorkspace
/** The processes that have ended. */
let dead: Set<string>
/** The machine's uptime, ms. */
let uptime: number

beforeEach(() => {
  file = new TestWorkspace()
  dead = new Set()
  uptime = 0
  file.write(() => moveServer(file.db, URL))
})
afterEach(() => file.dispose())

/** The lease of one process. Its operations are the real ones on the test's file and with the test's clock. */
function leaseOf(processName: string, wall = () => file.now): EngineLease {
  const { adminId: userId } = file
  const run: Workspace['run'] = async (name, _userId, input) => runOperation(name, operationContext(file, userId, wall()), input)
  return new EngineLease({
    workspace: { run } as Workspace,
    userId,
    network: { processName, isProcessDead: (name) => dead.has(name) },
    steady: new SteadyClock(wall, () => uptime),
  })
}

/** Lets time pass for every process. */
function pass(seconds: number): void {
  file.now += seconds * SECOND
  uptime += seconds * SECOND
}

test('the first process holds the lease and renews it; another one does not get it', async () => {
  const [first, second] = [leaseOf('a'), leaseOf('b')]
  for (let n = 0; n < 10; n++) {
    expect(await first.acquire(URL)).toBe('held')
    expect(await second.acquire(URL)).toBe('elsewhere')
    pass(10)
  }
})

test('a released lease is free at once, and only its owner releases it', async () => {
  const [first, second] = [leaseOf('a'), leaseOf('b')]
  await first.acquire(URL)
  await second.release()
  expect(await second.acquire(URL)).toBe('elsewhere')
  await first.release()
  expect(await second.acquire(URL)).toBe('held')
  expect(await first.acquire(URL)).toBe('elsewhere')
})

test('a process takes over after the heartbeat has not changed for thirty seconds', async () => {
  const [first, second] = [leaseOf('a'), leaseOf('b')]
  await first.acquire(URL)
  expect(await second.acquire(URL)).toBe('elsewhere')
  pass(20)
  expect(await second.acquire(URL)).toBe('elsewhere')
  pass(11)
  expect(await second.acquire(URL)).toBe('held')
})

test('a process that has ended loses the lease at once', async () => {
  const [first, second] = [leaseOf('a'), leaseOf('b')]
  await first.acquire(URL)
  dead.add('a')
  expect(await second.acquire(URL)).toBe('held')
})

test('a clock that was set back between two looks takes no lease from a live process', async () => {
  const [first, second] = [leaseOf('a'), leaseOf('b')]
  await first.acquire(URL)
  await second.acquire(URL)
  file.now -= 3_600 * SECOND
  uptime += 10 * SECOND
  expect(await second.acquire(URL)).toBe('elsewhere')
  await first.acquire(URL)
  expect(await second.acquire(URL)).toBe('elsewhere')
})

test('after the clock was set back, a silent process still loses the lease after thirty seconds', async () => {
  const [first, second] = [leaseOf('a'), leaseOf('b')]
  await first.acquire(URL)
  await second.acquire(URL)
  file.now -= 3_600 * SECOND
  uptime += 31 * SECOND
  expect(await second.acquire(URL)).toBe('held')
})

test('a process that sees a heartbeat of the future for the first time takes the lease', async () => {
  await leaseOf('a').acquire(URL)
  file.now -= 3_600 * SECOND
  expect(await leaseOf('b').acquire(URL)).toBe('held')
})

test('no one gets the lease for a server from which another process has moved', async () => {
  const lease = leaseOf('a')
  file.write(() => moveServer(file.db, 'https://other.acme.test'))
  expect(await lease.acquire(URL)).toBe('moved')
})
