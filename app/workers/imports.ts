import type { MessagePort } from 'node:worker_threads'
import type { ImportMap, ImportReading } from '../../core/contract/imports.ts'
import type { Id } from '../../core/id.ts'
import type { ImportJob, ImportSink } from '../import/import-chunk.ts'
import { inspectCsv } from '../import/inspect-csv.ts'
import { openImportFile } from '../import/open-import-file.ts'
import { readColumns, type ReadingContext } from '../import/read-columns.ts'
import { runImport } from '../import/run-import.ts'
import { fromFailure, type ThreadFailure } from '../threads.ts'
import { serve } from './serve.ts'

export type ImportThreadRequest =
  | {
      readonly do: 'inspect'
      readonly bytes: Uint8Array
      readonly fileName: string
      readonly importId: Id
      readonly context: ReadingContext
      readonly reading: ImportReading
    }
  | { readonly do: 'columns'; readonly bytes: Uint8Array; readonly map: ImportMap; readonly context: ReadingContext }
  | { readonly do: 'run'; readonly job: ImportJob; readonly port: MessagePort }

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

serve(async (body) => {
  const request = body as ImportThreadRequest
  if (request.do === 'inspect') {
    const { bytes, fileName, importId, context, reading } = request
    return inspectCsv(bytes, fileName, importId, context, reading)
  }
  if (request.do === 'columns') return readColumns(await openImportFile(request.bytes, request.map), request.map, request.context)
  const abort = new AbortController()
  try {
    return await runImport(request.job, remoteSink(request.port, abort), abort.signal)
  } finally {
    request.port.close()
  }
})
