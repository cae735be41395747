import { create } from 'zustand'
import type { BulkEvent, BulkReport } from '../../../core/contract/bulk.ts'
import type { Api } from '../../../core/contract/contract.ts'
import type { Id } from '../../../core/id.ts'

export type Running = {
  readonly verb: string
  readonly batchId: Id | null
  readonly done: number
  readonly total: number
  readonly isCancelling: boolean
}

type BulkJob = {
  readonly running: Running | null
  /**
   * Runs a bulk action until its report. The state is outside the list, so that another screen can be opened meanwhile.
   * @throws BulkInterrupted if the stream ended early after it began.
   */
  follow: (verb: string, begin: () => Promise<AsyncIterable<BulkEvent>>) => Promise<BulkReport>
  cancel: (api: Api) => void
}

/** The connection was lost during a bulk action. Finished changes are kept and can be undone. */
export class BulkInterrupted extends Error {
  override readonly name = 'BulkInterrupted'
  readonly batchId: Id

  constructor(batchId: Id, cause: unknown) {
    super('The bulk action was interrupted', { cause })
    this.batchId = batchId
  }
}

export const useBulkJob = create<BulkJob>((set, get) => ({
  running: null,

  async follow(verb, begin) {
    let running: Running = { verb, batchId: null, done: 0, total: 0, isCancelling: false }
    const show = (part: Partial<Running>) => {
      const isCancelling = get().running?.isCancelling === true
      running = { ...running, ...part, isCancelling }
      set({ running })
    }
    try {
      for await (const event of await begin()) {
        if (event.kind === 'started') show({ batchId: event.batchId, total: event.total })
        else if (event.kind === 'progress') show({ done: event.done, total: event.total })
        else return event.report
      }
      throw new Error('The action ended without a report')
    } catch (error) {
      throw running.batchId === null ? error : new BulkInterrupted(running.batchId, error)
    } finally {
      // An action that is refused because another one runs must not change the state of that one.
      if (running.batchId !== null) set({ running: null })
    }
  },

  cancel(api) {
    const { running } = get()
    if (running === null || running.batchId === null) return
    set({ running: { ...running, isCancelling: true } })
    // If the cancellation fails, the action continues, and the button can be pressed again.
    void api.calls.bulk.cancel({ batchId: running.batchId }).catch(() => {
      const now = get().running
      if (now !== null) set({ running: { ...now, isCancelling: false } })
    })
  },
}))
