import type { ClientId, DeviceId, OpId, UserId } from '../../../core/id.ts'
import { must } from '../../../core/assert.ts'
import type { HybridTime } from '../../../core/hybrid-clock.ts'
import type { Role } from '../../../core/roles.ts'
import { publicationAuthor, type SyncRow } from '../../../core/sync/judge.ts'
import type { Author } from '../../../core/sync/merge.ts'
import type { Rejection, Verdict } from '../../../core/sync/operation.ts'
import type { ConflictRecord, Removal } from '../../../core/sync/protocol.ts'
import type { Scope } from '../../../core/sync/scope.ts'
import {
  MERGED_TABLES,
  SYNC_TABLE_NAMES,
  syncTable,
  type MergedTable,
  type Scalar,
  type SyncTableName,
} from '../../../core/sync/tables.ts'
import type {
  Account,
  AliasRecord,
  AuditRecord,
  ClientState,
  DeletedCall,
  FeedRange,
  FeedRequest,
  Owner,
  Principal,
  PublicationChunk,
  ReadTransaction,
  StoredPublication,
  StoredVerdict,
  TrailPage,
  TrailQuery,
} from '../store.ts'
import { CHAIN_START } from '../chain.ts'
import { Statements } from '../../../platform/sqlite/statements.ts'
import { feedColumn, keyColumn, readRow, sqlOf } from './table-sql.ts'
import type { Sqlite } from '../../../platform/sqlite/database.ts'
import { readTrail } from './trail-sql.ts'
import { fromBytes, toBytes } from './uuid-bytes.ts'

type Flags<T, K extends keyof T> = Omit<T, K> & Record<K, number>

type VerdictRow = [number, Uint8Array, number, string, string, Uint8Array, Verdict, string | null]
const VERDICT = 'o.seq, o.op_id, o.device_seq, o.table_name, o.row_id, o.digest, o.verdict, o.rejection'

function toVerdict([seq, opId, deviceSeq, table, rowId, digest, verdict, rejection]: VerdictRow): StoredVerdict {
  return {
    seq,
    opId: fromBytes(opId),
    deviceSeq,
    table,
    rowId,
    digest,
    verdict,
    rejection: rejection === null ? null : (JSON.parse(rejection) as Rejection),
  }
}

/** The most names per table that are sent to an import: more than a client uses in years, and few enough for one answer. */
const MOST_NAMES = 5_000

/** The reads of one connection. Every method runs one or two statements. They return promises, because other stores may be remote. */
export class SqliteReads implements ReadTransaction {
  protected readonly sql: Statements

  constructor(db: Sqlite) {
    this.sql = new Statements(db)
  }

  async principal(tokenHash: Uint8Array): Promise<Principal | undefined> {
    const found = this.sql.one(
      `SELECT t.client_id AS clientId, t.user_id AS userId, u.role, u.is_active AS isActive, d.device_id AS deviceId,
         d.revoked_at IS NOT NULL AS isRevoked, d.last_clock AS lastClock
       FROM tokens AS t
       JOIN devices AS d ON d.device_key = t.device_key
       JOIN users AS u ON u.client_id = t.client_id AND u.id = t.user_id
       WHERE t.hash = ?`,
      tokenHash,
    ) as Flags<Principal, 'isActive' | 'isRevoked'> | undefined
    return found === undefined ? undefined : { ...found, isActive: found.isActive === 1, isRevoked: found.isRevoked === 1 }
  }

  async accounts(emailKey: string): Promise<readonly Account[]> {
    const found = this.sql.all<Flags<Account, 'isActive'>>(
      `SELECT u.client_id AS clientId, c.name AS clientName, u.id AS userId, u.name, u.role, u.is_active AS isActive,
         u.password_hash AS passwordHash
       FROM users AS u
       JOIN clients AS c ON c.id = u.client_id
       JOIN client_state AS s ON s.client_id = u.client_id
       WHERE u.email_key = ? AND s.published_at IS NOT NULL
       ORDER BY u.client_id`,
      emailKey,
    )
    return found.map((each) => ({ ...each, role: each.role satisfies Role, isActive: each.isActive === 1 }))
  }

  async client(clientId: ClientId): Promise<ClientState | undefined> {
    const found = this.sql.one(
      `SELECT seq AS head, floor, published_at IS NOT NULL AS isPublished, unsealed_until AS unsealedUntil
       FROM client_state WHERE client_id = ?`,
      clientId,
    ) as Flags<Omit<ClientState, 'chain'>, 'isPublished'> | undefined
    if (found === undefined) return undefined
    const chain = found.head === 0 ? CHAIN_START : await this.chainAt(clientId, found.head)
    return { ...found, chain: must(chain, 'The head has a chain value'), isPublished: found.isPublished === 1 }
  }

  async chainAt(clientId: ClientId, seq: number): Promise<Uint8Array | undefined> {
    const sql = `SELECT value FROM chain WHERE client_id = ? AND seq = ?`
    return this.sql.raw<[Uint8Array]>(sql, clientId, seq)[0]?.[0]
  }

  async rows(clientId: ClientId, table: SyncTableName, ids: readonly string[]): Promise<ReadonlyMap<string, SyncRow>> {
    const found = new Map<string, SyncRow>()
    if (ids.length === 0) return found
    for (const raw of this.sql.raw<Scalar[]>(sqlOf(table).selectByIds, clientId, JSON.stringify(ids))) {
      const { id, row } = readRow(table, raw)
      found.set(id, row)
    }
    return found
  }

  async deletedOwners(clientId: ClientId, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    if (ids.length === 0) return new Map()
    const wanted = JSON.stringify(ids)
    const found = this.sql.raw<[string, string]>(
      `SELECT d.row_id, d.user_id FROM departures AS d
       WHERE d.client_id = ? AND d.row_id IN (SELECT value FROM json_each(?)) AND d.reason = 'deleted'
         AND NOT EXISTS (SELECT 1 FROM calls AS c WHERE c.client_id = d.client_id AND c.id = d.row_id)
       ORDER BY d.seq`,
      clientId,
      wanted,
    )
    // A call that was deleted before its workspace was published occurs only in the published trail.
    const before = this.sql.raw<[string, string]>(
      `SELECT a.record_id, a.old_values ->> '$.user_id' FROM audit_logs AS a
       WHERE a.client_id = ? AND a.record_id IN (SELECT value FROM json_each(?)) AND a.table_name = 'calls' AND a.action = 'DELETE'
         AND a.old_values ->> '$.user_id' IS NOT NULL
         AND NOT EXISTS (SELECT 1 FROM calls AS c WHERE c.client_id = a.client_id AND c.id = a.record_id)
       ORDER BY a.id`,
      clientId,
      wanted,
    )
    return new Map([...before, ...found])
  }

  async deletedCalls(clientId: ClientId, ids: readonly string[]): Promise<ReadonlyMap<string, DeletedCall>> {
    const found = new Map<string, DeletedCall>()
    if (ids.length === 0) return found
    const asked = JSON.stringify(ids)
    const kept = this.sql.raw<[string, number, string, number, number, string | null, string]>(
      `SELECT row_id, seq, row_values, version, base, fields, changed_by FROM deleted_calls
       WHERE client_id = ? AND row_id IN (SELECT value FROM json_each(?))`,
      clientId,
      asked,
    )
    for (const [id, seq, values, version, base, fields, changedBy] of kept) {
      const overrides = fields === null ? null : (JSON.parse(fields) as Record<string, number>)
      found.set(id, { seq, row: { values: callValues(values), version, versions: { base, overrides }, changedBy } })
    }
    if (found.size === ids.length) return found
    const trail = this.sql.raw<[string, string, number, string | null]>(
      `SELECT record_id, old_values, created_at, user_id FROM audit_logs
       WHERE client_id = ? AND record_id IN (SELECT value FROM json_each(?)) AND table_name = 'calls' AND action = 'DELETE'
         AND old_values IS NOT NULL
       ORDER BY created_at, id`,
      clientId,
      JSON.stringify(ids.filter((id) => !found.has(id))),
    )
    for (const [id, values, createdAt, userId] of trail) {
      const row = { values: { ...callValues(values), updated_at: createdAt }, version: 0, versions: { base: 0, overrides: null } }
      found.set(id, { seq: 0, row: { ...row, changedBy: userId ?? '' } })
    }
    return found
  }

  async holders(
    clientId: ClientId,
    table: SyncTableName,
    column: string,
    keys: readonly string[],
  ): Promise<ReadonlyMap<string, readonly string[]>> {
    const found = new Map<string, string[]>()
    const key = keyColumn(feedColumn(table, column))
    const sql = `SELECT ${key}, id FROM ${table} WHERE client_id = ? AND ${key} IN (SELECT value FROM json_each(?)) ORDER BY id`
    if (keys.length === 0) return found
    for (const [value, id] of this.sql.raw<[string, string]>(sql, clientId, JSON.stringify(keys)))
      found.set(value, [...(found.get(value) ?? []), id])
    return found
  }

  async aliases(clientId: ClientId, ids: readonly string[]): Promise<readonly AliasRecord[]> {
    if (ids.length === 0) return []
    return this.sql.all<AliasRecord>(
      `SELECT table_name AS "table", id, to_id AS "to", seq FROM aliases
       WHERE client_id = ? AND id IN (SELECT value FROM json_each(?))`,
      clientId,
      JSON.stringify(ids),
    )
  }

  async namesEverHeld(clientId: ClientId) {
    const named = (table: MergedTable) =>
      this.sql.all<{ table: MergedTable; id: string; name: string }>(
        `SELECT DISTINCT '${table}' AS "table", r.id, a.new_values ->> '$.name' AS name
         FROM ${table} AS r JOIN audit_logs AS a ON a.client_id = r.client_id AND a.record_id = r.id
         WHERE r.client_id = ? AND a.table_name = '${table}' AND a.action IN ('INSERT', 'UPDATE') AND a.new_values ->> '$.name' IS NOT NULL
         LIMIT ?`,
        clientId,
        MOST_NAMES,
      )
    return MERGED_TABLES.flatMap(named)
  }

  async callTrailSizes(clientId: ClientId, ids: readonly string[], mostLines: number): Promise<ReadonlyMap<string, number>> {
    if (ids.length === 0) return new Map()
    // The count uses only the index and stops at the limit; the length is read without the text.
    const counted = this.sql.raw<[string, number]>(
      `SELECT wanted.value, (SELECT count(*) FROM (SELECT 1 FROM audit_logs AS a INDEXED BY audit_logs_of_record
         WHERE a.client_id = ? AND a.record_id = wanted.value LIMIT ?)) FROM json_each(?) AS wanted`,
      clientId,
      mostLines + 1,
      JSON.stringify(ids),
    )
    const short = counted.flatMap(([id, lines]) => (lines === 0 || lines > mostLines ? [] : [id]))
    return new Map(
      this.sql.raw<[string, number]>(
        `SELECT record_id, coalesce(sum(octet_length(new_values)), 0) FROM audit_logs INDEXED BY audit_logs_of_record
         WHERE client_id = ? AND record_id IN (SELECT value FROM json_each(?)) GROUP BY record_id`,
        clientId,
        JSON.stringify(short),
      ),
    )
  }

  async callTrails(clientId: ClientId, ids: readonly string[]) {
    if (ids.length === 0) return []
    return this.sql.all<Pick<AuditRecord, 'recordId' | 'action' | 'newValues'>>(
      `SELECT record_id AS recordId, action, new_values AS newValues FROM audit_logs
       WHERE client_id = ? AND record_id IN (SELECT value FROM json_each(?)) AND table_name = 'calls'
         AND (action IN ('INSERT', 'UPDATE') OR (action = 'SYNC_REJECTED' AND old_values IS NOT NULL))`,
      clientId,
      JSON.stringify(ids),
    )
  }

  async activeAdmins(clientId: ClientId): Promise<readonly string[]> {
    const sql = `SELECT id FROM users WHERE client_id = ? AND role = 'admin' AND is_active = 1`
    return this.sql.raw<[string]>(sql, clientId).map(([id]) => id)
  }

  async authors(clientId: ClientId, seqs: readonly number[]): Promise<ReadonlyMap<number, Author>> {
    const authors = new Map<number, Author>()
    if (seqs.length === 0) return authors
    const found = this.sql.raw<[number, Uint8Array, string, number, string, HybridTime]>(
      `SELECT o.seq, o.op_id, d.device_id, o.device_seq, o.user_id, o.clock
       FROM operations AS o JOIN devices AS d ON d.device_key = o.device_key
       WHERE o.client_id = ? AND o.seq IN (SELECT value FROM json_each(?))`,
      clientId,
      JSON.stringify(seqs),
    )
    for (const [seq, opId, deviceId, deviceSeq, userId, clock] of found)
      authors.set(seq, { opId: fromBytes(opId), deviceId, deviceSeq, userId, clock })
    const published = await this.publication(clientId)
    if (published === undefined) return authors
    const author = publicationAuthor(published.deviceId, published.deviceSeq, published.userId, published.startedAt)
    for (const seq of seqs) if (!authors.has(seq) && seq <= published.lastSeq) authors.set(seq, author)
    return authors
  }

  async verdicts(clientId: ClientId, deviceId: DeviceId, deviceSeqs: readonly number[]): Promise<readonly StoredVerdict[]> {
    if (deviceSeqs.length === 0) return []
    // By number, not by range: a device chooses its numbers, and a range may contain all of its operations.
    return this.sql
      .raw<VerdictRow>(
        `SELECT ${VERDICT}
         FROM devices AS d JOIN operations AS o ON o.device_key = d.device_key
         WHERE d.client_id = ? AND d.device_id = ? AND o.device_seq IN (SELECT value FROM json_each(?))
         ORDER BY o.device_seq`,
        clientId,
        deviceId,
        JSON.stringify(deviceSeqs),
      )
      .map(toVerdict)
  }

  async verdictsOf(clientId: ClientId, userId: UserId, opIds: readonly OpId[]): Promise<readonly StoredVerdict[]> {
    const found: StoredVerdict[] = []
    for (const opId of opIds) {
      const sql = `SELECT ${VERDICT} FROM operations AS o WHERE o.client_id = ? AND o.op_id = ? AND o.user_id = ?`
      found.push(...this.sql.raw<VerdictRow>(sql, clientId, toBytes(opId), userId).map(toVerdict))
    }
    return found
  }

  async feed(
    clientId: ClientId,
    { table, columns, owner, after, upTo, limit }: FeedRequest,
  ): Promise<readonly (readonly Scalar[])[]> {
    const names = ['version', ...columns.map((name) => feedColumn(table, name))]
    const [condition, bound] = ownerCondition('user_id', table === 'calls' ? owner : null)
    const sql = `SELECT ${names.join(', ')} FROM ${table}
       WHERE ${sqlOf(table).client} = ? AND version > ? AND version <= ?${condition} ORDER BY version LIMIT ?`
    return this.sql.raw<Scalar[]>(sql, clientId, after, upTo, ...bound, limit)
  }

  async removals(clientId: ClientId, { after, upTo, limit }: FeedRange, owner: Owner): Promise<readonly Removal[]> {
    const [condition, bound] = ownerCondition('d.user_id', owner)
    const [back, backBound] = ownerCondition('c.user_id', owner)
    const deletedOnly = owner !== null && 'only' in owner ? '' : ` AND d.reason = 'deleted'`
    const found = this.sql.raw<[number, string, Removal['reason']]>(
      `SELECT d.seq, d.row_id, d.reason FROM departures AS d
       WHERE d.client_id = ? AND d.seq > ? AND d.seq <= ?${condition}${deletedOnly}
         AND NOT EXISTS (SELECT 1 FROM calls AS c WHERE c.client_id = d.client_id AND c.id = d.row_id${back})
       ORDER BY d.seq LIMIT ?`,
      clientId,
      after,
      upTo,
      ...bound,
      ...backBound,
      limit,
    )
    return found.map(([seq, id, reason]) => ({ table: 'calls', id, seq, reason }))
  }

  async conflicts(
    clientId: ClientId,
    userId: UserId,
    { after, upTo, limit }: FeedRange,
    scope: Scope,
  ): Promise<readonly ConflictRecord[]> {
    type Found = Record<'columns' | 'winning' | 'losing', string> & Omit<ConflictRecord, 'columns' | 'winning' | 'losing'>
    const calls =
      scope.calls === 'own'
        ? ` AND (table_name <> 'calls' OR EXISTS (SELECT 1 FROM calls AS c
           WHERE c.client_id = conflicts.client_id AND c.id = conflicts.row_id AND c.user_id = ?))`
        : ''
    const users = scope.users === 'names' ? ` AND (table_name <> 'users' OR row_id = ?)` : ''
    const found = this.sql.all<Found>(
      `SELECT seq, table_name AS "table", row_id AS rowId, columns, winning, losing, winning_op AS winningOpId, losing_op AS losingOpId,
         winning_user AS winningUserId, losing_user AS losingUserId, version, created_at AS createdAt
       FROM conflicts WHERE client_id = ? AND seq > ? AND seq <= ? AND (winning_user = ? OR losing_user = ?)${calls}${users}
       ORDER BY seq LIMIT ?`,
      clientId,
      after,
      upTo,
      userId,
      userId,
      ...(calls === '' ? [] : [userId]),
      ...(users === '' ? [] : [userId]),
      limit,
    )
    return found.map((each) => ({
      ...each,
      columns: each.columns.split(','),
      winning: JSON.parse(each.winning) as ConflictRecord['winning'],
      losing: JSON.parse(each.losing) as ConflictRecord['losing'],
    }))
  }

  async publication(clientId: ClientId): Promise<StoredPublication | undefined> {
    return this.sql.one(
      `SELECT publication_id AS publicationId, publication_user AS userId, publication_device AS deviceId,
         publication_device_name AS deviceName, publication_device_seq AS deviceSeq, publication_started_at AS startedAt,
         publication_next_chunk AS nextChunk, publication_last_seq AS lastSeq, publication_secret AS secretHash,
         published_at AS finishedAt
       FROM client_state WHERE client_id = ?`,
      clientId,
    ) as StoredPublication | undefined
  }

  async publicationChunk(clientId: ClientId, index: number): Promise<PublicationChunk | undefined> {
    const sql = `SELECT digest, first_seq AS firstSeq FROM publication_chunks WHERE client_id = ? AND chunk = ?`
    return this.sql.one(sql, clientId, index) as PublicationChunk | undefined
  }

  async trail(clientId: ClientId, query: TrailQuery): Promise<TrailPage> {
    return readTrail(this.sql, clientId, query)
  }

  async counts(clientId: ClientId): Promise<Readonly<Record<string, number>>> {
    const counts: Record<string, number> = {}
    const count = (table: string, client: string) => {
      counts[table] = this.sql.raw<[number]>(`SELECT count(*) FROM ${table} WHERE ${client} = ?`, clientId)[0]?.[0] ?? 0
    }
    for (const table of SYNC_TABLE_NAMES) count(table, sqlOf(table).client)
    count('audit_logs', 'client_id')
    return counts
  }
}

/** Returns the values of a call from a JSON object that has no nulls. */
function callValues(json: string): Record<string, Scalar> {
  const present = JSON.parse(json) as Readonly<Record<string, Scalar>>
  return Object.fromEntries(syncTable('calls').columns.map(({ name }) => [name, present[name] ?? null]))
}

function ownerCondition(column: string, owner: Owner): [string, string[]] {
  if (owner === null) return ['', []]
  return 'only' in owner ? [` AND ${column} = ?`, [owner.only]] : [` AND ${column} <> ?`, [owner.except]]
}
