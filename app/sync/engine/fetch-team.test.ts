import { expect, test } from 'vitest'
import { SyncError } from '../../../core/sync/errors.ts'
import type { Workspace } from '../../workspace/workspace.ts'
import { UnreachableError, type ServerTransport } from '../transport/server-transport.ts'
import { TeamFetch } from './fetch-team.ts'

const MINUTE = 60_000

/** @param answers of the server, in order: an error, or the place of the next request; null: the end. */
function fixture(answers: (Error | number | null)[], since: number | null = 0) {
  const requests: number[] = []
  let now = 0
  const workspace = {
    run: async (name: string) => (name === 'engine.teamSince' ? since : (answers.shift() ?? null)),
  } as unknown as Workspace
  const server = {
    team: async (_token: string, from: number) => {
      requests.push(from)
      const [next] = answers
      if (next instanceof Error) throw answers.shift()
      return new Uint8Array()
    },
  } as unknown as ServerTransport
  const fetching = new TeamFetch({ workspace, userId: 'user', server, token: 'token', clock: () => now })
  return {
    requests,
    run: (isRequested = false) => fetching.run(isRequested, new AbortController().signal),
    wait: (ms: number) => (now += ms),
  }
}

test('the totals are fetched page by page, and again after ten minutes', async () => {
  const { requests, run, wait } = fixture([7, 9, null, null])
  await run()
  expect(requests).toEqual([0, 7, 9])
  await run()
  wait(9 * MINUTE)
  await run()
  expect(requests).toHaveLength(3)
  wait(MINUTE)
  await run()
  expect(requests).toHaveLength(4)
})

test('a person who waits for a sync gets the newest totals', async () => {
  const { requests, run } = fixture([null, null])
  await run()
  await run(true)
  expect(requests).toEqual([0, 0])
})

test('a clock that was set back does not stop the requests', async () => {
  const { requests, run, wait } = fixture([null, null])
  await run()
  wait(-60 * MINUTE)
  await run()
  expect(requests).toHaveLength(2)
})

test('nothing is requested for a person who sees all calls', async () => {
  const { requests, run } = fixture([], null)
  await run()
  expect(requests).toEqual([])
})

test('sync continues with a server that does not have the totals, and the next request waits', async () => {
  const { requests, run } = fixture([new SyncError('NOT_FOUND', 'There is nothing at this address')])
  await run()
  await run()
  expect(requests).toHaveLength(1)
})

test('a server that was not reached gets another request after the next pull', async () => {
  const { requests, run } = fixture([new UnreachableError('away'), null])
  await run()
  await run()
  expect(requests).toHaveLength(2)
})

test('a refused token ends the sync', async () => {
  const { run } = fixture([new SyncError('USER_DEACTIVATED', 'This account is deactivated')])
  await expect(run()).rejects.toMatchObject({ code: 'USER_DEACTIVATED' })
})

test('the requests are bounded if a server always has more', async () => {
  const { requests, run } = fixture(Array.from({ length: 1_000 }, (_, index) => index))
  await run()
  expect(requests.length).toBeLessThanOrEqual(200)
})
