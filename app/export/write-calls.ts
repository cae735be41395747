import { setImmediate as nextTurn } from 'node:timers/promises'
import type { CallFilter, CallSort } from '../../core/contract/calls.ts'
import type { ExportChoice } from '../../core/contract/exports.ts'
import type { ReadableDb } from '../../db/open.ts'
import { countAllCalls } from '../../db/queries/call-count.ts'
import { exportedCalls } from '../../db/queries/exported-calls.ts'
import { listLossReasons } from '../../db/queries/loss-reasons.ts'
import { getSettings } from '../../db/queries/settings.ts'
import { listUserNames } from '../../db/queries/users.ts'
import { asyncTransaction } from '../../platform/sqlite/transaction.ts'
import type { ByteSink } from '../../platform/sheets/sheet.ts'
import { requireReach, type MemberContext } from '../declaration/operation.ts'
import { restriction } from '../operations/calls.ts'
import { callColumns, CALLS_TITLE } from './call-sheet.ts'
import { openSheetWriter } from './sheet-writer.ts'

/** The list that is exported, and the file's format. */
export type CallExport = Pick<ExportChoice, 'format' | 'style'> & { readonly filter: CallFilter; readonly sort: CallSort }

type Options = {
  readonly write: ByteSink
  readonly onProgress: (done: number, total: number) => void
  readonly signal: AbortSignal
}

/**
 * Writes the calls of a list, all from one state of the database. The read transaction ends with the last row and does not block writers.
 * Then the write-ahead log can be checkpointed; a slow download later does not delay it.
 * Returns the number of calls; null if the signal aborted.
 * @param contextOf reads the actor's role in the transaction. @throws AppError FORBIDDEN
 */
export function writeCalls(
  db: ReadableDb,
  contextOf: () => MemberContext<ReadableDb>,
  job: CallExport,
  { write, onProgress, signal }: Options,
): Promise<number | null> {
  return asyncTransaction(db.sqlite, 'DEFERRED', async () => {
    const context = contextOf()
    const { clientId, userId } = context.actor
    const restrictUserId = requireReach(context, 'export.run') === 'all' ? restriction(context) : userId
    const { time_zone: timeZone } = getSettings(db, clientId)
    const names = new Map([...listUserNames(db, clientId), ...listLossReasons(db, clientId)].map(({ id, name }) => [id, name]))
    const total = countAllCalls(db, clientId, job.filter, restrictUserId)
    const columns = callColumns(timeZone, job.format === 'csv' ? job.style : 'safe')
    const writer = openSheetWriter(job, timeZone, write)
    writer.beginSheet(CALLS_TITLE, columns)
    let done = 0
    onProgress(done, total)
    for (const calls of exportedCalls(db, clientId, job, restrictUserId)) {
      for (const call of calls) writer.addRow(columns.map(({ cellOf }) => cellOf(call, names)))
      done += calls.length
      onProgress(done, total)
      // Receives the messages of this thread, such as a cancellation, between two pages.
      await nextTurn()
      if (signal.aborted) return null
    }
    writer.end()
    return done
  })
}
