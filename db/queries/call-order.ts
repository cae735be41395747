import { sql, type SQL } from 'drizzle-orm'
import type { AnySQLiteColumn } from 'drizzle-orm/sqlite-core'
import type { ColumnSort, Cursor } from '../../core/contract/calls.ts'
import { decodeCursor, encodeCursor } from '../cursor.ts'
import { calls } from '../schema.ts'
import type { SqlValue } from '../statements.ts'
import { named } from './call-filter.ts'

/** The place of a row in a sorted list: its sort value, then its rowid, which no two rows share. */
export type Key = { readonly value: SqlValue; readonly rowid: number }

/**
 * A part of a sorted list that one index has in order. A list has one segment, or two if it is sorted by duration: calls without a duration
 * come last in both directions.
 */
export type Segment = { readonly within: readonly SQL[]; readonly order: SQL; readonly reversed: SQL }

type SortColumn = {
  readonly column: AnySQLiteColumn
  readonly index: string
  readonly types: ('string' | 'number' | 'null')[]
}

const COLUMNS: Readonly<Record<ColumnSort['by'], SortColumn>> = {
  eventAt: { column: calls.eventAt, index: 'calls_by_time', types: ['number'] },
  prospectName: { column: calls.nameKey, index: 'calls_by_name', types: ['string'] },
  callDuration: { column: calls.callDuration, index: 'calls_by_duration', types: ['number', 'null'] },
}

const [ASC, DESC] = [sql`ASC`, sql`DESC`]
const untimed = sql`${named(calls.callDuration)} IS NULL`

/** One way of sorting calls. */
export class CallOrder {
  readonly by: ColumnSort['by']
  readonly descending: boolean
  readonly column: SQL
  /** The index that has all of a client's calls in this order. */
  readonly index: string
  readonly #list: string
  readonly #types: SortColumn['types']

  constructor({ by, direction }: ColumnSort) {
    const { column, index, types } = COLUMNS[by]
    this.by = by
    this.descending = direction === 'desc'
    this.column = named(column)
    this.index = index
    this.#list = `calls.${by}.${direction}`
    this.#types = types
  }

  decode(cursor: string): Key {
    const [value = null, rowid] = decodeCursor(this.#list, cursor, [this.#types, ['number']])
    return { value, rowid: Number(rowid) }
  }

  encode({ value, rowid }: Key): Cursor {
    return encodeCursor(this.#list, [value, rowid])
  }

  /** ORDER BY of the whole list, for rows in no order; also of a join with the calls. */
  sorted(): SQL {
    const direction = this.descending ? DESC : ASC
    return sql`calls.${this.column} ${direction} NULLS LAST, calls.rowid ${direction}`
  }

  /** Returns the segments of the list after `after`, in their order. */
  segments(after: Key | null): Segment[] {
    const [forth, back] = this.descending ? [DESC, ASC] : [ASC, DESC]
    const order = { order: sql`${this.column} ${forth}, rowid ${forth}`, reversed: sql`${this.column} ${back}, rowid ${back}` }
    if (this.by !== 'callDuration') return [{ within: after === null ? [] : [this.#after(after)], ...order }]
    const byRowid = { order: sql`rowid ${forth}`, reversed: sql`rowid ${back}` }
    if (after !== null && after.value === null) return [{ within: [untimed, this.#afterRowid(after)], ...byRowid }]
    const timed = sql`${this.column} >= 0`
    return [
      { within: after === null ? [timed] : [timed, this.#after(after)], ...order },
      { within: [untimed], ...byRowid },
    ]
  }

  /** The rows after `after`, for rows in no order. */
  after(after: Key): SQL {
    if (after.value === null) return sql`${untimed} AND ${this.#afterRowid(after)}`
    const later = this.#after(after)
    return this.by === 'callDuration' ? sql`(${later} OR ${untimed})` : later
  }

  #after({ value, rowid }: Key): SQL {
    return sql`(${this.column}, rowid) ${this.#beyond} (${value}, ${rowid})`
  }

  #afterRowid({ rowid }: Key): SQL {
    return sql`rowid ${this.#beyond} ${rowid}`
  }

  get #beyond(): SQL {
    return this.descending ? sql`<` : sql`>`
  }
}

/** The order within a tier of a ranked list. */
export const LATEST_FIRST = new CallOrder({ by: 'eventAt', direction: 'desc' })
