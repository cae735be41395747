import type { DeviceId, OpId, UserId } from '../id.ts'
import type { HybridTime } from '../hybrid-clock.ts'
import { fieldVersion, withVersion, type FieldVersions } from './field-versions.ts'
import { unitOf, versionKey, type Scalar, type SyncTableName } from './tables.ts'

/** The author of a version: the person, the device and the time that counts. */
export type Author = {
  readonly opId: OpId
  readonly deviceId: DeviceId
  readonly deviceSeq: number
  readonly userId: UserId
  /** The effective clock; see effective-clock.ts. */
  readonly clock: HybridTime
}

/**
 * The result of one field's edit.
 * `applies`: it was made on the current value. `wins`, `loses`: it was concurrent with another edit (S8).
 * `superseded`: the server already has a later edit of the same device.
 */
export type Decision = 'applies' | 'wins' | 'loses' | 'superseded'

/**
 * Decides an edit made on version `base` against the field's current version (S7, S8). Edits of one device are never concurrent, because
 * the device saw its own. The order (clock, op id) of concurrent edits is total, so the winner does not depend on the order of arrival.
 */
export function decide(base: number, edit: Author, current: { readonly seq: number } & Author): Decision {
  if (base === current.seq) return 'applies'
  if (edit.deviceId === current.deviceId) return edit.deviceSeq > current.deviceSeq ? 'applies' : 'superseded'
  if (edit.clock !== current.clock) return edit.clock > current.clock ? 'wins' : 'loses'
  return edit.opId > current.opId ? 'wins' : 'loses'
}

export type Values = Readonly<Record<string, Scalar>>

/** Two concurrent edits of one unit. Both values are kept (S10). */
export type Conflict = {
  /** The unit's columns. */
  readonly columns: readonly string[]
  readonly winning: Values
  readonly losing: Values
  readonly winner: Pick<Author, 'opId' | 'userId'>
  readonly loser: Pick<Author, 'opId' | 'userId'>
  /** The unit's version after the merge. The conflict is open for as long as the unit has this version. */
  readonly version: number
}

export type Merged = {
  /** The new values of the changed columns, by column. */
  readonly changed: Values
  readonly versions: FieldVersions
  readonly conflicts: readonly Conflict[]
  /** Whether every field of the edit has the edit's value and version after the merge. */
  readonly whole: boolean
}

export type Edit = {
  readonly seq: number
  readonly author: Author
  /** New values by column; whole units. */
  readonly values: Values
  /** The version that each column's edit was made on; 0: the device knew none. */
  readonly bases: Readonly<Record<string, number>>
  /** An INSERT of an existing row, for example if two people import one file. It undoes no edit made since the row was created. */
  readonly yields: boolean
}

function pick(values: Values, columns: readonly string[]): Values {
  const picked: Record<string, Scalar> = {}
  for (const column of columns) picked[column] = values[column] ?? null
  return picked
}

/**
 * Merges an edit into a row, unit by unit.
 * @param authorOf returns the author of the version `seq`; called only for versions of this row that the edit was not made on.
 */
export function merge(
  table: SyncTableName,
  row: { readonly values: Values; readonly versions: FieldVersions },
  edit: Edit,
  authorOf: (seq: number) => Author,
): Merged {
  const changed: Record<string, Scalar> = {}
  const written: string[] = []
  const conflicts: Conflict[] = []
  let whole = true
  for (const first of Object.keys(edit.values)) {
    if (versionKey(table, first) !== first) continue
    const columns = unitOf(table, first)
    const seq = fieldVersion(row.versions, table, first)
    // The bases of a unit differ only if the device combined it from several edits. Only the oldest is certain for all columns.
    const base = Math.min(...columns.map((column) => edit.bases[column] ?? 0))
    const equal = columns.every((column) => edit.values[column] === row.values[column])
    const current = base === seq ? undefined : authorOf(seq)
    const isEdited = row.versions.overrides?.[first] !== undefined && current?.deviceId !== edit.author.deviceId
    const decision =
      current === undefined ? 'applies' : edit.yields && isEdited ? 'loses' : decide(base, edit.author, { seq, ...current })
    if (current !== undefined && !equal && (decision === 'wins' || decision === 'loses')) {
      const mine = pick(edit.values, columns)
      const theirs = pick(row.values, columns)
      const won = decision === 'wins'
      conflicts.push({
        columns,
        winning: won ? mine : theirs,
        losing: won ? theirs : mine,
        winner: won ? edit.author : current,
        loser: won ? current : edit.author,
        version: won ? edit.seq : seq,
      })
    }
    if (decision === 'loses' || decision === 'superseded') {
      whole = false
      continue
    }
    written.push(first)
    for (const column of columns) {
      const value = edit.values[column] ?? null
      if (value !== row.values[column]) changed[column] = value
    }
  }
  const versions = written.length === 0 ? row.versions : withVersion(row.versions, table, written, edit.seq)
  return { changed, versions, conflicts, whole }
}
