import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { PROTOCOL_HEADER } from '../../core/sync/protocol.ts'
import { pageOf, wireAnswer } from '../../db/testing/server-answers.ts'
import { TestWorkspace } from '../../db/testing/test-workspace.ts'
import { codeOf } from '../testing/test-application.ts'
import { Device } from './testing/device.ts'

const device = new Device()
const asked: string[] = []
let server: Server
let url = ''

/** A server that accepts any sign-in and whose snapshot makes no progress. */
beforeAll(async () => {
  const sample = new TestWorkspace()
  const { clientId, adminId } = sample
  sample.dispose()
  const user = { id: adminId, name: 'Ada', role: 'admin' }
  server = createServer((request, response) => {
    asked.push(request.url ?? '')
    response.setHeader('content-type', 'application/json')
    response.setHeader(PROTOCOL_HEADER, '1')
    const enrolled = { token: 'A'.repeat(43), epoch: 'e', clientId, user, serverTime: 0 }
    if (request.url === '/v1/enrol') return response.end(JSON.stringify(enrolled))
    const { headers, body } = wireAnswer(pageOf({ cursor: 'same', complete: false }))
    return response.writeHead(200, headers).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  await device.dispose()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

test('[S18] a join fails if the server’s snapshot makes no progress, and no workspace appears', async () => {
  expect(await codeOf(device.join(url, 'ada@acme.test'))).toBe('REFUSED_BY_SERVER')
  expect(asked).toEqual(['/v1/enrol', '/v1/snapshot', '/v1/pull?cursor=same'])
  expect((await device.api.session.get()).state).toBe('first_start')
})
