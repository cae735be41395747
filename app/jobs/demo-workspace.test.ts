import { expect, test, vi } from 'vitest'
import { DEMO_CLIENT } from '../../core/demo-account.ts'
import type { Id } from '../../core/id.ts'
import { createDemo } from './demo-workspace.ts'

const CLIENT = '01999999-0000-7000-8000-00000000000a' as Id
const ADMIN = '01999999-0000-7000-8000-00000000000b' as Id
const USER = { id: ADMIN, clientId: CLIENT, name: 'Ada', role: 'admin' as const, isActive: true }

function services() {
  const replace = vi.fn<() => Promise<never>>(async () => ({ state: 'signed_in', user: USER, client: DEMO_CLIENT }) as never)
  const run = vi.fn<() => Promise<never>>(async () => null as never)
  return {
    replace,
    run,
    all: {
      workspaces: { create: async () => ({ clientId: CLIENT, userId: ADMIN }), get: () => ({ run }) },
      passwords: { hash: async () => 'hash' },
      sessions: { requireReplaceable: () => {}, replace },
      clock: () => Date.UTC(2026, 0, 1),
    },
  }
}

test('a person who disconnects during the creation of the demo keeps their session', async () => {
  const { all, replace, run } = services()
  const abort = new AbortController()
  const events = createDemo(all, 'window', abort.signal)
  expect((await events.next()).value).toMatchObject({ kind: 'progress', done: 0 })
  abort.abort()
  expect(await events.next()).toEqual({ done: true, value: undefined })
  // The people and the current chunk of calls are written. The session is not replaced.
  expect([run.mock.calls.length, replace.mock.calls.length]).toEqual([2, 0])
})

test('a person is signed in to the complete demo', async () => {
  const { all, replace } = services()
  const kinds = []
  for await (const { kind } of createDemo(all, 'window', undefined)) kinds.push(kind)
  expect(kinds.at(-1)).toBe('ready')
  expect(replace).toHaveBeenCalledOnce()
})
