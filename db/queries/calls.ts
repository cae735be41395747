import type { CallFilter, CallPage, CallPageRequest } from '../../core/contract/calls.ts'
import { must } from '../../core/assert.ts'
import type { Id } from '../../core/id.ts'
import type { Call } from '../../core/model/call.ts'
import { decodeCursor, encodeCursor } from '../cursor.ts'
import type { ReadableDb } from '../open.ts'
import { row, rows, type SqlValue } from '../statements.ts'
import { deletedRow } from './audit.ts'

const CALL = `id, client_id AS clientId, user_id AS userId, prospect_name AS prospectName, prospect_email AS prospectEmail,
  prospect_phone AS prospectPhone, call_type AS callType, status, outcome, loss_reason_id AS lossReasonId, notes,
  call_duration AS callDuration, scheduled_at AS scheduledAt, completed_at AS completedAt, event_at AS eventAt,
  created_at AS createdAt, updated_at AS updatedAt`

export function getCall(db: ReadableDb, clientId: Id, id: Id): Call | undefined {
  return row<Call>(db, `SELECT ${CALL} FROM calls WHERE id = ? AND client_id = ?`, id, clientId)
}

/** Whose a deleted call was; undefined where no such call was deleted. */
export function deletedCallOwner(db: ReadableDb, clientId: Id, id: Id): Id | undefined {
  const owner = deletedRow(db, clientId, 'calls', id)?.['user_id']
  return typeof owner === 'string' ? owner : undefined
}

type Condition = { readonly text: string; readonly values: readonly SqlValue[] }

/** The words of `text` as an FTS5 query in which each is the beginning of a word; null where it holds no word. */
export function textQuery(text: string): string | null {
  const words = text.match(/[\p{L}\p{N}\p{M}\p{Co}]+/gu)
  return words === null ? null : words.map((word) => `"${word}"*`).join(' AND ')
}

function conditions(clientId: Id, filter: CallFilter, restrictUserId: Id | null): Condition[] {
  const found: Condition[] = [{ text: 'client_id = ?', values: [clientId] }]
  const require = (text: string, ...values: readonly SqlValue[]) => void found.push({ text, values })
  const among = (column: string, list: readonly string[] | undefined) => {
    if (list !== undefined && list.length > 0) require(`${column} IN (SELECT value FROM json_each(?))`, JSON.stringify(list))
  }
  if (restrictUserId !== null) require('user_id = ?', restrictUserId)
  if (filter.from !== undefined) require('event_at >= ?', filter.from)
  if (filter.to !== undefined) require('event_at < ?', filter.to)
  among('user_id', filter.userIds)
  among('call_type', filter.callTypes)
  among('status', filter.statuses)
  among('outcome', filter.outcomes)
  const reasons = filter.lossReasonIds
  if (reasons !== undefined && reasons.length > 0) {
    const named = reasons.filter((id) => id !== null)
    const none = named.length < reasons.length ? `loss_reason_id IS NULL OR ` : ''
    require(`outcome = 'lost' AND (${none}loss_reason_id IN (SELECT value FROM json_each(?)))`, JSON.stringify(named))
  }
  const query = filter.text === undefined ? null : textQuery(filter.text)
  if (query !== null) require('rowid IN (SELECT rowid FROM calls_text WHERE calls_text MATCH ?)', query)
  return found
}

const SORTS = { eventAt: 'event_at', prospectName: 'prospect_name', callDuration: 'call_duration' } as const

/** One page of the calls that pass the filter. `restrictUserId`: only that user's own. */
export function listCalls(db: ReadableDb, clientId: Id, request: CallPageRequest, restrictUserId: Id | null): CallPage {
  const { by, direction } = request.sort
  const list = `calls.${by}.${direction}`
  const column = SORTS[by]
  const collation = by === 'prospectName' ? ' COLLATE NOCASE' : ''
  const found = conditions(clientId, request.filter, restrictUserId)
  if (request.after !== null) {
    const [key = null, rowid = null] = decodeCursor(list, request.after, [['string', 'number', 'null'], ['number']])
    const beyond = direction === 'asc' ? '>' : '<'
    if (key === null) found.push({ text: `${column} IS NULL AND rowid ${beyond} ?`, values: [rowid] })
    else
      found.push({
        text: `(${column}${collation} ${beyond} ? OR (${column}${collation} = ? AND rowid ${beyond} ?)${by === 'callDuration' ? ' OR call_duration IS NULL' : ''})`,
        values: [key, key, rowid],
      })
  }
  const page = rows<Call & { rowid: number }>(
    db,
    `SELECT rowid, ${CALL} FROM calls WHERE ${found.map(({ text }) => text).join(' AND ')}
     ORDER BY ${column}${collation} ${direction} NULLS LAST, rowid ${direction} LIMIT ? OFFSET ?`,
    ...found.flatMap(({ values }) => values),
    request.limit + 1,
    request.skip,
  )
  const shown = page.slice(0, request.limit)
  const last = shown.at(-1)
  const next = page.length > request.limit && last !== undefined ? encodeCursor(list, [last[by], last.rowid]) : null
  return { rows: shown.map(({ rowid: _rowid, ...call }) => call), next }
}

/** How many calls pass the filter. */
export function countCalls(db: ReadableDb, clientId: Id, filter: CallFilter, restrictUserId: Id | null): number {
  const found = conditions(clientId, filter, restrictUserId)
  const counted = row<{ total: number }>(
    db,
    `SELECT count(*) AS total FROM calls WHERE ${found.map(({ text }) => text).join(' AND ')}`,
    ...found.flatMap(({ values }) => values),
  )
  return must(counted, 'An aggregate has one row').total
}
