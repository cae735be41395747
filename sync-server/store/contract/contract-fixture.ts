import type { UserId } from '../../../core/id.ts'
import { afterEach, beforeEach } from 'vitest'
import { must } from '../../../core/assert.ts'
import type { SyncRow } from '../../../core/sync/judge.ts'
import type { ConflictRecord } from '../../../core/sync/protocol.ts'
import { SYNC_TABLES } from '../../../core/sync/tables.ts'
import {
  columnarTables,
  idsFrom,
  sampleWorkspace,
  seeded,
  wonCall,
  type SampleWorkspace,
} from '../../testing/sample-workspace.ts'
import type { Changes, NewAuditRecord, OperationRecord, Store } from '../store.ts'

/** A store that a test can open more than once over the same data, like a restarted server. */
export type StoreFixture = { readonly open: () => Promise<Store>; readonly dispose: () => Promise<void> }

export const HASH = (byte: number) => new Uint8Array(32).fill(byte)
export const NOW = 1_800_000_000_000
export const CLOCK = '0'.repeat(16)
/** A content for tests in which it does not matter. */
export const CONTENT = HASH(7)
export const EVERYTHING = { after: 0, upTo: 1_000_000, limit: 1_000 }

/** An open store with one published workspace, and the records that the tests write to it. */
export type ContractFixture = Awaited<ReturnType<typeof prepare>>

/** Makes a new store for every test of the current block. Returns the fixture of the running test. */
export function useContractFixture(makeFixture: () => Promise<StoreFixture>): () => ContractFixture {
  let data: StoreFixture | undefined
  let current: ContractFixture | undefined
  const opened: Store[] = []
  beforeEach(async () => {
    const made = await makeFixture()
    data = made
    current = await prepare(async () => {
      const store = await made.open()
      opened.push(store)
      return store
    })
  })
  afterEach(async () => {
    for (const store of opened.splice(0)) await store.close()
    await data?.dispose()
  })
  return () => must(current, 'The fixture is prepared before every test')
}

async function prepare(open: () => Promise<Store>) {
  const newId = idsFrom(seeded(3), () => NOW)
  const deviceId = newId()
  const store = await open()
  const acme = sampleWorkspace('Acme', newId)
  let deviceSeq = 0
  let tokens = 0

  async function seed(workspace: SampleWorkspace, finish = true): Promise<void> {
    const { clientId, people } = workspace
    const publication = {
      publicationId: newId(),
      userId: people.admin.id,
      deviceId,
      deviceName: 'Publisher',
      deviceSeq: 7,
      startedAt: NOW,
      nextChunk: 0,
      lastSeq: 0,
      secretHash: HASH(9),
    }
    await store.write(async (tx) => {
      await tx.beginPublication(clientId, publication)
      for (const page of columnarTables(workspace)) {
        const first = await tx.allocate(clientId, page.data[0]?.length ?? 0, CONTENT)
        await tx.publishRows(clientId, page, first, people.admin.id)
      }
      const { head } = (await tx.client(clientId)) ?? { head: 0 }
      await tx.savePublicationChunk(clientId, 0, { digest: HASH(1).subarray(0, 16), firstSeq: 1 }, head)
      if (finish) await tx.finishPublication(clientId, NOW)
      await tx.saveToken(clientId, {
        hash: HASH(tokens === 0 ? 1 : 100 + tokens),
        deviceId,
        deviceName: 'Publisher',
        userId: people.admin.id,
        at: NOW,
      })
      tokens++
    })
  }

  const callRow = (seq: number, fields: SyncRow['values']): SyncRow => ({
    values: {
      ...Object.fromEntries(SYNC_TABLES.calls.columns.map(({ name: column }) => [column, null])),
      updated_at: NOW,
      ...fields,
    },
    version: seq,
    versions: { base: seq, overrides: null },
    changedBy: acme.people.agent.id,
  })

  const operation = (seq: number, rowId: string): OperationRecord => ({
    seq,
    opId: newId(),
    txId: newId(),
    deviceSeq: ++deviceSeq,
    schemaVersion: 1,
    table: 'calls',
    rowId,
    action: 'INSERT',
    hlc: CLOCK,
    wallTime: NOW,
    clock: CLOCK,
    ownerBefore: null,
    ownerAfter: acme.people.agent.id,
    digest: HASH(2).subarray(0, 16),
    verdict: 'accepted',
    rejection: null,
  })

  const changes = (some: Partial<Changes>): Changes => ({
    deviceId,
    userId: acme.people.admin.id,
    receivedAt: NOW,
    lastClock: CLOCK,
    operations: [],
    rows: [],
    deletedCalls: [],
    restoredCalls: [],
    aliases: [],
    departures: [],
    conflicts: [],
    audit: [],
    ...some,
  })

  const deletedCall = ({ id, seq }: { readonly id: string; readonly seq: number }) => ({
    id,
    seq: seq + 1,
    row: callRow(seq, wonCall(acme.people.agent.id)),
  })

  /** Adds one call with its operation, as a push does. */
  async function addCall(userId: UserId, id = newId()): Promise<{ id: string; seq: number; op: OperationRecord }> {
    return store.write(async (tx) => {
      const seq = await tx.allocate(acme.clientId, 1, CONTENT)
      const op = operation(seq, id)
      const row = callRow(seq, wonCall(userId))
      await tx.apply(acme.clientId, changes({ operations: [op], rows: [{ table: 'calls', id, row, isNew: true }] }))
      return { id, seq, op }
    })
  }

  const conflictOf = (seq: number, rowId: string, winningUserId: UserId, losingUserId: UserId): ConflictRecord => ({
    seq,
    table: 'calls',
    rowId,
    columns: ['notes'],
    winning: { notes: 'a' },
    losing: { notes: null },
    winningOpId: newId(),
    losingOpId: newId(),
    winningUserId,
    losingUserId,
    version: seq,
    createdAt: NOW,
  })

  const line = (recordId: string, createdAt: number): NewAuditRecord => ({
    id: newId(),
    userId: acme.people.agent.id,
    table: 'calls',
    recordId,
    action: 'UPDATE',
    oldValues: '{}',
    newValues: '{"notes":"x"}',
    ipAddress: null,
    userAgent: 'test',
    createdAt,
  })

  const head = async () => (await store.read((tx) => tx.client(acme.clientId)))?.head ?? 0
  const callIds = async (owner: { only: string } | { except: string } | null) =>
    (await store.read((tx) => tx.feed(acme.clientId, { table: 'calls', columns: ['id'], owner, ...EVERYTHING }))).map(
      ([, id]) => id,
    )

  await seed(acme)
  return {
    store,
    open,
    newId,
    deviceId,
    acme,
    seed,
    callRow,
    operation,
    changes,
    deletedCall,
    addCall,
    conflictOf,
    line,
    head,
    callIds,
  }
}
