import type { ClientId } from '../../core/id.ts'
import { toColumnar, type Columnar } from '../../core/sync/columnar.ts'
import { SyncError } from '../../core/sync/errors.ts'
import { LIMITS, auditQuerySchema, type AuditPage } from '../../core/sync/protocol.ts'
import { personInRowId } from '../../core/sync/row-person.ts'
import { AUDIT_COLUMNS, isPersonal, isSyncTable, type Scalar } from '../../core/sync/tables.ts'
import { shownTrailLine, type TrailLine, type TrailReader } from '../../core/sync/trail-audience.ts'
import { may, reach } from '../../core/roles.ts'
import type { PlacedLine, Principal, ReadTransaction, Store, TrailQuery } from '../store/store.ts'
import { authenticate } from './authenticate.ts'

/** The most lines of one record's trail that are sent: the newest ones. */
const MOST_LINES = 1_000
/** The most characters of values in one answer; the rest of a page's bytes are ids, names and quotation marks. */
const MOST_VALUES = LIMITS.pageBytes / 4
/** The most queries of one request. If they find too few lines, the answer is short and has a cursor for the next page. */
const MOST_QUERIES = 10

const COLUMNS = ['id', 'user_id', 'action', 'old_values', 'new_values', 'created_at']

type ShownLine = Omit<TrailLine, 'oldValues' | 'newValues'> &
  Pick<PlacedLine, 'id' | 'createdAt'> & { readonly oldValues: Values; readonly newValues: Values }
type Values = Readonly<Record<string, Scalar>> | null

/**
 * Returns the audit trail of one record, oldest first. A person who may see only their own records gets a call's lines from the operation
 * that made the call theirs onwards, in the server's order (S14).
 */
export async function readHistory(
  store: Store,
  token: string | undefined,
  table: string,
  rowId: string,
): Promise<{ history: Columnar; clientId: ClientId }> {
  return store.read(async (tx) => {
    const principal = await authenticate(tx, token)
    const { clientId, userId, role } = principal
    const owner = await ownerOf(tx, principal, table, rowId)
    if (owner === undefined || !may(role, 'audit.read', userId, owner))
      throw new SyncError('NOT_FOUND', 'There is no such record, or you don’t have access to it')
    const { lines } = await readLines(tx, principal, { before: null, limit: MOST_LINES, recordId: rowId, table })
    const rows = lines.map((line): Scalar[] => [line.id, line.userId, line.action, ...texts(line), line.createdAt])
    return { history: toColumnar('audit_logs', COLUMNS, rows.toReversed()), clientId }
  })
}

/** Returns a page of the lines that the reader may see, newest first. @throws SyncError MALFORMED for an invalid query. */
export async function readAudit(
  store: Store,
  token: string | undefined,
  query: Readonly<Record<string, unknown>>,
): Promise<{ page: AuditPage; clientId: ClientId }> {
  return store.read(async (tx) => {
    const principal = await authenticate(tx, token)
    if (reach(principal.role, 'audit.read') === 'none')
      throw new SyncError('NOT_FOUND', 'This role has no access to the audit trail')
    const parsed = auditQuerySchema.safeParse(query)
    if (!parsed.success) throw malformed(String(parsed.error.issues[0]?.path[0] ?? ''))
    const { cursor, record, table, user, actions, from, to, limit } = parsed.data
    const before = cursor === undefined ? null : placeOf(cursor)
    const restriction = { recordId: record, table, userId: user, actions, from, to }
    const { lines, next } = await readLines(tx, principal, { before, limit, ...restriction })
    const rows = lines.map((line): Scalar[] => {
      const { id, userId, tableName, recordId, action, ipAddress, userAgent, createdAt } = line
      return [id, userId, tableName, recordId, action, ...texts(line), ipAddress, userAgent, createdAt]
    })
    const page = { rows: toColumnar('audit_logs', AUDIT_COLUMNS, rows), next: next === null ? null : `1.${next}` }
    return { page, clientId: principal.clientId }
  })
}

function malformed(path: string): SyncError {
  return new SyncError('MALFORMED', 'The query is not valid', { path })
}

function placeOf(cursor: string): number {
  const place = /^1\.(\d{1,15})$/.exec(cursor)?.[1]
  if (place === undefined) throw malformed('cursor')
  return Number(place)
}

/** Reads until the page is full. Lines without a visible value are skipped. */
async function readLines(
  tx: ReadTransaction,
  { clientId, userId, role }: Principal,
  { limit, before, ...query }: Omit<TrailQuery, 'bytes' | 'ownedBy'>,
): Promise<{ readonly lines: readonly ShownLine[]; readonly next: number | null }> {
  const reader = { role, userId }
  const ownedBy = reach(role, 'audit.read') === 'all' ? null : userId
  const lines: ShownLine[] = []
  let next = before
  let bytes = MOST_VALUES
  for (let queries = 0; queries < MOST_QUERIES && lines.length < limit && bytes > 0; queries++) {
    const page = await tx.trail(clientId, { ...query, before: next, limit: limit - lines.length, bytes, ownedBy })
    for (const line of page.lines) {
      const shown = shownTo(reader, ownedBy, line)
      if (shown !== null) lines.push(shown)
      bytes -= (line.oldValues?.length ?? 0) + (line.newValues?.length ?? 0)
    }
    next = page.next
    if (next === null) break
  }
  return { lines, next }
}

function shownTo(reader: TrailReader, ownedBy: string | null, line: PlacedLine): ShownLine | null {
  const { id, userId, table: tableName, recordId, action, ipAddress, userAgent, createdAt } = line
  const newValues = valuesOf(line.newValues)
  // The old values of a handover belong to the former owner.
  const isHandover = ownedBy !== null && tableName === 'calls' && action === 'UPDATE' && newValues?.['user_id'] === ownedBy
  const oldValues = isHandover ? null : valuesOf(line.oldValues)
  return shownTrailLine(
    { id, userId, tableName, recordId, action, oldValues, newValues, ipAddress, userAgent, createdAt },
    reader,
  )
}

function valuesOf(json: string | null): Values {
  return json === null ? null : (JSON.parse(json) as Values)
}

function texts({ oldValues, newValues }: ShownLine): Scalar[] {
  return [oldValues, newValues].map((values) => (values === null ? null : JSON.stringify(values)))
}

/** Returns the record's owner; null if it belongs to the whole client, undefined if there is no such record. */
async function ownerOf(
  tx: ReadTransaction,
  { clientId, userId }: Principal,
  table: string,
  rowId: string,
): Promise<string | null | undefined> {
  if (!isSyncTable(table)) return undefined
  // Other people must not see that a person's settings exist.
  if (isPersonal(table) && personInRowId(table, rowId) !== userId) return undefined
  const row = (await tx.rows(clientId, table, [rowId])).get(rowId)
  if (table === 'users') return row === undefined ? undefined : rowId
  if (table !== 'calls') return row === undefined ? undefined : personInRowId(table, rowId)
  return row === undefined ? (await tx.deletedOwners(clientId, [rowId])).get(rowId) : String(row.values['user_id'])
}
