import type { MessagePort } from 'node:worker_threads'
import type { ImportMap, ImportReading } from '../../core/contract/imports.ts'
import type { ClientId, Id } from '../../core/id.ts'
import type { ImportJob, ImportSink } from '../import/import-chunk.ts'
import { inspectFile, type FilePreview } from '../import/inspect-csv.ts'
import { examineKey, type KeyExamination } from '../import/key-evidence.ts'
import { openImportFile } from '../import/open-import-file.ts'
import { readColumns, readSuggestedColumns, type ReadingContext } from '../import/read-columns.ts'
import { runImport } from '../import/run-import.ts'
import { OpenRequests, type Answer, type Request } from '../../platform/threads/requests.ts'
import { serve } from '../../platform/threads/serve.ts'
import { THREAD_ERRORS } from './thread-errors.ts'

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

/** A request of a run to its sink in the main thread. */
export type SinkRequest = {
  [M in Exclude<keyof ImportSink, 'progress'>]: { readonly method: M; readonly args: Parameters<ImportSink[M]> }
}[Exclude<keyof ImportSink, 'progress'>]

/** What a run sends through its port. Progress has no answer. */
export type SinkMessage = Request | { readonly progress: Parameters<ImportSink['progress']> }

/** What a run receives through its port. */
export type SinkAnswer = Answer | { readonly abort: true }

/** Returns the sink of a run, whose methods are messages through `port`. */
function remoteSink(port: MessagePort, abort: AbortController): ImportSink {
  const open = new OpenRequests(THREAD_ERRORS)
  port.on('message', (message: SinkAnswer) => {
    if ('abort' in message) abort.abort()
    else open.settle(message)
  })
  const post = (message: SinkMessage) => port.postMessage(message)
  const ask = <T>(request: SinkRequest) => open.send<T>(request, post)
  return {
    apply: (chunk) => ask({ method: 'apply', args: [chunk] }),
    finish: (summary) => ask({ method: 'finish', args: [summary] }),
    progress: (done, total) => post({ progress: [done, total] }),
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
