import { mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ClientId, UserId } from '../../core/id.ts'
import { TEST_PASSWORD, wonCall } from '../testing/test-application.ts'
import { Device } from './testing/device.ts'
import { ServerProcess } from './testing/server-process.ts'

const server = new ServerProcess()
const window = new Device({ speed: 10 })
const EMAIL = 'ada@acme.test'
let clientId: ClientId
let adminId: UserId

beforeAll(async () => {
  await server.start()
  const session = await window.create('Acme', EMAIL)
  clientId = session.client.id
  adminId = session.user.id
})

afterAll(async () => {
  await window.dispose()
  await server.dispose()
})

/** Much longer than the two heartbeats that a takeover needs, because the machine may be busy. */
const PATIENCE_MS = 240_000

/** The window does this without a request. */
const sentByItself = () =>
  window.until('all is sent', ({ serverUrl, pending }) => serverUrl !== null && pending === 0, PATIENCE_MS)

test('a window that is open while a command publishes the workspace then syncs it [S20]', async () => {
  const command = new Device({ home: window.home, runsContinuously: false })
  await command.api.session.signIn({ email: EMAIL, password: TEST_PASSWORD })
  await command.publish(server.url)
  await command.application.close()
  await window.api.calls.create(wonCall(adminId, 'After The Command'))
  expect(await sentByItself()).toMatchObject({ problem: null, serverUrl: server.url })
})

test('a key store that fails at the start is read again later [S20]', async () => {
  const token = join(window.home, 'tokens', clientId)
  await window.application.close()
  renameSync(token, `${token}.aside`)
  // Reading a folder fails in the same way as a locked key store.
  mkdirSync(token)
  await window.restart()
  await window.api.session.signIn({ email: EMAIL, password: TEST_PASSWORD })
  await window.api.calls.create(wonCall(adminId, 'Key Store Locked'))
  rmSync(token, { recursive: true })
  renameSync(`${token}.aside`, token)
  expect((await sentByItself()).problem).toBeNull()
})

test('a token that is missing at the start is found after another process has stored one [S20]', async () => {
  const token = join(window.home, 'tokens', clientId)
  await window.application.close()
  renameSync(token, `${token}.aside`)
  await window.restart()
  await window.api.session.signIn({ email: EMAIL, password: TEST_PASSWORD })
  await window.until('the missing token is reported', ({ problem }) => problem === 'UNAUTHENTICATED', PATIENCE_MS)
  await window.api.calls.create(wonCall(adminId, 'Without A Token'))
  renameSync(`${token}.aside`, token)
  expect((await sentByItself()).problem).toBeNull()
})
