import type { ClientId, DeviceId, UserId } from '../../../core/id.ts'
import { must } from '../../../core/assert.ts'
import type { Columnar } from '../../../core/sync/columnar.ts'
import { columnarRows } from '../../../core/sync/columnar.ts'
import { SYNC_TABLE_NAMES, isSyncTable, uniqueColumns, type Scalar } from '../../../core/sync/tables.ts'
import { nextChainValue } from '../chain.ts'
import type {
  AuditRecord,
  Changes,
  ClientState,
  NewAuditRecord,
  NewToken,
  Publication,
  PublicationChunk,
  WriteTransaction,
} from '../store.ts'
import { SqliteReads } from './reads.ts'
import { bindRow, sqlOf } from './table-sql.ts'
import { lastLine } from './trail-sql.ts'
import { toBytes } from './uuid-bytes.ts'

const INSERT_OPERATION = `INSERT INTO operations (client_id, seq, op_id, tx_id, device_key, device_seq, user_id, schema_version, table_name,
  row_id, action, hlc, wall_time, clock, received_at, owner_before, owner_after, digest, verdict, rejection)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

const INSERT_AUDIT = `INSERT INTO audit_logs (client_id, line, id, user_id, table_name, record_id, action, old_values, new_values,
  ip_address, user_agent, created_at, owner) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

/** The owner for a call's line that has none: that of the previous line; for the first line, that of the row. */
const OWNER_BEFORE = `SELECT coalesce(
    (SELECT owner FROM audit_logs INDEXED BY audit_logs_of_record
     WHERE client_id = ? AND record_id = ? AND table_name = 'calls' AND owner IS NOT NULL ORDER BY line DESC LIMIT 1),
    (SELECT user_id FROM calls WHERE client_id = ? AND id = ?)) AS owner`

const KEEP_DELETED = `INSERT OR REPLACE INTO deleted_calls (client_id, row_id, seq, row_values, version, base, fields, changed_by)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?)`

/**
 * The open write transaction. BEGIN IMMEDIATE makes all writers wait for each other, so `lockClient` locks nothing.
 */
export class SqliteWrites extends SqliteReads implements WriteTransaction {
  async lockClient(clientId: ClientId): Promise<ClientState | undefined> {
    return this.client(clientId)
  }

  async allocate(clientId: ClientId, count: number, content: Uint8Array): Promise<number> {
    const { head, chain } = must(await this.client(clientId), 'The client exists')
    // Lines of a published audit trail have no numbers.
    if (count === 0) return head + 1
    const next = head + count
    this.sql.run(`UPDATE client_state SET seq = ? WHERE client_id = ?`, next, clientId)
    const insert = `INSERT INTO chain (client_id, seq, value) VALUES (?, ?, ?)`
    this.sql.run(insert, clientId, next, nextChainValue(chain, next, content))
    return head + 1
  }

  async apply(clientId: ClientId, changes: Changes): Promise<void> {
    this.#writeRows(clientId, changes)
    const { deviceId, userId, receivedAt } = changes
    const deviceSql = `UPDATE devices SET last_clock = ? WHERE client_id = ? AND device_id = ? RETURNING device_key AS key`
    const { key } = must(this.sql.one(deviceSql, changes.lastClock, clientId, deviceId), 'The device is known') as { key: number }
    const insert = this.sql.get(INSERT_OPERATION)
    for (const op of changes.operations)
      insert.run(
        clientId,
        op.seq,
        toBytes(op.opId),
        toBytes(op.txId),
        key,
        op.deviceSeq,
        userId,
        op.schemaVersion,
        op.table,
        op.rowId,
        op.action,
        op.hlc,
        op.wallTime,
        op.clock,
        receivedAt,
        op.ownerBefore,
        op.ownerAfter,
        op.digest,
        op.verdict,
        op.rejection === null ? null : JSON.stringify(op.rejection),
      )
    for (const { table, id, to, seq } of changes.aliases)
      this.sql.run(
        `INSERT INTO aliases (client_id, table_name, id, to_id, seq) VALUES (?, ?, ?, ?, ?)`,
        clientId,
        table,
        id,
        to,
        seq,
      )
    for (const { seq, id, owner, reason } of changes.departures)
      this.sql.run(
        `INSERT INTO departures (client_id, seq, row_id, user_id, reason) VALUES (?, ?, ?, ?, ?)`,
        clientId,
        seq,
        id,
        owner,
        reason,
      )
    for (const each of changes.conflicts)
      this.sql.run(
        `INSERT INTO conflicts (client_id, seq, columns, table_name, row_id, winning, losing, winning_op, losing_op, winning_user,
           losing_user, version, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        clientId,
        each.seq,
        each.columns.join(','),
        each.table,
        each.rowId,
        JSON.stringify(each.winning),
        JSON.stringify(each.losing),
        each.winningOpId,
        each.losingOpId,
        each.winningUserId,
        each.losingUserId,
        each.version,
        each.createdAt,
      )
    await this.appendAudit(clientId, changes.audit)
  }

  /**
   * Writes parents before children. If a batch renames several rows, one row's new value may be another row's old value, so changed unique
   * values are first replaced by temporary ones.
   */
  #writeRows(clientId: ClientId, { rows, deletedCalls, restoredCalls }: Changes): void {
    for (const { id, row, seq } of deletedCalls) {
      this.sql.run(`DELETE FROM calls WHERE client_id = ? AND id = ?`, clientId, id)
      const { values, version, versions, changedBy } = row
      const fields = versions.overrides === null ? null : JSON.stringify(versions.overrides)
      const present = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null))
      this.sql.run(KEEP_DELETED, clientId, id, seq, JSON.stringify(present), version, versions.base, fields, changedBy)
    }
    for (const id of restoredCalls) this.sql.run(`DELETE FROM deleted_calls WHERE client_id = ? AND row_id = ?`, clientId, id)
    for (const table of SYNC_TABLE_NAMES) {
      const ofTable = rows.filter((each) => each.table === table)
      const changed = ofTable.filter(({ isNew }) => !isNew)
      if (changed.length > 1)
        for (const column of uniqueColumns(table))
          for (const { id } of changed)
            this.sql.run(`UPDATE ${table} SET ${column} = id WHERE ${sqlOf(table).client} = ? AND id = ?`, clientId, id)
      const update = this.sql.get(sqlOf(table).update)
      for (const { id, row } of changed) update.run(...bindRow(table, clientId, id, row))
      const insert = this.sql.get(sqlOf(table).insert)
      for (const { id, row, isNew } of ofTable) if (isNew) insert.run(...bindRow(table, clientId, id, row))
    }
  }

  async appendAudit(clientId: ClientId, records: readonly NewAuditRecord[]): Promise<void> {
    const insert = this.sql.get(INSERT_AUDIT)
    let line = records.length === 0 ? 0 : lastLine(this.sql, clientId)
    for (const each of records)
      insert.run(
        clientId,
        ++line,
        each.id,
        each.userId,
        each.table,
        each.recordId,
        each.action,
        each.oldValues,
        each.newValues,
        each.ipAddress,
        each.userAgent,
        each.createdAt,
        each.owner === undefined ? this.#ownerOf(clientId, each) : each.owner,
      )
  }

  #ownerOf(clientId: ClientId, { table, recordId, action, oldValues, newValues }: AuditRecord): string | null {
    if (table === 'users') return recordId
    if (table !== 'calls') return null
    const values = action === 'DELETE' ? oldValues : action === 'INSERT' || action === 'UPDATE' ? newValues : null
    const owner = values === null ? undefined : (JSON.parse(values) as Readonly<Record<string, Scalar>>)['user_id']
    if (typeof owner === 'string') return owner
    return (this.sql.one(OWNER_BEFORE, clientId, recordId, clientId, recordId) as { owner: string | null }).owner
  }

  async deviceUsers(clientId: ClientId, deviceId: DeviceId): Promise<readonly string[]> {
    const sql = `SELECT t.user_id FROM devices AS d JOIN tokens AS t ON t.device_key = d.device_key
       WHERE d.client_id = ? AND d.device_id = ?`
    return this.sql.raw<[string]>(sql, clientId, deviceId).map(([userId]) => userId)
  }

  async saveToken(clientId: ClientId, { hash, deviceId, deviceName, userId, at }: NewToken): Promise<void> {
    const { key } = must(
      this.sql.one(
        `INSERT INTO devices (client_id, device_id, name) VALUES (?, ?, ?)
         ON CONFLICT (client_id, device_id) DO UPDATE SET name = excluded.name RETURNING device_key AS key`,
        clientId,
        deviceId,
        deviceName,
      ),
      'The device was written',
    ) as { key: number }
    this.sql.run(`DELETE FROM tokens WHERE device_key = ? AND user_id = ?`, key, userId)
    this.sql.run(
      `INSERT INTO tokens (hash, client_id, user_id, device_key, created_at) VALUES (?, ?, ?, ?, ?)`,
      hash,
      clientId,
      userId,
      key,
      at,
    )
  }

  async recordLogin(clientId: ClientId, userId: UserId, seq: number, at: number): Promise<void> {
    const sql = `UPDATE users SET last_login = max(coalesce(last_login, 0), ?), version = ?, changed_by = ? WHERE client_id = ? AND id = ?`
    this.sql.run(sql, at, seq, userId, clientId, userId)
  }

  async beginPublication(clientId: ClientId, publication: Publication): Promise<void> {
    this.#deleteClient(clientId)
    const { publicationId, userId, deviceId, deviceName, deviceSeq, startedAt, nextChunk, lastSeq, secretHash } = publication
    this.sql.run(
      `INSERT INTO client_state (client_id, seq, floor, published_at, publication_id, publication_user, publication_device,
         publication_device_name, publication_device_seq, publication_started_at, publication_next_chunk, publication_last_seq,
         publication_secret)
       VALUES (?, 0, 0, NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      clientId,
      publicationId,
      userId,
      deviceId,
      deviceName,
      deviceSeq,
      startedAt,
      nextChunk,
      lastSeq,
      secretHash,
    )
  }

  /** Deletes a client whose publication is not finished: it has rows and a trail, but no devices and no operations. */
  #deleteClient(clientId: ClientId): void {
    this.sql.run(`DELETE FROM audit_logs WHERE client_id = ?`, clientId)
    for (const table of SYNC_TABLE_NAMES.toReversed())
      this.sql.run(`DELETE FROM ${table} WHERE ${sqlOf(table).client} = ?`, clientId)
    this.sql.run(`DELETE FROM publication_chunks WHERE client_id = ?`, clientId)
    this.sql.run(`DELETE FROM chain WHERE client_id = ?`, clientId)
    this.sql.run(`DELETE FROM client_state WHERE client_id = ?`, clientId)
  }

  async publishRows(clientId: ClientId, page: Columnar, firstSeq: number, changedBy: string): Promise<void> {
    if (page.table === 'audit_logs') {
      const records = Array.from(columnarRows(page), auditRecord)
      return this.appendAudit(clientId, records)
    }
    if (!isSyncTable(page.table)) throw new RangeError(`${page.table} is not synced`)
    const insert = this.sql.get(sqlOf(page.table).insert)
    let seq = firstSeq
    for (const values of columnarRows(page)) {
      const row = { values, version: seq, versions: { base: seq, overrides: null }, changedBy }
      insert.run(...bindRow(page.table, clientId, String(values['id']), row))
      seq++
    }
  }

  async savePublicationChunk(clientId: ClientId, index: number, chunk: PublicationChunk, lastSeq: number): Promise<void> {
    const insert = `INSERT INTO publication_chunks (client_id, chunk, digest, first_seq) VALUES (?, ?, ?, ?)`
    this.sql.run(insert, clientId, index, chunk.digest, chunk.firstSeq)
    const update = `UPDATE client_state SET publication_next_chunk = ?, publication_last_seq = ? WHERE client_id = ?`
    this.sql.run(update, index + 1, lastSeq, clientId)
  }

  async finishPublication(clientId: ClientId, at: number): Promise<void> {
    this.sql.run(`UPDATE client_state SET published_at = ?, floor = seq WHERE client_id = ?`, at, clientId)
    this.sql.run(`DELETE FROM publication_chunks WHERE client_id = ?`, clientId)
  }
}

function auditRecord(values: Readonly<Record<string, Scalar>>): AuditRecord {
  const text = (name: string) => (values[name] === null || values[name] === undefined ? null : String(values[name]))
  return {
    id: String(values['id']),
    userId: text('user_id'),
    table: String(values['table_name']),
    recordId: String(values['record_id']),
    action: String(values['action']) as AuditRecord['action'],
    oldValues: text('old_values'),
    newValues: text('new_values'),
    ipAddress: text('ip_address'),
    userAgent: text('user_agent'),
    createdAt: Number(values['created_at']),
  }
}
