import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { AppError } from '../core/errors.ts'
import { createIdGenerator, type Id, type ClientId } from '../core/id.ts'
import { MAX_ADDRESSES } from '../db/commands/sign-in-attempts.ts'
import { openReadable, openWritable } from '../db/open.ts'
import { bundledWorkers } from './testing/bundle.ts'
import { Home } from './workspace/home.ts'
import { THREAD_ERRORS } from './workers/thread-errors.ts'
import { Passwords } from '../platform/passwords/passwords.ts'
import { Sessions } from './session/sessions.ts'
import { Workspaces } from './workspace/workspaces.ts'

const PASSWORD = 'correct horse'
const COST = 4
const MINUTE = 60_000

/** Comparisons of a sign-in. Its duration depends on them. */
type Work = string[]

/** Password checks that record every comparison. */
class CountedPasswords extends Passwords {
  work: Work = []
  override async fits(password: string, hash: string | null): Promise<boolean> {
    this.work.push('compare')
    return super.fits(password, hash)
  }
}

/** Sessions on real workspaces, with a clock that the test sets. */
class Device {
  readonly #folder = mkdtempSync(join(tmpdir(), 'propaganda-unknown-'))
  readonly passwords = new CountedPasswords({ entry: bundledWorkers().passwords, errors: THREAD_ERRORS }, COST)
  now = Date.UTC(2026, 10, 2)
  workspaces = this.#open()
  sessions = this.#create()
  readonly clientIds: ClientId[] = []

  #open(): Workspaces {
    return new Workspaces({
      home: new Home(this.#folder),
      entry: bundledWorkers().database,
      clock: () => this.now,
      newId: createIdGenerator(
        () => this.now,
        (length) => randomBytes(length),
      ),
      origin: { ipAddress: null, userAgent: null },
      onChange: () => {},
    })
  }

  #create(): Sessions {
    const { workspaces, passwords } = this
    const reactivate = async () => {
      throw AppError.inEnglish('ACCOUNT_DEACTIVATED', 'This account is deactivated.', { kept: '' })
    }
    return new Sessions({ workspaces, passwords, clock: () => this.now, onChange: () => {}, reactivate })
  }

  /** Adds a workspace with an admin, a deactivated agent, and an agent without a password, as an import creates them. */
  async add(domain: string): Promise<Id> {
    const hash = await this.passwords.hash(PASSWORD)
    const adminEmail = `ada@${domain}`
    const seed = { clientName: domain, timeZone: 'UTC', adminName: 'Ada', adminEmail, passwordHash: hash }
    const { clientId, userId } = await this.workspaces.create(seed)
    const workspace = this.workspaces.get(clientId)
    const person = (name: string) => ({ email: `${name}@${domain}`, name, role: 'agent' as const, passwordHash: hash })
    const gone = await workspace.run('users.insert', userId, person('gone'))
    await workspace.run('users.setActive', userId, { id: gone.id, isActive: false })
    await workspace.run('users.insert', userId, { ...person('imported'), passwordHash: null as never })
    this.clientIds.push(clientId)
    return clientId
  }

  async restart(): Promise<void> {
    await this.workspaces.close()
    this.workspaces = this.#open()
    this.sessions = this.#create()
  }

  /** Returns the result of a sign-in and its work. */
  async attempt(
    email: string,
    password = 'wrong',
    clientId?: ClientId,
  ): Promise<{ code: string; wait: number | null; work: Work }> {
    this.passwords.work = []
    try {
      await this.sessions.signIn('door', { email, password, clientId })
      return { code: 'ok', wait: null, work: this.passwords.work }
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      const wait = error.code === 'THROTTLED' ? (error as AppError<'THROTTLED'>).data.retryAt - this.now : null
      return { code: `${error.code}: ${error.message}`, wait, work: this.passwords.work }
    }
  }

  addresses(clientId: ClientId): { address: string; failures: number }[] {
    const db = openReadable(this.workspaces.get(clientId).path)
    try {
      return db.sqlite
        .prepare<[], { address: string; failures: number }>(
          'SELECT address, failures FROM local_sign_in_addresses ORDER BY address',
        )
        .all()
    } finally {
      db.close()
    }
  }

  async dispose(): Promise<void> {
    await this.workspaces.close()
    await this.passwords.close()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

let device: Device
beforeEach(() => {
  device = new Device()
})
afterEach(() => device.dispose())

const people = (domain: string) => [`ada@${domain}`, `gone@${domain}`, `imported@${domain}`, `nobody@${domain}`]

test('unknown address, known address, deactivated person and person without a password have the same work, errors and waits', async () => {
  for (const domain of ['acme.test', 'bolt.test']) await device.add(domain)
  const emails = [...people('acme.test'), 'someone@elsewhere.example', 'ADA@bolt.test']
  const histories = emails.map((): Awaited<ReturnType<Device['attempt']>>[] => [])
  const attemptAll = async () => {
    for (const [index, email] of emails.entries()) histories[index]?.push(await device.attempt(email))
  }
  for (let n = 0; n < 4; n++) await attemptAll()
  device.now += 10 * MINUTE
  for (let n = 0; n < 7; n++) {
    await attemptAll()
    device.now += 2 * MINUTE
  }
  await attemptAll()
  await device.restart()
  await attemptAll()
  device.now += 20 * MINUTE
  await attemptAll()
  for (const [index, history] of histories.entries()) expect(history, emails[index]).toEqual(histories[0])
  expect(histories[0]?.map(({ code }) => code.split(':')[0])).toEqual([
    ...Array.from({ length: 3 }, () => 'WRONG_CREDENTIALS'),
    'THROTTLED',
    ...Array.from({ length: 7 }, () => 'WRONG_CREDENTIALS'),
    'THROTTLED',
    'THROTTLED',
    'WRONG_CREDENTIALS',
  ])
  expect(histories[0]?.[0]?.work, 'one comparison per workspace').toEqual(['compare', 'compare'])
})

test('each address has its own count in any spelling, and its correct password resets it', async () => {
  const clientId = await device.add('acme.test')
  for (const email of ['ada@acme.test', 'Ada@Acme.test', 'ADA@ACME.TEST']) await device.attempt(email)
  expect((await device.attempt('ada@acme.test', PASSWORD)).code).toMatch(/^THROTTLED/)
  expect((await device.attempt('ben@acme.test')).code, 'another address is not delayed').toMatch(/^WRONG_CREDENTIALS/)
  device.now += MINUTE
  expect((await device.attempt('ada@acme.test', PASSWORD)).code).toBe('ok')
  expect(device.addresses(clientId).map(({ failures }) => failures)).toEqual([1])
  expect(JSON.stringify(device.addresses(clientId)), 'the table has no readable address').not.toMatch(/@|acme|ben/i)
})

test('a correct password for one client does not count as a wrong one for another', async () => {
  const acme = await device.add('acme.test')
  const bolt = await device.add('bolt.test')
  for (let n = 0; n < 15; n++) expect((await device.attempt('ada@acme.test', PASSWORD)).code).toBe('ok')
  expect(device.addresses(acme)).toEqual([])
  expect(device.addresses(bolt).every(({ failures }) => failures === 0)).toBe(true)
})

test('people of one client can sign in if the file of another client cannot be written', async () => {
  const acme = await device.add('acme.test')
  await device.add('bolt.test')
  const lock = openWritable(device.workspaces.get(acme).path)
  lock.sqlite.exec('BEGIN IMMEDIATE')
  const ended = [await device.attempt('ada@bolt.test', PASSWORD), await device.attempt('nobody@bolt.test')]
  lock.sqlite.exec('ROLLBACK')
  lock.close()
  expect(ended[0]?.code).toBe('ok')
  expect(ended[1]?.code, 'the password may be correct for the client that could not be read').toMatch(/^STORAGE/)
})

test('the unlock of a deactivated person does the same work and gives the same answer as a wrong password', async () => {
  const clientId = await device.add('acme.test')
  await device.attempt('ada@acme.test', PASSWORD)
  const workspace = device.workspaces.get(clientId)
  const state = await device.sessions.state('door')
  const userId = state.state === 'signed_in' ? state.user.id : ''
  device.sessions.lock('door')
  const unlock = async (password: string) => {
    device.passwords.work = []
    const ended = await device.sessions.unlock('door', password).then(
      () => 'ok',
      (error: unknown) => (error instanceof AppError ? `${error.code}: ${error.message}` : String(error)),
    )
    return [ended, device.passwords.work]
  }
  const wrong = await unlock('wrong')
  const boss = {
    email: 'eve@acme.test',
    name: 'Eve',
    role: 'admin' as const,
    passwordHash: await device.passwords.hash(PASSWORD),
  }
  const eve = await workspace.run('users.insert', userId, boss)
  await workspace.run('users.setActive', eve.id, { id: userId, isActive: false })
  expect(await unlock(PASSWORD)).toEqual(wrong)
  await workspace.run('users.setActive', eve.id, { id: userId, isActive: true })
  expect((await unlock(PASSWORD))[0]).toBe('ok')
})

test('the number of stored addresses is limited, and many invented addresses do not remove one under attack', async () => {
  const clientId = await device.add('acme.test')
  for (let n = 0; n < 3; n++) await device.attempt('ada@acme.test')
  const workspace = device.workspaces.get(clientId)
  for (let n = 0; n < MAX_ADDRESSES + 50; n++) await workspace.run('signIn.begin', clientId, { email: `x${n}@y.example` })
  expect(device.addresses(clientId)).toHaveLength(MAX_ADDRESSES)
  expect((await device.attempt('ada@acme.test', PASSWORD)).code).toMatch(/^THROTTLED/)
})

test('a known and an unknown address get the same errors in any sequence of attempts', async () => {
  await device.add('acme.test')
  await device.add('bolt.test')
  const step = fc.oneof(
    fc.constant({ kind: 'try' as const }),
    fc.integer({ min: 1, max: 20 * MINUTE }).map((ms) => ({ kind: 'wait' as const, ms })),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 10 }), fc.constantFrom('gone', 'imported', 'ada'), async (steps, name) => {
      // A day later the counts of the previous round have expired.
      device.now += 25 * 60 * MINUTE
      const outcomes: unknown[][] = []
      const from = device.now
      for (const email of [`${name}@acme.test`, `nobody${device.now}@acme.test`]) {
        device.now = from
        const outcome: unknown[] = []
        for (const each of steps) {
          if (each.kind === 'wait') device.now += each.ms
          else outcome.push(await device.attempt(email))
        }
        outcomes.push(outcome)
      }
      device.now = from + 14 * 20 * MINUTE
      expect(outcomes[0]).toEqual(outcomes[1])
    }),
    { numRuns: 8 },
  )
})
