import type { HybridTime } from '../../../core/hybrid-clock.ts'
import type { Role } from '../../../core/roles.ts'
import { publicationAuthor, type SyncRow } from '../../../core/sync/judge.ts'
import type { Author } from '../../../core/sync/merge.ts'
import type { Rejection, Verdict } from '../../../core/sync/operation.ts'
import type { ConflictRecord, Removal } from '../../../core/sync/protocol.ts'
import { SYNC_TABLE_NAMES, uniqueKey, type Scalar, type SyncTableName } from '../../../core/sync/tables.ts'
import type {
  Account,
  AuditRecord,
  ClientState,
  FeedRange,
  FeedRequest,
  Owner,
  Principal,
  Publication,
  PublicationChunk,
  ReadTransaction,
  StoredVerdict,
} from '../store.ts'
import { Statements } from './statements.ts'
import { feedColumn, readRow, sqlOf } from './table-sql.ts'
import type { Sqlite } from './open.ts'
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

/** Reads of one connection. Every method is one or two statements; the promises are for stores that lie further away. */
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
       WHERE u.email = ? COLLATE NOCASE AND s.published_at IS NOT NULL
       ORDER BY u.client_id`,
      emailKey,
    )
    return found.map((each) => ({ ...each, role: each.role satisfies Role, isActive: each.isActive === 1 }))
  }

  async client(clientId: string): Promise<ClientState | undefined> {
    const found = this.sql.one(
      `SELECT seq AS head, floor, published_at IS NOT NULL AS isPublished FROM client_state WHERE client_id = ?`,
      clientId,
    ) as Flags<ClientState, 'isPublished'> | undefined
    return found === undefined ? undefined : { ...found, isPublished: found.isPublished === 1 }
  }

  async rows(clientId: string, table: SyncTableName, ids: readonly string[]): Promise<ReadonlyMap<string, SyncRow>> {
    const found = new Map<string, SyncRow>()
    if (ids.length === 0) return found
    for (const raw of this.sql.raw<Scalar[]>(sqlOf(table).selectByIds, clientId, JSON.stringify(ids))) {
      const { id, row } = readRow(table, raw)
      found.set(id, row)
    }
    return found
  }

  async deletedOwners(clientId: string, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    if (ids.length === 0) return new Map()
    const found = this.sql.raw<[string, string]>(
      `SELECT d.row_id, d.user_id FROM departures AS d
       WHERE d.client_id = ? AND d.row_id IN (SELECT value FROM json_each(?)) AND d.reason = 'deleted'
         AND NOT EXISTS (SELECT 1 FROM calls AS c WHERE c.client_id = d.client_id AND c.id = d.row_id)
       ORDER BY d.seq`,
      clientId,
      JSON.stringify(ids),
    )
    return new Map(found)
  }

  async holders(
    clientId: string,
    table: SyncTableName,
    column: string,
    keys: readonly string[],
  ): Promise<ReadonlyMap<string, string>> {
    const found = new Map<string, string>()
    const sql = `SELECT ${feedColumn(table, column)}, id FROM ${table}
       WHERE client_id = ? AND ${feedColumn(table, column)} COLLATE NOCASE IN (SELECT value FROM json_each(?))`
    if (keys.length === 0) return found
    for (const [value, id] of this.sql.raw<[string, string]>(sql, clientId, JSON.stringify(keys))) found.set(uniqueKey(value), id)
    return found
  }

  async activeAdmins(clientId: string): Promise<readonly string[]> {
    const sql = `SELECT id FROM users WHERE client_id = ? AND role = 'admin' AND is_active = 1`
    return this.sql.raw<[string]>(sql, clientId).map(([id]) => id)
  }

  async authors(clientId: string, seqs: readonly number[]): Promise<ReadonlyMap<number, Author>> {
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

  async verdicts(clientId: string, deviceId: string, first: number, last: number): Promise<readonly StoredVerdict[]> {
    return this.sql
      .raw<VerdictRow>(
        `SELECT ${VERDICT}
         FROM devices AS d JOIN operations AS o ON o.device_key = d.device_key
         WHERE d.client_id = ? AND d.device_id = ? AND o.device_seq BETWEEN ? AND ?
         ORDER BY o.device_seq`,
        clientId,
        deviceId,
        first,
        last,
      )
      .map(toVerdict)
  }

  async verdictsOf(clientId: string, userId: string, opIds: readonly string[]): Promise<readonly StoredVerdict[]> {
    const found: StoredVerdict[] = []
    for (const opId of opIds) {
      const sql = `SELECT ${VERDICT} FROM operations AS o WHERE o.client_id = ? AND o.op_id = ? AND o.user_id = ?`
      found.push(...this.sql.raw<VerdictRow>(sql, clientId, toBytes(opId), userId).map(toVerdict))
    }
    return found
  }

  async feed(
    clientId: string,
    { table, columns, owner, after, upTo, limit }: FeedRequest,
  ): Promise<readonly (readonly Scalar[])[]> {
    const names = ['version', ...columns.map((name) => feedColumn(table, name))]
    const [condition, bound] = ownerCondition('user_id', table === 'calls' ? owner : null)
    const sql = `SELECT ${names.join(', ')} FROM ${table}
       WHERE ${sqlOf(table).client} = ? AND version > ? AND version <= ?${condition} ORDER BY version LIMIT ?`
    return this.sql.raw<Scalar[]>(sql, clientId, after, upTo, ...bound, limit)
  }

  async removals(clientId: string, { after, upTo, limit }: FeedRange, owner: Owner): Promise<readonly Removal[]> {
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
    clientId: string,
    userId: string,
    { after, upTo, limit }: FeedRange,
    ownOnly: boolean,
  ): Promise<readonly ConflictRecord[]> {
    type Found = Record<'columns' | 'winning' | 'losing', string> & Omit<ConflictRecord, 'columns' | 'winning' | 'losing'>
    const mine = ownOnly
      ? ` AND (table_name <> 'calls' OR EXISTS (SELECT 1 FROM calls AS c
           WHERE c.client_id = conflicts.client_id AND c.id = conflicts.row_id AND c.user_id = ?))`
      : ''
    const found = this.sql.all<Found>(
      `SELECT seq, table_name AS "table", row_id AS rowId, columns, winning, losing, winning_op AS winningOpId, losing_op AS losingOpId,
         winning_user AS winningUserId, losing_user AS losingUserId, version, created_at AS createdAt
       FROM conflicts WHERE client_id = ? AND seq > ? AND seq <= ? AND (winning_user = ? OR losing_user = ?)${mine}
       ORDER BY seq LIMIT ?`,
      clientId,
      after,
      upTo,
      userId,
      userId,
      ...(ownOnly ? [userId] : []),
      limit,
    )
    return found.map((each) => ({
      ...each,
      columns: each.columns.split(','),
      winning: JSON.parse(each.winning) as ConflictRecord['winning'],
      losing: JSON.parse(each.losing) as ConflictRecord['losing'],
    }))
  }

  async publication(clientId: string): Promise<Publication | undefined> {
    return this.sql.one(
      `SELECT publication_id AS publicationId, publication_user AS userId, publication_device AS deviceId,
         publication_device_name AS deviceName, publication_device_seq AS deviceSeq, publication_started_at AS startedAt,
         publication_next_chunk AS nextChunk, publication_last_seq AS lastSeq
       FROM client_state WHERE client_id = ?`,
      clientId,
    ) as Publication | undefined
  }

  async publicationChunk(clientId: string, index: number): Promise<PublicationChunk | undefined> {
    const sql = `SELECT digest, first_seq AS firstSeq FROM publication_chunks WHERE client_id = ? AND chunk = ?`
    return this.sql.one(sql, clientId, index) as PublicationChunk | undefined
  }

  async trail(clientId: string, table: string, recordId: string, limit: number): Promise<readonly AuditRecord[]> {
    const newestFirst = this.sql.all<AuditRecord>(
      `SELECT id, user_id AS userId, table_name AS "table", record_id AS recordId, action, old_values AS oldValues, new_values AS newValues,
         ip_address AS ipAddress, user_agent AS userAgent, created_at AS createdAt
       FROM audit_logs WHERE client_id = ? AND record_id = ? AND table_name = ? ORDER BY created_at DESC, id DESC LIMIT ?`,
      clientId,
      recordId,
      table,
      limit,
    )
    return newestFirst.toReversed()
  }

  async counts(clientId: string): Promise<Readonly<Record<string, number>>> {
    const counts: Record<string, number> = {}
    const count = (table: string, client: string) => {
      counts[table] = this.sql.raw<[number]>(`SELECT count(*) FROM ${table} WHERE ${client} = ?`, clientId)[0]?.[0] ?? 0
    }
    for (const table of SYNC_TABLE_NAMES) count(table, sqlOf(table).client)
    count('audit_logs', 'client_id')
    return counts
  }
}

function ownerCondition(column: string, owner: Owner): [string, string[]] {
  if (owner === null) return ['', []]
  return 'only' in owner ? [` AND ${column} = ?`, [owner.only]] : [` AND ${column} <> ?`, [owner.except]]
}
