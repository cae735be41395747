import { DATA_ACTIONS } from '../../../core/model/audit.ts'
import type { PlacedLine, TrailPage, TrailQuery } from '../store.ts'
import { RARE_LINES } from './schema.ts'
import type { Statements } from './statements.ts'

/**
 * The most lines that one query reads if no index fits the filter. The answer has the lines that it found and a cursor for the next page.
 * A rare line in a long trail then costs several short queries, and requests of other clients run in between.
 */
const WALK_LINES = 20_000

/** The most characters of a line's old or new values. A row with every text at its full length has fewer. */
const MAX_VALUES = 200_000
const boundedValues = (column: string) =>
  `CASE WHEN length(${column}) > ${MAX_VALUES} THEN json_object('characters', length(${column})) ELSE ${column} END`

const LINE = `a.line, a.id, a.user_id AS userId, a.table_name AS "table", a.record_id AS recordId, a.action,
  ${boundedValues('a.old_values')} AS oldValues, ${boundedValues('a.new_values')} AS newValues, a.ip_address AS ipAddress, a.user_agent AS userAgent, a.created_at AS createdAt`

/**
 * Selects the lines of a call since it last became its owner's, in the server's order. By clocks a former owner's edit may appear later
 * than the change of owner (S14).
 */
const STILL_OWNED = `NOT EXISTS (
    SELECT 1 FROM audit_logs AS h INDEXED BY audit_logs_of_record
    WHERE h.client_id = a.client_id AND h.record_id = a.record_id AND h.line > a.line AND h.table_name = 'calls'
      AND (h.owner <> a.owner OR (h.action = 'UPDATE' AND h.new_values ->> '$.user_id' IS NOT NULL)))
  AND (a.table_name <> 'calls' OR a.owner = coalesce(
    (SELECT c.user_id FROM calls AS c WHERE c.client_id = a.client_id AND c.id = a.record_id), a.owner))`

type Bound = string | number
type Plan = { readonly index: string; readonly where: readonly string[]; readonly values: readonly Bound[] }

/** Returns the index that leads to the fewest lines, with its condition; null if none fits and the trail is read in order. */
function planOf({ recordId, ownedBy, userId, table, actions = [] }: TrailQuery): Plan | null {
  if (recordId !== undefined) return { index: 'audit_logs_of_record', where: ['a.record_id = ?'], values: [recordId] }
  if (ownedBy !== null) return { index: 'audit_logs_of_owner', where: [], values: [] }
  const rareActions = actions.length > 0 && actions.every((action) => action === 'DELETE' || !isData(action))
  if (rareActions || (table !== undefined && table !== 'calls'))
    return { index: 'audit_logs_rare', where: [RARE_LINES], values: [] }
  return userId === undefined ? null : { index: 'audit_logs_of_user', where: ['a.user_id = ?'], values: [userId] }
}

function isData(action: string): boolean {
  return DATA_ACTIONS.some((each) => each === action)
}

/** Returns the statement of a page with its values, for lines between `after` and `before`. Exported for the test of its plan. */
export function trailStatement(
  clientId: string,
  query: TrailQuery,
  after: number,
  before: number,
): { readonly sql: string; readonly values: readonly Bound[] } {
  const { ownedBy, table, userId, actions, from, to } = query
  const plan = planOf(query)
  const where = ['a.client_id = ?', ...(plan?.where ?? []), 'a.line > ?', 'a.line < ?']
  const values: Bound[] = [clientId, ...(plan?.values ?? []), after, before]
  const require = (condition: string, ...used: readonly Bound[]) => {
    where.push(condition)
    values.push(...used)
  }
  if (ownedBy !== null) require(`a.owner = ? AND ${STILL_OWNED}`, ownedBy)
  if (table !== undefined) require('a.table_name = ?', table)
  if (userId !== undefined && plan?.index !== 'audit_logs_of_user') require('a.user_id = ?', userId)
  if (actions !== undefined && actions.length > 0)
    require('a.action IN (SELECT value FROM json_each(?))', JSON.stringify(actions))
  if (from !== undefined) require('a.created_at >= ?', from)
  if (to !== undefined) require('a.created_at < ?', to)
  const source = plan === null ? 'audit_logs AS a NOT INDEXED' : `audit_logs AS a INDEXED BY ${plan.index}`
  return { sql: `SELECT ${LINE} FROM ${source} WHERE ${where.join(' AND ')} ORDER BY a.line DESC LIMIT ?`, values }
}

/** Returns the first and the last line of a period. Times are those of devices, so the lines of a period are not adjacent. */
export const TRAIL_BOUNDS = `SELECT min(line) AS first, max(line) AS last FROM audit_logs INDEXED BY audit_logs_of_time
  WHERE client_id = ? AND created_at >= ? AND created_at < ?`

export function readTrail(sql: Statements, clientId: string, query: TrailQuery): TrailPage {
  const { before, limit, bytes, from, to } = query
  let first = 1
  let end = before ?? Number.MAX_SAFE_INTEGER
  if (from !== undefined || to !== undefined) {
    const bounds = sql.one(TRAIL_BOUNDS, clientId, from ?? 0, to ?? Number.MAX_SAFE_INTEGER) as {
      readonly first: number | null
      readonly last: number | null
    }
    if (bounds.first === null || bounds.last === null) return { lines: [], next: null }
    first = bounds.first
    end = Math.min(end, bounds.last + 1)
  }
  if (end <= first) return { lines: [], next: null }
  const isWalk = planOf(query) === null
  const newest = isWalk ? Math.min(end, lastLine(sql, clientId) + 1) : end
  const after = isWalk ? Math.max(first, newest - WALK_LINES) - 1 : first - 1
  const { sql: text, values } = trailStatement(clientId, query, after, newest)
  const lines: PlacedLine[] = []
  let size = 0
  for (const line of sql.iterate<PlacedLine>(text, ...values, limit + 1)) {
    if (lines.length === limit || (lines.length > 0 && size > bytes)) return { lines, next: lines.at(-1)?.line ?? null }
    lines.push(line)
    size += (line.oldValues?.length ?? 0) + (line.newValues?.length ?? 0)
  }
  return { lines, next: isWalk && after >= first ? after + 1 : null }
}

export function lastLine(sql: Statements, clientId: string): number {
  const { last } = sql.one('SELECT coalesce(max(line), 0) AS last FROM audit_logs WHERE client_id = ?', clientId) as {
    last: number
  }
  return last
}
