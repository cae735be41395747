import { hash, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { must } from '../../core/assert.ts'
import type { ClientId, Id } from '../../core/id.ts'
import { SMALL_JSON, exceededBound } from '../../core/json-bounds.ts'
import { AUDIT_ACTIONS } from '../../core/model/audit.ts'
import { columnarLength, columnarRows, type Columnar } from '../../core/sync/columnar.ts'
import { SyncError } from '../../core/sync/errors.ts'
import type { PublishRequest, PublishResponse } from '../../core/sync/protocol.ts'
import { scopeOf } from '../../core/sync/scope.ts'
import {
  brokenSettingRow,
  brokenValue,
  isRowId,
  isSyncTable,
  sparseColumns,
  syncTable,
  type Scalar,
  type SyncTableName,
} from '../../core/sync/tables.ts'
import { StoreRuleError, type Publication, type Store, type StoredPublication, type WriteTransaction } from '../store/store.ts'
import { hashToken } from './authenticate.ts'
import { formatCursor, positionAt } from './cursor.ts'
import type { RequestOrigin } from './push.ts'

type PublishContext = { readonly store: Store; readonly now: number; readonly newId: () => Id; readonly newToken: () => string }

/** `finish` of a complete publication can be repeated for this time, in case the answer was lost, ms. */
const FINISH_AGAIN_MS = 7 * 24 * 60 * 60_000

type Step<S extends PublishRequest['step']> = Extract<PublishRequest, { step: S }>

/**
 * Receives a workspace that was created offline. Its rows are stored in their final place, but no one can reach the client before the last
 * step: it has no devices, and its accounts cannot enrol. An interrupted publication is resumed, or removed by the next one.
 */
export async function publish(context: PublishContext, origin: RequestOrigin, request: PublishRequest): Promise<PublishResponse> {
  switch (request.step) {
    case 'begin':
      return begin(context, request)
    case 'chunk':
      return takeChunk(context, request)
    case 'finish':
      return finish(context, origin, request)
  }
}

async function begin({ store, now }: PublishContext, request: Step<'begin'>): Promise<PublishResponse> {
  const { clientId, publicationId, userId, device, deviceSeq, secret } = request
  return store.write(async (tx) => {
    const state = await tx.lockClient(clientId)
    if (state?.isPublished === true)
      throw new SyncError('ALREADY_PUBLISHED', 'This client is already on the server; join it instead')
    const current = await tx.publication(clientId)
    if (current?.publicationId === publicationId && isSecretOf(current, secret))
      return { step: 'begin', nextChunk: current.nextChunk }
    const fresh = {
      publicationId,
      userId,
      deviceId: device.id,
      deviceName: device.name,
      deviceSeq,
      startedAt: now,
      nextChunk: 0,
      lastSeq: 0,
      secretHash: hashToken(secret),
    }
    await tx.beginPublication(clientId, fresh)
    return { step: 'begin', nextChunk: 0 }
  })
}

function isSecretOf({ secretHash }: Publication, secret: string): boolean {
  return secretHash !== null && timingSafeEqual(secretHash, hashToken(secret))
}

async function underWay(tx: WriteTransaction, clientId: ClientId, publicationId: string): Promise<StoredPublication> {
  const publication = await tx.publication(clientId)
  if (publication?.publicationId !== publicationId)
    throw new SyncError('PUBLICATION', 'Another publication replaced this one; start again', { nextChunk: 0 })
  return publication
}

async function takeChunk({ store, now }: PublishContext, request: Step<'chunk'>): Promise<PublishResponse> {
  const { clientId, publicationId, index, rows } = request
  const synced = rows.filter(({ table }) => table !== 'audit_logs').reduce((sum, page) => sum + checkPage(clientId, page), 0)
  for (const page of rows) if (page.table === 'audit_logs') checkAudit(page)
  const digest = hash('sha256', JSON.stringify(rows), 'buffer').subarray(0, 16)
  try {
    return await store.write(async (tx) => {
      const state = await tx.lockClient(clientId)
      if (state?.isPublished === true)
        throw new SyncError('ALREADY_PUBLISHED', 'This client is already on the server; join it instead')
      const { nextChunk, userId } = await underWay(tx, clientId, publicationId)
      const known = await tx.publicationChunk(clientId, index)
      if (known !== undefined && Buffer.compare(known.digest, digest) === 0)
        return { step: 'chunk', nextChunk, firstVersion: known.firstSeq }
      if (index !== nextChunk) throw new SyncError('PUBLICATION', 'This is not the next part of the publication', { nextChunk })
      const firstSeq = await tx.allocate(clientId, synced, Buffer.concat([Buffer.from(`${publicationId} ${now}`), digest]))
      let seq = firstSeq
      for (const page of rows) {
        await tx.publishRows(clientId, page, seq, userId)
        if (page.table !== 'audit_logs') seq += columnarLength(page)
      }
      await tx.savePublicationChunk(clientId, index, { digest, firstSeq }, seq - 1)
      return { step: 'chunk', nextChunk: index + 1, firstVersion: firstSeq }
    })
  } catch (error) {
    if (!(error instanceof StoreRuleError)) throw error
    const data = { table: rows[0]?.table ?? '', rowId: null, field: null }
    throw new SyncError('INVALID_ROW', `The rows do not fit together (${error.rule}); this part was not stored`, data, error)
  }
}

async function finish(context: PublishContext, origin: RequestOrigin, request: Step<'finish'>): Promise<PublishResponse> {
  const { store, now, newId, newToken } = context
  const { clientId, publicationId } = request
  return store.write(async (tx) => {
    const state = await tx.lockClient(clientId)
    const publication = await underWay(tx, clientId, publicationId)
    // The publish key and the publication id are not enough: others have the key, and people of the client may have seen the id.
    if (!isSecretOf(publication, request.secret))
      throw new SyncError('PUBLICATION', 'Another device started this publication', { nextChunk: 0 })
    const { userId, deviceId, deviceName, nextChunk, lastSeq } = publication
    const user = (await tx.rows(clientId, 'users', [userId])).get(userId)?.values
    // A repeated request: its answer was lost, the publication is complete, and the device needs a token.
    if (publication.finishedAt !== null && now - publication.finishedAt > FINISH_AGAIN_MS)
      throw new SyncError('ALREADY_PUBLISHED', 'This publication was completed long ago; join the client instead')
    if (state?.isPublished !== true) {
      if (nextChunk !== request.chunks) throw new SyncError('PUBLICATION', 'Parts of the publication are missing', { nextChunk })
      const counts = await tx.counts(clientId)
      const wrong = Object.keys({ ...counts, ...request.counts }).find(
        (table) => (counts[table] ?? 0) !== (request.counts[table] ?? 0),
      )
      if (wrong !== undefined || counts['clients'] !== 1)
        throw new SyncError('INVALID_ROW', 'The number of rows differs from the number that the device counted', {
          table: wrong ?? 'clients',
          rowId: null,
          field: null,
        })
      if (user?.['role'] !== 'admin' || user['is_active'] !== 1)
        throw new SyncError('INVALID_ROW', 'Only an active admin can publish', {
          table: 'users',
          rowId: userId,
          field: 'role',
        })
      await tx.finishPublication(clientId, now)
      const newValues = JSON.stringify({ publication: 1, calls: counts['calls'] ?? 0 })
      const event = {
        id: newId(),
        userId,
        table: 'clients',
        recordId: clientId,
        action: 'IMPORT',
        oldValues: null,
        newValues,
      } as const
      await tx.appendAudit(clientId, [{ ...event, ...origin, createdAt: now }])
    }
    const signedIn = { id: newId(), userId, table: 'users', recordId: userId, action: 'LOGIN', oldValues: null } as const
    const newValues = JSON.stringify({ publication: 1 })
    await tx.appendAudit(clientId, [{ ...signedIn, newValues, ...origin, createdAt: now }])
    const token = newToken()
    await tx.saveToken(clientId, { hash: hashToken(token), deviceId, deviceName, userId, at: now })
    const { head, chain } = must(await tx.client(clientId), 'The client was published')
    // The end of the publication, not the head: when this request is repeated, others may have written in between.
    const seal = { epoch: store.epoch, cursorKey: store.cursorKey, clientId, userId }
    const cursor = formatCursor(positionAt(scopeOf('admin'), lastSeq), { head, chain }, seal)
    return { step: 'finish', token, epoch: store.epoch, cursor, head, serverTime: now }
  })
}

function invalidRow(table: string, rowId: Scalar | undefined, field: string | null, message: string): SyncError {
  const data = { table, rowId: typeof rowId === 'string' ? rowId.slice(0, 100) : null, field }
  return new SyncError('INVALID_ROW', `${message}. This part was not stored`, data)
}

/** @param optional those of the expected columns that a page may leave out: every row has null. */
function requireColumns(page: Columnar, expected: readonly string[], optional: readonly string[] = []): void {
  try {
    columnarLength(page)
  } catch (error) {
    throw new SyncError('MALFORMED', 'The columns of a part differ in length', { path: `rows.${page.table}` }, error)
  }
  const given = page.columns
  const unknown = given.find((name) => !expected.includes(name))
  if (unknown !== undefined)
    throw new SyncError('SERVER_OUTDATED', 'This server does not have this column yet', { table: page.table, column: unknown })
  const missing = expected.find((name) => !given.includes(name) && !optional.includes(name))
  if (missing !== undefined || new Set(given).size !== given.length)
    throw invalidRow(page.table, null, missing ?? null, 'A column is missing or occurs twice')
}

/** Checks every row by the rules for operations. Returns the number of rows. */
function checkPage(clientId: ClientId, page: Columnar): number {
  if (!isSyncTable(page.table))
    throw new SyncError('SERVER_OUTDATED', 'This server does not have this table yet', { table: page.table, column: null })
  const table: SyncTableName = page.table
  const { columns, broken } = syncTable(table)
  requireColumns(page, ['id', ...columns.map(({ name }) => name)], sparseColumns(table))
  let count = 0
  for (const values of columnarRows(page)) {
    const id = values['id']
    if (typeof id !== 'string' || !isRowId(table, id)) throw invalidRow(table, id, 'id', 'The id of a row is not valid')
    if (table === 'clients' && id !== clientId) throw invalidRow(table, id, 'id', 'A publication contains one client')
    for (const column of columns) {
      const message = brokenValue(column, values[column.name] ?? null)
      if (message !== undefined) throw invalidRow(table, id, column.name, message)
    }
    const rule = broken?.(values)
    if (rule !== undefined) throw invalidRow(table, id, rule.field, rule.message)
    const brokenAs = brokenSettingRow(table, id, values)
    if (brokenAs !== undefined) throw invalidRow(table, id, brokenAs, 'The value does not fit the setting')
    count++
  }
  return count
}

const text = (max: number) => z.string().max(max)
const auditSchemas = {
  id: z.uuidv7(),
  user_id: z.uuidv7().nullable(),
  table_name: text(50),
  record_id: text(100),
  action: z.enum(AUDIT_ACTIONS),
  old_values: text(200_000).nullable(),
  new_values: text(200_000).nullable(),
  ip_address: text(100).nullable(),
  user_agent: text(500).nullable(),
  created_at: z.int().min(0),
}
const auditValues = z.record(z.string(), z.union([z.string(), z.number(), z.null()]))

/** Checks the form of the published trail, and that it contains no secret. Its lines are stored unchanged. */
function checkAudit(page: Columnar): void {
  requireColumns(page, Object.keys(auditSchemas))
  for (const row of columnarRows(page)) {
    for (const [name, schema] of Object.entries(auditSchemas))
      if (!schema.safeParse(row[name]).success)
        throw invalidRow('audit_logs', row['id'], name, 'A line of the audit trail is not valid')
    for (const name of ['old_values', 'new_values']) {
      const json = row[name]
      if (typeof json === 'string' && !isAuditValues(json))
        throw invalidRow('audit_logs', row['id'], name, 'Values of the audit trail are not valid')
    }
  }
}

function isAuditValues(json: string): boolean {
  if (exceededBound(json, SMALL_JSON) !== null) return false
  try {
    const values = auditValues.parse(JSON.parse(json))
    return !Object.hasOwn(values, 'password_hash')
  } catch {
    return false
  }
}
