import type { TxId } from '../../core/id.ts'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { encodePush } from '../../core/sync/push-batch.ts'
import { insertCall, insertCalls } from '../commands/calls.ts'
import { TestWorkspace } from '../testing/test-workspace.ts'
import { nextOperations } from './outbox.ts'
import { lastDeviceSeq } from '../queries/device-seq.ts'
import { planPublication, readChunk } from './publication.ts'

let workspace: TestWorkspace
let start: number
beforeEach(() => {
  workspace = new TestWorkspace()
  start = lastDeviceSeq(workspace.db)
})
afterEach(() => workspace.dispose())

/** Writes a transaction for each number, with that number of calls. */
function write(...sizes: readonly number[]): void {
  for (const size of sizes)
    workspace.write(() =>
      insertCalls(
        workspace.db,
        Array.from({ length: size }, () => workspace.newCall()),
      ),
    )
}

const next = (after: number, bytes: number, most: number) =>
  nextOperations(workspace.db, workspace.adminId, after, bytes, most).map(({ deviceSeq, txId }) => ({ deviceSeq, txId }))

/** Returns all waiting operations, batch by batch, as the engine reads them. */
function batches(bytes: number, most: number): { deviceSeq: number; txId: TxId }[][] {
  const found: { deviceSeq: number; txId: TxId }[][] = []
  for (let after = start; found.length < 1_000;) {
    const batch = next(after, bytes, most)
    const last = batch.at(-1)
    if (last === undefined) return found
    found.push(batch)
    after = last.deviceSeq
  }
  throw new Error('Reading the outbox does not end')
}

test.each([
  ['by the number of operations', 1_000_000, 4],
  ['by bytes', 700, 1_000],
  ['by nothing', 1_000_000, 1_000],
  ['by fewer bytes than any transaction has', 1, 1],
])('[S4] batches bounded %s contain every operation once, in order, and cut no transaction', (_, bytes, most) => {
  write(1, 3, 1, 7, 2, 1, 1, 4)
  const all = batches(bytes, most)
  expect(all.flat().map(({ deviceSeq }) => deviceSeq)).toEqual(Array.from({ length: 20 }, (_each, n) => start + 1 + n))
  const owners = all.map((batch) => new Set(batch.map(({ txId }) => txId)))
  for (const [place, transactions] of owners.entries())
    for (const id of transactions) expect(owners.slice(place + 1).some((later) => later.has(id))).toBe(false)
})

test('[S4] [S18] a transaction larger than a batch and than one read is sent alone and whole', () => {
  write(2, 2_300, 2)
  expect(batches(1_000_000, 1_000).map(({ length }) => length)).toEqual([2, 2_300, 2])
  expect(batches(10_000, 100_000).map(({ length }) => length)).toEqual([2, 2_300, 2])
})

test('a batch contains as many transactions as fit', () => {
  write(...Array.from({ length: 30 }, () => 2))
  expect(batches(1_000_000, 20).map(({ length }) => length)).toEqual([20, 20, 20])
})

test('operations of another person on the device wait for that person’s token [S13]', () => {
  workspace.write(() => insertCall(workspace.db, workspace.newCall()), { userId: workspace.agentId })
  write(1)
  expect(batches(1_000_000, 1_000).flat()).toMatchObject([{ deviceSeq: start + 2 }])
})

const TEXTS = ['字'.repeat(1_000), '🙂'.repeat(500), '\u0001'.repeat(1_000), 'n'.repeat(1_000)]

test('[S18] in every script a transaction larger than a request is cut by its bytes in the request, and a retry sends the same piece', () => {
  workspace.write(() =>
    insertCalls(
      workspace.db,
      Array.from({ length: 60 }, (_, n) => workspace.newCall({ notes: TEXTS[n % TEXTS.length] ?? null })),
    ),
  )
  write(2)
  const piece = { bytes: 20_000, operations: 1_000 }
  const all: number[] = []
  for (let after = start; ;) {
    const batch = nextOperations(workspace.db, workspace.adminId, after, 1_000, 1_000, piece)
    if (batch.length === 0) break
    expect(Buffer.byteLength(JSON.stringify(encodePush(batch)))).toBeLessThan(piece.bytes + 1_000)
    const again = nextOperations(workspace.db, workspace.adminId, after, 1_000, 1_000, piece)
    expect(again).toEqual(batch)
    all.push(...batch.map(({ deviceSeq }) => deviceSeq))
    after = all.at(-1) ?? after
  }
  expect(all).toEqual(Array.from({ length: 62 }, (_, n) => start + 1 + n))
})

test('[S18] a transaction with more operations than a request allows is cut by their number', () => {
  write(25)
  const lengths = []
  for (let after = start; ;) {
    const batch = nextOperations(workspace.db, workspace.adminId, after, 1_000_000, 10, { bytes: 1_000_000, operations: 10 })
    if (batch.length === 0) break
    lengths.push(batch.length)
    after = batch.at(-1)?.deviceSeq ?? after
  }
  expect(lengths).toEqual([10, 10, 5])
})

test('a publication is cut by bytes of its JSON and by rows, covers every row once, and a large row has its own chunk', () => {
  workspace.write(() =>
    insertCalls(
      workspace.db,
      Array.from({ length: 60 }, (_, n) =>
        workspace.newCall({ notes: TEXTS[n % TEXTS.length]?.repeat(n === 30 ? 9 : 1) ?? null }),
      ),
    ),
  )
  /** Returns the bytes of every chunk, after checking the plan. */
  const sizesWithin = (bytes: number): number[] => {
    const bounds = { rows: 7, bytes }
    const { chunks, counts } = planPublication(workspace.db, bounds)
    const ids: unknown[] = []
    const sizes: number[] = []
    for (const place of chunks) {
      const { data } = readChunk(workspace.db, place)
      const size = Buffer.byteLength(JSON.stringify(data))
      sizes.push(size)
      expect([data[0]?.length, place.rows <= bounds.rows]).toEqual([place.rows, true])
      if (place.rows > 1) expect(size).toBeLessThanOrEqual(bounds.bytes)
      if (place.table === 'calls') ids.push(...(data[0] ?? []))
    }
    expect([ids.length, new Set(ids).size, counts['calls']]).toEqual([60, 60, 60])
    return sizes
  }
  // The rows of a chunk do not fit into one byte less than it has. A plan that counts too few bytes puts them into one chunk again.
  const sizes = new Set([12_000, 12_200, 12_400].flatMap(sizesWithin))
  for (const size of sizes) sizesWithin(size - 1)
})
