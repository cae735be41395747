import { expect, test, vi } from 'vitest'
import type { Id } from '../../core/id.ts'
import { joinAndSignIn } from './sync.ts'

const JOINED = { clientId: '01999999-0000-7000-8000-00000000000a' as Id, userId: '01999999-0000-7000-8000-00000000000b' as Id }
const INPUT = { serverUrl: 'http://s.test', email: 'ada@acme.test', password: 'secret' }

function joining(onLastStep: () => void, signal?: AbortSignal) {
  const replace = vi.fn<() => Promise<never>>(async () => null as never)
  const sync = {
    join: async function* () {
      yield { kind: 'progress' as const, done: 0, total: 1 }
      onLastStep()
      return JOINED
    },
  }
  const events = joinAndSignIn(sync, { requireReplaceable: () => {}, replace }, 'window', INPUT, signal)
  return { events, replace }
}

test('a reader who leaves during the last step of a join keeps their own session', async () => {
  const abort = new AbortController()
  const { events, replace } = joining(() => abort.abort(), abort.signal)
  expect((await events.next()).value).toMatchObject({ kind: 'progress' })
  expect(await events.next()).toEqual({ done: true, value: undefined })
  expect(replace).not.toHaveBeenCalled()
})

test('a reader who stays is signed in after the join', async () => {
  const { events, replace } = joining(() => {})
  const kinds = []
  for await (const { kind } of events) kinds.push(kind)
  expect(kinds).toEqual(['progress', 'ready'])
  expect(replace).toHaveBeenCalledWith('window', JOINED.clientId, JOINED.userId)
})
