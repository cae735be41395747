import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Operation } from '../../core/sync/operation.ts'
import { encodePush } from '../../core/sync/push-batch.ts'
import { insertCall } from '../commands/calls.ts'
import { TestWorkspace } from '../testing/test-workspace.ts'
import { nextOperations } from './outbox.ts'
import { lastDeviceSeq } from '../queries/device-seq.ts'

let workspace: TestWorkspace
beforeEach(() => {
  workspace = new TestWorkspace()
})
afterEach(() => workspace.dispose())

/** Writes one transaction of calls with notes of these lengths. */
function log(lengths: readonly number[]): void {
  workspace.write(() => {
    for (const length of lengths)
      insertCall(workspace.db, { ...workspace.newCall(), id: workspace.newId(), notes: length === 0 ? null : 'x'.repeat(length) })
  })
}

const txIds = (operations: readonly Operation[]) => new Set(operations.map(({ txId }) => txId))

test('batches cut no transaction, contain each operation once, and are as large as a request allows', () => {
  const transaction = fc.array(fc.constantFrom(0, 10, 400, 3_000), { minLength: 1, maxLength: 5 })
  fc.assert(
    fc.property(fc.array(transaction, { minLength: 1, maxLength: 12 }), fc.integer({ min: 1, max: 12 }), (made, most) => {
      const before = lastDeviceSeq(workspace.db)
      for (const lengths of made) log(lengths)
      const bytes = 6_000
      const batches: Operation[][] = []
      for (let after = before; ;) {
        const batch = nextOperations(workspace.db, workspace.adminId, after, bytes, most)
        if (batch.length === 0) break
        batches.push(batch)
        after = batch.at(-1)?.deviceSeq ?? after
      }
      const all = batches.flat().map(({ deviceSeq }) => deviceSeq)
      expect(all).toEqual(Array.from({ length: made.flat().length }, (_, place) => before + place + 1))
      expect(batches.reduce((sum, batch) => sum + txIds(batch).size, 0)).toBe(made.length)
      for (const [place, batch] of batches.entries()) {
        const size = JSON.stringify(encodePush(batch)).length
        if (txIds(batch).size > 1) {
          expect(batch.length).toBeLessThanOrEqual(most)
          expect(size).toBeLessThan(bytes * 1.2)
        }
        const next = batches[place + 1]?.filter(({ txId }, _, [first]) => txId === first?.txId) ?? []
        const together = JSON.stringify(encodePush([...batch, ...next])).length
        if (next.length > 0) expect(batch.length + next.length > most || together > bytes * 0.8).toBe(true)
      }
    }),
    { numRuns: 30 },
  )
})
