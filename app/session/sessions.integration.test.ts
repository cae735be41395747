import { afterEach, beforeEach, expect, test } from 'vitest'
import { TestApplication, TEST_PASSWORD, codeOf, wonCall } from '../testing/test-application.ts'

const MINUTE = 60_000
let app: TestApplication

beforeEach(() => {
  app = new TestApplication()
})
afterEach(() => app.dispose())

test('a person creates a workspace at the first start, signs out and signs in', async () => {
  const api = app.connect('window')
  expect(await api.session.get()).toEqual({ state: 'first_start' })
  const { session } = await app.workspace('window', 'Acme', 'ada@acme.test')
  expect(session.user.role).toBe('admin')
  expect(session.settings.time_zone).toBe('Europe/Berlin')
  expect(await api.session.get()).toMatchObject({ state: 'signed_in', client: { name: 'Acme' } })
  await api.session.signOut()
  expect(await api.session.get()).toEqual({ state: 'signed_out' })
  expect(await codeOf(api.calls.list({}))).toBe('UNAUTHENTICATED')
  await api.session.signIn({ email: 'ADA@acme.test', password: TEST_PASSWORD })
  expect(await api.session.get()).toMatchObject({ state: 'signed_in' })
})

test('another connection does not share the session', async () => {
  await app.workspace('window', 'Acme', 'ada@acme.test')
  expect(await app.connect('other').session.get()).toEqual({ state: 'signed_out' })
  expect(await codeOf(app.connect('other').users.list())).toBe('UNAUTHENTICATED')
})

test('wrong passwords cause longer waits, also after a restart, and are in the audit trail', async () => {
  const { api: admin } = await app.workspace('window', 'Acme', 'ada@acme.test')
  const ben = await app.member(admin, 'agent', 'ben@acme.test')
  const tryIn = (password = 'wrong') => app.connect('door').session.signIn({ email: 'ben@acme.test', password })
  expect(await codeOf(tryIn())).toBe('WRONG_CREDENTIALS')
  expect(await codeOf(tryIn())).toBe('WRONG_CREDENTIALS')
  expect(await codeOf(tryIn())).toBe('WRONG_CREDENTIALS')
  expect(await codeOf(tryIn())).toBe('THROTTLED')
  expect(await codeOf(tryIn(TEST_PASSWORD)), 'the right password must wait as well').toBe('THROTTLED')
  app.offset += 2 * MINUTE
  for (let failures = 4; failures <= 10; failures++) {
    expect(await codeOf(tryIn())).toBe('WRONG_CREDENTIALS')
    app.offset += 2 * MINUTE
  }
  expect(await codeOf(tryIn())).toBe('THROTTLED')
  await admin.session.unlock({ password: TEST_PASSWORD })
  const { rows } = await admin.audit.list({ actions: ['LOGIN_FAILED'] })
  expect(rows).toHaveLength(10)
  expect(rows[0]).toMatchObject({ userId: ben.id, tableName: 'users', newValues: { reason: 'password' } })
  await app.restart()
  expect(await codeOf(tryIn())).toBe('THROTTLED')
  app.offset += 15 * MINUTE
  expect(await codeOf(tryIn(TEST_PASSWORD))).toBe('ok')
  expect(await codeOf(tryIn()), 'a sign-in resets the count').toBe('WRONG_CREDENTIALS')
})

test('wrong passwords while the clock was a year ahead cause the usual wait', async () => {
  const { api: admin } = await app.workspace('window', 'Acme', 'ada@acme.test')
  await app.member(admin, 'agent', 'ben@acme.test')
  const tryIn = (password = 'wrong') => app.connect('door').session.signIn({ email: 'ben@acme.test', password })
  const year = 365 * 24 * 60 * MINUTE
  app.offset += year
  for (let failures = 1; failures <= 4; failures++) {
    expect(await codeOf(tryIn())).toBe('WRONG_CREDENTIALS')
    app.offset += MINUTE
  }
  app.offset -= year
  expect(await codeOf(tryIn(TEST_PASSWORD)), 'the wait starts when the clock is right').toBe('THROTTLED')
  app.offset += 3 * MINUTE
  expect(await codeOf(tryIn(TEST_PASSWORD))).toBe('ok')
})

test('parallel guesses are counted one by one', async () => {
  await app.workspace('window', 'Acme', 'ada@acme.test')
  const guess = (n: number) => codeOf(app.connect(`door ${n}`).session.signIn({ email: 'ada@acme.test', password: `guess ${n}` }))
  const codes = await Promise.all(Array.from({ length: 20 }, (_, n) => guess(n)))
  expect(codes.filter((code) => code === 'WRONG_CREDENTIALS')).toHaveLength(3)
  expect(codes.filter((code) => code === 'THROTTLED')).toHaveLength(17)
})

test('an unknown e-mail and a wrong password give the same error', async () => {
  await app.workspace('window', 'Acme', 'ada@acme.test')
  const refuse = (email: string) => app.connect('door').session.signIn({ email, password: 'wrong one' })
  const [unknown, wrong] = await Promise.allSettled([refuse('nobody@acme.test'), refuse('ada@acme.test')])
  expect(unknown).toMatchObject({ status: 'rejected', reason: { code: 'WRONG_CREDENTIALS' } })
  expect(wrong).toMatchObject({ status: 'rejected', reason: { code: 'WRONG_CREDENTIALS' } })
})

test('a session locks after the idle time, returns no data while locked, and unlocks with the password', async () => {
  const { api, session } = await app.workspace('window', 'Acme', 'ada@acme.test')
  app.offset += 14 * MINUTE
  await api.session.touch()
  app.offset += 14 * MINUTE
  expect(await codeOf(api.calls.list({}))).toBe('ok')
  app.offset += 2 * MINUTE
  expect(await codeOf(api.calls.list({}))).toBe('SESSION_LOCKED')
  expect(await codeOf(api.calls.create(wonCall(session.user.id)))).toBe('SESSION_LOCKED')
  expect(await api.session.get()).toMatchObject({ state: 'locked', user: { name: 'Ada Admin' }, client: { name: 'Acme' } })
  expect(await codeOf(api.session.unlock({ password: 'wrong' }))).toBe('WRONG_CREDENTIALS')
  await api.session.unlock({ password: TEST_PASSWORD })
  expect(await codeOf(api.calls.list({}))).toBe('ok')
})

test('reading does not restart the idle time', async () => {
  const { api } = await app.workspace('window', 'Acme', 'ada@acme.test')
  app.offset += 10 * MINUTE
  await api.calls.list({})
  app.offset += 10 * MINUTE
  expect(await codeOf(api.calls.list({}))).toBe('SESSION_LOCKED')
})

test('a session ends after twelve hours with the error SESSION_EXPIRED', async () => {
  const { api } = await app.workspace('window', 'Acme', 'ada@acme.test')
  for (let minutes = 0; minutes < 12 * 60; minutes += 10) {
    app.offset += 10 * MINUTE
    await api.session.touch()
  }
  expect(await codeOf(api.calls.list({}))).toBe('SESSION_EXPIRED')
  expect(await api.session.get()).toEqual({ state: 'signed_out', ended: 'time' })
})

test('the deactivation of a person ends their session immediately', async () => {
  const { api: admin } = await app.workspace('window', 'Acme', 'ada@acme.test')
  const agent = await app.member(admin, 'agent', 'ben@acme.test')
  expect(await codeOf(agent.api.calls.list({}))).toBe('ok')
  await admin.users.setActive({ id: agent.id, isActive: false })
  expect(await codeOf(agent.api.calls.list({}))).toBe('SESSION_EXPIRED')
  expect(await agent.api.session.get(), 'the window shows the sign-in form').toEqual({
    state: 'signed_out',
    ended: 'deactivated',
  })
  expect(await codeOf(app.connect('door').session.signIn({ email: 'ben@acme.test', password: TEST_PASSWORD }))).toBe(
    'ACCOUNT_DEACTIVATED',
  )
  for (let tries = 0; tries < 6; tries++)
    expect(
      await codeOf(app.connect('door').session.signIn({ email: 'ben@acme.test', password: TEST_PASSWORD })),
      'the right password does not count as a guess',
    ).toBe('ACCOUNT_DEACTIVATED')
  expect(await codeOf(app.connect('door').session.signIn({ email: 'ben@acme.test', password: 'not the password' }))).toBe(
    'WRONG_CREDENTIALS',
  )
})

test('if two clients have the same e-mail, the password decides; if it matches both, the person chooses', async () => {
  const first = await app.workspace('one', 'Acme', 'ada@both.test')
  const second = await app.workspace('two', 'Bolt', 'ada@both.test')
  await second.api.session.changePassword({ current: TEST_PASSWORD, next: 'another secret' })
  const door = app.connect('door')
  for (let n = 0; n < 15; n++)
    expect(await door.session.signIn({ email: 'ada@both.test', password: 'another secret' })).toMatchObject({
      client: { name: 'Bolt' },
    })
  const { rows } = await first.api.audit.list({ actions: ['LOGIN_FAILED'] })
  expect(rows, 'a sign-in to one client is not a failure at the other').toHaveLength(0)
  await second.api.session.changePassword({ current: 'another secret', next: TEST_PASSWORD })
  const clash = door.session.signIn({ email: 'ada@both.test', password: TEST_PASSWORD })
  await expect(clash).rejects.toMatchObject({ code: 'CHOOSE_CLIENT', data: { clients: [{ name: 'Acme' }, { name: 'Bolt' }] } })
  const clientId = first.session.client.id
  expect(await door.session.signIn({ email: 'ada@both.test', password: TEST_PASSWORD, clientId })).toMatchObject({
    client: { name: 'Acme' },
  })
})

test('a change of the password requires the current one', async () => {
  const { api } = await app.workspace('window', 'Acme', 'ada@acme.test')
  expect(await codeOf(api.session.changePassword({ current: 'not it', next: 'something new' }))).toBe('WRONG_CREDENTIALS')
  expect(await codeOf(api.session.changePassword({ current: TEST_PASSWORD, next: 'short' }))).toBe('INVALID')
  await api.session.changePassword({ current: TEST_PASSWORD, next: 'something new' })
  const door = app.connect('door')
  expect(await codeOf(door.session.signIn({ email: 'ada@acme.test', password: TEST_PASSWORD }))).toBe('WRONG_CREDENTIALS')
  expect(await codeOf(door.session.signIn({ email: 'ada@acme.test', password: 'something new' }))).toBe('ok')
})

test('only windows of the same client receive events of changes', async () => {
  const one = await app.workspace('one', 'Acme', 'a@acme.test')
  const two = await app.workspace('two', 'Bolt', 'b@bolt.test')
  const stop = new AbortController()
  const received: string[] = []
  const listen = async (name: string, api: typeof one.api) => {
    const stream = await api.events.subscribe(undefined, { signal: stop.signal })
    for await (const event of stream)
      received.push(`${name} ${event.kind}${event.kind === 'changed' ? ` ${event.tables.join('+')}` : ''}`)
  }
  const listening = [listen('one', one.api), listen('two', two.api)]
  await expect.poll(() => received.toSorted()).toEqual(['one ready', 'two ready'])
  await one.api.calls.create(wonCall(one.session.user.id))
  await expect.poll(() => received).toContain('one changed calls+audit_logs')
  await two.api.session.lock()
  await expect.poll(() => received).toContain('two session')
  expect(received.filter((line) => line.startsWith('two changed'))).toEqual([])
  stop.abort()
  await Promise.allSettled(listening)
})
