import { DateTime } from 'luxon'
import type { KnownPage } from '../contract/known.ts'
import type { ReportPage, ReportRequest } from '../contract/reports.ts'
import type { RankedBy } from '../figures/report-parts.ts'
import type { HourCounts } from '../metrics/metrics.ts'
import type { NoShows } from '../contract/no-shows.ts'
import type { CallType } from '../model/call.ts'
import { CALL_TYPE_LABELS } from '../model/call-labels.ts'
import { personLabel } from '../model/labels.ts'
import type { UserName } from '../model/people.ts'
import { hasNoBeginning, type Comparison } from '../time/report-periods.ts'
import { localDay, nextDay, startOfLocalDay, type TimeRange } from '../time/time-range.ts'
import { instant, text } from './cells.ts'
import type { ReportFact } from './report-document.ts'

/** The data of a report. */
export type ReportSource = {
  readonly page: ReportPage
  /** The 168 hours of the week from Monday 00:00. */
  readonly hours: readonly HourCounts[]
  /** Null: the report is that of an earlier day. To find the attempts of that day, the audit trail of each call would have to be read. */
  readonly noShows: NoShows | null
  readonly request: Pick<ReportRequest, 'range' | 'compare' | 'userIds' | 'callTypes'>
  /** Name of the client. */
  readonly client: string
  /** The first day of the week, 1 = Monday. */
  readonly weekStart: number
  /** All people of the client, in the order of their names. */
  readonly people: readonly UserName[]
  readonly rankedBy: RankedBy
  /** The report is that of an earlier day (`reports.known`); null: as it is known now. */
  readonly known: Pick<KnownPage, 'knownAt' | 'computedAt' | 'coverage'> | null
}

export type FactKey =
  | 'client'
  | 'period'
  | 'until'
  | 'compared'
  | 'people'
  | 'types'
  | 'zone'
  | 'known_on'
  | 'missing'
  | 'computed_at'

/** The words of the facts in a language. */
export type FactWords = {
  readonly label: (fact: FactKey) => string
  readonly comparedWith: (comparison: Exclude<Comparison, 'none'>, range: string) => string
  /** Nothing is compared. */
  readonly nothing: () => string
  /** All agents, or all types of calls. */
  readonly all: () => string
  readonly ownCalls: () => string
  readonly reassignedCalls: () => string
  readonly callType: (type: CallType) => string
  readonly person: (person: UserName) => string
  readonly unknownPerson: () => string
  /** A period without a beginning. */
  readonly until: (end: string) => string
}

const LABELS: Readonly<Record<FactKey, string>> = {
  client: 'Client',
  period: 'Period',
  until: 'Counted until',
  compared: 'Compared with',
  people: 'Agents',
  types: 'Call types',
  zone: 'Time zone',
  known_on: 'As known on',
  missing: 'Not included',
  computed_at: 'Computed at',
}

export const ENGLISH_FACTS: FactWords = {
  label: (fact) => LABELS[fact],
  comparedWith: (comparison, range) => `${comparison === 'previous' ? 'previous period' : 'a year earlier'}, ${range}`,
  nothing: () => 'nothing',
  all: () => 'all',
  ownCalls: () => 'your own calls',
  reassignedCalls: () => 'calls that were reassigned since then',
  callType: (type) => CALL_TYPE_LABELS[type],
  person: personLabel,
  unknownPerson: () => 'Unknown person',
  until: (end) => `until ${end}`,
}

const minute = (instantMs: number, zone: string) => DateTime.fromMillis(instantMs, { zone }).toFormat('yyyy-MM-dd HH:mm')

/** Returns the text of a range: its days if it consists of whole days, otherwise with times of day. */
export function rangeText({ from, to }: TimeRange, zone: string, { until }: Pick<FactWords, 'until'> = ENGLISH_FACTS): string {
  const [first, last] = [localDay(from, zone), localDay(Math.max(from, to - 1), zone)]
  const endsWithDay = to > from && startOfLocalDay(nextDay(last), zone) === to
  if (hasNoBeginning({ from, to })) return until(endsWithDay ? last : minute(to, zone))
  if (!endsWithDay || startOfLocalDay(first, zone) !== from) return `${minute(from, zone)} – ${minute(to, zone)}`
  return first === last ? first : `${first} – ${last}`
}

/** Returns the day that ends at an instant, or the instant if no day ends at it. */
export function knownText(knownAt: number, zone: string): string {
  const day = localDay(knownAt - 1, zone)
  return startOfLocalDay(nextDay(day), zone) === knownAt ? day : minute(knownAt, zone)
}

export type Names = {
  readonly labelOf: (userId: string) => string
  readonly orderOf: (userId: string) => number
}

export function namesOf(people: readonly UserName[], words: FactWords = ENGLISH_FACTS): Names {
  const known = new Map<string, { label: string; order: number }>(
    people.map((person, order) => [person.id, { label: words.person(person), order }]),
  )
  return {
    labelOf: (userId) => known.get(userId)?.label ?? words.unknownPerson(),
    orderOf: (userId) => known.get(userId)?.order ?? people.length,
  }
}

/** Returns the facts that a reader needs to understand the figures: period, comparison, filters, zone, time. */
export function reportFacts(
  { page, request, client, people: all, known }: Omit<ReportSource, 'hours' | 'noShows' | 'weekStart' | 'rankedBy'>,
  words: FactWords = ENGLISH_FACTS,
): ReportFact[] {
  const names = namesOf(all, words)
  const { range, compare, userIds = [], callTypes = [] } = request
  const { zone, computedAt, compared, reach } = page
  const fact = (key: FactKey, value: string): ReportFact => ({ key, label: words.label(key), cell: text(value) })
  const time = (key: FactKey, value: number): ReportFact => ({ key, label: words.label(key), cell: instant(value) })
  const people = userIds.length === 0 ? words.all() : userIds.map(names.labelOf).join(', ')
  const isCompared = compared !== null && compare !== 'none'
  return [
    fact('client', client),
    fact('period', rangeText(range, zone, words)),
    ...(page.range.to < range.to ? [time('until', page.range.to)] : []),
    fact('compared', isCompared ? words.comparedWith(compare, rangeText(compared, zone, words)) : words.nothing()),
    fact('people', reach === 'own' ? words.ownCalls() : people),
    fact('types', callTypes.length === 0 ? words.all() : callTypes.map(words.callType).join(', ')),
    fact('zone', zone),
    ...(known === null ? [] : [fact('known_on', knownText(known.knownAt, zone))]),
    ...(known?.coverage === 'own' ? [fact('missing', words.reassignedCalls())] : []),
    time('computed_at', known?.computedAt ?? computedAt),
  ]
}
