import { BY_RANK, CALL_SORTS } from '../../../core/contract/calls.ts'
import type { CallFilter, CallSort } from '../../../core/contract/calls.ts'
import { MOST_CHOSEN } from '../../../core/contract/reports.ts'
import type { UserId, LossReasonId } from '../../../core/id.ts'
import { CALL_OUTCOMES, CALL_STATUSES, CALL_TYPES } from '../../../core/model/call-fields.ts'
import type { CallOutcome, CallStatus, CallType } from '../../../core/model/call.ts'
import { WEEK_HOURS } from '../../../core/time/week-hours.ts'
import { idsFromText, type SearchText } from '../../view/search-text.ts'
import {
  ANY_TIME,
  END_OF_TIME,
  periodFromText,
  periodToText,
  rangeOf,
  UNTIL_TODAY,
  UPCOMING,
} from '../../format/period-choice.ts'
import type { PeriodChoice, PeriodContext } from '../../format/period-choice.ts'

/** The filters and the order of the list of calls. They are in the address, so that links and the back button lead to the same rows. */
export type CallsView = {
  /** null: no period was chosen. See `periodOf`. */
  readonly period: PeriodChoice | null
  readonly userIds: readonly UserId[]
  readonly callTypes: readonly CallType[]
  readonly statuses: readonly CallStatus[]
  readonly outcomes: readonly CallOutcome[]
  /** null: lost without a reason. */
  readonly lossReasonIds: readonly (LossReasonId | null)[]
  /** Hours of the week, 0…167 from Monday 00:00. */
  readonly weekHours: readonly number[]
  /** null: with and without a duration. */
  readonly hasDuration: boolean | null
  readonly text: string
  readonly sort: CallSort
}

const NEWEST_FIRST: CallSort = { by: 'eventAt', direction: 'desc' }
const SOONEST_FIRST: CallSort = { by: 'eventAt', direction: 'asc' }

/** The default view. */
export const FIRST_VIEW: CallsView = {
  period: null,
  userIds: [],
  callTypes: [],
  statuses: [],
  outcomes: [],
  lossReasonIds: [],
  weekHours: [],
  hasDuration: null,
  text: '',
  sort: NEWEST_FIRST,
}

/** The longest text that can be searched, characters. */
export const MAX_SEARCH_LENGTH = 200

/**
 * Returns the period that is shown. By default the list ends with the current day, so that the latest work is on top and not the calls
 * scheduled for next month. A search covers any time, because the upcoming call of a prospect is wanted too.
 */
export function periodOf({ period, text }: Pick<CallsView, 'period' | 'text'>): PeriodChoice {
  return period ?? (text.trim() === '' ? UNTIL_TODAY : ANY_TIME)
}

/** Returns the default order: the best matches first for a search, soonest first for upcoming calls, else newest first. */
function usualSort(view: Pick<CallsView, 'period' | 'text'>): CallSort {
  if (view.text.trim() !== '') return BY_RANK
  return periodOf(view).kind === 'upcoming' ? SOONEST_FIRST : NEWEST_FIRST
}

const isSameSort = (a: CallSort, b: CallSort) => a.by === b.by && a.direction === b.direction

/** Returns the view with a changed part. The default order changes with the period; a chosen order stays. */
export function changed(view: CallsView, part: Partial<CallsView>): CallsView {
  const next = { ...view, ...part }
  return isSameSort(next.sort, usualSort(view)) && part.sort === undefined ? { ...next, sort: usualSort(next) } : next
}

/** Returns the view without filters, with the chosen order. */
export function unfiltered(view: CallsView): CallsView {
  return isSameSort(view.sort, usualSort(view)) ? FIRST_VIEW : { ...FIRST_VIEW, sort: view.sort }
}

const NO_REASON = 'none'

function known<T extends string>(text: string | undefined, all: readonly T[]): T[] {
  const named = new Set(text?.split(','))
  return all.filter((value) => named.has(value))
}

function hoursFromText(text: string | undefined): number[] {
  const hours = text?.split(',').map((part) => (/^\d{1,3}$/.test(part) ? Number(part) : WEEK_HOURS)) ?? []
  return [...new Set(hours)].filter((hour) => hour < WEEK_HOURS)
}

const DURATIONS = new Map<string | undefined, boolean>([
  ['yes', true],
  ['no', false],
])

function sortFromText(text: string | undefined, usual: CallSort): CallSort {
  const [name = '', direction] = text?.split(':') ?? []
  const by = CALL_SORTS.find((sort) => sort === name)
  return by === undefined ? usual : { by, direction: direction === 'asc' ? 'asc' : 'desc' }
}

function periodFromSearch(text: string | undefined): PeriodChoice | null {
  const period = periodFromText(text)
  return period.kind === 'any' && text !== 'any' ? null : period
}

function periodToSearch(period: PeriodChoice | null): string {
  if (period === null) return ''
  return period.kind === 'any' ? 'any' : periodToText(period)
}

/** Reads a view from the address. Unknown values are ignored, so that an address of another version still opens. */
export function viewFromSearch(search: SearchText): CallsView {
  const none = search['reasons']?.split(',').includes(NO_REASON) === true ? [null] : []
  const period = periodFromSearch(search['period'])
  const text = search['text']?.slice(0, MAX_SEARCH_LENGTH) ?? ''
  return {
    period,
    userIds: idsFromText(search['agents']),
    callTypes: known(search['types'], CALL_TYPES),
    statuses: known(search['statuses'], CALL_STATUSES),
    outcomes: known(search['outcomes'], CALL_OUTCOMES),
    lossReasonIds: [...idsFromText(search['reasons']).slice(0, MOST_CHOSEN - none.length), ...none],
    weekHours: hoursFromText(search['hours']),
    hasDuration: DURATIONS.get(search['duration']) ?? null,
    text,
    sort: sortFromText(search['sort'], usualSort({ period, text })),
  }
}

/** Returns a view for the address, without the defaults. */
export function viewToSearch(part: Partial<CallsView>): SearchText {
  const view = { ...FIRST_VIEW, ...part }
  const sort = part.sort ?? usualSort(view)
  const search: Record<string, string> = {
    period: periodToSearch(view.period),
    agents: view.userIds.join(','),
    types: view.callTypes.join(','),
    statuses: view.statuses.join(','),
    outcomes: view.outcomes.join(','),
    reasons: view.lossReasonIds.map((id) => id ?? NO_REASON).join(','),
    hours: view.weekHours.join(','),
    duration: view.hasDuration === null ? '' : view.hasDuration ? 'yes' : 'no',
    text: view.text,
    sort: isSameSort(sort, usualSort(view)) ? '' : `${sort.by}:${sort.direction}`,
  }
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== ''))
}

/** Returns the filter of the API. */
export function filterOf(view: CallsView, context: PeriodContext): CallFilter {
  const range = rangeOf(periodOf(view), context)
  const text = view.text.trim()
  return {
    ...(range !== null && range),
    ...(view.userIds.length > 0 && { userIds: [...view.userIds] }),
    ...(view.callTypes.length > 0 && { callTypes: [...view.callTypes] }),
    ...(view.statuses.length > 0 && { statuses: [...view.statuses] }),
    ...(view.outcomes.length > 0 && { outcomes: [...view.outcomes] }),
    ...(view.lossReasonIds.length > 0 && { lossReasonIds: [...view.lossReasonIds] }),
    ...(view.weekHours.length > 0 && { weekHours: [...view.weekHours] }),
    ...(view.hasDuration !== null && { hasDuration: view.hasDuration }),
    ...(text !== '' && { text }),
  }
}

/** Returns the view that shows exactly the calls of a filter. */
export function viewOfFilter(filter: CallFilter): CallsView {
  const { from, to, ...rest } = filter
  const hasPeriod = from !== undefined || to !== undefined
  return {
    ...FIRST_VIEW,
    period: hasPeriod ? { kind: 'exact', from: from ?? 0, to: to ?? END_OF_TIME } : ANY_TIME,
    userIds: rest.userIds ?? [],
    callTypes: rest.callTypes ?? [],
    statuses: rest.statuses ?? [],
    outcomes: rest.outcomes ?? [],
    lossReasonIds: rest.lossReasonIds ?? [],
    weekHours: rest.weekHours ?? [],
    hasDuration: rest.hasDuration ?? null,
    text: rest.text ?? '',
  }
}

/** Returns the filter for upcoming calls; null if the list includes them, or if a chosen period excludes them. */
export function upcomingOf(view: CallsView, context: PeriodContext): CallFilter | null {
  return view.period === null && periodOf(view) === UNTIL_TODAY ? filterOf({ ...view, period: UPCOMING }, context) : null
}

/** Returns whether the list is filtered. The order does not count. */
export function isFiltered(view: CallsView): boolean {
  return Object.keys(viewToSearch({ ...view, sort: usualSort(view) })).length > 0
}
