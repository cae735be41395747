import type { UserId } from '../../core/id.ts'
import fc from 'fast-check'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { assert, must } from '../../core/assert.ts'
import { columnarRows } from '../../core/sync/columnar.ts'
import type { Page } from '../../core/sync/protocol.ts'
import { encodePush } from '../../core/sync/push-batch.ts'
import { SqliteStore } from '../store/sqlite/sqlite-store.ts'
import { columnarTables, idsFrom, sampleWorkspace, seeded, wonCall, type SampleWorkspace } from '../testing/sample-workspace.ts'
import { TestDevice } from '../testing/test-device.ts'
import { enrolDevice } from './enrol.ts'
import { formatCursor, parseCursor, type Seal } from './cursor.ts'
import { pageFrom } from '../testing/page-from.ts'
import { readPage } from './page.ts'
import { publish } from './publish.ts'
import { push } from './push.ts'

const NOW = 1_800_000_000_000
const newId = idsFrom(seeded(6), () => NOW)
const folder = mkdtempSync(join(tmpdir(), 'propaganda-pages-'))
const store = new SqliteStore(join(folder, 'server.db'), 'a'.repeat(16))
const origin = { ipAddress: null, userAgent: null }
let byte = 0
const context = () => ({ store, now: NOW, newId, newToken: () => String(++byte).padStart(43, 'A') })
const workspace: SampleWorkspace = sampleWorkspace('Pages', newId)
const { agent, other, admin, team_lead: lead } = workspace.people
const device = new TestDevice({ url: '', newId, clock: () => NOW })
const tokens: Record<string, string> = {}

/** Holds everything that the server sends with small page limits, like a device. */
class Follower {
  readonly rows = new Map<string, number>()
  readonly removed: string[] = []
  cursor: string | null = null
  readonly #token: string
  readonly #limits: { readonly pageBytes: number; readonly pageRows: number }

  constructor(token: string, pageRows: number, pageBytes = 1_000_000) {
    this.#token = token
    this.#limits = { pageBytes, pageRows }
  }

  async page(): Promise<Page> {
    const wire = await readPage({ store, token: this.#token, cursor: this.cursor, limits: this.#limits })
    assert(wire.json.length <= this.#limits.pageBytes, 'A page is bounded by bytes')
    const page = pageFrom(wire)
    const count = page.rows.reduce((sum, { data }) => sum + (data[0]?.length ?? 0), 0) + page.removed.length
    const entries = count + page.forget.length + page.conflicts.length
    assert(wire.envelope.isEmpty === (entries === 0), 'The envelope says whether a page has anything to apply')
    assert(count <= this.#limits.pageRows, 'A page is bounded by rows')
    assert(page.complete || page.cursor !== this.cursor, 'A page comes further')
    for (const { id } of page.removed) {
      this.rows.delete(`calls ${id}`)
      this.removed.push(id)
    }
    for (const part of page.rows)
      for (const row of columnarRows(part)) this.rows.set(`${part.table} ${row['id']}`, Number(row['@version']))
    this.cursor = page.cursor
    return page
  }

  async follow(): Promise<number> {
    for (let pages = 1; pages < 1_000; pages++) if ((await this.page()).complete) return pages
    throw new Error('The feed has no end')
  }
}

async function send(): Promise<void> {
  const request = { sentAt: NOW, cursor: null, ...encodePush(device.outbox) }
  device.outbox = []
  const { response } = await push(context(), tokens['admin'], origin, request)
  expect(response.rejected).toEqual([])
}

beforeAll(async () => {
  const about = { publicationId: newId(), clientId: workspace.clientId }
  const secret = 's'.repeat(43)
  await publish(context(), origin, {
    step: 'begin',
    ...about,
    userId: admin.id,
    device: { id: device.id, name: 'x' },
    deviceSeq: 0,
    secret,
  })
  await publish(context(), origin, { step: 'chunk', ...about, index: 0, rows: columnarTables(workspace) })
  const counts = { clients: 1, users: 5, loss_reasons: 3, client_settings: 2, calls: 0 }
  const finished = await publish(context(), origin, { step: 'finish', ...about, chunks: 1, counts, secret })
  tokens['admin'] = finished.step === 'finish' ? finished.token : ''
  for (const person of [agent, lead, other]) {
    const account = { clientId: workspace.clientId, userId: person.id }
    const { response } = await enrolDevice(context(), origin, account, { id: newId(), name: 'x' }, undefined)
    tokens[person.id] = response.token
  }
  for (let n = 0; n < 30; n++) device.insertCall(wonCall(n % 3 === 0 ? other.id : agent.id, `Prospect ${n}`))
  await send()
})
afterAll(async () => {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

const heldBy = async (token: string) => {
  const follower = new Follower(token, 4_000)
  await follower.follow()
  return follower.rows
}

describe.each(['agent', 'lead'] as const)('[S18] pages of any size bring an %s to the same rows', (who) => {
  const tokenOf = () => tokens[who === 'agent' ? agent.id : lead.id] ?? ''

  test.each([1, 2, 3, 7, 10])('%i rows per page', async (limit) => {
    const follower = new Follower(tokenOf(), limit)
    const pages = await follower.follow()
    const whole = await heldBy(tokenOf())
    expect(follower.rows).toEqual(whole)
    expect(pages).toBeGreaterThanOrEqual(Math.ceil(whole.size / limit))
  })

  test('bounded by bytes', async () => {
    const follower = new Follower(tokenOf(), 4_000, 3_000)
    expect(await follower.follow()).toBeGreaterThan(2)
    expect(follower.rows).toEqual(await heldBy(tokenOf()))
  })
})

test('[S18] a row that is larger than a page is sent alone, and the feed continues', async () => {
  const id = device.insertCall({ ...wonCall(agent.id), notes: 'n'.repeat(9_000) })
  device.insertCall(wonCall(agent.id))
  await send()
  const first = await readPage({ store, token: tokens[agent.id], cursor: null, limits: { pageBytes: 500, pageRows: 1 } })
  let page = pageFrom(first)
  let found = false
  for (let n = 0; n < 200 && !page.complete; n++) {
    const next = await readPage({ store, token: tokens[agent.id], cursor: page.cursor, limits: { pageBytes: 500, pageRows: 4 } })
    page = pageFrom(next)
    found ||= page.rows.some(({ data }) => data[0]?.includes(id) === true)
  }
  expect({ found, complete: page.complete }).toEqual({ found: true, complete: true })
  device.change([{ table: 'calls', id, action: 'DELETE', fields: {} }])
  await send()
})

test('[S19] the cost of catching up depends on changed rows, not on edits', async () => {
  const follower = new Follower(tokens[agent.id] ?? '', 4_000)
  await follower.follow()
  const [call] = device.ids('calls').filter((id) => device.row('calls', id)?.['user_id'] === agent.id)
  for (let n = 0; n < 50; n++) device.update('calls', call ?? '', { notes: `edit ${n}` })
  await send()
  const page = await follower.page()
  expect(page.rows.flatMap(({ data }) => data[0] ?? [])).toEqual([call])
})

test('[S19] a snapshot continues where it stopped, and misses nothing that changed meanwhile', async () => {
  const follower = new Follower(tokens[agent.id] ?? '', 5)
  for (let n = 0; n < 4; n++) await follower.page()
  const mine = device.ids('calls').filter((id) => device.row('calls', id)?.['user_id'] === agent.id)
  const [edited = '', deleted = '', given = ''] = mine
  device.update('calls', edited, { notes: 'while the snapshot ran' })
  device.change([{ table: 'calls', id: deleted, action: 'DELETE', fields: {} }])
  device.update('calls', given, { user_id: other.id })
  const added = device.insertCall(wonCall(agent.id))
  await send()
  await follower.follow()
  expect(follower.rows).toEqual(await heldBy(tokens[agent.id] ?? ''))
  expect([edited, deleted, given, added].map((id) => follower.rows.has(`calls ${id}`))).toEqual([true, false, false, true])
})

test('[S10] [S18] the conflicts of one operation arrive together, even in small pages', async () => {
  const otherDevice = new TestDevice({ url: '', newId, clock: () => NOW + 60_000 })
  const call = device.insertCall(wonCall(agent.id))
  await send()
  const lost = { prospect_name: 'Lost', prospect_email: 'lost@pages.test', prospect_phone: '1', notes: 'lost', call_duration: 1 }
  const won = { prospect_name: 'Won', prospect_email: 'won@pages.test', prospect_phone: '2', notes: 'won', call_duration: 2 }
  device.update('calls', call, won)
  await send()
  // Another device of the same person, who is a side of the conflict.
  otherDevice.rows.set(`calls ${call}`, { values: {}, version: 1, base: 1, overrides: null })
  otherDevice.update('calls', call, lost)
  const { response } = await push(context(), tokens[agent.id], origin, {
    sentAt: NOW + 60_000,
    cursor: null,
    ...encodePush(otherDevice.outbox),
  })
  expect(response.conflicts).toHaveLength(5)
  for (const rows of [1, 2, 3]) {
    const follower = new Follower(tokens[agent.id] ?? '', rows)
    const found: string[] = []
    for (let done = false; !done;) {
      const page = await follower.page()
      found.push(...page.conflicts.filter(({ rowId }) => rowId === call).map(({ columns }) => columns.join()))
      done = page.complete
    }
    expect(found.toSorted(), `${rows} rows a page`).toEqual(Object.keys(lost).toSorted())
  }
})

test('parents come before the rows that refer to them, even if they changed last', async () => {
  const person = { name: 'Late', role: 'agent', is_active: 1, email: 'late@pages.test', password_hash: null, created_at: 1 }
  const id = newId()
  device.change([{ table: 'users', id, action: 'INSERT', fields: person }])
  device.insertCall(wonCall(id))
  device.update('users', id, { name: 'Renamed afterwards' })
  await send()
  const follower = new Follower(tokens[lead.id] ?? '', 2)
  const order: string[] = []
  for (let done = false; !done;) {
    const page = await follower.page()
    for (const part of page.rows)
      for (const row of columnarRows(part)) order.push(`${part.table} ${part.table === 'users' ? row['id'] : row['user_id']}`)
    done = page.complete
  }
  expect(order.indexOf(`users ${id}`)).toBeGreaterThanOrEqual(0)
  expect(order.indexOf(`users ${id}`)).toBeLessThan(order.indexOf(`calls ${id}`))
})

const sealOf = (userId: UserId): Seal => {
  const { epoch, cursorKey } = store
  return { epoch, cursorKey, clientId: workspace.clientId, userId }
}

test('[S6] cursors of another server or history, and cursors that are too old, are refused', async () => {
  const follower = new Follower(tokens[agent.id] ?? '', 4_000)
  await follower.follow()
  const seal = sealOf(agent.id)
  const { position, seen } = parseCursor(follower.cursor ?? '', seal)
  const ask = (cursor: string) => readPage({ store, token: tokens[agent.id], cursor })
  const refused = (code: string) => expect.objectContaining({ code })
  await ask(formatCursor(position, seen, seal))
  await expect(ask(formatCursor(position, seen, { ...seal, epoch: 'b'.repeat(16) }))).rejects.toThrow(
    expect.objectContaining({ code: 'EPOCH', data: { epoch: store.epoch } }),
  )
  // Numbers that this server gives out later, and the present number with another server's chain value.
  const beyond = formatCursor(position, { ...seen, head: seen.head + 1 }, seal)
  const otherwise = formatCursor(position, { ...seen, chain: new Uint8Array(16) }, seal)
  for (const cursor of [beyond, otherwise]) await expect(ask(cursor)).rejects.toThrow(refused('EPOCH'))
  device.insertCall(wonCall(agent.id))
  await send()
  for (const cursor of [beyond, otherwise]) await expect(ask(cursor)).rejects.toThrow(refused('EPOCH'))
  await expect(ask(formatCursor({ ...position, calls: 0 }, seen, seal))).rejects.toThrow(refused('SNAPSHOT_REQUIRED'))
  await expect(ask('nonsense')).rejects.toThrow(refused('CURSOR'))
})

test('[S6] a push with the cursor of another history is refused, and accepted with a valid one', async () => {
  const seal = sealOf(admin.id)
  const follower = new Follower(tokens['admin'] ?? '', 4_000)
  await follower.follow()
  const { position, seen } = parseCursor(follower.cursor ?? '', seal)
  const call = device.insertCall(wonCall(agent.id))
  const attempt = (cursor: string) =>
    push(context(), tokens['admin'], origin, { sentAt: NOW, cursor, ...encodePush(device.outbox) })
  const head = async () => (await store.read((tx) => tx.client(workspace.clientId)))?.head
  const before = await head()
  for (const history of [
    { ...seen, head: seen.head + 1 },
    { ...seen, chain: new Uint8Array(16) },
  ])
    await expect(attempt(formatCursor(position, history, seal))).rejects.toThrow(expect.objectContaining({ code: 'EPOCH' }))
  await expect(attempt(`${follower.cursor}x`)).rejects.toThrow(expect.objectContaining({ code: 'CURSOR' }))
  expect(await head()).toBe(before)
  expect((await heldBy(tokens['admin'] ?? '')).has(`calls ${call}`)).toBe(false)
  const { response } = await attempt(follower.cursor ?? '')
  device.outbox = []
  expect(response).toMatchObject({ isCovered: true, complete: true })
  expect((await heldBy(tokens['admin'] ?? '')).has(`calls ${call}`)).toBe(true)
})

test('[S6] every acknowledgement returns a cursor that names it, even if the position does not move', async () => {
  const token = tokens['admin'] ?? ''
  const sealed = sealOf(admin.id)
  const follower = new Follower(token, 2)
  await follower.page()
  // In the middle of a snapshot, and with no cursor at all.
  for (const cursor of [follower.cursor, null]) {
    device.insertCall(wonCall(agent.id))
    const { response } = await push(context(), token, origin, { sentAt: NOW, cursor, ...encodePush(device.outbox) })
    device.outbox = []
    expect(response).toMatchObject({ isCovered: false, complete: false })
    expect(parseCursor(response.cursor, sealed).seen.head).toBe(response.head)
    const rest = new Follower(token, 4_000)
    rest.cursor = response.cursor
    for (const [key, version] of cursor === null ? [] : follower.rows) rest.rows.set(key, version)
    await rest.follow()
    expect(rest.rows).toEqual(await heldBy(token))
  }
})

test('[S14] for every scope in a cursor the page stays within the scope of the role', async () => {
  const seal = sealOf(agent.id)
  const { head, chain } = must(await store.read((tx) => tx.client(workspace.clientId)), 'The client exists')
  // The cursors are made with the server's key, as a fault of the server could: reads must be safe even with a wrong cursor.
  for (const scope of [
    { calls: 'own', users: 'names' },
    { calls: 'all', users: 'full' },
  ] as const)
    for (const kind of ['others', 'scope'] as const) {
      const fill = { kind, done: 0, upTo: head }
      const forged = formatCursor({ scope, parents: 0, calls: head, fill, known: [] }, { head, chain }, seal)
      const wire = await readPage({ store, token: tokens[agent.id], cursor: forged })
      const page = pageFrom(wire)
      expect(page.scope).toEqual({ calls: 'own', users: 'names' })
      const calls = page.rows.filter(({ table }) => table === 'calls').flatMap((part) => [...columnarRows(part)])
      for (const row of calls) expect(row['user_id']).toBe(agent.id)
      expect(wire.json.toString()).not.toContain(lead.email)
    }
})

test('[S15] after any changes between two pulls, a following device holds the same rows as a new one', async () => {
  const followers = [agent, lead, other].map((person) => ({ person, follower: new Follower(tokens[person.id] ?? '', 3) }))
  const step = fc.constantFrom('insert', 'edit', 'give', 'delete', 'restore', 'follow', 'page')
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(step, fc.nat(1_000), fc.boolean()), { minLength: 1, maxLength: 25 }), async (steps) => {
      const deleted: string[] = []
      for (const [what, pick, toAgent] of steps) {
        const ids = device.ids('calls')
        const id = ids[pick % Math.max(1, ids.length)] ?? ''
        const owner = toAgent ? agent.id : other.id
        if (what === 'insert') device.insertCall(wonCall(owner))
        else if (what === 'follow') for (const { follower } of followers) await follower.follow()
        else if (what === 'page') for (const { follower } of followers) await follower.page()
        else if (what === 'restore' && deleted.length > 0) device.restoreCall(deleted.pop() ?? '')
        else if (id !== '' && what === 'edit') device.update('calls', id, { notes: `n${pick}` })
        else if (id !== '' && what === 'give') device.update('calls', id, { user_id: owner })
        else if (id !== '' && what === 'delete') {
          device.deleteCall(id)
          deleted.push(id)
        }
        if (device.outbox.length > 0) await send()
      }
      for (const { person, follower } of followers) {
        await follower.follow()
        expect(follower.rows).toEqual(await heldBy(tokens[person.id] ?? ''))
      }
    }),
    { numRuns: 25 },
  )
})
