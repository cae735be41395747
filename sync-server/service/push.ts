import { hash } from 'node:crypto'
import { must } from '../../core/assert.ts'
import type { ClientId, DeviceId, Id } from '../../core/id.ts'
import { SyncError } from '../../core/sync/errors.ts'
import { clockOffset, effectiveClock } from '../../core/sync/effective-clock.ts'
import { changesRow, judge, type Judgement, type Trail } from '../../core/sync/judge.ts'
import type { Author, Conflict } from '../../core/sync/merge.ts'
import type { Rejection, Verdict } from '../../core/sync/operation.ts'
import {
  LIMITS,
  type Alias,
  type ConflictRecord,
  type PushRequest,
  type PushResponse,
  type Removal,
} from '../../core/sync/protocol.ts'
import { decodePush, type PushedOperation, type PushedTransaction } from '../../core/sync/push-batch.ts'
import { personInRowId } from '../../core/sync/row-person.ts'
import { throughAliases } from '../../core/sync/same-name.ts'
import { inScope, sameScope, scopeOf, type Scope } from '../../core/sync/scope.ts'
import { columnOf, isPersonal, isSyncTable, syncTable, type Scalar, type SyncTableName } from '../../core/sync/tables.ts'
import { DATA_ACTIONS } from '../../core/model/audit.ts'
import { parseHybridTime } from '../../core/hybrid-clock.ts'
import {
  StoreRuleError,
  type Departure,
  type NewAuditRecord,
  type OperationRecord,
  type Principal,
  type Store,
  type WriteTransaction,
} from '../store/store.ts'
import { Aliases } from './aliases.ts'
import { authenticate } from './authenticate.ts'
import { BatchRows } from './batch-rows.ts'
import { formatCursor, holds, positionAt, readCursor, snapshotStart, withKnown, type Position, type Seal } from './cursor.ts'
import { hasForgedId } from './imported-ids.ts'
import { packRows } from './pack-rows.ts'

/** The origin of a request, for the audit trail. */
export type RequestOrigin = { readonly ipAddress: string | null; readonly userAgent: string | null }

export type PushContext = {
  readonly store: Store
  readonly now: number
  readonly newId: () => Id
}

/** A change and the people whose devices need an event about it. */
export type Change = {
  readonly clientId: ClientId
  readonly head: number
  /** Whether a row changed that everyone has. */
  readonly everyone: boolean
  /** The people whose calls changed. */
  readonly owners: readonly string[]
  /** The device that made the change; it needs no event. */
  readonly deviceId: DeviceId
  /** People whose role or account changed: their streams are ended, so that they connect again. */
  readonly renewed: readonly string[]
}

/** Operations that change no row but use space in the store. Their number per person and hour is limited. */
export type Metered = {
  /** Rejected, or merged with a part that lost. */
  readonly refused: number
  readonly events: number
}

type Pushed = {
  readonly response: PushResponse
  readonly change: Change | null
  readonly clientId: ClientId
  readonly metered: Metered
}

type Judged = {
  readonly pushed: PushedOperation
  /** The operation with its aliases replaced (S11). */
  readonly op: PushedOperation
  readonly transaction: PushedTransaction
  readonly seq: number
  readonly author: Author
  readonly judgement: Judgement
  readonly rowVersion: number | null
  /** The call's owner when the operation was judged; null if there was no call. */
  readonly ownerSeen: string | null
}

type Answered = {
  readonly op: PushedOperation
  readonly seq: number
  readonly verdict: Verdict
  readonly rejection: Rejection | null
  /** The version of the row before this operation; null for a new row and for a repeated operation. */
  readonly rowVersion: number | null
  /**
   * The operation was answered before. Others may have edited the row since, and the device may have received that while its edit waited.
   */
  readonly isRetry: boolean
}

/** Returns a digest of everything that the device sent about the operation. Retries are compared by it. */
function digestOf({ txId, hlc, wallTime, schemaVersion }: PushedTransaction, op: PushedOperation): Uint8Array {
  const { opId, deviceSeq, table, rowId, action, values, bases, origin } = op
  const content = [txId, hlc, wallTime, schemaVersion, opId, deviceSeq, table, rowId, action, values, bases]
  const text = JSON.stringify(origin === undefined ? content : [...content, origin])
  return hash('sha256', text, 'buffer').subarray(0, 16)
}

/**
 * Gives each of a device's operations a place in the client's order and a verdict. A transaction is accepted whole or not at all (S4).
 * Everything happens in one transaction of the store: a batch that failed leaves nothing, and a repeated batch is stored once (S1, S3).
 */
export async function push(
  { store, now, newId }: PushContext,
  token: string | undefined,
  origin: RequestOrigin,
  request: PushRequest,
): Promise<Pushed> {
  if (request.operations.id.length > LIMITS.operations)
    throw new SyncError('TOO_LARGE', 'Too many operations in one request; send fewer', { limit: LIMITS.operations })
  const transactions = decodePush(request)
  requireKnownColumns(transactions)
  const attempt = (acrossDevices: boolean) =>
    store.write(async (tx) => {
      const principal = await authenticate(tx, token)
      const { clientId, userId } = principal
      await tx.lockClient(clientId)
      const seal = { epoch: store.epoch, cursorKey: store.cursorKey, clientId, userId }
      // Checked before any operation is judged: nothing is accepted from a device with another history (S6).
      const position = request.cursor === null ? null : await readCursor(tx, request.cursor, seal)
      const offset = clockOffset(request.sentAt, now)
      const batch = new PushBatch(tx, principal, { now, newId, origin, offset, acrossDevices })
      await batch.run(transactions)
      return batch.answer(seal, position)
    })
  try {
    return await attempt(false).catch((error: unknown) => {
      // The id belongs to another operation, or to the same one, which a copy of the device sent under its former device id (S6).
      if (isDuplicateId(error)) return attempt(true)
      throw error
    })
  } catch (error) {
    // All other rules of the store were checked by the judge, so the cause is an operation id that is already used.
    if (isDuplicateId(error))
      throw new SyncError(
        'OPERATION_ALTERED',
        'The id of an operation belongs to another operation; nothing was changed',
        { opId: null },
        error,
      )
    throw error
  }
}

function isDuplicateId(error: unknown): boolean {
  return error instanceof StoreRuleError && error.rule === 'unique'
}

function requireKnownColumns(transactions: readonly PushedTransaction[]): void {
  for (const { operations } of transactions)
    for (const { table, action, values } of operations) {
      if (!isSyncTable(table))
        throw new SyncError('SERVER_OUTDATED', 'This server does not have this table yet', { table, column: null })
      if (!DATA_ACTIONS.some((each) => each === action)) continue
      for (const column in values)
        if (columnOf(table, column) === undefined)
          throw new SyncError('SERVER_OUTDATED', 'This server does not have this column yet', { table, column })
    }
}

type BatchContext = Pick<PushContext, 'now' | 'newId'> & {
  readonly origin: RequestOrigin
  readonly offset: number
  /** Whether operations that this person pushed from another device are also recognised. */
  readonly acrossDevices: boolean
}

class PushBatch {
  readonly #tx: WriteTransaction
  readonly #principal: Principal
  readonly #context: BatchContext
  readonly #answered: Answered[] = []
  readonly #judged: Judged[] = []
  readonly #digests = new Map<PushedOperation, Uint8Array>()
  #pushed: readonly PushedOperation[] = []
  #aliases = new Aliases()
  #headBefore = 0
  #lastClock: string | null

  constructor(tx: WriteTransaction, principal: Principal, context: BatchContext) {
    this.#tx = tx
    this.#principal = principal
    this.#context = context
    this.#lastClock = principal.lastClock
  }

  async run(transactions: readonly PushedTransaction[]): Promise<void> {
    const { clientId, userId } = this.#principal
    this.#pushed = transactions.flatMap((transaction) => transaction.operations)
    this.#aliases = await Aliases.load(this.#tx, clientId, this.#pushed)
    const fresh = await this.#withoutKnown(transactions)
    this.#headBefore = (await this.#tx.client(clientId))?.head ?? 0
    const operations = fresh.flatMap((transaction) => transaction.operations)
    if (operations.length === 0) return
    let seq = await this.#tx.allocate(clientId, operations.length, this.#chainContent(fresh))
    const rows = await BatchRows.load(this.#tx, clientId, userId, operations, this.#aliases)
    for (const transaction of fresh) {
      this.#judgeTransaction(rows, transaction, seq)
      seq += transaction.operations.length
    }
    await this.#write(rows)
  }

  /** Returns everything that the verdicts depend on, except for the rows, which the chain already covers. */
  #chainContent(fresh: readonly PushedTransaction[]): Uint8Array {
    const { deviceId, userId } = this.#principal
    const { now, offset } = this.#context
    const digests = fresh.flatMap((transaction) => transaction.operations.map((op) => this.#digest(transaction, op)))
    return Buffer.concat([Buffer.from(`${deviceId} ${userId} ${now} ${offset}`), ...digests])
  }

  #digest(transaction: PushedTransaction, op: PushedOperation): Uint8Array {
    const known = this.#digests.get(op)
    if (known !== undefined) return known
    const digest = digestOf(transaction, op)
    this.#digests.set(op, digest)
    return digest
  }

  /** Returns the new transactions. For the others, repeats the stored verdicts (S3). */
  async #withoutKnown(transactions: readonly PushedTransaction[]): Promise<readonly PushedTransaction[]> {
    const { clientId, deviceId, userId } = this.#principal
    const numbers = transactions.flatMap(({ operations }) => operations.map(({ deviceSeq }) => deviceSeq))
    const known = new Map((await this.#tx.verdicts(clientId, deviceId, numbers)).map((each) => [each.deviceSeq, each]))
    if (this.#context.acrossDevices) {
      const opIds = transactions.flatMap(({ operations }) => operations.flatMap((op) => (known.has(op.deviceSeq) ? [] : op.opId)))
      for (const each of await this.#tx.verdictsOf(clientId, userId, opIds)) known.set(each.deviceSeq, each)
    }
    if (known.size === 0) return transactions
    return transactions.filter((transaction) => {
      const { operations } = transaction
      const stored = operations.flatMap((op) => known.get(op.deviceSeq) ?? [])
      if (stored.length === 0) return true
      for (const op of operations) {
        const verdict = known.get(op.deviceSeq)
        if (verdict?.opId !== op.opId || Buffer.compare(verdict.digest, this.#digest(transaction, op)) !== 0)
          throw new SyncError('OPERATION_ALTERED', 'An operation was sent before with other content; nothing was changed', {
            opId: op.opId,
          })
        this.#answered.push({
          op: throughAliases(this.#aliases, op),
          seq: verdict.seq,
          verdict: verdict.verdict,
          rejection: verdict.rejection,
          rowVersion: null,
          isRetry: true,
        })
      }
      return false
    })
  }

  #judgeTransaction(rows: BatchRows, transaction: PushedTransaction, firstSeq: number): void {
    const { deviceId, userId } = this.#principal
    const { now, offset } = this.#context
    const clock = effectiveClock(transaction, offset, now, this.#lastClock)
    this.#lastClock = clock
    // A single operation that is rejected has changed nothing, so there is nothing to roll back.
    rows.begin(transaction.operations.length > 1)
    let failed = false
    const judged = transaction.operations.map((pushed, place): Judged => {
      const seq = firstSeq + place
      const op = throughAliases(rows, pushed)
      const author = { opId: op.opId, deviceId, deviceSeq: op.deviceSeq, userId, clock }
      rows.addAuthor(seq, author)
      const rowVersion = (isSyncTable(op.table) ? rows.row(op.table, op.rowId)?.version : undefined) ?? null
      const ownerSeen = callOwner(rows, op)
      const isForged = hasForgedId(rows.clientId, pushed)
      const judgement = failed ? dependent() : isForged ? FORGED : judge(rows, { ...op, seq, author })
      failed ||= judgement.verdict === 'rejected'
      const survivor = judgement.verdict === 'rejected' ? undefined : judgement.survivor
      const about = survivor === undefined ? op : { ...op, rowId: survivor }
      return { pushed, op: about, transaction, seq, author, judgement, rowVersion, ownerSeen }
    })
    if (failed) rows.rollBack()
    for (const each of judged) {
      const judgement = failed && each.judgement.verdict !== 'rejected' ? dependent() : each.judgement
      this.#judged.push({ ...each, judgement })
      const { verdict } = judgement
      const rejection = judgement.verdict === 'rejected' ? rejectionOf(judgement) : null
      this.#answered.push({ op: each.op, seq: each.seq, verdict, rejection, rowVersion: each.rowVersion, isRetry: false })
    }
  }

  async #write(rows: BatchRows): Promise<void> {
    const { clientId, deviceId, userId } = this.#principal
    const { now, newId, origin } = this.#context
    const operations: OperationRecord[] = []
    const departures: Departure[] = []
    const conflicts: ConflictRecord[] = []
    const audit: NewAuditRecord[] = []
    const record = (id: string, judged: Judged, action: NewAuditRecord['action'], trail: Trail) =>
      audit.push({
        id,
        userId,
        table: judged.op.table,
        recordId: judged.op.rowId,
        action,
        oldValues: trail.old === null ? null : JSON.stringify(trail.old),
        newValues: trail.new === null ? null : JSON.stringify(trail.new),
        ...origin,
        createdAt: parseHybridTime(judged.author.clock).millis,
        ...trailOwner(judged),
      })
    for (const judged of this.#judged) {
      const { pushed, op, transaction, seq, author, judgement } = judged
      const accepted = judgement.verdict === 'rejected' ? undefined : judgement
      operations.push({
        seq,
        opId: op.opId,
        txId: transaction.txId,
        deviceSeq: op.deviceSeq,
        schemaVersion: transaction.schemaVersion,
        table: op.table,
        rowId: pushed.rowId,
        action: op.action,
        hlc: transaction.hlc,
        wallTime: transaction.wallTime,
        clock: author.clock,
        ownerBefore: accepted?.ownerBefore ?? null,
        ownerAfter: accepted?.ownerAfter ?? null,
        digest: this.#digest(transaction, pushed),
        verdict: judgement.verdict,
        rejection: judgement.verdict === 'rejected' ? rejectionOf(judgement) : null,
      })
      if (accepted === undefined) {
        record(op.opId, judged, 'SYNC_REJECTED', { old: null, new: shownOf(op) })
        continue
      }
      if (accepted.trail !== null) record(op.opId, judged, accepted.trail.action, accepted.trail)
      if (accepted.lost !== null) record(accepted.trail === null ? op.opId : newId(), judged, 'SYNC_REJECTED', accepted.lost)
      for (const conflict of accepted.conflicts) conflicts.push(conflictRecord(judged, conflict, now))
      if (accepted.ownerBefore !== null && accepted.ownerBefore !== accepted.ownerAfter)
        departures.push({
          seq,
          id: op.rowId,
          owner: accepted.ownerBefore,
          reason: accepted.ownerAfter === null ? 'deleted' : 'moved',
        })
    }
    const lastClock = this.#lastClock ?? ''
    const base = { deviceId, userId, receivedAt: now, lastClock, operations, departures, conflicts, audit }
    await this.#tx.apply(clientId, { ...base, ...rows.changes() })
  }

  /** @param position the device's position; null if it has no cursor yet. */
  async answer(seal: Seal, position: Position | null): Promise<Pushed> {
    const { clientId, userId, deviceId } = this.#principal
    const { head, chain } = must(await this.#tx.client(clientId), 'A person with a token has a client')
    const answered = this.#answered.toSorted((a, b) => a.op.deviceSeq - b.op.deviceSeq)
    const merged = answered.flatMap(({ verdict }, index) => (verdict === 'merged' ? [index] : []))
    const rejected = answered.flatMap(({ rejection }, index) => (rejection === null ? [] : [{ index, ...rejection }]))
    const actor = (await this.#tx.rows(clientId, 'users', [userId])).get(userId)
    const scope = scopeOf((actor?.values['role'] ?? this.#principal.role) as Principal['role'])
    const before = position ?? snapshotStart(scope, head)
    const isWhole = before.fill === null && sameScope(before.scope, scope)
    const after = isWhole ? this.#positionAfter(before, head) : null
    // If the device does not hold the row's state before its edit, the whole row is sent, because the feed skips the edit.
    const isHeld = (table: string, version: number) =>
      after === null || holds(after, table === 'calls' ? after.calls : after.parents, version)
    const doubtful = answered.filter(
      ({ op, verdict, rowVersion, isRetry }) =>
        verdict !== 'accepted' || isRetry || (rowVersion !== null && !isHeld(op.table, rowVersion)),
    )
    const aliases = this.#aliases.in(this.#pushed)
    const response: PushResponse = {
      epoch: seal.epoch,
      head,
      serverTime: this.#context.now,
      seq: answered.map(({ seq }) => seq),
      merged,
      rejected,
      ...(await this.#current(doubtful, aliases, scope)),
      conflicts: this.#judged.flatMap((judged) =>
        judged.judgement.verdict === 'rejected'
          ? []
          : judged.judgement.conflicts.map((each) => conflictRecord(judged, each, this.#context.now)),
      ),
      aliases,
      // Sent even if the position does not move: the cursor names the history in which these operations were acknowledged.
      cursor: formatCursor(after ?? before, { head, chain }, seal),
      isCovered: after !== null,
      complete: after !== null && after.parents === head && after.calls === head,
    }
    const change = this.#judged.length === 0 ? null : this.#change(head, deviceId)
    return { response, change, clientId, metered: this.#metered() }
  }

  /**
   * Returns the position after this push. The device holds its accepted edits, and this answer contains the rows of the other operations,
   * so the feed need not send the pushed rows again. A retry is an exception: the device may lack other changes of those rows.
   * @returns null if the feed has to bring the pushed rows.
   */
  #positionAfter(at: Position, head: number): Position | null {
    if (at.parents === this.#headBefore && at.calls === this.#headBefore) return positionAt(at.scope, head)
    if (this.#answered.some(({ isRetry }) => isRetry)) return null
    return head === this.#headBefore ? at : withKnown(at, { after: this.#headBefore, upTo: head })
  }

  /** Returns the current rows of merged and rejected operations, as far as the device may see them. */
  async #current(
    doubtful: readonly Answered[],
    aliases: readonly Alias[],
    scope: Scope,
  ): Promise<Pick<PushResponse, 'rows' | 'removed'>> {
    const { clientId, userId } = this.#principal
    const ids = new Map<SyncTableName, Map<string, number>>()
    for (const { table, to } of aliases) ids.set(table, (ids.get(table) ?? new Map<string, number>()).set(to, this.#headBefore))
    for (const { op, seq } of doubtful) {
      if (!isSyncTable(op.table) || !changesRow(op, userId)) continue
      const ofTable = ids.get(op.table) ?? new Map<string, number>()
      ids.set(op.table, ofTable.set(op.rowId, seq))
    }
    const rows: PushResponse['rows'] = []
    const parents: PushResponse['rows'] = []
    const removed: Removal[] = []
    for (const [table, ofTable] of ids) {
      const found = await this.#tx.rows(clientId, table, [...ofTable.keys()])
      const visible = [...found].filter(([id, row]) =>
        inScope(scope, table, userId, table === 'calls' ? String(row.values['user_id']) : personInRowId(table, id)),
      )
      rows.push(...packRows(table, visible, scope, userId))
      // The rows that these refer to: without them the device could not store these.
      for (const column of syncTable(table).columns) {
        if (column.refersTo === undefined) continue
        const named = new Set(visible.flatMap(([, row]) => row.values[column.name] ?? []).map(String))
        named.delete(userId)
        parents.push(
          ...packRows(column.refersTo, [...(await this.#tx.rows(clientId, column.refersTo, [...named]))], scope, userId),
        )
      }
      const seen = new Set(visible.map(([id]) => id))
      const gone = [...ofTable].filter(([id]) => !seen.has(id))
      // The answer must not reveal whether such a row exists elsewhere.
      for (const [id, seq] of gone) removed.push({ table, id, seq, reason: 'deleted' })
    }
    return { rows: [...parents, ...rows], removed }
  }

  #metered(): Metered {
    const refused = this.#judged.filter(({ judgement }) => judgement.verdict === 'rejected' || judgement.lost !== null).length
    const events = this.#judged.filter(({ op }) => !DATA_ACTIONS.some((each) => each === op.action)).length
    return { refused, events }
  }

  #change(head: number, deviceId: DeviceId): Change {
    const owners = new Set<string>()
    const renewed = new Set<string>()
    let everyone = false
    for (const { op, judgement } of this.#judged) {
      if (judgement.verdict === 'rejected') continue
      if (op.table === 'calls') {
        for (const owner of [judgement.ownerBefore, judgement.ownerAfter]) if (owner !== null) owners.add(owner)
      } else if (isSyncTable(op.table) && isPersonal(op.table)) owners.add(this.#principal.userId)
      else if (judgement.trail !== null) everyone = true
      if (op.table === 'users' && ('role' in op.values || 'is_active' in op.values)) renewed.add(op.rowId)
    }
    return { clientId: this.#principal.clientId, head, everyone, owners: [...owners], deviceId, renewed: [...renewed] }
  }
}

function callOwner(rows: BatchRows, { table, rowId }: PushedOperation): string | null {
  if (table !== 'calls') return null
  const owner = rows.row('calls', rowId)?.values['user_id']
  return typeof owner === 'string' ? owner : (rows.deletedOwner(rowId) ?? null)
}

/**
 * Returns the person to whose part of the trail the line belongs (S14). A refused operation by a person who does not have the call, for
 * example a former owner's late edit, is not shown to the call's owner, because it holds that person's typed values. The same holds for
 * another person's settings.
 */
function trailOwner({ op, author, judgement, ownerSeen }: Judged): { readonly owner?: string | null } {
  if (isSyncTable(op.table) && isPersonal(op.table))
    return { owner: personInRowId(op.table, op.rowId) === author.userId ? author.userId : null }
  if (op.table !== 'calls') return {}
  if (judgement.verdict === 'rejected') return { owner: ownerSeen === author.userId ? ownerSeen : null }
  return { owner: judgement.ownerAfter ?? judgement.ownerBefore ?? ownerSeen }
}

const FORGED: Judgement = { verdict: 'rejected', code: 'INVALID', field: 'id', current: null }

function dependent(): Judgement {
  return { verdict: 'rejected', code: 'TRANSACTION', field: null, current: null }
}

function rejectionOf({ code, field, current }: Rejection): Rejection {
  return { code, field, current }
}

/** The most characters of one value, and of all values, of a refused operation in the trail. */
const MAX_REFUSED_VALUE = 200
const MAX_REFUSED_VALUES = 1_000

/**
 * Returns the values of a refused operation, without secrets. They are unchecked, so the trail keeps the beginning of long values with
 * their length. The device that made the operation keeps the full values.
 */
function shownOf(op: PushedOperation): Trail['new'] {
  const table = op.table
  const shown: Record<string, Scalar> = {}
  let left = MAX_REFUSED_VALUES
  for (const name in op.values) {
    if (isSyncTable(table) && columnOf(table, name)?.audience === 'self') continue
    const value = op.values[name] ?? null
    const kept = typeof value === 'string' ? beginningOf(value) : value
    left -= name.length + String(kept).length
    if (left < 0) break
    shown[name] = kept
  }
  return Object.keys(shown).length === 0 ? null : shown
}

function beginningOf(text: string): string {
  if (text.length <= MAX_REFUSED_VALUE) return text
  return `${text.slice(0, MAX_REFUSED_VALUE).toWellFormed()}… (${text.length} characters)`
}

function conflictRecord({ op, seq }: Judged, conflict: Conflict, now: number): ConflictRecord {
  return {
    seq,
    table: op.table as SyncTableName,
    rowId: op.rowId,
    columns: [...conflict.columns],
    winning: { ...conflict.winning },
    losing: { ...conflict.losing },
    winningOpId: conflict.winner.opId,
    losingOpId: conflict.loser.opId,
    winningUserId: conflict.winner.userId,
    losingUserId: conflict.loser.userId,
    version: conflict.version,
    createdAt: now,
  }
}
