import type { ClientId, DeviceId, OpId, TxId, UserId } from '../../core/id.ts'
import type { Rejection, Verdict } from '../../core/sync/operation.ts'
import type { Author } from '../../core/sync/merge.ts'
import type { SyncRow } from '../../core/sync/judge.ts'
import type { Columnar } from '../../core/sync/columnar.ts'
import type { Alias, ConflictRecord, Removal } from '../../core/sync/protocol.ts'
import type { Scope } from '../../core/sync/scope.ts'
import type { MergedTable, Scalar, SyncTableName } from '../../core/sync/tables.ts'
import type { HybridTime } from '../../core/hybrid-clock.ts'
import type { AuditAction } from '../../core/model/audit.ts'
import type { Role } from '../../core/roles.ts'
import type { PersonCounts, PublishedCell, TeamCell } from '../../core/team/team-cells.ts'
import type { DayNumber } from '../../core/time/day-number.ts'
import type { TimeRange } from '../../core/time/time-range.ts'

/**
 * The storage of the server's clients. Methods take whole batches, because a store may be behind a network. Every key starts with the
 * client: only a token and the accounts of an e-mail address can be looked up without it. A store is a folder next to this file that implements
 * the parts of the two transactions one by one, and must pass `contract/`.
 */
export type Store = {
  /** Identifies this server's data; random, made with the store (S6). A restored backup has the same one: see `chainAt`. */
  readonly epoch: string
  /** 32 random bytes, made with the store and never sent. They authenticate cursors. */
  readonly cursorKey: Uint8Array
  /** Runs `work` on one consistent state. */
  read<T>(work: (tx: ReadTransaction) => Promise<T>): Promise<T>
  /**
   * Runs `work` in one transaction and commits. If it throws, the transaction is rolled back. Durable when it resolves. From `lockClient`
   * on, two transactions of one client never overlap.
   */
  write<T>(work: (tx: WriteTransaction) => Promise<T>): Promise<T>
  /** Reads and, if the store is writable, commits a write to disk. @throws if either fails. */
  check(): Promise<void>
  close(): Promise<void>
}

/** A device's person, as read in this transaction. */
export type Principal = {
  readonly clientId: ClientId
  readonly userId: UserId
  readonly role: Role
  readonly isActive: boolean
  readonly deviceId: DeviceId
  readonly isRevoked: boolean
  /** Effective clock of the device's last operation. */
  readonly lastClock: HybridTime | null
}

export type Account = {
  readonly clientId: ClientId
  readonly clientName: string
  readonly userId: UserId
  readonly name: string
  readonly role: Role
  readonly isActive: boolean
  readonly passwordHash: string | null
}

export type ClientState = {
  /** The last `seq` given out. */
  readonly head: number
  /** The chain value at the head; see `chainAt`. */
  readonly chain: Uint8Array
  /** Cursors below it need a snapshot (S21). */
  readonly floor: number
  readonly isPublished: boolean
  /** Cursors that are not authenticated are read up to here: an older server gave them out. 0: none are. */
  readonly unsealedUntil: number
}

/** The progress of a publication, and the author of its rows. */
export type Publication = {
  readonly publicationId: string
  readonly userId: UserId
  readonly deviceId: DeviceId
  readonly deviceName: string
  readonly deviceSeq: number
  readonly startedAt: number
  readonly nextChunk: number
  /** The last version of its rows. */
  readonly lastSeq: number
  /** SHA-256 of the publisher's secret; null for a publication that an older server accepted. */
  readonly secretHash: Uint8Array | null
}

/** `finishedAt`: when the last part was stored; null until then. */
export type StoredPublication = Publication & { readonly finishedAt: number | null }

export type PublicationChunk = { readonly digest: Uint8Array; readonly firstSeq: number }

export type StoredVerdict = {
  readonly seq: number
  readonly opId: OpId
  readonly deviceSeq: number
  readonly table: string
  readonly rowId: string
  /** The first 16 bytes of the SHA-256 of what was pushed. */
  readonly digest: Uint8Array
  readonly verdict: Verdict
  readonly rejection: Rejection | null
}

/** Rows by version: after `after`, up to and including `upTo`. */
export type FeedRange = { readonly after: number; readonly upTo: number; readonly limit: number }

/** A filter of rows by owner: everyone's (null), one person's, or everyone else's. */
export type Owner = { readonly only: string } | { readonly except: string } | null

export type FeedRequest = FeedRange & {
  readonly table: SyncTableName
  /** Columns of `table` or of `ROW_COLUMNS`, or `id`. The version always comes first. */
  readonly columns: readonly string[]
  /**
   * Of `client_settings`, `only` leaves out the targets of other people. Rows of a personal table are read only with `only`. Other tables
   * have no owners.
   */
  readonly owner: Owner
}

/** The last accepted state of a deleted call, and the `seq` of its deletion. */
export type DeletedCall = { readonly row: SyncRow; readonly seq: number }

export type PeopleReads = {
  principal(tokenHash: Uint8Array): Promise<Principal | undefined>
  /** Returns the accounts in published clients with this e-mail address, in the form of `uniqueKey`. */
  accounts(emailKey: string): Promise<readonly Account[]>
  activeAdmins(clientId: ClientId): Promise<readonly UserId[]>
}

/** The client's order (S1). */
export type OrderReads = {
  client(clientId: ClientId): Promise<ClientState | undefined>
  /**
   * Returns the chain value at a number that was once the head; undefined for any other number. The values of two stores differ if their
   * histories differ anywhere up to this number, even if one was restored from a backup of the other (S6).
   */
  chainAt(clientId: ClientId, seq: number): Promise<Uint8Array | undefined>
}

export type RowReads = {
  rows(clientId: ClientId, table: SyncTableName, ids: readonly string[]): Promise<ReadonlyMap<string, SyncRow>>
  /** Returns the ids of the rows with these values in a unique column, by the values' keys (`uniqueKey`). */
  holders(
    clientId: ClientId,
    table: SyncTableName,
    column: string,
    keys: readonly string[],
  ): Promise<ReadonlyMap<string, readonly string[]>>
  /** Returns the `ids` that are aliases of another row (S11). */
  aliases(clientId: ClientId, ids: readonly string[]): Promise<readonly AliasRecord[]>
}

export type DeletedCallReads = {
  /** Returns the last owner of each deleted call. Calls that exist or never existed are absent. */
  deletedOwners(clientId: ClientId, ids: readonly string[]): Promise<ReadonlyMap<string, UserId>>
  /**
   * Returns the deleted calls among `ids` as they were last accepted. A call that was deleted before this store kept deleted calls is read
   * from the audit trail, without the versions of its fields: the row's `version` and
   * `seq` are then 0.
   */
  deletedCalls(clientId: ClientId, ids: readonly string[]): Promise<ReadonlyMap<string, DeletedCall>>
}

export type OperationReads = {
  /** Returns the author of each version. */
  authors(clientId: ClientId, seqs: readonly number[]): Promise<ReadonlyMap<number, Author>>
  /** Returns the device's operations with these numbers and their verdicts. The work depends only on how many numbers are given. */
  verdicts(clientId: ClientId, deviceId: DeviceId, deviceSeqs: readonly number[]): Promise<readonly StoredVerdict[]>
  /** Returns the operations with these ids that the person pushed before, from any device. */
  verdictsOf(clientId: ClientId, userId: UserId, opIds: readonly OpId[]): Promise<readonly StoredVerdict[]>
}

export type FeedReads = {
  feed(clientId: ClientId, request: FeedRequest): Promise<readonly (readonly Scalar[])[]>
  /** Returns calls that left the scope and have not returned: deleted ones, and for `owner.only` also those given to another person. */
  removals(clientId: ClientId, range: FeedRange, owner: Owner): Promise<readonly Removal[]>
  /**
   * Returns the conflicts that the person is a side of, within the current scope: with `own`, only those of the person's calls; without the
   * details of `users`, only those of the person's own row.
   */
  conflicts(clientId: ClientId, userId: UserId, range: FeedRange, scope: Scope): Promise<readonly ConflictRecord[]>
}

export type TrailReads = {
  /** Returns a page of the audit trail, newest first in the order in which the server wrote the lines. */
  trail(clientId: ClientId, query: TrailQuery): Promise<TrailPage>
}

/** Earlier values, for imports. */
export type PastReads = {
  /** Returns all names that rows of merged tables have had, from the audit trail. */
  namesEverHeld(
    clientId: ClientId,
  ): Promise<readonly { readonly table: MergedTable; readonly id: string; readonly name: string }[]>
  /**
   * Returns the bytes of new values in each call's trail, so that `callTrails` is called only for trails that fit in memory. A call without
   * a trail, or with more than `mostLines` lines, is absent.
   */
  callTrailSizes(clientId: ClientId, ids: readonly string[], mostLines: number): Promise<ReadonlyMap<string, number>>
  /** Returns the earlier values of these calls' fields from the trail: insertions, edits, and edits that lost. */
  callTrails(
    clientId: ClientId,
    ids: readonly string[],
  ): Promise<readonly Pick<AuditRecord, 'recordId' | 'action' | 'newValues'>[]>
}

export type PublicationReads = {
  /** Returns the publication of a client, also of an unpublished one. */
  publication(clientId: ClientId): Promise<StoredPublication | undefined>
  publicationChunk(clientId: ClientId, index: number): Promise<PublicationChunk | undefined>
  /** Returns the number of rows by table, including `audit_logs`. */
  counts(clientId: ClientId): Promise<Readonly<Record<string, number>>>
}

/** The progress of the publication of the team's totals (`core/team/team-cells.ts`). */
export type TeamState = {
  /** The zone of the days of the totals. */
  readonly zone: string
  /** Days that begin earlier are not published: a day of another zone that is published overlaps them. ms UTC. */
  readonly startsAt: number
  /** The end of the last published day, ms UTC; 0: none. */
  readonly publishedUntil: number
  /** The version of the last published cell. */
  readonly version: number
  /** The head and the day at which all calls were examined; null: some are left. */
  readonly examined: { readonly head: number; readonly day: DayNumber } | null
}

export type TeamReads = {
  teamState(clientId: ClientId): Promise<TeamState | undefined>
  /**
   * Returns the UTC days (event time ÷ a day) with calls whose counted values changed since the day was cleared, newest first, up to and
   * including `upTo`.
   */
  changedDays(clientId: ClientId, upTo: DayNumber, limit: number): Promise<readonly DayNumber[]>
  /** Counts the calls whose event is in the range, by person and type. */
  countPeople(clientId: ClientId, range: TimeRange): Promise<readonly PersonCounts[]>
  /** Returns the cells of a day with the people whose calls they contain. */
  publishedDay(clientId: ClientId, day: DayNumber): Promise<readonly PublishedCell[]>
  /** Returns the cells with later versions than `after`, in the order of their versions. */
  teamCells(
    clientId: ClientId,
    after: number,
    limit: number,
  ): Promise<readonly { readonly version: number; readonly cell: TeamCell }[]>
}

export type ReadTransaction = PeopleReads &
  OrderReads &
  RowReads &
  DeletedCallReads &
  OperationReads &
  FeedReads &
  TrailReads &
  PastReads &
  TeamReads &
  PublicationReads

export type OperationRecord = {
  readonly seq: number
  readonly opId: OpId
  readonly txId: TxId
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
  readonly userId: UserId | null
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

/**
 * A line to write.
 * @param owner the record's owner after the change; null: no owner, or a line that the owner must not see. If absent: read from the
 * values, otherwise from the record's previous line.
 */
export type NewAuditRecord = AuditRecord & { readonly owner?: string | null }

/** All filters that are present apply together. */
export type TrailQuery = {
  /** Lines before this position; null: from the newest. */
  readonly before: number | null
  readonly limit: number
  /** The page ends after the line with which its values exceed this bound. */
  readonly bytes: number
  /** Only lines about this person's own records, and of a call only those since it last became theirs (S14). */
  readonly ownedBy: string | null
  readonly recordId?: string | undefined
  readonly table?: string | undefined
  readonly userId?: UserId | undefined
  readonly actions?: readonly AuditAction[] | undefined
  /** Half-open, ms. */
  readonly from?: number | undefined
  readonly to?: number | undefined
}

/**
 * @param next the position of the next page; null: no older lines. A page may have fewer lines than `limit`, or none, although more follow.
 */
export type TrailPage = { readonly lines: readonly PlacedLine[]; readonly next: number | null }
export type PlacedLine = AuditRecord & {
  /** The line's position in the client's trail. */
  readonly line: number
}

/** An alias: its row was not created, because another row has its name. `seq`: the operation that proposed the row. */
export type AliasRecord = Alias & { readonly seq: number }

export type Departure = { readonly seq: number; readonly id: string; readonly owner: string; readonly reason: Removal['reason'] }

/** All changes of one push to one client. */
export type Changes = {
  readonly deviceId: DeviceId
  readonly userId: UserId
  readonly receivedAt: number
  /** Effective clock of the device's last operation from now on. */
  readonly lastClock: HybridTime
  readonly operations: readonly OperationRecord[]
  /** The final states; `isNew`: the row did not exist before. */
  readonly rows: readonly { readonly table: SyncTableName; readonly id: string; readonly row: SyncRow; readonly isNew: boolean }[]
  /** Calls that are deleted at the end, in their last accepted state. */
  readonly deletedCalls: readonly ({ readonly id: string } & DeletedCall)[]
  /** Deleted calls that were restored. */
  readonly restoredCalls: readonly string[]
  readonly aliases: readonly AliasRecord[]
  readonly departures: readonly Departure[]
  readonly conflicts: readonly ConflictRecord[]
  readonly audit: readonly NewAuditRecord[]
}

/** A row breaks a rule that the database enforces: a foreign key, a unique value, a check. */
export class StoreRuleError extends Error {
  override readonly name = 'StoreRuleError'
  readonly rule: 'foreign_key' | 'unique' | 'check'

  constructor(rule: StoreRuleError['rule'], cause: unknown) {
    super(`A row breaks a rule of the store (${rule})`, { cause })
    this.rule = rule
  }
}

export type PeopleWrites = {
  /** Returns the people who have a token for the device. */
  deviceUsers(clientId: ClientId, deviceId: DeviceId): Promise<readonly UserId[]>
  /** Saves the token as the person's only one on this device. */
  saveToken(clientId: ClientId, token: NewToken): Promise<void>
  recordLogin(clientId: ClientId, userId: UserId, seq: number, at: number): Promise<void>
}

export type OrderWrites = {
  /** Makes other writers of the client wait until this transaction ends. */
  lockClient(clientId: ClientId): Promise<ClientState | undefined>
  /**
   * Takes the next `count` numbers of the client's order, under the client's row (S1), and extends the chain by `content` in the same
   * transaction. Returns the first number.
   * @param content the content that the numbers are given out for. It must differ where two histories differ.
   */
  allocate(clientId: ClientId, count: number, content: Uint8Array): Promise<number>
}

export type ChangeWrites = {
  /** @throws StoreRuleError unique if an operation's id is already stored. */
  apply(clientId: ClientId, changes: Changes): Promise<void>
  /** Writes the lines in this order. Call it after `lockClient`: each line gets the next position. */
  appendAudit(clientId: ClientId, records: readonly NewAuditRecord[]): Promise<void>
}

export type PublicationWrites = {
  /** Starts a publication. Removes the rows of an unfinished publication of the client. */
  beginPublication(clientId: ClientId, publication: Publication): Promise<void>
  /** Adds rows, the n-th with version `firstSeq + n`. @throws StoreRuleError */
  publishRows(clientId: ClientId, page: Columnar, firstSeq: number, changedBy: string): Promise<void>
  savePublicationChunk(clientId: ClientId, index: number, chunk: PublicationChunk, lastSeq: number): Promise<void>
  finishPublication(clientId: ClientId, at: number): Promise<void>
}

export type TeamWrites = {
  saveTeamState(clientId: ClientId, state: TeamState): Promise<void>
  clearChangedDays(clientId: ClientId, days: readonly DayNumber[]): Promise<void>
  /** Replaces the cells of a day, the n-th with version `firstVersion + n`. */
  savePublishedDay(clientId: ClientId, day: DayNumber, cells: readonly PublishedCell[], firstVersion: number): Promise<void>
}

export type WriteTransaction = ReadTransaction & PeopleWrites & OrderWrites & ChangeWrites & PublicationWrites & TeamWrites

export type NewToken = {
  readonly hash: Uint8Array
  readonly deviceId: DeviceId
  readonly deviceName: string
  readonly userId: UserId
  readonly at: number
}
