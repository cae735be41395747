import type { CallSort, Cursor } from '../../core/contract/calls.ts'
import { decodeCursor, encodeCursor } from '../cursor.ts'
import type { SqlValue } from '../statements.ts'
import type { Condition } from './call-filter.ts'

/** The place of a row in a sorted list: its sort value, then its rowid, which no two rows share. */
export type Key = { readonly value: SqlValue; readonly rowid: number }

/**
 * A stretch of a sorted list that one index has in order. A list has one, or, sorted by duration, two: calls without a duration come
 * last in both directions.
 */
export type Segment = { readonly within: readonly Condition[]; readonly order: string; readonly reversed: string }

type SortColumn = {
  readonly column: string
  readonly index: string
  readonly types: ('string' | 'number' | 'null')[]
}

const COLUMNS: Readonly<Record<CallSort['by'], SortColumn>> = {
  eventAt: { column: 'event_at', index: 'calls_by_time', types: ['number'] },
  prospectName: { column: 'name_key', index: 'calls_by_name', types: ['string'] },
  callDuration: { column: 'call_duration', index: 'calls_by_duration', types: ['number', 'null'] },
}

/** One way of sorting calls. */
export class CallOrder {
  readonly by: CallSort['by']
  readonly descending: boolean
  readonly column: string
  /** The index that has all of a client's calls in this order. */
  readonly index: string
  readonly #list: string
  readonly #types: SortColumn['types']

  constructor({ by, direction }: CallSort) {
    const { column, index, types } = COLUMNS[by]
    this.by = by
    this.descending = direction === 'desc'
    this.column = column
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

  /** ORDER BY of the whole list, for rows in no order; `c.` for a join. */
  sorted(prefix = ''): string {
    const direction = this.descending ? 'DESC' : 'ASC'
    return `${prefix}${this.column} ${direction} NULLS LAST, ${prefix}rowid ${direction}`
  }

  /** The stretches of the list after `after`, in their order. */
  segments(after: Key | null): Segment[] {
    const [forth, back] = this.descending ? ['DESC', 'ASC'] : ['ASC', 'DESC']
    const order = { order: `${this.column} ${forth}, rowid ${forth}`, reversed: `${this.column} ${back}, rowid ${back}` }
    const beyond = this.descending ? '<' : '>'
    if (this.by !== 'callDuration') return [{ within: after === null ? [] : [this.#after(after)], ...order }]
    const rest = { text: 'call_duration IS NULL', values: [] }
    const byRowid = { order: `rowid ${forth}`, reversed: `rowid ${back}` }
    if (after !== null && after.value === null)
      return [{ within: [rest, { text: `rowid ${beyond} ?`, values: [after.rowid] }], ...byRowid }]
    const timed = { text: 'call_duration >= 0', values: [] }
    return [
      { within: after === null ? [timed] : [timed, this.#after(after)], ...order },
      { within: [rest], ...byRowid },
    ]
  }

  /** The rows after `after`, for rows in no order. */
  after(after: Key): Condition {
    const beyond = this.descending ? '<' : '>'
    if (after.value === null) return { text: `call_duration IS NULL AND rowid ${beyond} ?`, values: [after.rowid] }
    const { text, values } = this.#after(after)
    return this.by === 'callDuration' ? { text: `(${text} OR call_duration IS NULL)`, values } : { text, values }
  }

  #after({ value, rowid }: Key): Condition {
    return { text: `(${this.column}, rowid) ${this.descending ? '<' : '>'} (?, ?)`, values: [value, rowid] }
  }
}
