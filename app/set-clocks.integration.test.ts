import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Api } from '../core/contract/contract.ts'
import { TestApplication, TEST_PASSWORD, codeOf } from './testing/test-application.ts'

/* Tests that the clock of the computer may be set at any time, by a person or a time server. */

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
const MONTH = 30 * DAY
let app: TestApplication
let admin: Api

beforeEach(async () => {
  app = new TestApplication()
  admin = (await app.workspace('window', 'Acme', 'ada@acme.test')).api
})
afterEach(() => app.dispose())

const setClock = (ms: number) => void (app.offset += ms)
const isOpen = () => codeOf(admin.calls.list({}))

test.each([-DAY, -MONTH, -MINUTE])('setting the clock by %i ms does not delay the idle lock', async (ms) => {
  expect(await isOpen()).toBe('ok')
  setClock(ms)
  app.pass(14 * MINUTE)
  expect(await isOpen()).toBe('ok')
  setClock(ms)
  app.pass(2 * MINUTE)
  expect(await isOpen()).toBe('SESSION_LOCKED')
})

test('setting the clock back a day does not delay the end of the session', async () => {
  for (let minutes = 0; minutes < 12 * 60; minutes += 10) {
    if (minutes === 60) setClock(-DAY)
    app.pass(10 * MINUTE)
    await admin.session.touch()
  }
  expect(await isOpen()).toBe('SESSION_EXPIRED')
})

test('if the uptime does not advance, the idle time continues from the time at which the clock was set back', async () => {
  app.offset -= DAY
  expect(await isOpen()).toBe('ok')
  app.offset += 16 * MINUTE
  expect(await isOpen()).toBe('SESSION_LOCKED')
})

let doors = 0
/** A new connection, because an open session of another one would be locked at the next attempt. */
const door = () => app.connect(`door ${++doors}`)
const tryIn = (password = 'wrong') => codeOf(door().session.signIn({ email: 'ada@acme.test', password }))

async function guess(times: number): Promise<void> {
  for (let failures = 1; failures <= times; failures++) {
    expect(await tryIn()).toBe('WRONG_CREDENTIALS')
    app.pass(2 * MINUTE)
  }
}

test('ten wrong passwords while the clock was a month ahead delay the right one for a quarter of an hour', async () => {
  setClock(MONTH)
  await guess(9)
  expect(await tryIn()).toBe('WRONG_CREDENTIALS')
  setClock(-MONTH)
  await expect(door().session.signIn({ email: 'ada@acme.test', password: TEST_PASSWORD })).rejects.toMatchObject({
    code: 'THROTTLED',
    data: { waitMs: expect.toSatisfy((ms: number) => ms > 14 * MINUTE && ms <= 15 * MINUTE) },
  })
  app.pass(15 * MINUTE)
  expect(await tryIn(TEST_PASSWORD)).toBe('ok')
})

test('after a restart, a stored time in the future ends the wait, and the next wrong password starts the full wait', async () => {
  setClock(MONTH)
  await guess(9)
  expect(await tryIn()).toBe('WRONG_CREDENTIALS')
  setClock(-MONTH)
  await app.restart()
  expect(await tryIn(), 'the wait cannot be measured').toBe('WRONG_CREDENTIALS')
  expect(await tryIn(TEST_PASSWORD), 'the failures still count').toBe('THROTTLED')
  app.pass(14 * MINUTE)
  expect(await tryIn(TEST_PASSWORD)).toBe('THROTTLED')
  await app.restart()
  app.pass(2 * MINUTE)
  expect(await tryIn(TEST_PASSWORD)).toBe('ok')
})

test('setting the clock back does not prolong the wait at the lock screen', async () => {
  setClock(MONTH)
  const api = door()
  await api.session.signIn({ email: 'ada@acme.test', password: TEST_PASSWORD })
  const unlock = (password: string) => codeOf(api.session.unlock({ password }))
  await api.session.lock()
  for (let failures = 1; failures <= 4; failures++) {
    expect(await unlock('wrong')).toBe('WRONG_CREDENTIALS')
    app.pass(MINUTE)
  }
  setClock(-MONTH)
  expect(await unlock(TEST_PASSWORD)).toBe('ok')
})

test('setting the clock back allows no extra attempt', async () => {
  await guess(10)
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: -400 * DAY, max: 0 }), { minLength: 1, maxLength: 5 }), async (sets) => {
      app.pass(DAY)
      expect(await tryIn(TEST_PASSWORD)).toBe('ok')
      await guess(10)
      for (const ms of sets) {
        setClock(ms)
        app.pass(2 * MINUTE)
        expect(await tryIn()).toBe('THROTTLED')
      }
    }),
    { numRuns: 3 },
  )
})
