import { AppError } from '../../core/errors.ts'
import type { CallSelection as SelectedCalls } from '../../core/contract/bulk.ts'
import type { ClientId, UserId } from '../../core/id.ts'
import type { ReadableDb } from '../open.ts'
import { row, snapshot } from '../statements.ts'
import { all, values, type Condition } from './call-filter.ts'
import { CallOrder, type Key } from './call-order.ts'
import { chosenCalls, countCalls, countIn, sourceOf, type CallSource } from './calls.ts'

export type SelectedList = NonNullable<SelectedCalls['list']>

type Span = NonNullable<SelectedList['span']>

/**
 * Returns the ids of the selected calls of a list, in no order, as hexadecimal digits without separators: a million ids are one text instead
 * of a million objects.
 * @param restrictUserId only that user's own calls; null: everyone's.
 */
export function selectedIds(db: ReadableDb, clientId: ClientId, list: SelectedList, restrictUserId: UserId | null): string {
  return snapshot(db, () => {
    const { from, values: bound, where } = selected(db, clientId, list, restrictUserId).source
    const text = `SELECT coalesce(group_concat(replace(calls.id, '-', ''), ''), '') AS ids FROM ${from} WHERE ${all(where)}`
    return row<{ ids: string }>(db, text, ...bound, ...values(where))?.ids ?? ''
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
    if (span === null && except.length === 0) return { total: countCalls(db, clientId, list.filter, restrictUserId), from: 0 }
    const { source, before } = selected(db, clientId, list, restrictUserId)
    return { total: countIn(db, source), from: before === null ? 0 : countIn(db, before) }
  })
}

/** Returns the selected calls, and the calls of the list before the span (`before`). */
function selected(db: ReadableDb, clientId: ClientId, list: SelectedList, restrictUserId: UserId | null) {
  const whole = sourceOf(chosenCalls(db, clientId, list.filter, restrictUserId))
  const rest: Condition[] =
    list.except.length === 0
      ? []
      : [{ text: 'calls.id NOT IN (SELECT value FROM json_each(?))', values: [JSON.stringify(list.except)] }]
  if (list.span === null) return { source: narrowed(whole, rest), before: null }
  const order = new CallOrder(list.span.sort)
  const [first, last] = ends(db, whole, order, list.span)
  return {
    source: narrowed(whole, [fromKey(order, first), untilKey(order, last), ...rest]),
    before: narrowed(whole, [not(fromKey(order, first))]),
  }
}

function narrowed({ where, ...source }: CallSource, conditions: readonly Condition[]): CallSource {
  // The source may test the texts, which takes longer.
  return { ...source, where: [...conditions, ...where] }
}

const not = ({ text, values: bound }: Condition): Condition => ({ text: `NOT (${text})`, values: bound })

function fromKey(order: CallOrder, key: Key): Condition {
  const { text, values: bound } = order.after(key)
  return { text: `(${text} OR calls.rowid = ?)`, values: [...bound, key.rowid] }
}

const untilKey = (order: CallOrder, key: Key): Condition => not(order.after(key))

/** Returns the ends of a span in the list's order, whichever of them was selected first. */
function ends(db: ReadableDb, whole: CallSource, order: CallOrder, { first, last }: Span): [Key, Key] {
  const keys = [first, last].map((id) => {
    const { from, values: bound, where } = narrowed(whole, [{ text: 'calls.id = ?', values: [id] }])
    const text = `SELECT calls.rowid, ${order.column} AS value FROM ${from} WHERE ${all(where)}`
    return row<Key>(db, text, ...bound, ...values(where))
  })
  const [one, other] = keys
  if (one === undefined || other === undefined)
    throw new AppError(
      'CONFLICT',
      'A call at an end of the selection has left the list. Nothing was changed; select the calls again.',
      {},
    )
  const { text, values: bound } = fromKey(order, one)
  const isForward = row(db, `SELECT 1 FROM calls WHERE calls.rowid = ? AND ${text}`, other.rowid, ...bound) !== undefined
  return isForward ? [one, other] : [other, one]
}
