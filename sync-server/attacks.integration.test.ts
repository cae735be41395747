import { statSync } from 'node:fs'
import { join } from 'node:path'
import { constants, zstdCompressSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { must } from '../core/assert.ts'
import { columnarRows, columnarSchema, toColumnar } from '../core/sync/columnar.ts'
import { syncErrorBodySchema } from '../core/sync/errors.ts'
import { LIMITS, PROTOCOL_HEADER, PROTOCOL_VERSION } from '../core/sync/protocol.ts'
import { AUDIT_COLUMNS } from '../core/sync/tables.ts'
import { DEFAULT_LIMITS } from './http/http.ts'
import { openReadable, openWritable } from './store/sqlite/open.ts'
import { RawSocket, rawRequest, requestHead, type RawAnswer } from './testing/raw-request.ts'
import { columnarTables, sampleWorkspace, wonCall, type SampleWorkspace } from './testing/sample-workspace.ts'
import type { TestDevice } from './testing/test-device.ts'
import { PUBLISH_KEY, TestServer, newPublicationSecret, publishAll, publishStep } from './testing/test-server.ts'

const server = new TestServer(30)
let acme: SampleWorkspace
let agent: TestDevice
let bystander: TestDevice
beforeAll(async () => {
  await server.start()
  acme = await server.workspace('Acme')
  agent = await server.joined(acme.people.agent.email)
  bystander = await server.joined(acme.people.other.email)
})
afterAll(() => server.dispose())

const refused = (code: string) => expect.objectContaining({ code })
const codeOf = ({ body }: Pick<RawAnswer, 'body'>) => syncErrorBodySchema.parse(JSON.parse(body.toString())).error.code
const json = { 'content-type': 'application/json' }
const zstd = { ...json, 'content-encoding': 'zstd' }

const push = (headers: Readonly<Record<string, string>>, body: Uint8Array, device = agent) =>
  rawRequest(server.url, { method: 'POST', path: '/v1/push', headers: { ...device.headers(), ...headers }, body })

async function worksForOthers(): Promise<void> {
  const id = bystander.insertCall(wonCall(acme.people.other.id))
  expect((await bystander.push()).rejected).toEqual([])
  await bystander.pull()
  expect(bystander.ids('calls')).toContain(id)
}

describe('before the token is checked', () => {
  const protocol = { [PROTOCOL_HEADER]: String(PROTOCOL_VERSION), ...json, 'content-length': '1000000' }
  const made = { authorization: `Bearer ${'A'.repeat(43)}` }
  test.each<[string, string, Record<string, string>, string]>([
    ['a push without a token', '/v1/push', protocol, 'UNAUTHENTICATED'],
    ['a push with a made-up token', '/v1/push', { ...protocol, ...made }, 'UNAUTHENTICATED'],
    ['a publication without the key', '/v1/publish', protocol, 'PUBLISH_KEY'],
    ['a push of another protocol', '/v1/push', { ...protocol, [PROTOCOL_HEADER]: '99' }, 'PROTOCOL'],
    [
      'a push that declares too much',
      '/v1/push',
      { ...protocol, 'content-length': String(LIMITS.compressedBytes + 1) },
      'UNAUTHENTICATED',
    ],
    ['a sign-in with too large a body', '/v1/enrol', protocol, 'TOO_LARGE'],
  ])('%s is answered without a byte of its body', async (_, path, headers, code) => {
    const socket = new RawSocket(server.url, requestHead('POST', path, headers))
    expect(await socket.answered).toContain(`"code":"${code}"`)
    socket.end()
  })

  test('an invalid push with a valid token is refused', async () => {
    const headers = { ...agent.headers(), ...protocol, 'content-type': 'text/html' }
    const socket = new RawSocket(server.url, requestHead('POST', '/v1/push', headers))
    expect(await socket.answered).toContain('"code":"UNSUPPORTED_MEDIA"')
    socket.end()
  })
})

describe('bodies that are small when packed and large in memory', () => {
  const frame = (windowLog: number) => Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, (windowLog - 10) << 3, 0x01, 0x00, 0x00])
  const bomb = zstdCompressSync(Buffer.alloc(LIMITS.requestBytes - 100, '['))
  const levels = (open: string, close: string) => Buffer.from(`${open.repeat(1_000_000)}1${close.repeat(1_000_000)}`)
  const elements = (element: string) => zstdCompressSync(Buffer.from(`[${`${element},`.repeat(3_000_000)}1]`))
  const keys = Array.from({ length: 500_000 }, (_, n) => `"k${n}":0`).join(',')

  test.each<[string, Uint8Array, Record<string, string>, string]>([
    ['millions of brackets', bomb, zstd, 'MALFORMED'],
    ['deep arrays', zstdCompressSync(levels('[', ']')), zstd, 'MALFORMED'],
    ['deep objects', zstdCompressSync(levels('{"a":', '}')), zstd, 'MALFORMED'],
    ['a deep value where one is expected', zstdCompressSync(`{"shapes":${'['.repeat(2_000_000)}`), zstd, 'MALFORMED'],
    ['millions of empty arrays', elements('[]'), zstd, 'TOO_LARGE'],
    ['millions of numbers', elements('0'), zstd, 'TOO_LARGE'],
    ['hundreds of thousands of keys', zstdCompressSync(`{${keys}}`), zstd, 'TOO_LARGE'],
    ['a window of two gigabytes', frame(31), zstd, 'MALFORMED'],
    ['a window of 128 megabytes', zstdCompressSync('{}', { params: { [constants.ZSTD_c_windowLog]: 27 } }), zstd, 'MALFORMED'],
    [
      'a sequence of frames',
      Buffer.concat(Array.from({ length: 400 }, () => zstdCompressSync(' '.repeat(1_000_000)))),
      zstd,
      'MALFORMED',
    ],
  ])('%s: refused without delaying others', async (_, body, headers, code) => {
    expect(body.length).toBeLessThan(300_000)
    const hostile = push(headers, body)
    await worksForOthers()
    expect(codeOf(await hostile)).toBe(code)
  })

  test('a sign-in refuses compression bombs and deep nesting', async () => {
    const enrol = (body: Uint8Array, headers: Record<string, string>) =>
      rawRequest(server.url, {
        method: 'POST',
        path: '/v1/enrol',
        headers: { [PROTOCOL_HEADER]: String(PROTOCOL_VERSION), ...headers },
        body,
      })
    expect(codeOf(await enrol(bomb, zstd))).toBe('TOO_LARGE')
    expect(codeOf(await enrol(Buffer.alloc(9_000, '['), json))).toBe('MALFORMED')
    expect(codeOf(await enrol(frame(31), zstd))).toBe('MALFORMED')
  })
})

test('250 slow bodies use bounded memory, and others can push meanwhile', async () => {
  const head = requestHead('POST', '/v1/push', { ...agent.headers(), ...json, 'content-length': '4000000' })
  const slow = Array.from({ length: 250 }, () => new RawSocket(server.url, head))
  let unavailable = 0
  for (const { answered } of slow) void answered.then((text) => (unavailable += Number(text.includes('"code":"UNAVAILABLE"'))))
  try {
    const part = Buffer.alloc(1_000_000, ' ')
    await Promise.all(slow.map((each) => each.write(part)))
    // One person has room for two bodies of the largest size. The other bodies are refused while they are being sent.
    await expect.poll(() => unavailable, { timeout: 120_000 }).toBeGreaterThan(200)
    await worksForOthers()
  } finally {
    for (const each of slow) each.end()
  }
  // Their memory is freed.
  const pushAgain = () => agent.send(agent.pushRequest([])).then(({ rejected }) => rejected)
  await expect.poll(pushAgain, { timeout: 120_000 }).toEqual([])
})

describe('refused operations', () => {
  const stored = () => ['server.db', 'server.db-wal'].reduce((sum, name) => sum + statSync(join(server.dataDir, name)).size, 0)

  test('store the beginning of long values, and the record’s history can be read', async () => {
    const device = await server.joined(acme.people.agent.email)
    const call = device.insertCall(wonCall(acme.people.agent.id))
    await device.push()
    const before = stored()
    for (let round = 0; round < 3; round++) {
      for (let n = 0; n < 40; n++)
        device.update('calls', call, { prospect_name: `${'n'.repeat(250_000)}${n}`, notes: ` ${'x'.repeat(250_000)}` })
      expect((await device.push()).rejected).toHaveLength(40)
    }
    expect(stored() - before).toBeLessThan(2_000_000)
    const history = columnarSchema.parse(await device.get(`/v1/history/calls/${call}`))
    const lines = [...columnarRows(history)]
    expect(lines).toHaveLength(121)
    const shown = JSON.parse(String(lines.at(-1)?.['new_values'])) as Record<string, string>
    expect(shown['notes']).toMatch(/^ x{199}… \(250001 characters\)$/)
  })

  test('store the beginning of a long value of the server', async () => {
    const device = await server.joined(acme.people.agent.email)
    const call = device.insertCall({ ...wonCall(acme.people.agent.id), notes: 'x'.repeat(10_000) })
    await device.push()
    const before = stored()
    device.change(
      Array.from({ length: 4_000 }, () => ({
        table: 'calls' as const,
        id: call,
        action: 'UPDATE' as const,
        fields: { notes: ' ' },
      })),
    )
    const { rejected } = await device.push()
    expect(rejected).toHaveLength(4_000)
    expect(rejected.every(({ current }) => current === null || String(current).length <= 201)).toBe(true)
    expect(stored() - before).toBeLessThan(8_000_000)
  })

  test('are limited per person and hour: the person’s device then keeps them and waits, other people’s devices do not', async () => {
    const limited = new TestServer(31)
    await limited.start({ refusedAtOnce: 50, refusedPerHour: 10 })
    try {
      const workspace = await limited.workspace('Refused')
      const device = await limited.joined(workspace.people.agent.email)
      const refusedOnce = async (on: TestDevice) => {
        for (let n = 0; n < 30; n++) on.update('calls', on.newId(), { notes: 'of nothing' })
        await on.push()
      }
      await refusedOnce(device)
      await refusedOnce(device)
      await expect(refusedOnce(device)).rejects.toThrow(refused('THROTTLED'))
      expect(device.outbox).toHaveLength(30)
      // Another device of the same person shares the allowance; another person has their own.
      await expect(refusedOnce(await limited.joined(workspace.people.agent.email))).rejects.toThrow(refused('THROTTLED'))
      await refusedOnce(await limited.joined(workspace.people.other.email))
    } finally {
      await limited.dispose()
    }
  })
})

test('a history with very large lines of an older server has a bounded answer', async () => {
  const workspace = sampleWorkspace('Old', server.newId)
  const device = server.device()
  const reason = must(workspace.lossReasonIds[0], 'There are reasons')
  const long = JSON.stringify({ description: 'x'.repeat(190_000) })
  const rows = Array.from({ length: 60 }, (_, n) => [
    server.newId(),
    null,
    'loss_reasons',
    reason,
    'UPDATE',
    long,
    long,
    null,
    null,
    n,
  ])
  const audit = toColumnar('audit_logs', AUDIT_COLUMNS, rows)
  await publishAll(device, workspace, [audit])
  const history = columnarSchema.parse(await device.get(`/v1/history/loss_reasons/${reason}`))
  const lines = [...columnarRows(history)]
  expect(lines.at(-1)?.['created_at']).toBe(59)
  expect(JSON.stringify(history).length).toBeLessThan(2_000_000)
})

describe('events that a device reports', () => {
  const reported = async (
    device: TestDevice,
    action: 'EXPORT' | 'BACKUP' | 'RESTORE' | 'IMPORT',
    table: 'clients' | 'calls' = 'clients',
  ) => {
    const id = table === 'clients' ? acme.clientId : device.newId()
    device.change([{ table, id, action, fields: {} }])
    return (await device.push()).rejected.map(({ code }) => code)
  }

  test('a viewer reports no backup, no restore and no import', async () => {
    const viewer = await server.joined(acme.people.viewer.email)
    expect(await reported(viewer, 'BACKUP')).toEqual(['FORBIDDEN'])
    expect(await reported(viewer, 'RESTORE')).toEqual(['FORBIDDEN'])
    expect(await reported(viewer, 'IMPORT', 'calls')).toEqual(['FORBIDDEN'])
    const admin = await server.joined(acme.people.admin.email)
    expect(await reported(admin, 'BACKUP')).toEqual([])
  })

  test('the events of months offline are accepted; very many invented ones are not', async () => {
    expect(DEFAULT_LIMITS.eventsAtOnce).toBeGreaterThanOrEqual(20_000)
    const limited = new TestServer(35)
    await limited.start({ eventsAtOnce: 2_000, eventsPerHour: 100 })
    try {
      const workspace = await limited.workspace('Events')
      const { viewer, agent: other } = workspace.people
      const device = await limited.joined(viewer.email)
      const signIns = async (on: TestDevice, id: string) => {
        for (let n = 0; n < 1_500; n++) on.change([{ table: 'users', id, action: 'LOGIN', fields: {} }])
        return on.push()
      }
      for (let n = 0; n < 2; n++) expect((await signIns(device, viewer.id)).rejected).toEqual([])
      await expect(signIns(device, viewer.id)).rejects.toThrow(refused('THROTTLED'))
      expect(device.outbox).toHaveLength(1_500)
      expect((await signIns(await limited.joined(other.email), other.id)).rejected).toEqual([])
    } finally {
      await limited.dispose()
    }
  })
})

test('a device’s distant numbers are looked up, not scanned', async () => {
  const device = await server.joined(acme.people.agent.email)
  for (let n = 0; n < 2_000; n++) device.insertCall(wonCall(acme.people.agent.id))
  const first = device.outbox
  await device.push()
  const far = device.change([{ table: 'calls', id: device.newId(), action: 'INSERT', fields: wonCall(acme.people.agent.id) }])
  device.outbox = []
  const last = { ...must(far[0], 'One was made'), deviceSeq: Number.MAX_SAFE_INTEGER }
  // The first number and the largest possible one: the range between them contains every operation.
  const response = await device.send(device.pushRequest([must(first[0], 'It was made'), last]))
  expect([response.rejected, response.seq.length]).toEqual([[], 2])
  const again = await device.send(device.pushRequest([last]))
  expect(again.seq).toEqual(response.seq.slice(1))
  const [plan] = explained(
    `SELECT o.seq FROM devices AS d JOIN operations AS o ON o.device_key = d.device_key
     WHERE d.client_id = 'c' AND d.device_id = 'd' AND o.device_seq IN (SELECT value FROM json_each('[1,5]'))`,
    /operations_of_device \(device_key=\? AND device_seq=\?\)/,
  )
  expect(plan).toBeDefined()
})

function explained(sql: string, wanted: RegExp): string[] {
  const db = openReadable(join(server.dataDir, 'server.db'))
  const lines = db.prepare<[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).all()
  db.close()
  return lines.map(({ detail }) => detail).filter((detail) => wanted.test(detail))
}

describe('password hashes', () => {
  const spoilt = ['00', '01', '03', '15', '31'].map((cost) => `$2b$${cost}$${'a'.repeat(53)}`)

  test('a hash that cannot be compared is refused, pushed or published', async () => {
    const admin = await server.joined(acme.people.admin.email)
    for (const [n, password_hash] of spoilt.entries()) {
      const fields = { name: 'Spoilt', role: 'agent', is_active: 1, email: `spoilt${n}@acme.test`, password_hash, created_at: 1 }
      admin.change([{ table: 'users', id: admin.newId(), action: 'INSERT', fields }])
    }
    expect((await admin.push()).rejected.map(({ code, field }) => [code, field])).toEqual(
      spoilt.map(() => ['INVALID', 'password_hash']),
    )
    const workspace = sampleWorkspace('Spoilt', server.newId)
    workspace.rows.users[0] = {
      ...must(workspace.rows.users[0], 'There are people'),
      password_hash: must(spoilt[0], 'There is one'),
    }
    await expect(publishAll(server.device(), workspace)).rejects.toThrow(refused('INVALID_ROW'))
  })

  test('an invalid hash that an older server accepted does not prevent other sign-ins', async () => {
    const old = new TestServer(32)
    await old.start()
    try {
      const [ours, theirs] = [sampleWorkspace('Twin', old.newId), sampleWorkspace('Twin', old.newId)]
      for (const workspace of [ours, theirs]) await publishAll(old.device(), workspace)
      await old.stop()
      const db = openWritable(join(old.dataDir, 'server.db'), '')
      db.prepare('UPDATE users SET password_hash = ? WHERE client_id = ?').run(spoilt[0], theirs.clientId)
      db.close()
      await old.start()
      expect(await old.device().enrol(ours.people.agent.email)).toMatchObject({ clientId: ours.clientId })
    } finally {
      await old.dispose()
    }
  })
})

describe('a finished publication', () => {
  test('gives another token only to its publisher, records each in the trail, and never shows its id', async () => {
    const workspace = sampleWorkspace('Replay', server.newId)
    const publisher = server.device()
    const about = { publicationId: server.newId(), clientId: workspace.clientId }
    const secret = newPublicationSecret()
    const device = { id: publisher.id, name: 'P' }
    await publishStep(publisher, { step: 'begin', ...about, userId: workspace.people.admin.id, device, deviceSeq: 0, secret })
    await publishStep(publisher, { step: 'chunk', ...about, index: 0, rows: columnarTables(workspace) })
    const counts = { clients: 1, users: 5, loss_reasons: 3, client_settings: 2, calls: 0, audit_logs: 0 }
    const finish = { step: 'finish', ...about, chunks: 1, counts, secret } as const
    await publishStep(publisher, finish)
    await publishStep(publisher, finish)
    for (const wrong of [newPublicationSecret(), PUBLISH_KEY.padEnd(43, 'A').replaceAll(' ', '_').slice(0, 43)])
      await expect(publishStep(server.device(), { ...finish, secret: wrong })).rejects.toThrow(refused('PUBLICATION'))
    const { secret: _, ...bare } = finish
    await expect(server.device().post('/v1/publish', bare, { authorization: `Bearer ${PUBLISH_KEY}` })).rejects.toThrow(
      refused('MALFORMED'),
    )

    const trailsOf = async (email: string) => {
      const reader = await server.joined(email)
      const ofClient = JSON.stringify(await reader.get(`/v1/history/clients/${workspace.clientId}`))
      const ofAdmin = columnarSchema.parse(await reader.get(`/v1/history/users/${workspace.people.admin.id}`))
      expect(ofClient).toContain('IMPORT')
      for (const text of [ofClient, JSON.stringify(ofAdmin)]) {
        expect(text).not.toContain(about.publicationId)
        expect(text).not.toContain(secret)
      }
      return ofAdmin
    }
    await trailsOf(workspace.people.viewer.email)
    const ofAdmin = await trailsOf(workspace.people.team_lead.email)
    expect([...columnarRows(ofAdmin)].map(({ action, new_values: values }) => [action, values])).toEqual([
      ['LOGIN', '{"publication":1}'],
      ['LOGIN', '{"publication":1}'],
    ])
  })

  test('cannot be started again with another secret under its id', async () => {
    const workspace = sampleWorkspace('Begin', server.newId)
    const device = server.device()
    const about = { publicationId: server.newId(), clientId: workspace.clientId }
    const begin = {
      step: 'begin',
      ...about,
      userId: workspace.people.admin.id,
      device: { id: device.id, name: 'P' },
      deviceSeq: 0,
    } as const
    const secret = newPublicationSecret()
    await publishStep(device, { ...begin, secret })
    await publishStep(device, { step: 'chunk', ...about, index: 0, rows: columnarTables(workspace) })
    expect(await publishStep(device, { ...begin, secret })).toEqual({ step: 'begin', nextChunk: 1 })
    expect(await publishStep(device, { ...begin, secret: newPublicationSecret() })).toEqual({ step: 'begin', nextChunk: 0 })
  })
})
