import fc from 'fast-check'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ClientId, DeviceId, Id, UserId } from '../../core/id.ts'
import { columnarRows, type Columnar } from '../../core/sync/columnar.ts'
import { SyncError } from '../../core/sync/errors.ts'
import type { Page, PushResponse } from '../../core/sync/protocol.ts'
import { encodePush } from '../../core/sync/push-batch.ts'
import { SqliteStore } from '../store/sqlite/sqlite-store.ts'
import { columnarTables, idsFrom, sampleWorkspace, seeded, wonCall, type SampleWorkspace } from '../testing/sample-workspace.ts'
import { TestDevice } from '../testing/test-device.ts'
import { enrolDevice } from './enrol.ts'
import { pageFrom } from '../testing/page-from.ts'
import { readPage } from './page.ts'
import { publish } from './publish.ts'
import { push } from './push.ts'

/* Tests the real service and store with cursors that the server did not make, or made for another person or role. */

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 1_500)
const SEED = Number(process.env['PROPAGANDA_FUZZ_SEED'])
const NOW = 1_800_000_000_000
const EPOCH = 'a'.repeat(16)
const ORIGIN = { ipAddress: null, userAgent: null }

const random = seeded(SEED)
const newId = idsFrom(random, () => NOW)
const folder = mkdtempSync(join(tmpdir(), 'propaganda-cursors-'))
const store = new SqliteStore(join(folder, 'server.db'), EPOCH)
let tokensGiven = 0
const context = () => ({ store, now: NOW, newId, newToken: () => String(++tokensGiven).padStart(43, 'A') })

/** A person of a client, with every cursor that the server gave them. */
type Reader = {
  readonly name: string
  readonly id: Id
  readonly clientId: ClientId
  readonly token: string
  readonly device: TestDevice
  readonly cursors: string[]
}
const readers: Reader[] = []
const cursors = () => readers.flatMap((reader) => reader.cursors)

async function publishClient(workspace: SampleWorkspace, deviceId: DeviceId): Promise<string> {
  const about = { publicationId: newId(), clientId: workspace.clientId }
  const device = { id: deviceId, name: 'x' }
  const secret = 's'.repeat(43)
  await publish(context(), ORIGIN, { step: 'begin', ...about, userId: workspace.people.admin.id, device, deviceSeq: 0, secret })
  await publish(context(), ORIGIN, { step: 'chunk', ...about, index: 0, rows: columnarTables(workspace) })
  const counts = { clients: 1, users: 5, loss_reasons: 3, client_settings: 2, calls: 0 }
  const finished = await publish(context(), ORIGIN, { step: 'finish', ...about, chunks: 1, counts, secret })
  return finished.step === 'finish' ? finished.token : ''
}

async function enrolled(workspace: SampleWorkspace, name: keyof SampleWorkspace['people'], label: string): Promise<Reader> {
  const { id } = workspace.people[name]
  const device = new TestDevice({ url: '', newId, clock: () => NOW })
  const account = { clientId: workspace.clientId, userId: id }
  const { response } = await enrolDevice(context(), ORIGIN, account, { id: device.id, name: 'x' }, undefined)
  const made = { name: label, id, clientId: workspace.clientId, token: response.token, device, cursors: [] }
  readers.push(made)
  return made
}

async function page(token: string, cursor: string | null, pageRows: number): Promise<Page> {
  return pageFrom(await readPage({ store, token, cursor, limits: { pageBytes: 1_000_000, pageRows } }))
}

/** Returns all pages from the cursor on. */
async function follow(token: string, cursor: string | null, pageRows = 4_000): Promise<Page[]> {
  const pages: Page[] = []
  for (let at = cursor; ; at = pages.at(-1)?.cursor ?? null) {
    pages.push(await page(token, at, pageRows))
    if (pages.at(-1)?.complete === true) return pages
    if (pages.length > 500) throw new Error('The feed has no end')
  }
}

async function send(by: Reader, cursor: string | null): Promise<PushResponse> {
  const request = { sentAt: NOW, cursor, ...encodePush(by.device.outbox) }
  by.device.outbox = []
  return (await push(context(), by.token, ORIGIN, request)).response
}

/** Returns rows with all their values, so that columns outside of the scope are found too. */
function rowsOf(parts: readonly Columnar[]): string[] {
  return parts.flatMap((part) => Array.from(columnarRows(part), (row) => `${part.table} ${JSON.stringify(row)}`))
}

type Yield = Pick<Page, 'rows' | 'conflicts' | 'removed'>
/** Returns the rows of a fresh join of the person. No cursor may yield anything else. */
async function allowed(of: Reader): Promise<{ readonly rows: Set<string>; readonly conflicts: Set<string> }> {
  const pages = await follow(of.token, null)
  return {
    rows: new Set(pages.flatMap(({ rows }) => rowsOf(rows))),
    conflicts: new Set(pages.flatMap(({ conflicts }) => conflicts).map((each) => JSON.stringify(each))),
  }
}

/** Words in calls, and addresses, that a person may not see, computed without the server's scope. */
const forbiddenTo = new Map<Reader, readonly string[]>()
/** Calls that each person had at some time. */
const everOwned = new Map<string, Set<string>>()

async function requireWithin(of: Reader, yielded: readonly Yield[], how: string): Promise<void> {
  const may = await allowed(of)
  const rows = yielded.flatMap((each) => rowsOf(each.rows))
  expect(
    rows.filter((row) => !may.rows.has(row)),
    how,
  ).toEqual([])
  const conflicts = yielded.flatMap((each) => each.conflicts).map((each) => JSON.stringify(each))
  expect(
    conflicts.filter((each) => !may.conflicts.has(each)),
    how,
  ).toEqual([])
  const text = JSON.stringify(yielded)
  expect(
    (forbiddenTo.get(of) ?? []).filter((word) => text.includes(word)),
    how,
  ).toEqual([])
  const owned = everOwned.get(of.id)
  const removed = yielded.flatMap((each) => each.removed).map(({ id }) => id)
  if (owned !== undefined)
    expect(
      removed.filter((id) => !owned.has(id)),
      how,
    ).toEqual([])
}

beforeAll(async () => {
  const [acme, bolt] = [sampleWorkspace('Acme', newId), sampleWorkspace('Bolt', newId)]
  const adminDevices = [newId(), newId()]
  await publishClient(acme, adminDevices[0] as Id)
  await publishClient(bolt, adminDevices[1] as Id)
  const agent = await enrolled(acme, 'agent', 'agent')
  const other = await enrolled(acme, 'other', 'other agent')
  await enrolled(acme, 'viewer', 'viewer')
  const demoted = await enrolled(acme, 'team_lead', 'lead who is an agent today')
  const admin = await enrolled(acme, 'admin', 'admin')
  const boltAdmin = await enrolled(bolt, 'admin', 'admin of another client')
  const boltAgent = await enrolled(bolt, 'agent', 'agent of another client')
  const words = new Map<string, string>()
  const calls = new Map<string, string>()
  const own = (userId: UserId, id: string) => everOwned.set(userId, (everOwned.get(userId) ?? new Set()).add(id))
  const call = (by: Reader, ownerId: UserId) => {
    const word = `word${words.size}end`
    const id = by.device.insertCall(wonCall(ownerId, word))
    words.set(id, word)
    calls.set(id, ownerId)
    own(ownerId, id)
  }
  const keep = async (pageRows: number, restart: boolean) => {
    for (const each of readers) {
      const from = restart ? null : (each.cursors.at(-1) ?? null)
      each.cursors.push((await page(each.token, from, pageRows)).cursor)
    }
  }
  for (let n = 0; n < 12; n++) call(admin, [agent, other, demoted][n % 3]?.id ?? '')
  await send(admin, null)
  call(boltAdmin, boltAgent.id)
  call(boltAdmin, boltAdmin.id)
  await send(boltAdmin, null)
  // In the middle of a snapshot, and at its end.
  for (let n = 0; n < 6; n++) await keep(4, n === 0)
  await keep(4_000, true)
  // An agent had access to all calls for a while; the scope changed in the middle of a pull.
  const setRole = async (id: string, role: string) => {
    admin.device.update('users', id, { role })
    await send(admin, null)
  }
  await setRole(agent.id, 'team_lead')
  for (let n = 0; n < 3; n++) await keep(3, false)
  // A lead has conflicts about other people's calls, and edits alternate with those of others.
  const shared = [...calls].find(([, owner]) => owner === other.id)?.[0] ?? ''
  for (const each of [admin, demoted]) {
    each.device.rows.set(`calls ${shared}`, { values: {}, version: 1, base: 1, overrides: null })
    each.device.update('calls', shared, { notes: `${words.get(shared)} ${each.name}` })
    each.cursors.push((await send(each, each.cursors.at(-1) ?? null)).cursor)
  }
  for (const each of [agent, other, demoted, agent, admin]) {
    call(each, each.id)
    each.cursors.push((await send(each, each.cursors.at(-1) ?? null)).cursor)
  }
  await setRole(agent.id, 'agent')
  await setRole(demoted.id, 'agent')
  await keep(3, false)
  // Calls that leave the scope.
  const [given = '', deleted = ''] = [...calls].filter(([, owner]) => owner === agent.id).map(([id]) => id)
  admin.device.update('calls', given, { user_id: other.id })
  admin.device.change([{ table: 'calls', id: deleted, action: 'DELETE', fields: {} }])
  calls.set(given, other.id)
  own(other.id, given)
  await send(admin, null)
  await keep(2, false)
  await keep(4_000, false)
  // The present scope is own calls.
  const emails = Object.values(acme.people)
  for (const each of readers) {
    const isBolt = each.clientId === bolt.clientId
    const isOwnOnly = each === agent || each === other || each === demoted || each === boltAgent
    const foreign = [...words].filter(([id]) => {
      const ofBolt = calls.get(id) === boltAgent.id || calls.get(id) === boltAdmin.id
      return ofBolt !== isBolt || (isOwnOnly && calls.get(id) !== each.id)
    })
    const hidden = each === admin || isBolt ? [] : emails.filter(({ id }) => id !== each.id).map(({ email }) => email)
    forbiddenTo.set(each, [...foreign.map(([, word]) => word), ...hidden])
    if (!isOwnOnly) everOwned.delete(each.id)
  }
})
afterAll(async () => {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

const SIGNS = '0123456789abcdefghijklmnopqrstuvwxyzABCXYZ-_.'.split('')
const number = fc.oneof(fc.nat(60), fc.nat(60), fc.nat({ max: 10 ** 15 }))
const byteEdits = fc.array(fc.tuple(fc.nat(), fc.constantFrom(...SIGNS)), { minLength: 1, maxLength: 4 })

/** Text in the form of a cursor, of the previous and the present version, with any positions. */
const handMade = fc
  .record({
    version: fc.constantFrom(1, 2, 3),
    epoch: fc.constantFrom(EPOCH, 'b'.repeat(16)),
    scope: fc.constantFrom('on', 'of', 'an', 'af'),
    places: fc.tuple(number, number),
    fill: fc.option(fc.tuple(fc.constantFrom('s', 'x'), number, number)),
    known: fc.array(fc.tuple(number, number), { maxLength: 3 }),
    tail: fc.constantFrom('', '.h1-AAAAAAAAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAA'),
  })
  .map(({ version, epoch, scope, places, fill, known, tail }) =>
    [
      version,
      epoch,
      scope,
      ...places,
      ...(fill === null ? [] : [`${fill[0]}${fill[1]}-${fill[2]}`]),
      ...known.map(([after, upTo]) => `k${after}-${upTo}`),
    ]
      .join('.')
      .concat(tail),
  )

type Attack = (all: readonly string[]) => string
const pick = (all: readonly string[], n: number) => all[n % all.length] ?? ''
const attack: fc.Arbitrary<Attack> = fc.oneof(
  // An unchanged cursor of any person and time.
  fc.nat().map((n) => (all: readonly string[]) => pick(all, n)),
  fc.tuple(fc.nat(), byteEdits).map(([n, edits]) => (all: readonly string[]) => {
    const signs = pick(all, n).split('')
    for (const [place, sign] of edits) signs[place % signs.length] = sign
    return signs.join('')
  }),
  // Fields of one cursor in another: a fill, a scope, a position.
  fc.tuple(fc.nat(), fc.nat(), fc.nat(9), fc.nat(9), fc.nat(2)).map(([n, m, at, from, take]) => (all: readonly string[]) => {
    const fields = pick(all, n).split('.')
    fields.splice(
      at,
      take,
      ...pick(all, m)
        .split('.')
        .slice(from, from + 1),
    )
    return fields.join('.')
  }),
  // An attacker who has read the code: a valid cursor with another scope and pending calls.
  fc
    .tuple(fc.nat(), fc.constantFrom('on', 'of', 'an', 'af', null), fc.constantFrom('x', 's'), fc.boolean())
    .map(([n, scope, kind, isSameScope]) => (all: readonly string[]) => {
      const [version = '', epoch = '', real = '', parents = '', calls = '', ...rest] = pick(all, n).split('.')
      const others = rest.filter((field) => !/^[sxk]/.test(field))
      return [version, epoch, isSameScope ? real : (scope ?? real), parents, calls, `${kind}0-${calls}`, ...others].join('.')
    }),
  handMade.map((text) => () => text),
)

test(`no cursor yields more than a fresh join of the same person (seed ${SEED})`, async () => {
  const outcomes = { refused: 0, read: 0 }
  await fc.assert(
    fc.asyncProperty(attack, fc.nat(), fc.boolean(), fc.constantFrom(2, 4_000), async (make, who, isOwn, pageRows) => {
      const of = readers[who % readers.length] as Reader
      const cursor = make(isOwn ? of.cursors : cursors())
      const how = `${of.name} with ${cursor}`
      const yielded: Yield[] = []
      try {
        yielded.push(...(await follow(of.token, cursor, pageRows)))
        outcomes.read++
      } catch (error) {
        if (!(error instanceof SyncError)) throw error
        expect(['CURSOR', 'EPOCH', 'SNAPSHOT_REQUIRED'], how).toContain(error.code)
        outcomes.refused++
      }
      await requireWithin(of, yielded, how)
    }),
    { numRuns: RUNS, seed: SEED },
  )
  // Both accepted and refused cursors occurred. Half of the attacks begin with a cursor of the person, so this holds for any seed.
  expect(Math.min(outcomes.refused, outcomes.read)).toBeGreaterThan(RUNS / 50)
})

test(`with any cursor the answer to a push contains nothing beyond a fresh join (seed ${SEED})`, async () => {
  const outcomes = { refused: 0, taken: 0 }
  const foreign = [...forbiddenTo].flatMap(([of]) => [...(everOwned.get(of.id) ?? [])])
  await fc.assert(
    fc.asyncProperty(attack, fc.nat(), fc.boolean(), fc.nat(), async (make, who, isOwn, which) => {
      const of = readers[who % readers.length] as Reader
      const cursor = make(isOwn ? of.cursors : cursors())
      const how = `${of.name} pushes with ${cursor}`
      const head = async () => (await store.read((tx) => tx.client(of.clientId)))?.head
      const before = await head()
      const id = pick(foreign, which)
      of.device.rows.set(`calls ${id}`, { values: {}, version: 1, base: 1, overrides: null })
      of.device.update('calls', id, { call_duration: which % 80_000 })
      try {
        const response = await send(of, cursor)
        outcomes.taken++
        await requireWithin(of, [{ ...response, removed: [] }], how)
      } catch (error) {
        if (!(error instanceof SyncError)) throw error
        expect(['CURSOR', 'EPOCH'], how).toContain(error.code)
        expect(await head(), how).toBe(before)
        outcomes.refused++
      }
    }),
    { numRuns: RUNS / 5, seed: SEED },
  )
  expect(Math.min(outcomes.refused, outcomes.taken)).toBeGreaterThan(RUNS / 250)
})
