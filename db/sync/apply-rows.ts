import type { ClientId } from '../../core/id.ts'
import { DERIVED_COLUMNS } from '../../core/model/call-derivation.ts'
import { must } from '../../core/assert.ts'
import { columnarLength, type Columnar } from '../../core/sync/columnar.ts'
import { ROW_COLUMNS } from '../../core/sync/protocol.ts'
import { fieldVersion } from '../../core/sync/field-versions.ts'
import { columnOf, isSyncTable, sparseColumns, versionKey, type Scalar, type SyncTableName } from '../../core/sync/tables.ts'
import { defaultCountry, DERIVED_FROM, derivedFromColumns } from '../derive-calls.ts'
import type { ReadableDb, WritableDb } from '../open.ts'
import { isBulkLoading } from '../schema-objects.ts'
import { row, rows, run } from '../statements.ts'
import { currentWrite } from '../write-transaction.ts'
import { DEVICE_TABLES, identityOf, insertRowsText, selectText, updateText } from '../device-rows.ts'
import { noteHandovers } from './handovers.ts'
import { hasPending, pendingOverlays, type Overlay } from './outbox.ts'
import { isTaken, makeRoom } from './step-aside.ts'
import { indexTextTogether } from '../text-index.ts'
import { fieldVersions, saveVersions, versionsOf, type RowVersion } from './versions.ts'

/** A column or table that this release does not have: the cursor stops before it, and nothing is lost (S22). */
export class UnknownColumnError extends Error {
  override readonly name = 'UnknownColumnError'
}

/** Most rows of one statement. SQLite holds their JSON several times over. */
const MOST_GATHERED = 250

const NONE: ReadonlySet<number> = new Set()
const NO_OVERLAYS: ReadonlyMap<string, Overlay> = new Map()

/**
 * Writes the server's rows, from `from` (inclusive) to `to` (exclusive), with their versions. What a pending edit of this device set
 * stays: the device shows the server's state with its own outbox replayed on top, so a value that someone has just typed does not
 * flicker. The server's value is not stored for a rollback, because the answer that rejects an operation contains the current row.
 * @param leavesKnown skips calls that the device already has in the received version, because it pushed them or has the answer to a
 * push. Other rows may come in the same version with more columns, when a role has changed.
 * @throws UnknownColumnError before anything is written.
 */
export function applyRows(db: WritableDb, page: Columnar, from: number, to: number, leavesKnown = false): void {
  if (!isSyncTable(page.table)) throw new UnknownColumnError(`The table ${page.table} is not known to this release`)
  const writer = new RowWriter(db, page.table, page, from, to)
  const known = leavesKnown && page.table === 'calls' ? writer.known() : NONE
  const write = () => {
    for (let at = from; at < to; at++) if (!known.has(at)) writer.write(at)
    writer.flush()
  }
  if (page.table !== 'calls') return write()
  writer.noteHandovers(known)
  indexTextTogether(db, writer.ids, write)
}

/** Checks a whole page before its first row is written. @throws UnknownColumnError, RangeError */
export function requireKnown(page: Columnar): void {
  columnarLength(page)
  const { table } = page
  if (!isSyncTable(table)) throw new UnknownColumnError(`The table ${table} is not known to this release`)
  const unknown = page.columns.find((name) => name !== 'id' && !name.startsWith('@') && columnOf(table, name) === undefined)
  if (unknown !== undefined) throw new UnknownColumnError(`The column ${table}.${unknown} is not known to this release`)
}

class RowWriter {
  readonly ids: readonly string[]
  readonly #db: WritableDb
  readonly #table: SyncTableName
  readonly #page: Columnar
  readonly #from: number
  readonly #clientId: ClientId
  readonly #names: readonly string[]
  readonly #data: readonly (readonly Scalar[])[]
  readonly #existing: ReadonlySet<string>
  readonly #overlays: ReadonlyMap<string, Overlay>
  readonly #isUnique: readonly string[]
  #seen: ReadonlyMap<string, RowVersion> | undefined
  /** The columns of the page and the derived ones. */
  readonly #written: readonly string[]
  readonly #insert: string
  readonly #update: string
  /** Whether the derived columns of each written row are computed. A bulk load derives all calls at its end. */
  readonly #derives: boolean
  readonly #country: string | null
  /** What the next flush writes. */
  readonly #added: Scalar[][] = []
  readonly #newVersions = new Map<string, RowVersion>()

  constructor(db: WritableDb, table: SyncTableName, page: Columnar, from: number, to: number) {
    this.#db = db
    this.#table = table
    this.#page = page
    this.#from = from
    this.#clientId = currentWrite(db).clientId
    const places = page.columns.flatMap((name, place) => (name === 'id' || name.startsWith('@') ? [] : [place]))
    // A sparse column that the page leaves out is null in every row.
    const absent = sparseColumns(table).filter((name) => !page.columns.includes(name))
    this.#names = [...places.map((place) => page.columns[place] ?? ''), ...absent]
    this.#data = [...places.map((place) => page.data[place] ?? []), ...absent.map(() => [])]
    this.ids = (this.#column('id') as readonly string[]).slice(from, to)
    this.#existing = existingIds(db, table, this.ids)
    this.#overlays = hasPending(db) ? pendingOverlays(db, table, this.ids) : NO_OVERLAYS
    this.#isUnique = this.#names.filter((name) => columnOf(table, name)?.unique === true)
    const hidden = Object.keys(DEVICE_TABLES[table].hidden('')).filter((name) => !this.#names.includes(name))
    this.#derives = table === 'calls' && !isBulkLoading(db)
    this.#country = this.#derives ? defaultCountry(db, this.#clientId) : null
    this.#written = [...this.#names, ...(this.#derives ? Object.values(DERIVED_COLUMNS) : [])]
    this.#insert = insertRowsText(table, [...this.#written, ...hidden])
    this.#update = updateText(table, this.#written)
  }

  /** The versions that the device has. They are read at their first use, because most pages need none. */
  get #versions(): ReadonlyMap<string, RowVersion> {
    return (this.#seen ??= versionsOf(this.#db, this.#table, this.ids))
  }

  /** Returns the places of calls that this device already has in the received version. */
  known(): Set<number> {
    const [ids, incoming] = [this.#column('id'), this.#column(ROW_COLUMNS.version)]
    const places = this.ids.map((_, place) => this.#from + place)
    const isKnown = (id: string, at: number) => this.#existing.has(id) && this.#versions.get(id)?.version === incoming[at]
    return new Set(places.filter((at) => isKnown(String(ids[at]), at)))
  }

  /** Changes a row, or gathers a new one for the next flush. */
  write(at: number): void {
    const id = String(this.#column('id')[at])
    const overlay = this.#overlays.get(id)
    const incoming = this.#incoming(at)
    this.#newVersions.set(id, overlay === undefined ? incoming : this.#withSeen(id, incoming, overlay))
    if (overlay?.exists === false) return
    const values = this.#names.map((name, place) => this.#value(name, place, at, overlay))
    for (const name of this.#isUnique) {
      const place = this.#names.indexOf(name)
      // If another row has the proposed value, the proposal is dropped; the server's own value is kept.
      if (overlay?.values.has(name) === true && isTaken(this.#db, this.#table, name, values[place] ?? null, id))
        values[place] = this.#data[place]?.[at] ?? null
      makeRoom(this.#db, this.#table, name, values[place] ?? null, id)
    }
    const written = [...values, ...this.#derived(id, values)]
    if (this.#existing.has(id)) this.#change(id, written)
    else this.#added.push([id, ...written, ...this.#hidden(id, overlay)])
    // The next row may need the value that this one has or had.
    if (this.#isUnique.length > 0 || this.#newVersions.size >= MOST_GATHERED) this.flush()
  }

  /** Writes the new rows, and the versions of all rows. */
  flush(): void {
    if (this.#added.length > 0) run(this.#db, this.#insert, { clientId: this.#clientId, rows: JSON.stringify(this.#added) })
    this.#added.length = 0
    saveVersions(this.#db, this.#table, this.#newVersions)
    this.#newVersions.clear()
  }

  /** One by one: SQLite may plan an UPDATE of many rows as a search of the whole table for each of them. */
  #change(id: string, written: readonly Scalar[]): void {
    const values: Record<string, Scalar> = { ...identityOf(this.#table, id, this.#clientId) }
    for (const [place, name] of this.#written.entries()) values[name] = written[place] ?? null
    run(this.#db, this.#update, values)
  }

  /** Records which of the calls changed hands. @param leaves the places of rows that are not written. */
  noteHandovers(leaves: ReadonlySet<number>): void {
    const ownerPlace = this.#names.indexOf('user_id')
    const arriving = this.ids.flatMap((id, index) => {
      const at = this.#from + index
      if (leaves.has(at)) return []
      const overlay = this.#overlays.get(id)
      const ownerVersion = fieldVersion(fieldVersions(this.#incoming(at)), 'calls', 'user_id')
      return [
        {
          id,
          owner: this.#value('user_id', ownerPlace, at, overlay),
          ownerVersion,
          isDeleted: overlay?.exists === false,
          hidesOwner: overlay?.values.has('user_id') === true,
        },
      ]
    })
    noteHandovers(this.#db, arriving)
  }

  /** Returns the values of the columns that the page does not have. */
  #hidden(id: string, overlay: Overlay | undefined): Scalar[] {
    const hidden = Object.entries(DEVICE_TABLES[this.#table].hidden(id)).filter(([name]) => !this.#names.includes(name))
    return hidden.map(([name, value]) => overlay?.values.get(name) ?? value)
  }

  /** Returns the values of the derived columns. A page may lack columns that the row has. */
  #derived(id: string, values: readonly Scalar[]): Scalar[] {
    if (!this.#derives) return []
    const isWhole = DERIVED_FROM.every((name) => this.#names.includes(name))
    const held = isWhole
      ? {}
      : row<Record<string, Scalar>>(this.#db, selectText('calls', DERIVED_FROM), identityOf('calls', id, this.#clientId))
    const written = Object.fromEntries(this.#names.map((name, place) => [name, values[place] ?? null]))
    return Object.values(derivedFromColumns({ ...held, ...written }, this.#country))
  }

  /** The value to write: that of a pending edit, or the server's. */
  #value(name: string, place: number, at: number, overlay: Overlay | undefined): Scalar {
    const value = overlay?.values.has(name) === true ? overlay.values.get(name) : this.#data[place]?.[at]
    // Half of a surrogate pair cannot be stored, and JSON in SQL does not replace it as a bound text does.
    return typeof value === 'string' ? value.toWellFormed() : (value ?? null)
  }

  #column(name: string): readonly Scalar[] {
    return must(this.#page.data[this.#page.columns.indexOf(name)], `A row page has the column ${name}`)
  }

  #incoming(at: number): RowVersion {
    const fields = this.#column(ROW_COLUMNS.fields)[at]
    return {
      version: Number(this.#column(ROW_COLUMNS.version)[at]),
      base: Number(this.#column(ROW_COLUMNS.base)[at]),
      fields: typeof fields === 'string' ? fields : null,
    }
  }

  /**
   * A pending edit hides the incoming value, so the field keeps the version that the person saw. That version is the base of the next edit,
   * which therefore does not overwrite another person's value as if the author had seen it (S8, S10).
   */
  #withSeen(id: string, incoming: RowVersion, { values }: Overlay): RowVersion {
    const seen = fieldVersions(this.#versions.get(id))
    const overrides = { ...fieldVersions(incoming).overrides }
    for (const column of values.keys()) overrides[versionKey(this.#table, column)] = fieldVersion(seen, this.#table, column)
    return { ...incoming, fields: JSON.stringify(overrides) }
  }
}

/** SQL text, because the table is known only at run time. */
function existingIds(db: ReadableDb, table: SyncTableName, ids: readonly string[]): Set<string> {
  const { key } = DEVICE_TABLES[table]
  const text = `SELECT ${key} AS id FROM ${table} WHERE ${key} IN (SELECT value FROM json_each(:ids))`
  return new Set(rows<{ id: string }>(db, text, { ids: JSON.stringify(ids) }).map(({ id }) => id))
}
