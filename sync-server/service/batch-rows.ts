import type { ClientId, UserId } from '../../core/id.ts'
import { must } from '../../core/assert.ts'
import { contestedVersions, type SyncRow, type RowState } from '../../core/sync/judge.ts'
import type { Author } from '../../core/sync/merge.ts'
import { isRestore } from '../../core/sync/operation.ts'
import type { PushedOperation } from '../../core/sync/push-batch.ts'
import {
  SYNC_TABLE_NAMES,
  columnOf,
  isRowId,
  isSyncTable,
  syncTable,
  uniqueColumns,
  type MergedTable,
  type SyncTableName,
} from '../../core/sync/tables.ts'
import { personInRowId } from '../../core/sync/row-person.ts'
import { throughAliases } from '../../core/sync/same-name.ts'
import { uniqueKey } from '../../core/text/unique-key.ts'
import type { AliasRecord, Changes, DeletedCall, ReadTransaction } from '../store/store.ts'
import type { Aliases } from './aliases.ts'

/** All data that judging a batch can need, read in a few statements before the first operation is judged. */
type Loaded = {
  readonly rows: ReadonlyMap<SyncTableName, Map<string, SyncRow>>
  readonly deletedOwners: Map<string, string>
  /** Calls that are to be restored, and those that this batch deletes. */
  readonly deletedCalls: Map<string, DeletedCall>
  /** By table, column and key. Rows from before keys were compared may share a key. */
  readonly holders: Map<string, Set<string>>
  readonly activeAdmins: Set<string>
  readonly authors: Map<number, Author>
}

/**
 * The client's rows during one batch. Each operation is judged against the result of the previous ones. A transaction that fails is rolled
 * back here. At the end, the changes are written to the store together.
 */
export class BatchRows implements RowState {
  readonly clientId: ClientId
  readonly #loaded: Loaded
  readonly #aliases: Aliases
  readonly #newAliases: AliasRecord[] = []
  readonly #touched = new Map<SyncTableName, Map<string, SyncRow | undefined>>()
  /** Calls that this batch deleted or restored, even if it changed them again afterwards. */
  readonly #deletions = new Set<string>()
  #undo: (() => void)[] | null = null

  private constructor(clientId: ClientId, loaded: Loaded, aliases: Aliases) {
    this.clientId = clientId
    this.#loaded = loaded
    this.#aliases = aliases
  }

  static async load(
    tx: ReadTransaction,
    clientId: ClientId,
    actorId: UserId,
    pushed: readonly PushedOperation[],
    aliases: Aliases,
  ): Promise<BatchRows> {
    const operations = pushed.map((op) => throughAliases(aliases, op))
    const needs = collectNeeds(actorId, operations)
    const rows = new Map<SyncTableName, Map<string, SyncRow>>()
    for (const table of SYNC_TABLE_NAMES)
      rows.set(table, new Map(await tx.rows(clientId, table, [...(needs.ids.get(table) ?? [])])))
    const calls = must(rows.get('calls'), 'Every table was read')
    const missing = [...(needs.ids.get('calls') ?? [])].filter((id) => !calls.has(id))
    const restored = operations.flatMap((op) => (isRestore(op) && !calls.has(op.rowId) ? [op.rowId] : []))
    const deletedCalls = new Map(await tx.deletedCalls(clientId, restored))
    await loadReferences(
      tx,
      clientId,
      rows,
      [...deletedCalls.values()].map(({ row }) => row),
    )
    const holders = new Map<string, Set<string>>()
    const contested = new Set<number>()
    for (const [place, keys] of needs.unique) {
      const [table, column] = place.split('.') as [SyncTableName, string]
      const found = await tx.holders(clientId, table, column, [...keys])
      for (const [key, ids] of found) holders.set(`${place}.${key}`, new Set(ids))
      // A new row may become an alias of any of these rows.
      const ofTable = must(rows.get(table), 'Every table was read')
      for (const [id, row] of await tx.rows(clientId, table, [...found.values()].flat())) {
        ofTable.set(id, row)
        for (const version of [row.versions.base, ...Object.values(row.versions.overrides ?? {})]) contested.add(version)
      }
    }
    for (const op of operations) {
      if (!isSyncTable(op.table)) continue
      const row = rows.get(op.table)?.get(op.rowId) ?? (op.table === 'calls' ? deletedCalls.get(op.rowId)?.row : undefined)
      if (row !== undefined) for (const version of contestedVersions(op, op.table, row)) contested.add(version)
    }
    const loaded = {
      rows,
      deletedOwners: new Map(await tx.deletedOwners(clientId, missing)),
      deletedCalls,
      holders,
      activeAdmins: new Set(needs.admins ? await tx.activeAdmins(clientId) : []),
      authors: new Map(await tx.authors(clientId, [...contested])),
    }
    return new BatchRows(clientId, loaded, aliases)
  }

  row(table: SyncTableName, id: string): SyncRow | undefined {
    return this.#loaded.rows.get(table)?.get(id)
  }

  deletedOwner(id: string): UserId | undefined {
    return this.#loaded.deletedOwners.get(id)
  }

  deletedCall(id: string): SyncRow | undefined {
    return this.#loaded.deletedCalls.get(id)?.row
  }

  holder(table: SyncTableName, column: string, key: string, except: string): string | undefined {
    const ids = this.#loaded.holders.get(`${table}.${column}.${key}`)
    return ids === undefined ? undefined : [...ids].find((id) => id !== except)
  }

  alias(table: SyncTableName, id: string): string | undefined {
    return this.#aliases.alias(table, id)
  }

  addAlias(table: MergedTable, id: string, to: string, seq: number): void {
    const added = { table, id, to, seq }
    this.#aliases.add(added)
    this.#newAliases.push(added)
    this.#undo?.push(() => {
      this.#aliases.remove(added)
      this.#newAliases.splice(this.#newAliases.indexOf(added), 1)
    })
  }

  hasOtherActiveAdmin(userId: UserId): boolean {
    const admins = this.#loaded.activeAdmins
    return admins.size > (admins.has(userId) ? 1 : 0)
  }

  authorOf(seq: number): Author {
    return must(this.#loaded.authors.get(seq), 'The authors of contested versions were read')
  }

  /** Adds an operation of this batch as the author of the versions that it writes. */
  addAuthor(seq: number, author: Author): void {
    this.#loaded.authors.set(seq, author)
  }

  put(table: SyncTableName, id: string, row: SyncRow): void {
    const old = this.row(table, id)
    this.#setRow(table, id, row)
    this.#moveUnique(table, id, old, row)
    if (table === 'users') this.#setAdmin(id, row.values['role'] === 'admin' && row.values['is_active'] === 1)
    if (table === 'calls' && old === undefined) {
      this.#setDeletedOwner(id, undefined)
      this.#setDeletedCall(id, undefined)
    }
  }

  remove(id: string, owner: UserId, seq: number): void {
    const old = this.row('calls', id)
    this.#setRow('calls', id, undefined)
    this.#setDeletedOwner(id, owner)
    this.#setDeletedCall(id, old === undefined ? undefined : { row: old, seq })
  }

  /** Starts a transaction. If it is `revocable`, `rollBack` undoes all changes after this call. */
  begin(revocable: boolean): void {
    this.#undo = revocable ? [] : null
  }

  rollBack(): void {
    for (const undo of this.#undo?.toReversed() ?? []) undo()
    this.#undo = null
  }

  /** Returns the difference between the store and these rows. */
  changes(): Pick<Changes, 'rows' | 'deletedCalls' | 'restoredCalls' | 'aliases'> {
    const rows: Changes['rows'][number][] = []
    for (const [table, touched] of this.#touched)
      for (const [id, before] of touched) {
        const row = this.row(table, id)
        if (row === before) continue
        if (row !== undefined) rows.push({ table, id, row, isNew: before === undefined })
      }
    const deletedCalls: Changes['deletedCalls'][number][] = []
    const restoredCalls: string[] = []
    for (const id of this.#deletions) {
      const deleted = this.#loaded.deletedCalls.get(id)
      if (deleted !== undefined) deletedCalls.push({ id, ...deleted })
      else if (this.row('calls', id) !== undefined) restoredCalls.push(id)
    }
    return { rows, deletedCalls, restoredCalls, aliases: this.#newAliases }
  }

  #setRow(table: SyncTableName, id: string, row: SyncRow | undefined): void {
    const rows = must(this.#loaded.rows.get(table), 'Every table was read')
    const old = rows.get(id)
    let touched = this.#touched.get(table)
    if (touched === undefined) this.#touched.set(table, (touched = new Map<string, SyncRow | undefined>()))
    if (!touched.has(id)) touched.set(id, old)
    set(rows, id, row)
    this.#undo?.push(() => set(rows, id, old))
  }

  #setDeletedOwner(id: string, owner: string | undefined): void {
    const owners = this.#loaded.deletedOwners
    const old = owners.get(id)
    if (old === owner) return
    set(owners, id, owner)
    this.#undo?.push(() => set(owners, id, old))
  }

  #setDeletedCall(id: string, deleted: DeletedCall | undefined): void {
    const calls = this.#loaded.deletedCalls
    const old = calls.get(id)
    if (old === deleted) return
    this.#deletions.add(id)
    set(calls, id, deleted)
    this.#undo?.push(() => set(calls, id, old))
  }

  #moveUnique(table: SyncTableName, id: string, old: SyncRow | undefined, row: SyncRow): void {
    const { holders } = this.#loaded
    for (const name of uniqueColumns(table)) {
      if (old?.values[name] === row.values[name]) continue
      const place = (from: SyncRow) => `${table}.${name}.${uniqueKey(String(from.values[name]))}`
      const keys = old === undefined ? [place(row)] : [place(old), place(row)]
      const before = keys.map((key) => [key, holders.get(key)] as const)
      if (old !== undefined) holders.set(place(old), without(holders.get(place(old)), id))
      holders.set(place(row), new Set([...(holders.get(place(row)) ?? []), id]))
      this.#undo?.push(() => {
        for (const [key, ids] of before) set(holders, key, ids)
      })
    }
  }

  #setAdmin(id: string, isAdmin: boolean): void {
    const admins = this.#loaded.activeAdmins
    const was = admins.has(id)
    if (was === isAdmin) return
    if (isAdmin) admins.add(id)
    else admins.delete(id)
    this.#undo?.push(() => (was ? admins.add(id) : admins.delete(id)))
  }
}

function without(ids: ReadonlySet<string> | undefined, id: string): Set<string> {
  return new Set([...(ids ?? [])].filter((each) => each !== id))
}

function set<K, V>(map: Map<K, V>, key: K, value: V | undefined): void {
  if (value === undefined) map.delete(key)
  else map.set(key, value)
}

type Needs = {
  readonly ids: Map<SyncTableName, Set<string>>
  /** Keys by `table.column`. */
  readonly unique: Map<string, Set<string>>
  readonly admins: boolean
}

/** Adds the rows that deleted calls point to, because a RESTORE does not name them. */
async function loadReferences(
  tx: ReadTransaction,
  clientId: ClientId,
  rows: ReadonlyMap<SyncTableName, Map<string, SyncRow>>,
  deleted: readonly SyncRow[],
): Promise<void> {
  for (const { name, refersTo } of syncTable('calls').columns) {
    if (refersTo === undefined) continue
    const known = must(rows.get(refersTo), 'Every table was read')
    const ids = new Set(deleted.flatMap(({ values }) => values[name] ?? []).map(String))
    const missing = [...ids].filter((id) => !known.has(id))
    for (const [id, row] of await tx.rows(clientId, refersTo, missing)) known.set(id, row)
  }
}

function addTo<K>(map: Map<K, Set<string>>, key: K, value: string): void {
  let values = map.get(key)
  if (values === undefined) map.set(key, (values = new Set()))
  values.add(value)
}

function collectNeeds(actorId: UserId, operations: readonly PushedOperation[]): Needs {
  const ids = new Map<SyncTableName, Set<string>>([['users', new Set([actorId])]])
  const unique = new Map<string, Set<string>>()
  let admins = false
  for (const { table, rowId, values } of operations) {
    if (!isSyncTable(table)) continue
    if (isRowId(table, rowId)) addTo(ids, table, rowId)
    if (table === 'users') admins = true
    const person = personInRowId(table, rowId)
    if (person !== null) addTo(ids, 'users', person)
    for (const name in values) {
      const value = values[name]
      const column = typeof value === 'string' ? columnOf(table, name) : undefined
      if (column === undefined || typeof value !== 'string') continue
      if (column.refersTo !== undefined) addTo(ids, column.refersTo, value)
      if (column.unique) addTo(unique, `${table}.${name}`, uniqueKey(value))
    }
  }
  return { ids, unique, admins }
}
