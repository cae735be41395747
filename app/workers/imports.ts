import type { MessagePort } from 'node:worker_threads'
import type { ImportMap, ImportReading } from '../../core/contract/imports.ts'
import type { ClientId, Id } from '../../core/id.ts'
import type { ImportJob, ImportSink } from '../import/import-chunk.ts'
import { inspectFile, type FilePreview } from '../import/inspect-csv.ts'
import { examineKey, type KeyExamination } from '../import/key-evidence.ts'
import { openImportFile } from '../import/open-import-file.ts'
import { readColumns, readSuggestedColumns, type ReadingContext } from '../import/read-columns.ts'
import { runImport } from '../import/run-import.ts'
import { fromFailure, type ThreadFailure } from '../threads.ts'
import { serve } from './serve.ts'

export type ImportThreadRequest =
  | {
      readonly do: 'inspect'
      readonly bytes: Uint8Array
      readonly fileName: string
      readonly importId: Id
      readonly clientId: ClientId
      readonly context: ReadingContext
      readonly reading: ImportReading
    }
  | {
      readonly do: 'columns'
      readonly bytes: Uint8Array
      readonly map: ImportMap
      readonly context: ReadingContext
      /** The map may lack what a call needs. */
      readonly isSuggested?: true
    }
  | { readonly do: 'run'; readonly job: ImportJob; readonly port: MessagePort }

/** The answer to `inspect`. */
export type Inspection = { readonly preview: FilePreview; readonly key: KeyExamination | null }

/** A method of the sink, called across the thread's border; `progress` has no answer. */
export type SinkCall = {
  [M in keyof ImportSink]: { readonly n: number; readonly method: M; readonly args: Parameters<ImportSink[M]> }
}[keyof ImportSink]
export type SinkReply =
  | { readonly n: number; readonly value: unknown }
  | { readonly n: number; readonly failure: ThreadFailure }
  | { readonly abort: true }

/** The sink of a run, whose every method is a message through `port`. */
function remoteSink(port: MessagePort, abort: AbortController): ImportSink {
  const waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>()
  let last = 0
  port.on('message', (reply: SinkReply) => {
    if ('abort' in reply) return abort.abort()
    const call = waiting.get(reply.n)
    waiting.delete(reply.n)
    if ('failure' in reply) call?.reject(fromFailure(reply.failure))
    else call?.resolve(reply.value as never)
  })
  const ask = <T>(call: (n: number) => SinkCall): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      const n = ++last
      waiting.set(n, { resolve, reject })
      port.postMessage(call(n))
    })
  return {
    apply: (chunk) => ask((n) => ({ n, method: 'apply', args: [chunk] })),
    finish: (summary) => ask((n) => ({ n, method: 'finish', args: [summary] })),
    progress: (done, total) => port.postMessage({ n: 0, method: 'progress', args: [done, total] } satisfies SinkCall),
  }
}

async function inspect(request: Extract<ImportThreadRequest, { do: 'inspect' }>): Promise<Inspection> {
  const { bytes, fileName, importId, clientId, context, reading } = request
  const file = await openImportFile(bytes, reading)
  const preview = await inspectFile(file, bytes, fileName, importId, context, reading)
  return { preview, key: await examineKey(file, preview.suggestedMap, preview.rowCount, { ...context, clientId }) }
}

serve(async (body) => {
  const request = body as ImportThreadRequest
  if (request.do === 'inspect') return inspect(request)
  if (request.do === 'columns') {
    const { bytes, map, context, isSuggested } = request
    const file = await openImportFile(bytes, map)
    return isSuggested === true ? readSuggestedColumns(file, map, context) : readColumns(file, map, context)
  }
  const abort = new AbortController()
  try {
    return await runImport(request.job, remoteSink(request.port, abort), abort.signal)
  } finally {
    request.port.close()
  }
})
