import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ClientId, UserId } from '../../core/id.ts'
import { TEST_PASSWORD, wonCall } from '../testing/test-application.ts'
import { ADMIN_EMAIL, AGENT_EMAIL, foundAcme } from './testing/acme.ts'
import { Device } from './testing/device.ts'
import { ServerProcess } from './testing/server-process.ts'

const server = new ServerProcess()
const admin = new Device()
const laptop = new Device()
const folders: string[] = []
let clientId: ClientId
let agentId: UserId

beforeAll(async () => {
  await server.start()
  ;({ clientId, agentId } = await foundAcme(server.url, admin, laptop))
})
afterAll(async () => {
  await admin.dispose()
  await laptop.dispose()
  await server.dispose()
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

const signIn = (device: Device) => device.api.session.signIn({ email: AGENT_EMAIL, password: TEST_PASSWORD })
const log = async (device: Device, name: string) => (await device.api.calls.create(wonCall(agentId, name))).id
const namesOn = (device: Device) =>
  device.query<{ name: string }>(clientId, 'SELECT prospect_name AS name FROM calls ORDER BY 1').map(({ name }) => name)
const deviceIdOf = (device: Device) => device.query<{ id: string }>(clientId, 'SELECT device_id AS id FROM sync_device')[0]?.id

/** Copies the home while the application is closed. */
async function copyOf(device: Device): Promise<string> {
  await device.application.close()
  const folder = mkdtempSync(join(tmpdir(), 'propaganda-copy-'))
  folders.push(folder)
  cpSync(device.home, folder, { recursive: true })
  await device.restart()
  await signIn(device)
  return folder
}

/** The admin's device must hold each call once. */
async function expectOnServer(names: readonly string[]): Promise<void> {
  await admin.synced()
  expect(namesOn(admin)).toEqual([...names].toSorted())
}

test('[S6] two machines with copies of one home both write; both end with each call once', async () => {
  await laptop.synced()
  const second = new Device({ home: await copyOf(laptop) })
  await signIn(second)
  // Both outboxes are empty, so both machines give their next operation the same number.
  await log(laptop, 'First On The Laptop')
  await laptop.until('the laptop has sent', ({ pending }) => pending === 0, 120_000)
  second.isOnline = false
  await log(second, 'First On The Copy')
  await log(second, 'Second On The Copy')
  second.isOnline = true
  const refused = await second.until('the copy is refused', ({ problem }) => problem === 'OPERATION_ALTERED', 120_000)
  expect(refused).toMatchObject({ state: 'attention' })
  expect(refused.pending).toBeGreaterThan(1)
  // Pulls succeed meanwhile and do not clear the problem.
  await log(laptop, 'Second On The Laptop')
  await second.until('the copy has fetched', () => namesOn(second).includes('Second On The Laptop'), 120_000)
  expect(await second.api.sync.status()).toMatchObject({ problem: 'OPERATION_ALTERED', pending: refused.pending })

  const before = deviceIdOf(second)
  await second.api.sync.signInAgain({ email: AGENT_EMAIL, password: TEST_PASSWORD })
  await second.until('the copy has sent', ({ pending, problem }) => pending === 0 && problem === null, 120_000)
  expect(deviceIdOf(second)).not.toBe(before)
  expect(deviceIdOf(laptop)).toBe(before)
  await log(laptop, 'Third On The Laptop')
  await log(second, 'Third On The Copy')
  for (const device of [laptop, second]) expect(await device.synced()).toMatchObject({ pending: 0, problem: null, rejections: 0 })
  const all = ['First', 'Second', 'Third'].flatMap((nth) => [`${nth} On The Copy`, `${nth} On The Laptop`])
  await expectOnServer(all)
  for (const device of [laptop, second]) {
    await device.synced()
    expect(namesOn(device)).toEqual(all.toSorted())
  }
  await second.application.close()
})

test('[S3] [S6] a home that was restored from an older copy: the server recognises the operations it has, and nothing is lost', async () => {
  const known = namesOn(admin)
  laptop.isOnline = false
  await log(laptop, 'Waiting When It Was Copied')
  const { id } = await laptop.api.calls.create(wonCall(agentId, 'Edited When It Was Copied'))
  await laptop.api.calls.update({ id, patch: { notes: 'before the copy' } })
  const older = await copyOf(laptop)
  laptop.isOnline = true
  await laptop.synced()
  // Later edits are not in the copy.
  await laptop.api.calls.update({ id, patch: { notes: 'after the copy' } })
  await log(laptop, 'Only Before The Restore')
  await laptop.synced()

  const restored = new Device({ home: older })
  restored.isOnline = false
  await signIn(restored)
  await log(restored, 'After The Restore')
  restored.isOnline = true
  await restored.until('it is refused', ({ problem }) => problem === 'OPERATION_ALTERED', 120_000)
  await restored.api.sync.signInAgain({ email: AGENT_EMAIL, password: TEST_PASSWORD })
  expect(await restored.until('all is sent', ({ pending, problem }) => pending === 0 && problem === null, 120_000)).toMatchObject(
    { rejections: 0, conflicts: 0 },
  )
  await restored.synced()
  const all = [
    ...known,
    'Waiting When It Was Copied',
    'Edited When It Was Copied',
    'Only Before The Restore',
    'After The Restore',
  ]
  await expectOnServer(all)
  expect(namesOn(restored)).toEqual(all.toSorted())
  const notes = 'SELECT notes FROM calls WHERE id = ?'
  for (const device of [admin, restored]) expect(device.query(clientId, notes, id)).toEqual([{ notes: 'after the copy' }])
  await restored.application.close()
})

test('a colleague’s password gives a copied home no new number', async () => {
  const second = new Device({ home: await copyOf(laptop) })
  await signIn(second)
  await log(laptop, 'Laptop Again')
  await laptop.until('the laptop has sent', ({ pending }) => pending === 0, 120_000)
  await log(second, 'Copy Again')
  await second.until('the copy is refused', ({ problem }) => problem === 'OPERATION_ALTERED', 120_000)
  const before = deviceIdOf(second)
  const asColleague = second.api.sync.signInAgain({ email: ADMIN_EMAIL, password: TEST_PASSWORD })
  await expect(asColleague).rejects.toMatchObject({ code: 'CONFLICT' })
  expect([deviceIdOf(second), (await second.api.sync.status()).problem]).toEqual([before, 'OPERATION_ALTERED'])
  await second.application.close()
})
