import { expect, test } from 'vitest'
import { DIGEST_HEADER, envelopeHeaders, envelopeText } from '../../../core/sync/envelope.ts'
import { PROTOCOL_HEADER, type PastRequest } from '../../../core/sync/protocol.ts'
import { userIdSchema } from '../../../core/id.ts'
import { sha256 } from '../../../platform/digest/sha256.ts'
import type { Workspace } from '../../workspace/workspace.ts'
import type { Network } from '../transport/network.ts'
import { askPast } from './past.ts'

const userId = userIdSchema.parse('01890a5d-ac96-774b-bcce-b302099a8057')

/** Asks for the past of `asked` ids; each answer of the server covers `covered` of them. Returns the number of requests. */
async function requestsFor(asked: number, covered: number): Promise<number> {
  let requests = 0
  const headers = envelopeHeaders({ covered })
  const digest = sha256(
    envelopeText((name) => headers[name]),
    '{}',
  )
  const network = {
    userAgent: 'test',
    secrets: { get: () => Promise.resolve('token') },
    fetch: () => {
      requests++
      return Promise.resolve(new Response('{}', { headers: { ...headers, [PROTOCOL_HEADER]: '1', [DIGEST_HEADER]: digest } }))
    },
  }
  const workspace = { clientId: 'c', run: () => Promise.resolve({ serverUrl: 'http://127.0.0.1:1' }) }
  const request: PastRequest = { ids: Array.from({ length: asked }, (_, n) => `id ${n}`), names: false }
  await askPast(network as unknown as Network, workspace as unknown as Workspace, userId, request)
  return requests
}

test('the ids that an answer does not cover are asked for again', async () => {
  expect(await requestsFor(4, 2)).toBe(2)
})

test.each([
  [3, 0],
  [3, 4],
  [600, 501],
])('for %i ids, an answer that covers %i is refused, so that no id is skipped', async (asked, covered) => {
  await expect(requestsFor(asked, covered)).rejects.toThrow(/covers/)
})
