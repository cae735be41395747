import { chmodSync, existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Api } from '../core/contract/contract.ts'
import { DEMO_CLIENT, DEMO_PASSWORD } from '../core/demo-account.ts'
import { SmallDisk } from '../platform/files/testing/small-disk.ts'
import { TestApplication, TEST_PASSWORD, codeOf, wonCall } from './testing/test-application.ts'

/* Uses a real, full disk. If none can be mounted, the tests do not run as root, and permissions forbid writing instead. */

const MINUTE = 60_000
let disk: SmallDisk
let app: TestApplication

beforeEach(() => {
  disk = new SmallDisk(24)
  app = new TestApplication(undefined, join(disk.folder, 'home'))
})
afterEach(async () => {
  allowWrites()
  await app.dispose()
  disk.dispose()
})

const files = () => readdirSync(app.home, { recursive: true, withFileTypes: true }).map((one) => join(one.parentPath, one.name))
const unlessReal = (mode: number) => {
  if (!disk.isReal) for (const path of [...files(), app.home]) chmodSync(path, mode)
}
function forbidWrites(): void {
  disk.fill()
  unlessReal(0o500)
}
function allowWrites(): void {
  disk.empty()
  unlessReal(0o700)
}

const door = () => app.connect('door')
const tryIn = (email: string, password = 'wrong') => codeOf(door().session.signIn({ email, password }))

test('while nothing can be saved, wrong passwords are counted in memory, also for unknown addresses, and later in the file', async () => {
  await app.workspace('window', 'Acme', 'ada@acme.test')
  const emails = ['ada@acme.test', 'nobody@acme.test']
  for (const email of emails) expect(await tryIn(email)).toBe('WRONG_CREDENTIALS')
  await app.application.close()
  forbidWrites()
  await app.restart()
  for (const email of emails) {
    for (let failures = 2; failures <= 10; failures++) {
      expect(await tryIn(email), `${email} ${failures}`).toBe('WRONG_CREDENTIALS')
      app.pass(2 * MINUTE)
    }
    expect(await tryIn(email)).toBe('THROTTLED')
    expect(await tryIn(email, TEST_PASSWORD), 'the correct password must wait as well').toBe('THROTTLED')
  }
  app.pass(15 * MINUTE)
  allowWrites()
  for (const email of emails) expect(await tryIn(email)).toBe('WRONG_CREDENTIALS')
  await app.restart()
  for (const email of emails) expect(await tryIn(email), 'the count is in the file').toBe('THROTTLED')
  app.pass(15 * MINUTE)
  expect(await tryIn('ada@acme.test', TEST_PASSWORD)).toBe('ok')
})

test('a session can lock, unlock, read and end while nothing can be saved', async () => {
  const { api, session } = await app.workspace('window', 'Acme', 'ada@acme.test')
  await api.calls.create(wonCall(session.user.id))
  await app.application.close()
  forbidWrites()
  await app.restart()
  const again = door()
  expect(await again.session.signIn({ email: 'ada@acme.test', password: TEST_PASSWORD })).toMatchObject({
    state: 'signed_in',
    unsavable: expect.stringMatching(/full|readonly/),
  })
  app.pass(20 * MINUTE)
  expect(await again.session.get()).toMatchObject({ state: 'locked' })
  expect(await codeOf(again.session.unlock({ password: 'wrong' }))).toBe('WRONG_CREDENTIALS')
  expect(await again.session.unlock({ password: TEST_PASSWORD })).toMatchObject({ unsavable: expect.any(String) })
  expect(await again.calls.count({})).toMatchObject({ total: 1 })
  await expect(again.calls.create(wonCall(session.user.id))).rejects.toMatchObject({
    code: 'STORAGE',
    message: expect.stringMatching(/^The disk .* Nothing was saved; /),
  })
  expect(await again.calls.count({})).toMatchObject({ total: 1 })
  await again.session.signOut()
  expect(await again.session.get()).toEqual({ state: 'signed_out' })
})

test('a session shows when the disk becomes full, and when it has free space again', async () => {
  const { api, session } = await app.workspace('window', 'Acme', 'ada@acme.test')
  const unsavable = async () => {
    const state = await api.session.get()
    return state.state === 'signed_in' ? state.unsavable : state.state
  }
  expect(await unsavable()).toBeUndefined()
  disk.fill()
  // Without a real disk nothing fails here: the files are open, and permissions are only checked when a file is opened.
  if (disk.isReal) {
    const large = { ...wonCall(session.user.id), notes: 'n'.repeat(9_000) }
    await expect.poll(() => codeOf(api.calls.create(large)), { timeout: 60_000 }).toBe('STORAGE')
    expect(await unsavable()).toBe('full')
  }
  allowWrites()
  await expect.poll(unsavable, { timeout: 60_000 }).toBeUndefined()
})

const create = (api: Api) =>
  api.workspace.create({
    clientName: 'Acme',
    timeZone: 'Europe/Berlin',
    adminName: 'Ada',
    adminEmail: 'ada@acme.test',
    adminPassword: TEST_PASSWORD,
  })

test('a workspace that cannot be created leaves no files, at any amount of free space', async () => {
  const folder = join(app.home, 'workspaces')
  const codes: string[] = []
  for (let left = 0; left < 2 && codes.at(-1) !== 'ok'; left += 1 / 16) {
    disk.empty()
    if (disk.isReal) disk.fill(left)
    else unlessReal(left === 0 ? 0o500 : 0o700)
    codes.push(await codeOf(create(door())))
    if (codes.at(-1) === 'ok') break
    expect(existsSync(folder) ? readdirSync(folder) : []).toEqual([])
    expect(await door().session.get(), `${left} MB left`).toEqual({ state: 'first_start' })
  }
  expect(new Set(codes)).toEqual(new Set(['STORAGE', 'ok']))
  expect(await door().session.get()).toMatchObject({ state: 'signed_in' })
})

test('a demo that fills the disk reports how many of its calls were created', async () => {
  disk.fill(8)
  const make = async () => {
    for await (const _ of await door().workspace.createDemo());
  }
  if (!disk.isReal) return expect(make()).resolves.toBeUndefined()
  const failed = await make().then(
    () => '',
    (error: unknown) => (error instanceof Error ? error.message : ''),
  )
  expect(failed).toMatch(/^The disk is full\. Free some space and try again\. The demo client was created with \d+ calls/)
  expect(failed).not.toContain('Nothing was')
  allowWrites()
  const { email, password } = { email: DEMO_CLIENT.adminEmail, password: DEMO_PASSWORD }
  await door().session.signIn({ email, password })
  expect((await door().calls.count({})).total).toBe(Number(/(\d+) calls/.exec(failed)?.[1]))
})
