import { beforeEach, expect, test } from 'vitest'
import type { Api } from '../../../core/contract/contract.ts'
import type { ExportedFile, ExportEvent } from '../../../core/contract/exports.ts'
import { useExportJob, type ExportRequest } from './export-job.ts'

const REQUEST: ExportRequest = { filter: {}, sort: { by: 'eventAt', direction: 'desc' }, format: 'csv', style: 'safe' }
const FILE: ExportedFile = { fileName: 'calls.csv', rows: 2, bytes: 10, download: '/download/x' }

function apiOf(events: (signal: AbortSignal) => AsyncGenerator<ExportEvent>): Api {
  const calls = async (_request: ExportRequest, { signal }: { readonly signal: AbortSignal }) => events(signal)
  return { exports: { calls } } as unknown as Api
}

beforeEach(() => useExportJob.setState({ running: null, abort: null }))

test('an export shows its progress and ends with its file', async () => {
  const seen: unknown[] = []
  const api = apiOf(async function* () {
    yield { kind: 'progress', done: 1, total: 2 }
    seen.push(useExportJob.getState().running)
    yield { kind: 'done', file: FILE }
  })
  expect(await useExportJob.getState().run(api, REQUEST)).toEqual(FILE)
  expect(seen).toEqual([{ done: 1, total: 2, isCancelling: false }])
  expect(useExportJob.getState().running).toBeNull()
})

test('a cancelled export has no file and no error', async () => {
  const api = apiOf(async function* (signal) {
    yield { kind: 'progress', done: 1, total: 2 }
    useExportJob.getState().cancel()
    expect(useExportJob.getState().running?.isCancelling).toBe(true)
    signal.throwIfAborted()
  })
  expect(await useExportJob.getState().run(api, REQUEST)).toBeNull()
  expect(useExportJob.getState().running).toBeNull()
})

test('while an export runs, another one does not start', async () => {
  let release = () => {}
  const waiting = new Promise<void>((resolve) => (release = resolve))
  const api = apiOf(async function* () {
    await waiting
    yield { kind: 'done', file: FILE }
  })
  const first = useExportJob.getState().run(api, REQUEST)
  expect(await useExportJob.getState().run(api, REQUEST)).toBeNull()
  expect(useExportJob.getState().running).not.toBeNull()
  release()
  expect(await first).toEqual(FILE)
})

test('a failure is thrown, and the next export can start', async () => {
  const failing = apiOf(async function* () {
    yield { kind: 'progress', done: 1, total: 2 }
    throw new Error('The disk is full')
  })
  await expect(useExportJob.getState().run(failing, REQUEST)).rejects.toThrow('The disk is full')
  expect(useExportJob.getState().running).toBeNull()
})
