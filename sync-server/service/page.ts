import type { ClientId } from '../../core/id.ts'
import { must } from '../../core/assert.ts'
import { SyncError } from '../../core/sync/errors.ts'
import type { Columnar } from '../../core/sync/columnar.ts'
import type { PageEnvelope } from '../../core/sync/envelope.ts'
import { LIMITS, type ConflictRecord, type Page, type PageBody } from '../../core/sync/protocol.ts'
import { sameScope, scopeOf, type Scope } from '../../core/sync/scope.ts'
import { isPersonal, SYNC_TABLE_NAMES, type Scalar, type SyncTableName } from '../../core/sync/tables.ts'
import type { FeedRange, Owner, Principal, ReadTransaction, Store } from '../store/store.ts'
import { authenticate } from './authenticate.ts'
import { formatCursor, gaps, readCursor, settle, snapshotStart, type Fill, type Position, type SeqRange } from './cursor.ts'
import { packPage, packRows, pageColumns } from './pack-rows.ts'

const MOST_COLUMNS = 50
const PARENTS = SYNC_TABLE_NAMES.filter((name) => name !== 'calls')

type PageRequest = {
  readonly store: Store
  readonly token: string | undefined
  /** null: a snapshot from its beginning. */
  readonly cursor: string | null
  /** Smaller than `LIMITS` in tests. */
  readonly limits?: { readonly pageBytes: number; readonly pageRows: number }
}

/** A page for the wire: `json` is its body. */
export type WirePage = { readonly envelope: PageEnvelope; readonly json: Buffer; readonly clientId: ClientId }

/**
 * Returns a page of the change feed or of a snapshot, with a body of at most `pageBytes`. The feed consists of rows, not of
 * operations: each row comes once, in its current state, at the position of its last change. The cost of catching up depends on changed
 * rows, not on edits.
 */
export async function readPage({ store, token, cursor: after, limits = LIMITS }: PageRequest): Promise<WirePage> {
  return store.read(async (tx) => {
    const principal = await authenticate(tx, token)
    const { clientId, userId } = principal
    const seal = { epoch: store.epoch, cursorKey: store.cursorKey, clientId, userId }
    const { head, chain, floor } = must(await tx.client(clientId), 'A person with a token has a client')
    const scope = scopeOf(principal.role)
    const start = after === null ? snapshotStart(scope, head) : await readCursor(tx, after, seal)
    if (start.calls < floor) throw new SyncError('SNAPSHOT_REQUIRED', 'The cursor is older than the change feed; take a snapshot')
    const { position, forget } = renewScope(start, scope)
    let rows = limits.pageRows
    for (;;) {
      const { at, complete, progress, ...built } = await new PageBuilder(tx, principal, position, head, rows).build()
      const body: PageBody = { scope, forget, head, ...built }
      const json = Buffer.from(JSON.stringify(body))
      if (json.length <= limits.pageBytes || rows === 1) {
        const cursor = formatCursor(at, { head, chain }, seal)
        const isEmpty = [forget, built.rows, built.removed, built.conflicts].every(({ length }) => length === 0)
        return { envelope: { epoch: store.epoch, cursor, complete, isEmpty, progress }, json, clientId }
      }
      // Rows have similar sizes, so the second attempt nearly always fits.
      rows = Math.max(1, Math.min(rows >> 1, Math.floor((rows * limits.pageBytes * 0.9) / json.length)))
    }
  })
}

/**
 * Adapts a cursor that was made under another role to the current role (S15) by the difference: the page names what is no longer in scope,
 * later pages send what is new (after a demotion also the person's own calls), and the rest of the position is unchanged.
 */
function renewScope(at: Position, scope: Scope): { readonly position: Position; readonly forget: Page['forget'] } {
  if (sameScope(at.scope, scope)) return { position: at, forget: [] }
  const forget: Page['forget'] = []
  let { fill, parents } = at
  if (at.scope.calls === 'all' && scope.calls === 'own') {
    forget.push('calls_of_others')
    // The device removes calls with an unsent change of owner, because it does not know whose they are. So the person's own calls are sent
    // again.
    fill = { kind: 'scope', done: 0, upTo: at.calls }
  }
  if (at.scope.calls === 'own' && scope.calls === 'all')
    fill = fill?.kind === 'scope' ? { ...fill, done: 0 } : { kind: 'others', done: 0, upTo: at.calls }
  // Parents depend on both: on `users` the details of people, on `calls` the targets of people.
  parents = 0
  if (at.scope.users !== scope.users && scope.users === 'names') forget.push('user_details')
  // The device holds the rows of its own edits with the columns of the former scope, so they are sent again.
  return { position: { ...at, scope, parents, fill, known: [] }, forget }
}

type Built = Pick<Page, 'rows' | 'removed' | 'conflicts' | 'complete' | 'progress'> & { readonly at: Position }
type Versioned = { readonly seq: number }

class PageBuilder {
  readonly #tx: ReadTransaction
  readonly #principal: Principal
  /** The scope of the person's role in this transaction. It alone decides which rows a page shows; the position only leaves rows out. */
  readonly #scope: Scope
  readonly #head: number
  #at: Position
  #room: number
  readonly #rows: Columnar[] = []
  #removed: Page['removed'] = []
  #conflicts: Page['conflicts'] = []

  constructor(tx: ReadTransaction, principal: Principal, at: Position, head: number, rows: number) {
    this.#tx = tx
    this.#principal = principal
    this.#scope = scopeOf(principal.role)
    this.#at = at
    this.#head = head
    this.#room = rows
  }

  async build(): Promise<Built> {
    const fill = this.#at.fill
    const whole = (await this.#parents()) && (await this.#fill()) && (await this.#tail())
    return {
      rows: this.#rows,
      removed: this.#removed,
      conflicts: this.#conflicts,
      at: settle(this.#at),
      complete: whole,
      progress: fill === null ? null : { done: this.#at.fill?.done ?? fill.upTo, total: fill.upTo },
    }
  }

  /** Adds users, reasons and settings up to the head. Returns whether there was room for all. */
  async #parents(): Promise<boolean> {
    for (const gap of gaps({ after: this.#at.parents, upTo: this.#head }, this.#at.known))
      if (!(await this.#parentsOf(gap))) return false
    this.#at = { ...this.#at, parents: this.#head }
    return true
  }

  async #parentsOf(gap: SeqRange): Promise<boolean> {
    if (this.#room === 0) return false
    const range = this.#range(gap.after, gap.upTo)
    const userId = this.#principal.userId
    const feeds = await Promise.all(
      PARENTS.map(async (table) => {
        const feed = await this.#feed(table, false, range, this.#parentOwner(table))
        const isOwn = ([, id]: readonly Scalar[]) => table === 'users' && id === userId
        if (!feed.rows.some(isOwn)) return [feed]
        return [{ ...feed, rows: feed.rows.filter((row) => !isOwn(row)) }, await this.#ownRow()]
      }),
    )
    const { upTo, whole } = this.#cut(
      feeds.flat().map(({ rows }) => rows.map(versionOf)),
      range,
    )
    this.#take(feeds.flat(), upTo)
    this.#at = { ...this.#at, parents: upTo }
    return whole
  }

  /** Returns the reader's own row of `users`, the only one with their password hash (S16). */
  async #ownRow(): Promise<Feed> {
    const { clientId, userId } = this.#principal
    const rows = await this.#tx.rows(clientId, 'users', [userId])
    const [page] = packRows('users', [...rows], this.#scope, userId)
    const { columns, data } = must(page, 'The reader has a row')
    const row = data.map((column) => column[0] ?? null)
    return { table: 'users', columns, rows: [[must(rows.get(userId), 'The reader has a row').version, ...row]] }
  }

  /** Adds calls that a snapshot or a widened scope still has to send. */
  async #fill(): Promise<boolean> {
    const { fill } = this.#at
    if (fill === null) return true
    if (this.#room === 0) return false
    const range = this.#range(fill.done, fill.upTo)
    const calls = await this.#feed('calls', false, range, this.#owner(fill.kind === 'others'))
    const conflicts = fill.kind === 'scope' ? await this.#conflictsOf(range) : []
    const { upTo, whole } = this.#cut([calls.rows.map(versionOf), conflicts], range)
    this.#take([calls], upTo)
    this.#conflicts = conflicts.filter(({ seq }) => seq <= upTo)
    const rest: Fill | null = whole ? null : { ...fill, done: upTo }
    this.#at = { ...this.#at, fill: rest }
    return whole
  }

  /** Adds calls, removals and conflicts since the cursor. */
  async #tail(): Promise<boolean> {
    for (const gap of gaps({ after: this.#at.calls, upTo: this.#head }, this.#at.known))
      if (!(await this.#tailOf(gap))) return false
    this.#at = { ...this.#at, calls: this.#head }
    return true
  }

  async #tailOf(gap: SeqRange): Promise<boolean> {
    if (this.#room === 0) return false
    const { clientId } = this.#principal
    const range = this.#range(gap.after, gap.upTo)
    const calls = await this.#feed('calls', false, range, this.#owner())
    const removed = await this.#tx.removals(clientId, range, this.#owner())
    const conflicts = await this.#conflictsOf(range)
    const { upTo, whole } = this.#cut([calls.rows.map(versionOf), removed, conflicts], range)
    this.#take([calls], upTo)
    this.#removed = [...this.#removed, ...removed.filter(({ seq }) => seq <= upTo)]
    this.#conflicts = [...this.#conflicts, ...conflicts.filter(({ seq }) => seq <= upTo)]
    this.#at = { ...this.#at, calls: upTo }
    return whole
  }

  /** Reads beyond the limit, because one operation may leave several conflicts, which must stay together. */
  #conflictsOf(range: FeedRange): Promise<readonly ConflictRecord[]> {
    const { clientId, userId } = this.#principal
    return this.#tx.conflicts(clientId, userId, { ...range, limit: range.limit + MOST_COLUMNS }, this.#scope)
  }

  /** @param othersOnly leaves out the person's own calls; ignored in a scope of own calls. */
  #owner(othersOnly = false): Owner {
    const { userId } = this.#principal
    if (this.#scope.calls === 'own') return { only: userId }
    return othersOnly ? { except: userId } : null
  }

  /** Not everyone may receive settings and targets of a person; see `inScope`. */
  #parentOwner(table: SyncTableName): Owner {
    const only = { only: this.#principal.userId }
    return isPersonal(table) || (table === 'client_settings' && this.#scope.calls === 'own') ? only : null
  }

  #range(after: number, upTo: number): FeedRange {
    return { after, upTo, limit: this.#room + 1 }
  }

  async #feed(table: SyncTableName, own: boolean, range: FeedRange, owner: Owner = null): Promise<Feed> {
    const columns = pageColumns(this.#scope, table, own)
    return { table, columns, rows: await this.#tx.feed(this.#principal.clientId, { table, columns, owner, ...range }) }
  }

  /**
   * Returns how far all sources are complete and fit into the page. Each source is in order and cut at `limit`. At least one entry always
   * fits, so that every page makes progress.
   */
  #cut(
    sources: readonly (readonly Versioned[])[],
    { upTo, limit }: FeedRange,
  ): { readonly upTo: number; readonly whole: boolean } {
    const places = sources
      .flat()
      .map(({ seq }) => seq)
      .toSorted((a, b) => a - b)
    if (places.length < limit) {
      this.#room -= places.length
      return { upTo, whole: true }
    }
    // Entries with the same `seq` stay together: an operation may leave a row and a conflict.
    const last = places[Math.max(0, limit - 2)] ?? upTo
    this.#room = 0
    return { upTo: last, whole: last === upTo }
  }

  #take(feeds: readonly Feed[], upTo: number): void {
    for (const { table, columns, rows } of feeds) {
      const taken = rows.filter((row) => Number(row[0]) <= upTo)
      if (taken.length > 0)
        this.#rows.push(
          packPage(
            table,
            columns,
            taken.map((row) => row.slice(1)),
          ),
        )
    }
  }
}

type Feed = { readonly table: SyncTableName; readonly columns: readonly string[]; readonly rows: readonly (readonly Scalar[])[] }

function versionOf(row: readonly Scalar[]): Versioned {
  return { seq: Number(row[0]) }
}
