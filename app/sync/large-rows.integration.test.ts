import { afterAll, beforeAll, expect, test } from 'vitest'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { must } from '../../core/assert.ts'
import type { ClientId, UserId } from '../../core/id.ts'
import { LIMITS } from '../../core/sync/protocol.ts'
import { insertCalls } from '../../db/commands/calls.ts'
import { openReadable, openWritable } from '../../db/open.ts'
import { countPending } from '../../db/sync/outbox.ts'
import { planPublication, readChunk } from '../../db/sync/publication.ts'
import { writeTransaction } from '../../db/write-transaction.ts'
import { createIdGenerator } from '../../core/id.ts'
import { wonCall } from '../testing/test-application.ts'
import { Device } from './testing/device.ts'
import { ServerProcess } from './testing/server-process.ts'

/** Notes of the greatest length from the characters that take the most bytes on the wire, as JSON escapes, or when compressed. */
const NOTE_LENGTH = 10_000
/** Indexing such notes takes minutes on a busy machine. */
const PATIENCE_MS = 1_200_000
const ALPHABETS = {
  /** Three bytes each, from thousands of characters, so that compression has no effect. */
  cjk: (random: number) => String.fromCodePoint(0x4e_00 + (random % 20_000)),
  /** Four bytes and two UTF-16 units each. */
  emoji: (random: number) => String.fromCodePoint(0x1_f3_00 + (random % 256)),
  /** Six bytes each in JSON and seven in the trail, whose values are JSON inside JSON. */
  control: (random: number) => String.fromCodePoint(1 + (random % 7)),
} as const
type Alphabet = keyof typeof ALPHABETS

function note(alphabet: Alphabet): string {
  const length = NOTE_LENGTH - 2
  const random = crypto.getRandomValues(new Uint16Array(length))
  const letters = Array.from(random.subarray(0, alphabet === 'emoji' ? length / 2 : length), ALPHABETS[alphabet])
  // A form trims its values, so the text begins and ends with a letter.
  return `x${letters.join('')}x`
}

const server = new ServerProcess()
const admin = new Device()
const lead = new Device()
const LEAD = 'lea@acme.test'
let clientId: ClientId
let adminId: UserId
let expected = 0

const newId = createIdGenerator(Date.now, (length) => randomBytes(length))

/** Writes calls in one transaction into the device's file, as another process on it would. */
function writeCalls(alphabets: readonly Alphabet[], count: number): void {
  const db = openWritable(join(admin.home, 'workspaces', clientId, 'workspace.db'))
  try {
    const context = { clientId, userId: adminId, ipAddress: null, userAgent: null, now: Date.now(), newTxId: newId() }
    writeTransaction(db, context, () =>
      insertCalls(
        db,
        Array.from({ length: count }, (_, n) => ({
          ...wonCall(adminId, `Prospect ${n}`),
          notes: note(must(alphabets[n % alphabets.length], 'an alphabet')),
          id: newId(),
          clientId,
          createdAt: Date.now(),
        })),
      ),
    )
    expected += count
  } finally {
    db.close()
  }
}

beforeAll(async () => {
  await server.start()
  const session = await admin.create('Acme', 'ada@acme.test')
  clientId = session.client.id
  adminId = session.user.id
  const lea = { email: LEAD, name: 'Lea', role: 'team_lead', password: 'correct horse' } as const
  await admin.api.users.create(lea)
})
afterAll(async () => {
  await admin.dispose()
  await lead.dispose()
  await server.dispose()
})

const onLead = () =>
  lead.query<{ n: number; bytes: number }>(clientId, 'SELECT count(*) AS n, sum(octet_length(notes)) AS bytes FROM calls')
const onAdmin = () =>
  admin.query<{ n: number; bytes: number }>(clientId, 'SELECT count(*) AS n, sum(octet_length(notes)) AS bytes FROM calls')

test(
  '1,100 calls with the longest notes of every kind are published and arrive complete on a joining device',
  async () => {
    writeCalls(['cjk'], 500)
    writeCalls(['emoji', 'control'], 600)
    const db = openReadable(join(admin.home, 'workspaces', clientId, 'workspace.db'))
    const { chunks, counts } = planPublication(db)
    expect(counts['calls']).toBe(1_100)
    for (const place of chunks) {
      const size = Buffer.byteLength(JSON.stringify(readChunk(db, place).data))
      expect(size).toBeLessThanOrEqual(LIMITS.pieceBytes)
    }
    expect(chunks.filter(({ table }) => table === 'calls').reduce((sum, { rows }) => sum + rows, 0)).toBe(1_100)
    db.close()
    await admin.publish(server.url)
    await lead.join(server.url, LEAD)
    expect(onLead()).toEqual(onAdmin())
    expect(onLead()).toMatchObject([{ n: expected }])
  },
  PATIENCE_MS,
)

test(
  'an import of 500 such rows is sent',
  async () => {
    const rows = Array.from({ length: 500 }, (_, n) => `r${n},Jo ${n},2026-01-05,"${note(n % 2 === 0 ? 'cjk' : 'emoji')}"`)
    const file = new File([['Id,Name,Day,Notes', ...rows].join('\n')], 'calls.csv')
    const { importId } = await admin.api.imports.inspect({ file })
    const map = {
      source: 'test',
      fields: {
        externalId: { column: 'Id' },
        prospectName: { column: 'Name' },
        date: { column: 'Day' },
        notes: { column: 'Notes' },
      },
    }
    for await (const event of await admin.api.imports.run({ importId, map }))
      if (event.kind === 'report') expect(event.report).toMatchObject({ created: 500, refused: 0 })
    expected += 500
    expect(await admin.synced()).toMatchObject({ pending: 0, problem: null })
    await lead.synced()
    expect(onLead()).toEqual(onAdmin())
    expect(onLead()).toMatchObject([{ n: expected }])
  },
  PATIENCE_MS,
)

test(
  'a transaction larger than a request is sent in parts, each once',
  async () => {
    await admin.application.close()
    writeCalls(['control'], 420)
    const db = openReadable(join(admin.home, 'workspaces', clientId, 'workspace.db'))
    expect(countPending(db, adminId)).toBeGreaterThanOrEqual(420)
    db.close()
    await admin.restart()
    await admin.api.session.signIn({ email: 'ada@acme.test', password: 'correct horse' })
    expect(await admin.synced()).toMatchObject({ pending: 0, rejections: 0, problem: null })
    await lead.synced()
    expect(onLead()).toEqual(onAdmin())
    expect(onLead()).toMatchObject([{ n: expected }])
  },
  PATIENCE_MS,
)
