import type { MessagePort } from 'node:worker_threads'
import type { Id } from '../../core/id.ts'
import { openAnyReadable } from '../../db/open-unwritable.ts'
import { DraftFile } from '../../platform/files/draft-file.ts'
import { serve } from '../../platform/threads/serve.ts'
import { query, type Actor } from '../declaration/operation.ts'
import { explainExportFailure } from '../export/sheet-writer.ts'
import { writeCalls, type CallExport } from '../export/write-calls.ts'
import { checkAccess } from '../operations/run-operation.ts'

/** One export. It writes `draft` completely, or removes it. */
export type ExportThreadRequest = {
  readonly databasePath: string
  readonly draft: string
  /** The path for messages. */
  readonly path: string
  readonly actor: Actor
  readonly now: number
  readonly calls: CallExport
  readonly port: MessagePort
}

/** Null: the export was cancelled. */
export type ExportThreadResult = { readonly rows: number; readonly bytes: number } | null

/** The messages that an export sends through its port. */
export type ExportProgress = { readonly done: number; readonly total: number }

/** The messages that an export receives through its port. */
export type ExportAbort = { readonly abort: true }

/** The access that an export needs. The thread checks it again, in the state that it exports. */
const EXPORT = query({ access: 'export.run', reach: 'own', thread: 'report', run: () => null })

function noNewId(): Id {
  throw new Error('An export creates no record')
}

serve(async (body): Promise<ExportThreadResult> => {
  const { databasePath, draft, path, actor, now, calls, port } = body as ExportThreadRequest
  const abort = new AbortController()
  port.on('message', ({ abort: isAborted }: ExportAbort) => isAborted && abort.abort())
  const { db } = openAnyReadable(databasePath)
  // Mapped pages count as memory of this process, and an export reads the whole file.
  db.sqlite.pragma('mmap_size = 0')
  let file: DraftFile | undefined
  try {
    file = new DraftFile(draft)
    const context = { db, actor, now, newId: noNewId }
    const rows = await writeCalls(db, () => ({ role: 'viewer', ...context, ...checkAccess(EXPORT, context) }), calls, {
      write: file.write,
      onProgress: (done, total) => port.postMessage({ done, total } satisfies ExportProgress),
      signal: abort.signal,
    })
    if (rows === null) {
      file.discard()
      return null
    }
    file.complete()
    return { rows, bytes: file.bytes }
  } catch (error) {
    file?.discard()
    throw explainExportFailure(error, path)
  } finally {
    db.close()
    port.close()
  }
})
