import { CALL_SORTS } from '../../../core/contract/calls.ts'
import type { CallFilter, CallSort } from '../../../core/contract/calls.ts'
import { isId } from '../../../core/id.ts'
import type { Id } from '../../../core/id.ts'
import { CALL_OUTCOMES, CALL_STATUSES, CALL_TYPES } from '../../../core/model/call.ts'
import type { CallOutcome, CallStatus, CallType } from '../../../core/model/call.ts'
import type { SearchText } from '../../app/search-text.ts'
import { ANY_TIME, periodFromText, periodToText, rangeOf } from '../../format/period-choice.ts'
import type { PeriodChoice, PeriodContext } from '../../format/period-choice.ts'

/** What the list of calls shows: kept in the address, so that a figure, a bookmark and the back button lead to the same rows. */
export type CallsView = {
  readonly period: PeriodChoice
  readonly userIds: readonly Id[]
  readonly callTypes: readonly CallType[]
  readonly statuses: readonly CallStatus[]
  readonly outcomes: readonly CallOutcome[]
  /** null: lost without a reason. */
  readonly lossReasonIds: readonly (Id | null)[]
  readonly text: string
  readonly sort: CallSort
}

export const DEFAULT_SORT: CallSort = { by: 'eventAt', direction: 'desc' }
export const ALL_CALLS: CallsView = {
  period: ANY_TIME,
  userIds: [],
  callTypes: [],
  statuses: [],
  outcomes: [],
  lossReasonIds: [],
  text: '',
  sort: DEFAULT_SORT,
}

const NO_REASON = 'none'

function known<T extends string>(text: string | undefined, all: readonly T[]): T[] {
  const named = new Set(text?.split(','))
  return all.filter((value) => named.has(value))
}

function sortFromText(text: string | undefined): CallSort {
  const [name = '', direction] = text?.split(':') ?? []
  const by = CALL_SORTS.find((sort) => sort === name)
  return by === undefined ? DEFAULT_SORT : { by, direction: direction === 'asc' ? 'asc' : 'desc' }
}

/** Reads an address. What it does not know it leaves out, so that an address of another version still opens. */
export function viewFromSearch(search: SearchText): CallsView {
  const reasons = search['reasons']?.split(',') ?? []
  return {
    period: periodFromText(search['period']),
    userIds: search['agents']?.split(',').filter(isId) ?? [],
    callTypes: known(search['types'], CALL_TYPES),
    statuses: known(search['statuses'], CALL_STATUSES),
    outcomes: known(search['outcomes'], CALL_OUTCOMES),
    lossReasonIds: [...reasons.filter(isId), ...(reasons.includes(NO_REASON) ? [null] : [])],
    text: search['text']?.slice(0, 200) ?? '',
    sort: sortFromText(search['sort']),
  }
}

/** Writes an address; what stands at its default is left out. */
export function viewToSearch(view: Partial<CallsView>): SearchText {
  const { period, userIds, callTypes, statuses, outcomes, lossReasonIds, text, sort } = { ...ALL_CALLS, ...view }
  const search: Record<string, string> = {
    period: periodToText(period),
    agents: userIds.join(','),
    types: callTypes.join(','),
    statuses: statuses.join(','),
    outcomes: outcomes.join(','),
    reasons: lossReasonIds.map((id) => id ?? NO_REASON).join(','),
    text,
    sort: sort.by === DEFAULT_SORT.by && sort.direction === DEFAULT_SORT.direction ? '' : `${sort.by}:${sort.direction}`,
  }
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== ''))
}

/** The filter that the application understands. */
export function filterOf(view: CallsView, context: PeriodContext): CallFilter {
  const range = rangeOf(view.period, context)
  const text = view.text.trim()
  return {
    ...(range !== null && range),
    ...(view.userIds.length > 0 && { userIds: [...view.userIds] }),
    ...(view.callTypes.length > 0 && { callTypes: [...view.callTypes] }),
    ...(view.statuses.length > 0 && { statuses: [...view.statuses] }),
    ...(view.outcomes.length > 0 && { outcomes: [...view.outcomes] }),
    ...(view.lossReasonIds.length > 0 && { lossReasonIds: [...view.lossReasonIds] }),
    ...(text !== '' && { text }),
  }
}

/** Whether anything narrows the list; the order does not. */
export function isFiltered(view: CallsView): boolean {
  return Object.keys(viewToSearch({ ...view, sort: DEFAULT_SORT })).length > 0
}
