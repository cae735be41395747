import { expect, test } from 'vitest'
import type { BulkEvent } from '../../../core/contract/bulk.ts'
import { useBulkJob } from './bulk-job.ts'

test('a refused action keeps the progress of the running one', async () => {
  const { follow } = useBulkJob.getState()
  const end = Promise.withResolvers<void>()
  async function* first(): AsyncGenerator<BulkEvent> {
    yield { kind: 'started', batchId: 'first', total: 2 }
    yield { kind: 'progress', done: 1, total: 2 }
    await end.promise
  }
  const running = follow('Deleting', () => Promise.resolve(first()))
  await expect.poll(() => useBulkJob.getState().running?.done).toBe(1)
  await expect(follow('Deleting', () => Promise.reject(new Error('Another action runs')))).rejects.toThrow('Another action runs')
  expect(useBulkJob.getState().running).toMatchObject({ batchId: 'first', done: 1 })
  end.resolve()
  await expect(running).rejects.toThrow('interrupted')
  expect(useBulkJob.getState().running).toBeNull()
})
