import { afterAll, beforeAll, expect, test } from 'vitest'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { SAMPLE_PASSWORD, wonCall, type SampleWorkspace } from './testing/sample-workspace.ts'
import { TestServer, publishAll } from './testing/test-server.ts'
import { sampleWorkspace } from './testing/sample-workspace.ts'

const server = new TestServer(8)
let acme: SampleWorkspace
beforeAll(async () => {
  await server.start()
  acme = await server.workspace('Acme')
})
afterAll(() => server.dispose())

const refused = (code: string) => expect.objectContaining({ code })

test('a device gets a token for e-mail and password, regardless of the case of the address', async () => {
  const device = server.device()
  const enrolled = await device.enrol(` ${acme.people.agent.email.toUpperCase()} `)
  expect(enrolled).toMatchObject({
    clientId: acme.clientId,
    user: { id: acme.people.agent.id, name: acme.people.agent.name, role: 'agent' },
  })
  expect(enrolled.token).toMatch(/^[A-Za-z0-9_-]{43}$/)
  expect(JSON.stringify(enrolled)).not.toContain('$2')
  await device.pull()
})

test('the server stores only the hash of a token', async () => {
  const device = server.device()
  const { token } = await device.enrol(acme.people.agent.email)
  await device.pull()
  const held = ['server.db', 'server.db-wal'].map((name) => readFileSync(join(server.dataDir, name)))
  for (const bytes of [...held, Buffer.from(server.logged.join(''))]) {
    expect(bytes.includes(token)).toBe(false)
    expect(bytes.includes(Buffer.from(token, 'base64url'))).toBe(false)
  }
})

test('a wrong password and an unknown address get the same answer', async () => {
  const attempts = [server.device().enrol(acme.people.viewer.email, 'wrong'), server.device().enrol('nobody@acme.test')]
  const errors = await Promise.all(
    attempts.map((attempt) =>
      attempt.then(
        () => null,
        (error: Error) => error,
      ),
    ),
  )
  expect(errors).toEqual([refused('WRONG_CREDENTIALS'), refused('WRONG_CREDENTIALS')])
  expect(errors[0]?.message).toBe(errors[1]?.message)
})

test('failed and successful sign-ins are in the audit trail', async () => {
  const { team_lead: lead } = acme.people
  await server
    .device()
    .enrol(lead.email, 'wrong')
    .catch(() => {})
  const device = await server.joined(lead.email)
  const history = JSON.stringify(await device.get(`/v1/history/users/${lead.id}`))
  expect(history).toMatch(/LOGIN_FAILED/)
  expect(history).toMatch(/"LOGIN"/)
  expect(device.row('users', lead.id)?.['last_login']).toBeGreaterThan(Date.now() - 60_000)
})

test('guessing is slowed down for known and unknown addresses alike, until a correct password', async () => {
  for (const email of [acme.people.viewer.email, 'never.heard@acme.test']) {
    const codes: string[] = []
    for (let n = 0; n < 6; n++)
      await server
        .device()
        .enrol(email, `guess ${n}`)
        .catch((error: { code: string }) => codes.push(error.code))
    expect(new Set(codes)).toEqual(new Set(['WRONG_CREDENTIALS', 'THROTTLED']))
  }
  await expect(server.device().enrol(acme.people.viewer.email)).rejects.toThrow(refused('THROTTLED'))
  // A colleague is not delayed.
  await server.device().enrol(acme.people.admin.email)
})

test('a password that is longer than bcrypt reads does not match by its beginning', async () => {
  const long = 'p'.repeat(72)
  expect(SAMPLE_PASSWORD.length).toBeLessThan(72)
  await expect(server.device().enrol(acme.people.admin.email, `${SAMPLE_PASSWORD}${long}`)).rejects.toThrow(
    refused('WRONG_CREDENTIALS'),
  )
})

test('a person with accounts in two clients has to choose one, after the password matched', async () => {
  const one = sampleWorkspace('Twin', server.newId)
  const two = sampleWorkspace('Twin', server.newId)
  for (const workspace of [one, two]) await publishAll(server.device(), workspace)
  const { email } = one.people.agent
  const attempt = server.device().enrol(email)
  const clients = [one, two].map(({ clientId }) => ({ id: clientId, name: 'Twin' })).toSorted((a, b) => (a.id < b.id ? -1 : 1))
  await expect(attempt).rejects.toThrow(expect.objectContaining({ code: 'CHOOSE_CLIENT', data: { clients } }))
  await expect(server.device().enrol(email, 'wrong')).rejects.toThrow(refused('WRONG_CREDENTIALS'))
  expect(await server.device().enrol(email, SAMPLE_PASSWORD, two.clientId)).toMatchObject({ clientId: two.clientId })
})

test('a deactivated person gets an error of its own, but only after the password matched', async () => {
  const admin = await server.joined(acme.people.admin.email)
  admin.update('users', acme.people.other.id, { is_active: 0 })
  await admin.push()
  await expect(server.device().enrol(acme.people.other.email)).rejects.toThrow(refused('USER_DEACTIVATED'))
  await expect(server.device().enrol(acme.people.other.email, 'wrong')).rejects.toThrow(refused('WRONG_CREDENTIALS'))
})

test('an account without a password cannot sign in', async () => {
  const admin = await server.joined(acme.people.admin.email)
  const fields = {
    name: 'Imported',
    role: 'agent',
    is_active: 1,
    email: 'imported@acme.test',
    password_hash: null,
    created_at: 1,
  }
  admin.change([{ table: 'users', id: admin.newId(), action: 'INSERT', fields }])
  await admin.push()
  for (const password of ['', 'null', SAMPLE_PASSWORD])
    await expect(server.device().enrol('imported@acme.test', password)).rejects.toThrow(refused('WRONG_CREDENTIALS'))
})

test('[S6] a device id belongs to the person who enrolled it first; a second person needs the first one’s token', async () => {
  const first = await server.joined(acme.people.agent.email)
  const body = (email: string) => ({ email, password: SAMPLE_PASSWORD, device: { id: first.id, name: 'The same laptop' } })
  const unrelated = server.device()
  await expect(unrelated.post('/v1/enrol', body(acme.people.admin.email))).rejects.toThrow(refused('DEVICE_TAKEN'))
  // A token of another device is not enough.
  const other = await server.joined(acme.people.admin.email)
  await expect(other.post('/v1/enrol', body(acme.people.admin.email))).rejects.toThrow(refused('DEVICE_TAKEN'))
  // The first person's token is enough, and both tokens work.
  const second = (await first.post('/v1/enrol', body(acme.people.admin.email))) as { token: string }
  first.insertCall(wonCall(acme.people.agent.id))
  expect((await first.push()).rejected).toEqual([])
  const secondPerson = server.device()
  secondPerson.token = second.token
  secondPerson.userId = acme.people.admin.id
  await secondPerson.pull()
})

test('a person who signs in again on a device gets a new token, and the old one is refused', async () => {
  const device = await server.joined(acme.people.agent.email)
  const old = device.token
  await device.enrol(acme.people.agent.email)
  await device.pull()
  device.token = old
  await expect(device.pull()).rejects.toThrow(refused('UNAUTHENTICATED'))
})
