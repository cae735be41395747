import { afterEach, expect, test, vi } from 'vitest'
import type { Account } from '../store/store.ts'
import type { StoreRequest } from '../threads/store-thread.ts'
import { Enrolment } from './enrolment.ts'

const hashOf = (cost: number, letter = 'a') => `$2b$${String(cost).padStart(2, '0')}$${letter.repeat(53)}`
const DEVICE = { id: '01999999-0000-7000-8000-000000000000', name: 'd' }
const ORIGIN = { ipAddress: '192.0.2.1', userAgent: null }

function account(passwordHash: string | null, clientId = 'c'): Account {
  return { clientId, clientName: clientId, userId: `u ${clientId}`, name: 'n', role: 'agent', isActive: true, passwordHash }
}

const DECOY_COST = 12

afterEach(() => void vi.useRealTimers())

/** Records the work and the answers of an enrolment. */
function setUp(
  accounts: Readonly<Record<string, readonly Account[]>>,
  passwords: Readonly<Record<string, string>> = {},
  clock: 'virtual' | 'own' = 'virtual',
) {
  const rounds: number[] = []
  let time = 1_000_000
  const slept: number[] = []
  const request = async (body: unknown): Promise<unknown> => {
    const asked = body as StoreRequest
    if (asked.do === 'accounts') return accounts[asked.email] ?? []
    return asked.do === 'enrol' ? { token: 't' } : undefined
  }
  const fits = async (password: string, hash: string | null) => {
    const cost = hash === null ? DECOY_COST : Number(hash.slice(4, 6))
    rounds.push(2 ** cost)
    time += 2 ** cost / 16
    return hash !== null && passwords[hash] === password
  }
  const threads = { reader: { request }, writer: { request }, passwords: { fits } } as ConstructorParameters<typeof Enrolment>[0]
  const sleep = async (ms: number) => {
    slept.push(ms)
    time += ms
  }
  const enrolment = new Enrolment(threads, {
    refusalStepMs: 500,
    failuresPerHour: 30,
    ...(clock === 'virtual' ? { now: () => time } : {}),
    sleep,
  })
  const enrol = async (email: string, password = 'wrong', ipAddress = ORIGIN.ipAddress) => {
    const begin = time
    rounds.length = 0
    const code = await enrolment.enrol({ email, password, device: DEVICE }, { ...ORIGIN, ipAddress }, undefined).then(
      () => 'enrolled',
      (error: { code?: string }) => error.code ?? 'no refusal',
    )
    return { code, ms: time - begin, rounds: rounds.reduce((sum, each) => sum + each, 0) }
  }
  return { enrol, pass: (ms: number) => (time += ms) }
}

test('an unknown address, an account without a password, and a wrong password take the same work and time', async () => {
  const { enrol } = setUp({ known: [account(hashOf(12))], imported: [account(null)], spoilt: [account(hashOf(0))] })
  const outcome = { code: 'WRONG_CREDENTIALS', ms: 500, rounds: 4_096 }
  for (const email of ['unknown', 'known', 'imported', 'spoilt', 'unknown too'])
    expect(await enrol(email), email).toEqual(outcome)
})

test('known and unknown addresses are throttled alike', async () => {
  const { enrol } = setUp({ known: [account(hashOf(12))] })
  const codes = async (email: string) => {
    const seen: string[] = []
    for (let n = 0; n < 7; n++) seen.push((await enrol(email)).code)
    return seen
  }
  expect(await codes('known')).toEqual(await codes('unknown'))
  expect(await codes('known')).toContain('THROTTLED')
})

test('wrong attempts of one network address are limited for all accounts together', async () => {
  const { enrol, pass } = setUp({ fits: [account(hashOf(12))] }, { [hashOf(12)]: 'right' })
  const codes: string[] = []
  for (let n = 0; n < 40; n++) codes.push((await enrol(`person ${n}`)).code)
  // One more attempt is allowed after the time that the attempts took.
  expect(codes.slice(0, 30)).toEqual(Array.from({ length: 30 }, () => 'WRONG_CREDENTIALS'))
  expect(codes.slice(32)).toEqual(Array.from({ length: 8 }, () => 'THROTTLED'))
  expect((await enrol('fits', 'right')).code).toBe('THROTTLED')
  expect((await enrol('fits', 'right', '192.0.2.2')).code).toBe('enrolled')
  pass(60 * 60_000)
  expect((await enrol('fits', 'right')).code).toBe('enrolled')
})

test('setting the server’s clock allows no extra attempt and locks no one out', async () => {
  const { enrol } = setUp({ fits: [account(hashOf(12))] }, { [hashOf(12)]: 'right' }, 'own')
  vi.useFakeTimers({ toFake: ['Date', 'performance'] })
  for (let n = 0; n < 30; n++) expect((await enrol(`person ${n}`)).code).toBe('WRONG_CREDENTIALS')
  for (const time of [Date.UTC(2040, 0, 1), Date.UTC(2020, 0, 1)]) {
    vi.setSystemTime(time)
    expect((await enrol('fits', 'right')).code).toBe('THROTTLED')
  }
  vi.advanceTimersByTime(60 * 60_000)
  expect((await enrol('fits', 'right')).code).toBe('enrolled')
})

test('an invalid hash in one client does not prevent a sign-in to another client', async () => {
  const spoilt = [hashOf(0), hashOf(3), hashOf(31), 'x'.repeat(60), ''].map((hash, n) => account(hash, `bad ${n}`))
  const { enrol } = setUp({ twin: [...spoilt, account(hashOf(12), 'good')] }, { [hashOf(12)]: 'right' })
  expect(await enrol('twin', 'right')).toMatchObject({ code: 'enrolled', rounds: 4_096 })
})

test('the work of one sign-in is bounded, however many accounts have the address', async () => {
  const costly = Array.from({ length: 20 }, (_, n) => account(hashOf(14, 'abcdefghijklmnopqrst'[n]), `costly ${n}`))
  const { enrol } = setUp({ victim: [...costly, account(hashOf(12, 'z'), 'victim')] }, { [hashOf(12, 'z')]: 'right' })
  expect((await enrol('victim')).rounds).toBeLessThanOrEqual(2 ** 16)
  expect((await enrol('victim', 'right')).code).toBe('enrolled')
})

test('a sign-in to one account does not reset the attempts at another account of the same address', async () => {
  const own = hashOf(12, 'o')
  const { enrol } = setUp({ twin: [account(own, 'mine'), account(hashOf(12, 'v'), 'victim')] }, { [own]: 'mine' })
  const codes: string[] = []
  for (let n = 0; n < 12; n++) codes.push((await enrol('twin', n % 3 === 2 ? 'mine' : 'guess')).code)
  expect(codes).toContain('THROTTLED')
})
