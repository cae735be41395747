import { create } from 'zustand'
import type { CallFilter, CallSort } from '../../../core/contract/calls.ts'
import type { Api } from '../../../core/contract/contract.ts'
import type { CsvStyle, ExportedFile, ExportFormat } from '../../../core/contract/exports.ts'

/** The list as it is on the screen, and the file's format. */
export type ExportRequest = {
  readonly filter: CallFilter
  readonly sort: CallSort
  readonly format: ExportFormat
  readonly style: CsvStyle
}

type Running = { readonly done: number; readonly total: number; readonly isCancelling: boolean }

type ExportJob = {
  readonly running: Running | null
  readonly abort: AbortController | null
  /**
   * Writes the file. The state is outside the list, so that another screen can be opened meanwhile.
   * Resolves to null if the person cancelled, or if another export runs.
   */
  run: (api: Api, request: ExportRequest) => Promise<ExportedFile | null>
  cancel: () => void
}

export const useExportJob = create<ExportJob>((set, get) => ({
  running: null,
  abort: null,

  async run(api, request) {
    if (get().running !== null) return null
    const abort = new AbortController()
    set({ abort, running: { done: 0, total: 0, isCancelling: false } })
    try {
      for await (const event of await api.exports.calls(request, { signal: abort.signal })) {
        if (event.kind === 'done') return event.file
        const { done, total } = event
        set({ running: { done, total, isCancelling: abort.signal.aborted } })
      }
      if (abort.signal.aborted) return null
      throw new Error('The export ended without a file')
    } catch (error) {
      if (abort.signal.aborted) return null
      throw error
    } finally {
      set({ running: null, abort: null })
    }
  },

  cancel() {
    const { running, abort } = get()
    if (running === null || abort === null) return
    set({ running: { ...running, isCancelling: true } })
    abort.abort()
  },
}))
