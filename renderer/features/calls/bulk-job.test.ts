import { expect, test } from 'vitest'
import type { BulkEvent, BulkReport } from '../../../core/contract/bulk.ts'
import type { Api } from '../../../core/contract/contract.ts'
import { BulkInterrupted, useBulkJob } from './bulk-job.ts'

const report = { batchId: 'batch', kind: 'delete', changed: 500, total: 1_000, cancelled: true } as BulkReport
const running = () => useBulkJob.getState().running

/** A stream of events that the test sends. */
function stream() {
  const waiting: ((event: BulkEvent | Error) => void)[] = []
  async function* events(): AsyncGenerator<BulkEvent> {
    for (;;) {
      const event = await new Promise<BulkEvent | Error>((resolve) => waiting.push(resolve))
      if (event instanceof Error) throw event
      yield event
    }
  }
  const send = async (event: BulkEvent | Error) => {
    while (waiting.length === 0) await new Promise((resolve) => setTimeout(resolve))
    waiting.shift()?.(event)
    await new Promise((resolve) => setTimeout(resolve))
  }
  return { begin: () => Promise.resolve(events()), send }
}

test('an action is shown as being cancelled until its report arrives', async () => {
  const { begin, send } = stream()
  const cancelled: string[] = []
  const cancel = ({ batchId }: { batchId: string }) => {
    cancelled.push(batchId)
    return Promise.resolve({})
  }
  const api = { calls: { bulk: { cancel } } } as unknown as Api
  const done = useBulkJob.getState().follow('Deleting', begin)
  await send({ kind: 'started', batchId: 'batch', total: 1_000 })
  await send({ kind: 'progress', done: 250, total: 1_000 })
  expect(running()).toMatchObject({ done: 250, total: 1_000, isCancelling: false })
  useBulkJob.getState().cancel(api)
  expect(cancelled).toEqual(['batch'])
  await send({ kind: 'progress', done: 500, total: 1_000 })
  expect(running()).toMatchObject({ done: 500, isCancelling: true })
  await send({ kind: 'report', report })
  expect(await done).toBe(report)
  expect(running()).toBeNull()
})

test('an action that is interrupted after it began can still be undone; one that did not begin is an error', async () => {
  const { begin, send } = stream()
  const lost = new Error('The connection was lost')
  const done = useBulkJob.getState().follow('Deleting', begin)
  const caught = done.catch((error: unknown) => error)
  await send({ kind: 'started', batchId: 'batch', total: 1_000 })
  await send(lost)
  const error = await caught
  expect(error).toBeInstanceOf(BulkInterrupted)
  expect(error).toMatchObject({ batchId: 'batch', cause: lost })
  await expect(useBulkJob.getState().follow('Deleting', () => Promise.reject(lost))).rejects.toBe(lost)
  expect(running()).toBeNull()
})

test('a refused action keeps the progress of the running one', async () => {
  const { follow } = useBulkJob.getState()
  const end = Promise.withResolvers<void>()
  async function* first(): AsyncGenerator<BulkEvent> {
    yield { kind: 'started', batchId: 'first', total: 2 }
    yield { kind: 'progress', done: 1, total: 2 }
    await end.promise
  }
  const done = follow('Deleting', () => Promise.resolve(first()))
  await expect.poll(() => running()?.done).toBe(1)
  await expect(follow('Deleting', () => Promise.reject(new Error('Another action runs')))).rejects.toThrow('Another action runs')
  expect(running()).toMatchObject({ batchId: 'first', done: 1 })
  end.resolve()
  await expect(done).rejects.toThrow('interrupted')
  expect(running()).toBeNull()
})
