import { create } from 'zustand'
import type { Api } from '../../../core/contract/contract.ts'
import {
  importReadingSchema,
  type ImportMap,
  type ImportPreview,
  type ImportReading,
  type ImportReport,
} from '../../../core/contract/imports.ts'

type Step =
  | { readonly kind: 'choose' }
  | { readonly kind: 'inspecting'; readonly fileName: string }
  /** `reading`: how the file is being read again; null: it is not being read. The editor stays on the screen meanwhile. */
  | { readonly kind: 'map'; readonly reading: ImportReading | null }
  | {
      readonly kind: 'running'
      readonly dryRun: boolean
      readonly done: number
      readonly total: number
      readonly cancelling: boolean
    }
  | { readonly kind: 'report'; readonly report: ImportReport }

type ImportJob = {
  readonly step: Step
  readonly preview: ImportPreview | null
  readonly map: ImportMap | null
  readonly error: unknown
  readonly running: AbortController | null
  /** `may`: the records that the person's role allows the import to create. */
  inspect: (api: Api, file: File, may: Pick<ImportMap, 'createAgents' | 'createLossReasons'>) => Promise<void>
  setMap: (map: ImportMap) => void
  /** Uses a saved mapping, and reads the file again if the mapping reads it in another way. Resolves to whether it is used. */
  applySaved: (api: Api, saved: ImportMap) => Promise<boolean>
  /**
   * Reads the file again in another way. The mapping is suggested again, because the columns may be different. Resolves to whether the
   * screen shows the result: not if reading fails or a later choice replaces this one.
   */
  reread: (api: Api, reading: ImportReading) => Promise<boolean>
  /** `overwrite`: whether existing calls are changed; it has no effect in a dry run. */
  run: (api: Api, dryRun: boolean, overwrite?: boolean) => Promise<void>
  cancel: () => void
  backToMap: () => void
  reset: () => void
}

const START = { step: { kind: 'choose' }, preview: null, map: null, error: undefined, running: null } as const

const MAP = { kind: 'map', reading: null } as const

/** Settles after the last reading. The application stores the file as it was read last, so readings run one after the other. */
let lastReading: Promise<unknown> = Promise.resolve()

/** The import and its mapping. The state is outside the screen, so that it survives opening another screen. */
export const useImportJob = create<ImportJob>((set, get) => ({
  ...START,

  async inspect(api, file, may) {
    set({ ...START, step: { kind: 'inspecting', fileName: file.name } })
    try {
      const preview = await api.imports.inspect({ file })
      const { createAgents, createLossReasons, ...map } = preview.suggestedMap
      set({
        step: MAP,
        preview,
        map: {
          ...map,
          createAgents: createAgents && may.createAgents,
          createLossReasons: createLossReasons && may.createLossReasons,
        },
      })
    } catch (error) {
      set({ ...START, error })
    }
  },

  setMap: (map) => set({ map }),

  async applySaved(api, saved) {
    const { map } = get()
    if (map === null) return false
    const reading = importReadingSchema.parse(saved)
    const isReadSo = JSON.stringify(importReadingSchema.parse(map)) === JSON.stringify(reading)
    if (!isReadSo && !(await get().reread(api, reading))) return false
    set({ map: saved })
    return true
  },

  async reread(api, reading) {
    const { preview, step } = get()
    if (preview === null || step.kind !== 'map') return false
    const own: ImportReading = { ...reading }
    set({ step: { kind: 'map', reading: own }, error: undefined })
    const isLatest = () => {
      const { step: now } = get()
      return now.kind === 'map' && now.reading === own
    }
    const read = lastReading.then(() => (isLatest() ? api.imports.reread({ importId: preview.importId, reading: own }) : null))
    lastReading = read.catch(() => {})
    try {
      const next = await read
      const { map } = get()
      if (next === null || map === null || !isLatest()) return false
      const { createAgents, createLossReasons, timeZone } = map
      set({
        step: MAP,
        preview: next,
        map: { ...next.suggestedMap, createAgents, createLossReasons, ...(timeZone === undefined ? {} : { timeZone }) },
      })
      return true
    } catch (error) {
      if (isLatest()) set({ step: MAP, error })
      return false
    }
  },

  async run(api, dryRun, overwrite = false) {
    const { preview, map, running, step: now } = get()
    if (preview === null || map === null || running !== null || (now.kind === 'map' && now.reading !== null)) return
    const abort = new AbortController()
    const step = { kind: 'running', dryRun, cancelling: false, total: preview.rowCount } as const
    set({ step: { ...step, done: 0 }, error: undefined, running: abort })
    const mine = () => get().running === abort
    let report: ImportReport | undefined
    try {
      for await (const event of await api.imports.run(
        { importId: preview.importId, map, dryRun, overwrite },
        { signal: abort.signal },
      )) {
        if (event.kind === 'report') report = event.report
        else if (mine()) set({ step: { ...step, done: event.done, total: event.total, cancelling: abort.signal.aborted } })
      }
      if (mine()) set({ running: null, step: report === undefined ? MAP : { kind: 'report', report } })
    } catch (error) {
      if (mine()) set({ running: null, step: MAP, error: abort.signal.aborted ? new ImportCancelled() : error })
    }
  },

  cancel() {
    const { step, running } = get()
    if (step.kind === 'running') set({ step: { ...step, cancelling: true } })
    running?.abort()
  },

  backToMap: () => set({ step: MAP, error: undefined }),

  reset() {
    get().running?.abort()
    set(START)
  },
}))

/** The import was cancelled. Rows that were written are kept. */
export class ImportCancelled extends Error {
  override readonly name = 'ImportCancelled'
}
