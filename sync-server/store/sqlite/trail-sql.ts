import type { ClientId } from '../../../core/id.ts'
import { DATA_ACTIONS } from '../../../core/model/audit.ts'
import type { PlacedLine, TrailPage, TrailQuery } from '../store.ts'
import { HANDOVER_LINES, RARE_LINES } from './schema.ts'
import type { Statements } from '../../../platform/sqlite/statements.ts'

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
 * The number of lines that one query reads through an index. They are scattered in the file and their values are long, so each costs more
 * than a line that is read in order.
 */
const INDEXED_LINES = 250

/** The condition that the owner of the line still has the call, or had it when it was deleted. */
const STILL_OWNED = `(a.table_name <> 'calls' OR a.owner = coalesce(
    (SELECT c.user_id FROM calls AS c WHERE c.client_id = a.client_id AND c.id = a.record_id), a.owner))`

/**
 * The last line of a call's trail in which another person had the call, or the owner changed. Lines before it are not the owner's. The
 * server's order decides, not clocks: a former owner's edit may have a later time than the handover (S14). The query reads only indexes,
 * once per call of a page; once per line, the work would grow with the square of the trail's length. Exported for the test of its plan.
 */
export const LAST_FOREIGN = `SELECT max(
    coalesce((SELECT max(h.line) FROM audit_logs AS h INDEXED BY audit_logs_of_record
      WHERE h.client_id = ? AND h.record_id = ? AND h.owner <> ?), 0),
    coalesce((SELECT max(h.line) FROM audit_logs AS h INDEXED BY audit_logs_handovers
      WHERE h.client_id = ? AND h.record_id = ? AND ${HANDOVER_LINES}), 0)) AS line`

type Bound = string | number
type Plan = { readonly index: string; readonly where: readonly string[]; readonly values: readonly Bound[] }

/** Returns the index that leads to the fewest lines, with its condition; null if none fits and the trail is read in order. */
function planOf({ recordId, ownedBy, userId, table, actions = [] }: TrailQuery): Plan | null {
  if (recordId !== undefined) return { index: 'audit_logs_of_record', where: ['a.record_id = ?'], values: [recordId] }
  if (ownedBy !== null) return { index: 'audit_logs_of_owner', where: ['a.owner = ?'], values: [ownedBy] }
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
  clientId: ClientId,
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
  if (ownedBy !== null && plan?.index !== 'audit_logs_of_owner') require('a.owner = ?', ownedBy)
  if (ownedBy !== null) require(STILL_OWNED)
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

export function readTrail(sql: Statements, clientId: ClientId, query: TrailQuery): TrailPage {
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
  const plan = planOf(query)
  const newest = plan === null ? Math.min(end, lastLine(sql, clientId) + 1) : end
  const after = plan === null ? Math.max(first, newest - WALK_LINES) - 1 : windowOf(sql, clientId, plan, first - 1, newest)
  const { sql: text, values } = trailStatement(clientId, query, after, newest)
  const isTheirs = ownership(sql, clientId, query.ownedBy)
  const lines: PlacedLine[] = []
  let size = 0
  for (const line of sql.iterate<PlacedLine>(text, ...values, INDEXED_LINES + WALK_LINES)) {
    if (!isTheirs(line)) continue
    if (lines.length === limit || (lines.length > 0 && size > bytes)) return { lines, next: lines.at(-1)?.line ?? null }
    lines.push(line)
    size += (line.oldValues?.length ?? 0) + (line.newValues?.length ?? 0)
  }
  return { lines, next: after >= first ? after + 1 : null }
}

/** Returns the line at which a query by an index ends: `after`, or a later one if more lines are in between than one query reads. */
function windowOf(sql: Statements, clientId: ClientId, { index, where, values }: Plan, after: number, before: number): number {
  const found = sql.one(
    `SELECT a.line FROM audit_logs AS a INDEXED BY ${index}
     WHERE ${['a.client_id = ?', ...where, 'a.line > ?', 'a.line < ?'].join(' AND ')} ORDER BY a.line DESC LIMIT 1 OFFSET ?`,
    clientId,
    ...values,
    after,
    before,
    INDEXED_LINES,
  ) as { readonly line: number } | undefined
  return found?.line ?? after
}

/** Returns a function that decides whether a line still belongs to the owner who reads the trail. */
function ownership(sql: Statements, clientId: ClientId, ownedBy: string | null): (line: PlacedLine) => boolean {
  if (ownedBy === null) return () => true
  const lastForeign = new Map<string, number>()
  return ({ table, recordId, line }) => {
    if (table !== 'calls') return true
    let last = lastForeign.get(recordId)
    if (last === undefined) {
      const found = sql.one(LAST_FOREIGN, clientId, recordId, ownedBy, clientId, recordId) as { readonly line: number }
      lastForeign.set(recordId, (last = found.line))
    }
    return line >= last
  }
}

export function lastLine(sql: Statements, clientId: ClientId): number {
  const { last } = sql.one('SELECT coalesce(max(line), 0) AS last FROM audit_logs WHERE client_id = ?', clientId) as {
    last: number
  }
  return last
}
