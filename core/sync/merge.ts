import type { DeviceId, OpId, UserId } from '../id.ts'
import type { HybridTime } from '../hybrid-clock.ts'
import { fieldVersion, withVersion, type FieldVersions } from './field-versions.ts'
import { unitOf, versionKey, type Scalar, type SyncTableName } from './tables.ts'

/** Who wrote, on which device, and when it counts. */
export type Author = {
  readonly opId: OpId
  readonly deviceId: DeviceId
  readonly deviceSeq: number
  readonly userId: UserId
  /** Effective clock, see effective-clock.ts. */
  readonly clock: HybridTime
}

/**
 * What becomes of one field's edit.
 * `applies`: it was made on the current value. `wins`, `loses`: it was concurrent with another edit (S8).
 * `superseded`: a later edit of the same device is in already.
 */
export type Decision = 'applies' | 'wins' | 'loses' | 'superseded'

/**
 * Decides an edit made on version `base` against the field's current version (S7, S8). Edits of one device are never
 * concurrent: the device saw its own. Among concurrent ones the order (clock, op id) is total, so the winner does not
 * depend on who arrives first.
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
  /** The new values of what changed, by column. */
  readonly changed: Values
  readonly versions: FieldVersions
  readonly conflicts: readonly Conflict[]
  /** Whether every field of the edit is now as the edit would have it, under the edit's version. */
  readonly whole: boolean
}

export type Edit = {
  readonly seq: number
  readonly author: Author
  /** New values by column; whole units. */
  readonly values: Values
  /** The version that each column's edit was made on; 0: the device knew none. */
  readonly bases: Readonly<Record<string, number>>
  /** An INSERT that met its row, as where two people import one file: it undoes nothing that anyone edited since the row was made. */
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
    // Bases of a unit differ only where the device pieced it together; the oldest is the one it can vouch for.
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
