import type { Rejection, Verdict } from '../../core/sync/operation.ts'
import type { Author } from '../../core/sync/merge.ts'
import type { SyncRow } from '../../core/sync/judge.ts'
import type { Columnar } from '../../core/sync/columnar.ts'
import type { ConflictRecord, Removal } from '../../core/sync/protocol.ts'
import type { Scalar, SyncTableName } from '../../core/sync/tables.ts'
import type { HybridTime } from '../../core/hybrid-clock.ts'
import type { AuditAction } from '../../core/model/audit.ts'
import type { Role } from '../../core/roles.ts'

/**
 * Where the server keeps its clients. All calls go by whole batches, because a store may lie behind a network. Every
 * key is led by the client: nothing can be asked for without naming whose it is, but for a token and for the accounts of
 * an e-mail address. `store-contract.ts` is the test that every store has to pass.
 */
export type Store = {
  /** Another one after a restore or on another server (S6). */
  readonly epoch: string
  /** Runs `work` on one consistent state. */
  read<T>(work: (tx: ReadTransaction) => Promise<T>): Promise<T>
  /**
   * Runs `work` in one transaction and commits; when it throws, nothing of it remains. Durable when it resolves. Two of
   * the same client never overlap from `lockClient` on.
   */
  write<T>(work: (tx: WriteTransaction) => Promise<T>): Promise<T>
  /** @throws where the store cannot be read or written. */
  check(): Promise<void>
  close(): Promise<void>
}

/** A device's person, as things stand in this transaction. */
export type Principal = {
  readonly clientId: string
  readonly userId: string
  readonly role: Role
  readonly isActive: boolean
  readonly deviceId: string
  readonly isRevoked: boolean
  /** Effective clock of the device's last operation. */
  readonly lastClock: HybridTime | null
}

export type Account = {
  readonly clientId: string
  readonly clientName: string
  readonly userId: string
  readonly name: string
  readonly role: Role
  readonly isActive: boolean
  readonly passwordHash: string | null
}

export type ClientState = {
  /** The last `seq` given out. */
  readonly head: number
  /** Cursors below it need a snapshot (S21). */
  readonly floor: number
  readonly isPublished: boolean
}

/** How far a publication has come, and what its rows count as written by. */
export type Publication = {
  readonly publicationId: string
  readonly userId: string
  readonly deviceId: string
  readonly deviceName: string
  readonly deviceSeq: number
  readonly startedAt: number
  readonly nextChunk: number
  /** Rows of it have versions up to here. */
  readonly lastSeq: number
}

export type PublicationChunk = { readonly digest: Uint8Array; readonly firstSeq: number }

export type StoredVerdict = {
  readonly seq: number
  readonly opId: string
  readonly deviceSeq: number
  readonly table: string
  readonly rowId: string
  /** SHA-256 of what was pushed, cut to 16 bytes. */
  readonly digest: Uint8Array
  readonly verdict: Verdict
  readonly rejection: Rejection | null
}

/** Rows after `after` up to and with `upTo`, by version. */
export type FeedRange = { readonly after: number; readonly upTo: number; readonly limit: number }

/** Whose calls: everyone's (null), one person's, or everyone's but one person's. */
export type Owner = { readonly only: string } | { readonly except: string } | null

export type FeedRequest = FeedRange & {
  readonly table: SyncTableName
  /** Of `table`, or of `ROW_COLUMNS`, or `id`. The version comes first whatever is asked. */
  readonly columns: readonly string[]
  /** For `calls`. */
  readonly owner: Owner
}

export type ReadTransaction = {
  principal(tokenHash: Uint8Array): Promise<Principal | undefined>
  /** Of published clients, by e-mail address in the form of `uniqueKey`. */
  accounts(emailKey: string): Promise<readonly Account[]>
  client(clientId: string): Promise<ClientState | undefined>
  rows(clientId: string, table: SyncTableName, ids: readonly string[]): Promise<ReadonlyMap<string, SyncRow>>
  /** Who had each deleted call; calls that exist or never existed are absent. */
  deletedOwners(clientId: string, ids: readonly string[]): Promise<ReadonlyMap<string, string>>
  /** Ids of the rows with these values in a unique column, by the values' keys. */
  holders(clientId: string, table: SyncTableName, column: string, keys: readonly string[]): Promise<ReadonlyMap<string, string>>
  activeAdmins(clientId: string): Promise<readonly string[]>
  /** Who wrote each of these versions. */
  authors(clientId: string, seqs: readonly number[]): Promise<ReadonlyMap<number, Author>>
  /** What the device pushed before, from and to these numbers, with its verdicts. */
  verdicts(clientId: string, deviceId: string, first: number, last: number): Promise<readonly StoredVerdict[]>
  /** Of the operations with these ids those that the person pushed before, from whichever device. */
  verdictsOf(clientId: string, userId: string, opIds: readonly string[]): Promise<readonly StoredVerdict[]>
  feed(clientId: string, request: FeedRequest): Promise<readonly (readonly Scalar[])[]>
  /**
   * Calls that left the scope and are not back: deleted ones, and for `owner.only` also those given to another.
   */
  removals(clientId: string, range: FeedRange, owner: Owner): Promise<readonly Removal[]>
  /** Of which the person is a side. For `ownOnly`, of the person's own calls and of tables without owners. */
  conflicts(clientId: string, userId: string, range: FeedRange, ownOnly: boolean): Promise<readonly ConflictRecord[]>
  /** Also of an unpublished client. */
  publication(clientId: string): Promise<Publication | undefined>
  publicationChunk(clientId: string, index: number): Promise<PublicationChunk | undefined>
  /** The newest lines of a record's audit trail, oldest first. */
  trail(clientId: string, table: string, recordId: string, limit: number): Promise<readonly AuditRecord[]>
  /** Rows by table, `audit_logs` included. */
  counts(clientId: string): Promise<Readonly<Record<string, number>>>
}

export type OperationRecord = {
  readonly seq: number
  readonly opId: string
  readonly txId: string
  readonly deviceSeq: number
  readonly schemaVersion: number
  readonly table: string
  readonly rowId: string
  readonly action: string
  readonly hlc: HybridTime
  readonly wallTime: number
  readonly clock: HybridTime
  readonly ownerBefore: string | null
  readonly ownerAfter: string | null
  readonly digest: Uint8Array
  readonly verdict: Verdict
  readonly rejection: Rejection | null
}

export type AuditRecord = {
  readonly id: string
  readonly userId: string | null
  readonly table: string
  readonly recordId: string
  readonly action: AuditAction
  /** JSON objects. */
  readonly oldValues: string | null
  readonly newValues: string | null
  readonly ipAddress: string | null
  readonly userAgent: string | null
  readonly createdAt: number
}

export type Departure = { readonly seq: number; readonly id: string; readonly owner: string; readonly reason: Removal['reason'] }

/** Everything that one push does to one client. */
export type Changes = {
  readonly deviceId: string
  readonly userId: string
  readonly receivedAt: number
  /** Effective clock of the device's last operation from now on. */
  readonly lastClock: HybridTime
  readonly operations: readonly OperationRecord[]
  /** Final states; `isNew`: the row was not there before. */
  readonly rows: readonly { readonly table: SyncTableName; readonly id: string; readonly row: SyncRow; readonly isNew: boolean }[]
  readonly deletedCalls: readonly string[]
  readonly departures: readonly Departure[]
  readonly conflicts: readonly ConflictRecord[]
  readonly audit: readonly AuditRecord[]
}

/** A row broke a rule that only the store sees: a foreign key, a unique value, a check. */
export class StoreRuleError extends Error {
  override readonly name = 'StoreRuleError'
  readonly rule: 'foreign_key' | 'unique' | 'check'

  constructor(rule: StoreRuleError['rule'], cause: unknown) {
    super(`A row breaks a rule of the store (${rule})`, { cause })
    this.rule = rule
  }
}

export type WriteTransaction = ReadTransaction & {
  /** Makes other writers of the client wait for the end of this transaction. */
  lockClient(clientId: string): Promise<ClientState | undefined>
  /** Takes the next `count` numbers of the client's order, under the client's row (S1); answers the first. */
  allocate(clientId: string, count: number): Promise<number>
  /** @throws StoreRuleError unique where an operation's id is known already. */
  apply(clientId: string, changes: Changes): Promise<void>
  appendAudit(clientId: string, records: readonly AuditRecord[]): Promise<void>
  /** Whose tokens there are for a device. */
  deviceUsers(clientId: string, deviceId: string): Promise<readonly string[]>
  /** Makes the token the only one of this person on this device. */
  saveToken(clientId: string, token: NewToken): Promise<void>
  recordLogin(clientId: string, userId: string, seq: number, at: number): Promise<void>
  /** Forgets whatever an unfinished publication of the client left, and begins another. */
  beginPublication(clientId: string, publication: Publication): Promise<void>
  /** Adds whole rows, the n-th with version `firstSeq + n`. @throws StoreRuleError */
  publishRows(clientId: string, page: Columnar, firstSeq: number, changedBy: string): Promise<void>
  savePublicationChunk(clientId: string, index: number, chunk: PublicationChunk, lastSeq: number): Promise<void>
  finishPublication(clientId: string, at: number): Promise<void>
}

export type NewToken = {
  readonly hash: Uint8Array
  readonly deviceId: string
  readonly deviceName: string
  readonly userId: string
  readonly at: number
}
