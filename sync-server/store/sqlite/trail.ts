import type { ClientId } from '../../../core/id.ts'
import { DATA_ACTIONS } from '../../../core/model/audit.ts'
import type { OrmConnection } from '../../../platform/sqlite/prepared.ts'
import { statementsOf, type BoundValue } from '../../../platform/sqlite/statements.ts'
import type { PlacedLine, TrailPage, TrailQuery, TrailReads } from '../store.ts'
import { HANDOVER_LINES, RARE_LINES } from './partial-indexes.ts'
import { lastLine } from './trail-lines.ts'

/*
 * Pages of the audit trail. The statements are text: each filter has its own, all name their index, which Drizzle cannot, and the lines are
 * read one after the other until the page is full.
 */

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
      WHERE h.client_id = :clientId AND h.record_id = :recordId AND h.owner <> :owner), 0),
    coalesce((SELECT max(h.line) FROM audit_logs AS h INDEXED BY audit_logs_handovers
      WHERE h.client_id = :clientId AND h.record_id = :recordId AND ${HANDOVER_LINES}), 0)) AS line`

type Values = Readonly<Record<string, BoundValue>>
type Plan = { readonly index: string; readonly condition: string }

/** Returns the index that leads to the fewest lines, with its condition; null if none fits and the trail is read in order. */
function planOf({ recordId, ownedBy, userId, table, actions = [] }: TrailQuery): Plan | null {
  if (recordId !== undefined) return { index: 'audit_logs_of_record', condition: 'a.record_id = :recordId' }
  if (ownedBy !== null) return { index: 'audit_logs_of_owner', condition: 'a.owner = :ownedBy' }
  const rareActions = actions.length > 0 && actions.every((action) => action === 'DELETE' || !isData(action))
  if (rareActions || (table !== undefined && table !== 'calls')) return { index: 'audit_logs_rare', condition: RARE_LINES }
  return userId === undefined ? null : { index: 'audit_logs_of_user', condition: 'a.user_id = :userId' }
}

function isData(action: string): boolean {
  return DATA_ACTIONS.some((each) => each === action)
}

/** The values that all conditions of a filter name. */
function valuesOf(clientId: ClientId, query: TrailQuery): Values {
  const { recordId, ownedBy, table, userId, actions, from, to } = query
  const values = { clientId, recordId, ownedBy, table, userId, actions: JSON.stringify(actions ?? []), from, to }
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value ?? null]))
}

/**
 * Returns the statement of a page with its values, for lines between `after` and `before`. The caller adds the value `most`. Exported for the
 * test of its plan.
 */
export function trailStatement(
  clientId: ClientId,
  query: TrailQuery,
  after: number,
  before: number,
): { readonly text: string; readonly values: Values } {
  const { ownedBy, table, userId, actions, from, to } = query
  const plan = planOf(query)
  const where = ['a.client_id = :clientId', 'a.line > :after', 'a.line < :before']
  if (plan !== null) where.push(plan.condition)
  if (ownedBy !== null) where.push('a.owner = :ownedBy', STILL_OWNED)
  if (table !== undefined) where.push('a.table_name = :table')
  if (userId !== undefined) where.push('a.user_id = :userId')
  if (actions !== undefined && actions.length > 0) where.push('a.action IN (SELECT value FROM json_each(:actions))')
  if (from !== undefined) where.push('a.created_at >= :from')
  if (to !== undefined) where.push('a.created_at < :to')
  const source = plan === null ? 'audit_logs AS a NOT INDEXED' : `audit_logs AS a INDEXED BY ${plan.index}`
  return {
    text: `SELECT ${LINE} FROM ${source} WHERE ${[...new Set(where)].join(' AND ')} ORDER BY a.line DESC LIMIT :most`,
    values: { ...valuesOf(clientId, query), after, before },
  }
}

/** Returns the first and the last line of a period. Times are those of devices, so the lines of a period are not adjacent. */
export const TRAIL_BOUNDS = `SELECT min(line) AS first, max(line) AS last FROM audit_logs INDEXED BY audit_logs_of_time
  WHERE client_id = :clientId AND created_at >= :from AND created_at < :to`

type Bounds = { readonly first: number | null; readonly last: number | null }

export function trailReads(db: OrmConnection): TrailReads {
  return { trail: async (clientId, query) => readTrail(db, clientId, query) }
}

function readTrail(db: OrmConnection, clientId: ClientId, query: TrailQuery): TrailPage {
  const { before, limit, bytes, from, to } = query
  const statements = statementsOf(db.sqlite)
  let first = 1
  let end = before ?? Number.MAX_SAFE_INTEGER
  if (from !== undefined || to !== undefined) {
    const period = { clientId, from: from ?? 0, to: to ?? Number.MAX_SAFE_INTEGER }
    const bounds = statements.one<Bounds>(TRAIL_BOUNDS, period) ?? { first: null, last: null }
    if (bounds.first === null || bounds.last === null) return { lines: [], next: null }
    first = bounds.first
    end = Math.min(end, bounds.last + 1)
  }
  if (end <= first) return { lines: [], next: null }
  const plan = planOf(query)
  const newest = plan === null ? Math.min(end, lastLine(db, clientId) + 1) : end
  const after = plan === null ? Math.max(first, newest - WALK_LINES) - 1 : windowOf(db, clientId, query, plan, first - 1, newest)
  const { text, values } = trailStatement(clientId, query, after, newest)
  const isTheirs = ownership(db, clientId, query.ownedBy)
  const lines: PlacedLine[] = []
  let size = 0
  for (const line of statements.iterate<PlacedLine>(text, { ...values, most: INDEXED_LINES + WALK_LINES })) {
    if (!isTheirs(line)) continue
    if (lines.length === limit || (lines.length > 0 && size > bytes)) return { lines, next: lines.at(-1)?.line ?? null }
    lines.push(line)
    size += (line.oldValues?.length ?? 0) + (line.newValues?.length ?? 0)
  }
  return { lines, next: after >= first ? after + 1 : null }
}

/** Returns the line at which a query by an index ends: `after`, or a later one if more lines are in between than one query reads. */
function windowOf(
  db: OrmConnection,
  clientId: ClientId,
  query: TrailQuery,
  { index, condition }: Plan,
  after: number,
  before: number,
): number {
  const text = `SELECT a.line FROM audit_logs AS a INDEXED BY ${index}
    WHERE a.client_id = :clientId AND ${condition} AND a.line > :after AND a.line < :before
    ORDER BY a.line DESC LIMIT 1 OFFSET ${INDEXED_LINES}`
  const values = { ...valuesOf(clientId, query), after, before }
  return statementsOf(db.sqlite).one<{ readonly line: number }>(text, values)?.line ?? after
}

/** Returns a function that decides whether a line still belongs to the owner who reads the trail. */
function ownership(db: OrmConnection, clientId: ClientId, owner: string | null): (line: PlacedLine) => boolean {
  if (owner === null) return () => true
  const lastForeign = new Map<string, number>()
  return ({ table, recordId, line }) => {
    if (table !== 'calls') return true
    let last = lastForeign.get(recordId)
    if (last === undefined) {
      last = statementsOf(db.sqlite).one<{ line: number }>(LAST_FOREIGN, { clientId, recordId, owner })?.line ?? 0
      lastForeign.set(recordId, last)
    }
    return line >= last
  }
}
