import type { CallFilter } from '../../core/contract/calls.ts'
import type { ClientId, LossReasonId, UserId } from '../../core/id.ts'
import type { SqlValue } from '../statements.ts'
import type { TextMatch } from './text-match.ts'

/** A part of a WHERE clause, joined to others by AND. */
export type Condition = { readonly text: string; readonly values: readonly SqlValue[] }

/** A filter, its lists without repetitions and null where they restrict nothing, with the reader's own restriction worked in. */
export type CallSelection = {
  readonly clientId: ClientId
  /** Half-open, ms. */
  readonly from: number | null
  readonly to: number | null
  readonly userIds: readonly UserId[] | null
  readonly callTypes: readonly string[] | null
  readonly statuses: readonly string[] | null
  readonly outcomes: readonly string[] | null
  /** null in it: lost calls without a reason. */
  readonly lossReasonIds: readonly (LossReasonId | null)[] | null
  readonly match: TextMatch | null
}

function listed<T>(list: readonly T[] | undefined): readonly T[] | null {
  return list === undefined || list.length === 0 ? null : [...new Set(list)]
}

/** Everything but the text of a filter; see `chosenCalls`. */
export function selection(clientId: ClientId, filter: CallFilter, restrictUserId: UserId | null): CallSelection {
  const asked = listed(filter.userIds)
  const own = restrictUserId === null ? asked : (asked ?? [restrictUserId]).filter((id) => id === restrictUserId)
  return {
    clientId,
    from: filter.from ?? null,
    to: filter.to ?? null,
    userIds: own,
    callTypes: listed(filter.callTypes),
    statuses: listed(filter.statuses),
    outcomes: listed(filter.outcomes),
    lossReasonIds: listed(filter.lossReasonIds),
    match: null,
  }
}

/** The list travels as one JSON parameter, so that a statement's text does not depend on its length. */
function among(column: string, list: readonly string[] | null): Condition[] {
  if (list === null) return []
  if (list.length === 1) return [{ text: `${column} = ?`, values: list }]
  return [{ text: `${column} IN (SELECT value FROM json_each(?))`, values: [JSON.stringify(list)] }]
}

export const ofClient = ({ clientId }: CallSelection): Condition[] => [{ text: 'client_id = ?', values: [clientId] }]

export function inPeriod({ from, to }: Pick<CallSelection, 'from' | 'to'>): Condition[] {
  return [
    ...(from === null ? [] : [{ text: 'event_at >= ?', values: [from] }]),
    ...(to === null ? [] : [{ text: 'event_at < ?', values: [to] }]),
  ]
}

export const ofUsers = ({ userIds }: CallSelection): Condition[] => among('user_id', userIds)

/** What the totals know of a call besides its day. In them an absent reason is ''; `none` is how the table at hand writes it. */
export function ofKinds(
  chosen: Pick<CallSelection, 'callTypes' | 'statuses' | 'outcomes' | 'lossReasonIds'>,
  none: 'IS NULL' | "= ''" = 'IS NULL',
): Condition[] {
  const { lossReasonIds } = chosen
  const named = lossReasonIds?.filter((id) => id !== null) ?? []
  const reasons = among('loss_reason_id', named.length === 0 ? null : named).map(({ text, values }) => ({
    text: named.length === lossReasonIds?.length ? text : `(loss_reason_id ${none} OR ${text})`,
    values,
  }))
  const lost = lossReasonIds === null ? [] : [{ text: `outcome = 'lost'`, values: [] }]
  const without = lossReasonIds !== null && named.length === 0 ? [{ text: `loss_reason_id ${none}`, values: [] }] : []
  return [
    ...among('call_type', chosen.callTypes),
    ...among('status', chosen.statuses),
    ...among('outcome', chosen.outcomes),
    ...lost,
    ...reasons,
    ...without,
  ]
}

export const all = (conditions: readonly Condition[]): string =>
  conditions.length === 0 ? 'true' : conditions.map(({ text }) => text).join(' AND ')

export const values = (conditions: readonly Condition[]): SqlValue[] => conditions.flatMap((condition) => condition.values)
