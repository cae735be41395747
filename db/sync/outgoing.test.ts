import { afterEach, beforeEach, expect, test } from 'vitest'
import { insertCall, insertCalls } from '../commands/calls.ts'
import { TestWorkspace } from '../testing/test-workspace.ts'
import { lastDeviceSeq, nextOperations } from './outbox.ts'

let workspace: TestWorkspace
let start: number
beforeEach(() => {
  workspace = new TestWorkspace()
  start = lastDeviceSeq(workspace.db)
})
afterEach(() => workspace.dispose())

/** Each number is a transaction with so many calls. */
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

/** All that waits, batch by batch, as the engine asks. */
function batches(bytes: number, most: number): { deviceSeq: number; txId: string }[][] {
  const found: { deviceSeq: number; txId: string }[][] = []
  for (let after = start; found.length < 1_000;) {
    const batch = next(after, bytes, most)
    const last = batch.at(-1)
    if (last === undefined) return found
    found.push(batch)
    after = last.deviceSeq
  }
  throw new Error('The outbox has no end')
}

test.each([
  ['by the number of operations', 1_000_000, 4],
  ['by bytes', 700, 1_000],
  ['by nothing', 1_000_000, 1_000],
  ['to less than any transaction', 1, 1],
])('[S4] batches that are bounded %s send everything once, in order, and cut no transaction', (_, bytes, most) => {
  write(1, 3, 1, 7, 2, 1, 1, 4)
  const all = batches(bytes, most)
  expect(all.flat().map(({ deviceSeq }) => deviceSeq)).toEqual(Array.from({ length: 20 }, (_each, n) => start + 1 + n))
  const owners = all.map((batch) => new Set(batch.map(({ txId }) => txId)))
  for (const [place, transactions] of owners.entries())
    for (const id of transactions) expect(owners.slice(place + 1).some((later) => later.has(id))).toBe(false)
})

test('[S4] [S18] a transaction larger than a batch, and than what is read at a time, travels alone and whole', () => {
  write(2, 2_300, 2)
  expect(batches(1_000_000, 1_000).map(({ length }) => length)).toEqual([2, 2_300, 2])
  expect(batches(10_000, 100_000).map(({ length }) => length)).toEqual([2, 2_300, 2])
})

test('a batch is about as large as it may be, not one transaction each', () => {
  write(...Array.from({ length: 30 }, () => 2))
  expect(batches(1_000_000, 20).map(({ length }) => length)).toEqual([20, 20, 20])
})

test('operations of another person on the device wait for that person’s token [S13]', () => {
  workspace.write(() => insertCall(workspace.db, workspace.newCall()), { userId: workspace.agentId })
  write(1)
  expect(batches(1_000_000, 1_000).flat()).toMatchObject([{ deviceSeq: start + 2 }])
})
