import { sql } from 'drizzle-orm'
import { AppError } from '../../core/errors.ts'
import { sentence } from '../../core/messages/sentence.ts'
import type { Translatable } from '../../core/messages/text.ts'
import type { CallId, ClientId, UserId } from '../../core/id.ts'
import { callBefore } from '../../core/metrics/call-before.ts'
import type { CountedCall } from '../../core/metrics/counted-call.ts'
import type { AuditEntry } from '../../core/model/audit.ts'
import type { ReadableDb } from '../open.ts'
import { manyRows, readRow, type Named } from '../prepared.ts'
import { auditLogs, calls } from '../schema.ts'

/** The fields of a call's audit line that are needed to undo it. */
export type ChangeLine = Pick<AuditEntry, 'id' | 'userId' | 'action' | 'oldValues' | 'createdAt'> & { readonly recordId: string }

/** A line with the call before and after it; null: there was none. */
export type UndoneChange = ChangeLine & { readonly before: CountedCall | null; readonly after: CountedCall | null }

/** Lines that are read at a time. */
const CHUNK = 2_000
/** The maximum number of undone lines. They take about two minutes. */
const MOST_LINES = 5_000_000
/** The maximum number of edited or deleted calls, because each is kept in memory. An imported call needs no memory. */
const MOST_EDITED = 400_000

const { rowid } = auditLogs
const isOfCalls = sql`${auditLogs.tableName} = 'calls' AND ${auditLogs.action} IN ('INSERT', 'UPDATE', 'DELETE')`

type Span = { readonly clientId: ClientId; readonly since: number; readonly first: number; readonly before: number }

const linesOfSpan = manyRows(
  {
    rowid,
    id: auditLogs.id,
    userId: auditLogs.userId,
    recordId: auditLogs.recordId,
    action: auditLogs.action,
    oldValues: auditLogs.oldValues,
    createdAt: auditLogs.createdAt,
  },
  ({ clientId, since, first, before }: Named<Span>) => sql`FROM ${auditLogs} NOT INDEXED
    WHERE ${rowid} < ${before} AND ${rowid} >= ${first} AND ${auditLogs.createdAt} >= ${since}
      AND ${auditLogs.clientId} = ${clientId} AND ${isOfCalls}
    ORDER BY ${rowid} DESC LIMIT ${CHUNK}`,
)

/**
 * Yields this device's lines about calls that were written at or after an instant, newest first, in the order of writing, because the
 * clock may have been set back.
 * @param since ms UTC
 */
export function* changesSince(db: ReadableDb, clientId: ClientId, since: number): Generator<readonly ChangeLine[]> {
  const first = readRow(
    db,
    { rowid: sql<number | null>`min(${rowid})` },
    sql`FROM ${auditLogs} INDEXED BY audit_logs_by_time WHERE ${auditLogs.createdAt} >= ${since}`,
  )?.rowid
  if (first === null || first === undefined) return
  for (let before = Number.MAX_SAFE_INTEGER; ;) {
    const lines = linesOfSpan(db, { clientId, since, first, before })
    yield lines.map((line) => ({
      ...line,
      oldValues: line.oldValues === null ? null : (JSON.parse(line.oldValues) as ChangeLine['oldValues']),
    }))
    const last = lines.at(-1)
    if (last === undefined || lines.length < CHUNK) return
    before = last.rowid
  }
}

const countedColumns = {
  userId: calls.userId,
  callType: calls.callType,
  status: calls.status,
  outcome: calls.outcome,
  lossReasonId: calls.lossReasonId,
  callDuration: calls.callDuration,
  scheduledAt: calls.scheduledAt,
  completedAt: calls.completedAt,
  createdAt: calls.createdAt,
}
const presentCalls = manyRows(
  { id: calls.id, ...countedColumns },
  ({ clientId, ids }: Named<{ clientId: ClientId; ids: string }>) => sql`FROM (SELECT value AS wanted FROM json_each(${ids}))
    CROSS JOIN ${calls} ON ${calls.id} = wanted WHERE ${calls.clientId} = ${clientId}`,
)

/** Returns the calls that exist, by id. */
function presentById(db: ReadableDb, clientId: ClientId, ids: ReadonlySet<string>): Map<string, CountedCall> {
  const found = presentCalls(db, { clientId, ids: JSON.stringify([...ids]) })
  return new Map(found.map(({ id, ...call }) => [id, call]))
}

function tooMany(rule: Translatable): AppError {
  return new AppError('INVALID', sentence('report.later-day', { rule: rule.text }), { issues: [{ path: 'knownAt', ...rule }] })
}

/** @throws AppError INVALID if there are more lines than a report of the past undoes. */
export function requireUndoable(lines: number, most = MOST_LINES): void {
  if (lines > most) throw tooMany(sentence('report.changes', { most }))
}

/**
 * Yields each change with the call before and after it, from the present state back. The effects of all changes add up to the difference
 * between the present calls and the calls at that time.
 *
 * A call that was edited or deleted is kept in memory, until the line of its creation. An import of a million calls needs none.
 * @param lines newest first; see `changesSince`
 * @throws AppError INVALID if too many calls changed.
 */
export function* undoneChanges(
  db: ReadableDb,
  clientId: ClientId,
  lines: Iterable<readonly ChangeLine[]>,
): Generator<UndoneChange> {
  const states = new Map<string, CountedCall | null>()
  const texts = new Map<string, string>()
  // One string per person and reason, not one per call, to save memory.
  const shared = <T extends string>(text: T): T => {
    const known = texts.get(text)
    if (known === undefined) texts.set(text, text)
    return (known ?? text) as T
  }
  let count = 0
  for (const chunk of lines) {
    requireUndoable((count += chunk.length))
    const unknown = new Set(chunk.map(({ recordId }) => recordId).filter((id) => !states.has(id)))
    const present = presentById(db, clientId, unknown)
    for (const line of chunk) {
      const { recordId, action } = line
      const held = states.get(recordId)
      // A deletion that is not the newest line of its call was followed by a restore, which was undone before it.
      const after = action === 'DELETE' ? null : held === undefined ? (present.get(recordId) ?? null) : held
      const before = callBefore(line, after)
      yield { ...line, before, after }
      if (action === 'INSERT') {
        states.delete(recordId)
        // An older deletion of a restored call does not read it again.
        present.delete(recordId)
        continue
      }
      states.set(
        recordId,
        before === null
          ? null
          : {
              ...before,
              userId: shared<UserId>(before.userId),
              lossReasonId: before.lossReasonId === null ? null : shared(before.lossReasonId),
            },
      )
      if (states.size > MOST_EDITED) throw tooMany(sentence('report.edited-calls', { most: MOST_EDITED }))
    }
  }
}

const namesOfCalls = manyRows(
  { id: calls.id, prospectName: calls.prospectName, userId: calls.userId },
  ({ clientId, ids }: Named<{ clientId: ClientId; ids: string }>) => sql`FROM (SELECT value AS wanted FROM json_each(${ids}))
    CROSS JOIN ${calls} ON ${calls.id} = wanted WHERE ${calls.clientId} = ${clientId}`,
)

/** Returns the prospect and the owner of the calls that exist, by id. */
export function namesById(db: ReadableDb, clientId: ClientId, ids: readonly string[]) {
  const found = namesOfCalls(db, { clientId, ids: JSON.stringify(ids) })
  return new Map(found.map(({ id, ...call }): [CallId, typeof call] => [id, call]))
}
