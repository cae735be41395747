import { sql, type SQL } from 'drizzle-orm'
import { AppError } from '../../core/errors.ts'
import { sentence } from '../../core/messages/sentence.ts'
import type { CallSelection } from '../../core/contract/bulk.ts'
import type { ClientId, UserId } from '../../core/id.ts'
import type { ReadableDb } from '../open.ts'
import { readRow } from '../prepared.ts'
import { calls } from '../schema.ts'
import { snapshot, type SqlValue } from '../statements.ts'
import { all, listedIn, type CallSource } from './call-filter.ts'
import { countAllCalls, countIn, sourceOf } from './call-count.ts'
import { CallOrder, LATEST_FIRST } from './call-order.ts'
import { tierOf, type RankedKey } from './ranked-calls.ts'
import { searchOf } from './text-search.ts'

export type SelectedList = NonNullable<CallSelection['list']>

type Span = NonNullable<SelectedList['span']>

/**
 * Returns the ids of the selected calls of a list, in no order, as hexadecimal digits without separators: a million ids are one text instead
 * of a million objects.
 * @param restrictUserId only that user's own calls; null: everyone's.
 */
export function selectedIds(db: ReadableDb, clientId: ClientId, list: SelectedList, restrictUserId: UserId | null): string {
  return snapshot(db, () => {
    const { from, where } = selected(db, clientId, list, restrictUserId).source
    const ids = sql<string>`coalesce(group_concat(replace(${calls.id}, '-', ''), ''), '')`
    return readRow(db, { ids }, sql`FROM ${from} WHERE ${all(where)}`)?.ids ?? ''
  })
}

/** Returns how many calls of a list are selected, and the position of the first one in the list, from 0. */
export function countSelected(
  db: ReadableDb,
  clientId: ClientId,
  list: SelectedList,
  restrictUserId: UserId | null,
): { readonly total: number; readonly from: number } {
  return snapshot(db, () => {
    const { span, except } = list
    if (span === null && except.length === 0) return { total: countAllCalls(db, clientId, list.filter, restrictUserId), from: 0 }
    const { source, before } = selected(db, clientId, list, restrictUserId)
    return { total: countIn(db, source), from: before === null ? 0 : countIn(db, before) }
  })
}

/** Returns the selected calls, and the calls of the list before the span (`before`). */
function selected(db: ReadableDb, clientId: ClientId, list: SelectedList, restrictUserId: UserId | null) {
  const search = searchOf(db, clientId, list.filter, restrictUserId)
  const whole = sourceOf(search.chosen)
  const rest = list.except.length === 0 ? [] : [sql`${calls.id} NOT ${listedIn(list.except)}`]
  if (list.span === null) return { source: narrowed(whole, rest), before: null }
  const { sort } = list.span
  const order =
    sort.by === 'rank' ? { within: LATEST_FIRST, tier: tierOf(search) } : { within: new CallOrder(sort), tier: sql<number>`0` }
  const [first, last] = ends(db, whole, order, list.span)
  return {
    source: narrowed(whole, [fromKey(order, first), untilKey(order, last), ...rest]),
    before: narrowed(whole, [not(fromKey(order, first))]),
  }
}

function narrowed({ where, ...source }: CallSource, conditions: readonly SQL[]): CallSource {
  // The source may test the texts, which takes longer.
  return { ...source, where: [...conditions, ...where] }
}

const not = (condition: SQL): SQL => sql`NOT (${condition})`

/** The order of a list. A list that is not ranked has one tier. */
type ListOrder = { readonly within: CallOrder; readonly tier: SQL<number> }

function afterKey({ within, tier }: ListOrder, key: RankedKey): SQL {
  return sql`(${tier} > ${key.tier} OR (${tier} = ${key.tier} AND ${within.after(key)}))`
}

function fromKey(order: ListOrder, key: RankedKey): SQL {
  return sql`(${afterKey(order, key)} OR ${calls.rowid} = ${key.rowid})`
}

const untilKey = (order: ListOrder, key: RankedKey): SQL => not(afterKey(order, key))

/** Returns the ends of a span in the list's order, whichever of them was selected first. */
function ends(db: ReadableDb, whole: CallSource, order: ListOrder, { first, last }: Span): [RankedKey, RankedKey] {
  const keys = [first, last].map((id) => {
    const { from, where } = narrowed(whole, [sql`${calls.id} = ${id}`])
    const key = { rowid: calls.rowid, value: sql<SqlValue>`calls.${order.within.column}`, tier: order.tier }
    return readRow(db, key, sql`FROM ${from} WHERE ${all(where)}`)
  })
  const [one, other] = keys
  if (one === undefined || other === undefined) throw new AppError('CONFLICT', sentence('selection.end-left'), {})
  const isAfterOne = sql`FROM calls WHERE ${calls.rowid} = ${other.rowid} AND ${fromKey(order, one)}`
  const isForward = readRow(db, { rowid: calls.rowid }, isAfterOne) !== undefined
  return isForward ? [one, other] : [other, one]
}
