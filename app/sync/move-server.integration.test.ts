import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { UserId } from '../../core/id.ts'
import { codeOf, TEST_PASSWORD, wonCall } from '../testing/test-application.ts'
import { AGENT_EMAIL, foundAcme } from './testing/acme.ts'
import { Device } from './testing/device.ts'
import { ServerProcess } from './testing/server-process.ts'

const server = new ServerProcess()
const other = new ServerProcess()
const admin = new Device()
const agent = new Device()
let agentId: UserId

beforeAll(async () => {
  await Promise.all([server.start(), other.start()])
  ;({ agentId } = await foundAcme(server.url, admin, agent))
  await agent.synced()
})
afterAll(async () => {
  await admin.dispose()
  await agent.dispose()
  await Promise.all([server.dispose(), other.dispose()])
})

const move = (serverUrl: string) => agent.api.sync.moveServer({ serverUrl })
const addressOf = async () => (await agent.api.sync.status()).serverUrl

test('a new address is stored only if the same server answers; at a mistyped one the old address stays and no token is sent', async () => {
  const before = server.url
  const seen: (string | undefined)[] = []
  const stranger = createServer((request, response) => {
    seen.push(request.headers.authorization)
    response.end('<!doctype html>')
  })
  await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve))
  const strangerUrl = `http://127.0.0.1:${(stranger.address() as AddressInfo).port}`
  expect(await codeOf(move(strangerUrl))).toBe('UNREACHABLE')
  expect(seen).toEqual([undefined])
  stranger.close()
  expect(await codeOf(move(strangerUrl))).toBe('UNREACHABLE')
  expect(await codeOf(move('http://sync.example.test'))).toBe('INVALID')
  expect(await codeOf(move(other.url)), 'a server without this device').toBe('REFUSED_BY_SERVER')
  expect(await addressOf()).toBe(before)
  expect(await agent.synced()).toMatchObject({ pending: 0, problem: null })
})

test('after a server moved, the device and another window on its home continue at the new address', async () => {
  const otherWindow = new Device({ home: agent.home })
  await otherWindow.api.session.signIn({ email: AGENT_EMAIL, password: TEST_PASSWORD })
  await server.moveToAnotherPort()
  await agent.api.calls.create(wonCall(agentId, 'While It Moved'))
  expect(await move(server.url)).toMatchObject({ serverUrl: server.url })
  await agent.until('the waiting call is sent', ({ pending, problem }) => pending === 0 && problem === null, 120_000)
  await agent.application.close()
  await otherWindow.api.calls.create(wonCall(agentId, 'From The Other Window'))
  await otherWindow.until('it is sent', ({ pending, serverUrl }) => pending === 0 && serverUrl === server.url, 120_000)
  await otherWindow.application.close()
  await agent.restart()
  await agent.api.session.signIn({ email: AGENT_EMAIL, password: TEST_PASSWORD })
  expect(await agent.synced()).toMatchObject({ serverUrl: server.url, problem: null })
})

test('the server’s address of an unconnected workspace cannot be changed', async () => {
  const local = new Device()
  await local.create('Local', 'ada@local.test')
  expect(await codeOf(local.api.sync.moveServer({ serverUrl: server.url }))).toBe('CONFLICT')
  await local.dispose()
})
