import type { KnownPage } from '../contract/known.ts'
import { DateTime } from 'luxon'
import type { NoShows } from '../contract/no-shows.ts'
import type { Ageing, ReportPage, ReportRequest } from '../contract/reports.ts'
import { changeOf } from '../metrics/change.ts'
import { figure, METRIC_KEYS, METRICS, type Figure, type HourCounts } from '../metrics/metrics.ts'
import { formatMonth, paceInWords } from '../metrics/target-words.ts'
import { TARGETS } from '../metrics/targets.ts'
import type { NoShowKind } from '../metrics/no-shows.ts'
import { MIN_RANKED } from '../metrics/wilson.ts'
import { CALL_TYPE_LABELS } from '../model/call-labels.ts'
import { personLabel, WEEKDAYS } from '../model/labels.ts'
import type { UserName } from '../model/people.ts'
import { isRateTarget } from '../model/targets.ts'
import { bucketTitle } from '../time/bucket-names.ts'
import { hasNoBeginning, type Comparison } from '../time/report-periods.ts'
import { localDay, nextDay, startOfLocalDay, type TimeRange } from '../time/time-range.ts'
import { age, average, count, figureCell, instant, ratio, share, text, type Cell } from './cells.ts'
import {
  BUCKET_LABELS,
  callsOf,
  FUNNEL_TITLE,
  funnelSteps,
  HOUR_LABELS,
  HOUR_MEASURES,
  hourCell,
  HOURS_TITLE,
  LOSS_REASONS_TITLE,
  NO_SHOW_LABELS,
  NO_SHOWS_TITLE,
  PART_LABELS,
  PEOPLE_TITLE,
  RANKED_BY,
  rankPeople,
  reasonLabel,
  TREND_PARTS,
  TREND_TITLES,
  UNDECIDED_DEFINITION,
  UNDECIDED_TITLE,
  type RankedBy,
} from '../figures/report-parts.ts'
import type { ReportColumn, ReportDocument, ReportFact, ReportTable } from './report-document.ts'

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

const COMPARED_WITH: Readonly<Record<Exclude<Comparison, 'none'>, string>> = {
  previous: 'previous period',
  year: 'a year earlier',
}

/** Shown instead of empty charts and tables. */
export const NO_CALLS_TEXT = 'No calls in this period.'
export const NO_LOST_TEXT = 'No lost calls in this period.'
export const NO_NO_SHOWS_TEXT = 'No no-shows in this period.'

const minute = (instantMs: number, zone: string) => DateTime.fromMillis(instantMs, { zone }).toFormat('yyyy-MM-dd HH:mm')

/** Returns the text of a range: its days if it consists of whole days, otherwise with times of day. */
export function rangeText({ from, to }: TimeRange, zone: string): string {
  const [first, last] = [localDay(from, zone), localDay(Math.max(from, to - 1), zone)]
  const endsWithDay = to > from && startOfLocalDay(nextDay(last), zone) === to
  if (hasNoBeginning({ from, to })) return endsWithDay ? `until ${last}` : `until ${minute(to, zone)}`
  if (!endsWithDay || startOfLocalDay(first, zone) !== from) return `${minute(from, zone)} – ${minute(to, zone)}`
  return first === last ? first : `${first} – ${last}`
}

/** Returns the day that ends at an instant, or the instant if no day ends at it. */
export function knownText(knownAt: number, zone: string): string {
  const day = localDay(knownAt - 1, zone)
  return startOfLocalDay(nextDay(day), zone) === knownAt ? day : minute(knownAt, zone)
}

type Names = {
  readonly labelOf: (userId: string) => string
  readonly orderOf: (userId: string) => number
}

function namesOf(people: readonly UserName[]): Names {
  const known = new Map<string, { label: string; order: number }>(
    people.map((person, order) => [person.id, { label: personLabel(person), order }]),
  )
  return {
    labelOf: (userId) => known.get(userId)?.label ?? 'Unknown person',
    orderOf: (userId) => known.get(userId)?.order ?? people.length,
  }
}

/** Returns the facts that a reader needs to understand the figures: period, comparison, filters, zone, time. */
export function reportFacts({
  page,
  request,
  client,
  people: all,
  known,
}: Omit<ReportSource, 'hours' | 'noShows' | 'weekStart' | 'rankedBy'>): ReportFact[] {
  const names = namesOf(all)
  const { range, compare, userIds = [], callTypes = [] } = request
  const { zone, computedAt, compared, reach } = page
  const fact = (key: string, label: string, value: string): ReportFact => ({ key, label, cell: text(value) })
  const people = userIds.length === 0 ? 'all' : userIds.map(names.labelOf).join(', ')
  return [
    fact('client', 'Client', client),
    fact('period', 'Period', rangeText(range, zone)),
    ...(page.range.to < range.to ? [{ key: 'until', label: 'Counted until', cell: instant(page.range.to) }] : []),
    ...(compared === null || compare === 'none'
      ? [fact('compared', 'Compared with', 'nothing')]
      : [fact('compared', 'Compared with', `${COMPARED_WITH[compare]}, ${rangeText(compared, zone)}`)]),
    fact('people', 'Agents', reach === 'own' ? 'your own calls' : people),
    fact('types', 'Call types', callTypes.length === 0 ? 'all' : callTypes.map((type) => CALL_TYPE_LABELS[type]).join(', ')),
    fact('zone', 'Time zone', zone),
    ...(known === null ? [] : [fact('known_on', 'As known on', knownText(known.knownAt, zone))]),
    ...(known?.coverage === 'own' ? [fact('missing', 'Not included', 'calls that were reassigned since then')] : []),
    { key: 'computed_at', label: 'Computed at', cell: instant(known?.computedAt ?? computedAt) },
  ]
}

function figuresTable({ figures, counts, former }: ReportPage): ReportTable {
  const before = (cell: Cell | null) => cell ?? text('')
  return {
    key: 'figures',
    title: 'Figures',
    columns: [
      { key: 'metric', label: 'Metric' },
      { key: 'value', label: 'Value' },
      { key: 'before', label: 'Before' },
      { key: 'change', label: 'Change' },
    ],
    rows: [
      ...figures.map((one) => ({
        key: one.key,
        cells: [
          text(METRICS[one.key].label),
          figureCell(one),
          before(one.former && figureCell(one.former)),
          one.former === null ? text('') : { kind: 'change' as const, change: one.change },
        ],
      })),
      {
        key: 'undecided',
        cells: [text('Undecided'), count(counts.undecided), before(former && count(former.undecided)), text('')],
      },
    ],
  }
}

function teamTable({ team }: ReportPage): ReportTable[] {
  if (team === null) return []
  const columns = [
    { key: 'metric', label: 'Metric' },
    { key: 'value', label: 'Team average' },
    { key: 'own', label: 'You, on the same days' },
  ]
  const cell = (one: Figure): Cell => (METRICS[one.key].unit === 'count' ? average(one.value) : figureCell(one))
  const rows = team.figures.map((one, index) => {
    const own = team.own.figures[index]
    return { key: one.key, cells: [text(METRICS[one.key].label), cell(one), own === undefined ? text('') : cell(own)] }
  })
  const note = `From ${team.shownDays} of ${team.finishedDays} finished days: those on which at least three people had matching calls. Calls and talk time are per day worked.`
  return [{ key: 'team', title: 'Team average', columns, rows, note }]
}

function targetsTable({ targets }: ReportPage): ReportTable[] {
  if (targets.length === 0) return []
  const columns = [
    { key: 'metric', label: 'Metric' },
    { key: 'actual', label: 'Actual' },
    { key: 'expected', label: 'Target up to now' },
    { key: 'target', label: 'Target' },
    { key: 'pace', label: 'Pace' },
    { key: 'missing', label: 'Months without a target' },
  ]
  const rows = targets.map((one) => {
    const cell = (value: number | null) => (isRateTarget(one.metric) ? share(value) : average(value))
    return {
      key: one.metric,
      cells: [
        text(TARGETS[one.metric].label),
        isRateTarget(one.metric) ? share(one.actual) : count(one.actual),
        cell(one.expected),
        cell(one.target),
        text(paceInWords(one).text),
        text(one.missing.map(formatMonth).join(', ')),
      ],
    }
  })
  return [{ key: 'targets', title: 'Targets', columns, rows }]
}

function trendTable({ buckets, formerBuckets, bucketSize, zone }: ReportPage): ReportTable {
  return {
    key: 'trend',
    title: TREND_TITLES[bucketSize],
    columns: [
      { key: 'from', label: 'From', only: 'file' },
      { key: 'to', label: 'To', only: 'file' },
      { key: 'name', label: BUCKET_LABELS[bucketSize], only: 'paper' },
      { key: 'partial', label: 'Partial', only: 'file' },
      ...TREND_PARTS.map((part) => ({ key: part, label: PART_LABELS[part] })),
      { key: 'all', label: 'All' },
      { key: 'before', label: 'Before' },
    ],
    ...(buckets.length === 0 && { none: NO_CALLS_TEXT }),
    rows: buckets.map((bucket, index) => {
      const former = formerBuckets[index]
      return {
        key: localDay(bucket.from, zone),
        cells: [
          instant(bucket.from),
          instant(bucket.to),
          text(`${bucketTitle(bucket, bucketSize, zone)}${bucket.isPartial ? ' (partial)' : ''}`),
          text(bucket.isPartial ? 'yes' : 'no'),
          ...TREND_PARTS.map((part) => count(bucket.counts[part])),
          count(callsOf(bucket.counts)),
          former === undefined ? text('') : count(callsOf(former.counts)),
        ],
      }
    }),
  }
}

function lossReasonsTable({ lossReasons, counts: { lost } }: ReportPage): ReportTable {
  let running = 0
  return {
    key: 'loss_reasons',
    title: LOSS_REASONS_TITLE,
    columns: [
      { key: 'name', label: 'Reason' },
      { key: 'calls', label: 'Calls' },
      { key: 'share', label: 'Share' },
      { key: 'cumulative', label: 'Cumulative' },
    ],
    ...(lossReasons.length === 0 && { none: NO_LOST_TEXT }),
    rows: lossReasons.map((row) => {
      running += row.count
      return {
        key: row.lossReasonId ?? 'none',
        cells: [text(reasonLabel(row)), count(row.count), ratio(row.count, lost), ratio(running, lost)],
      }
    }),
  }
}

function hoursTable({ hours, weekStart }: ReportSource): ReportTable {
  const days = Array.from({ length: 7 }, (_, index) => (weekStart - 1 + index) % 7)
  return {
    key: 'hours',
    title: HOURS_TITLE,
    columns: [
      { key: 'weekday', label: 'Weekday' },
      { key: 'hour', label: 'Hour' },
      ...HOUR_MEASURES.map((measure) => ({ key: measure, label: HOUR_LABELS[measure] })),
    ],
    rows: days.flatMap((day) =>
      hours.slice(day * 24, day * 24 + 24).map((counts, hour) => ({
        key: `${day + 1}-${String(hour).padStart(2, '0')}`,
        cells: [
          text(WEEKDAYS[day] ?? ''),
          text(`${String(hour).padStart(2, '0')}:00`),
          ...HOUR_MEASURES.map((measure) => {
            const { n, d } = hourCell(measure, counts)
            return measure === 'volume' ? count(n) : ratio(n, d)
          }),
        ],
      })),
    ),
  }
}

function funnelTable({ counts }: ReportPage): ReportTable {
  return {
    key: 'funnel',
    title: FUNNEL_TITLE,
    columns: [
      { key: 'step', label: 'Step' },
      { key: 'calls', label: 'Calls' },
      { key: 'of_before', label: 'Of the step before' },
      { key: 'of_booked', label: 'Of booked' },
    ],
    rows: funnelSteps(counts).map(({ key, label, count: calls, before, booked }) => ({
      key,
      cells: [text(label), count(calls), before === null ? text('') : ratio(calls, before), ratio(calls, booked)],
    })),
  }
}

function undecidedTable({ undecided }: ReportPage): ReportTable {
  return {
    key: 'undecided',
    title: UNDECIDED_TITLE,
    columns: [
      { key: 'calls', label: 'Calls' },
      { key: 'median', label: 'Half are older than' },
      { key: 'p90', label: '1 in 10 is older than' },
    ],
    rows: [{ key: 'undecided', cells: [count(undecided.count), age(undecided.median), age(undecided.p90)] }],
  }
}

function noShowsTable({ answered, unanswered, noContact }: NoShows): ReportTable {
  const row = (key: NoShowKind, { count: calls, median, p90 }: Ageing) => ({
    key,
    cells: [text(NO_SHOW_LABELS[key]), count(calls), age(median), age(p90)],
  })
  return {
    key: 'no_shows',
    title: NO_SHOWS_TITLE,
    columns: [
      { key: 'kind', label: 'No-shows' },
      { key: 'calls', label: 'Calls' },
      { key: 'median', label: 'Median' },
      { key: 'p90', label: '90th percentile' },
    ],
    ...(answered.count + unanswered.count + noContact === 0 && { none: NO_NO_SHOWS_TEXT }),
    rows: [
      row('answered', answered),
      row('unanswered', unanswered),
      row('no_contact', { count: noContact, median: null, p90: null }),
    ],
    note: 'Called again: time from the no-show to the next call with the same prospect. Not called again: time from the no-show until now.',
  }
}

function peopleTable({ page: { people }, rankedBy }: ReportSource, names: Names): ReportTable {
  const { label } = METRICS[rankedBy]
  const fileCounts = ['completed', 'noShow', 'rescheduled', 'cancelled', 'scheduled', 'lost', 'undecided'] as const
  const otherRates = RANKED_BY.filter((metric) => metric !== rankedBy)
  const columns: ReportColumn[] = [
    { key: 'rank', label: 'Rank' },
    { key: 'name', label: 'Name' },
    { key: 'calls', label: 'Calls' },
    { key: 'won', label: 'Won' },
    { key: rankedBy, label },
    { key: 'change', label: 'Change' },
    { key: 'low', label: '95% from' },
    { key: 'high', label: '95% to' },
    ...otherRates.map((metric) => ({ key: metric, label: METRICS[metric].label, only: 'file' as const })),
    ...fileCounts.map((key) => ({
      key,
      label: key === 'lost' ? 'Lost' : key === 'undecided' ? 'Undecided' : PART_LABELS[key],
      only: 'file' as const,
    })),
    { key: 'talk_time', label: METRICS.talk_time.label, only: 'file' },
    { key: 'average_duration', label: METRICS.average_duration.label, only: 'file' },
  ]
  return {
    key: 'people',
    title: PEOPLE_TITLE,
    columns,
    rows: rankPeople(people, rankedBy, names.orderOf).map(({ userId, counts, former, rate, rank, interval }) => ({
      key: userId,
      cells: [
        count(rank),
        text(names.labelOf(userId)),
        count(callsOf(counts)),
        count(counts.won),
        figureCell(rate),
        former === null ? text('') : { kind: 'change', change: changeOf(rate, figure(rankedBy, former)) },
        share(interval?.low ?? null),
        share(interval?.high ?? null),
        ...otherRates.map((metric) => figureCell(figure(metric, counts))),
        ...fileCounts.map((key) => count(counts[key])),
        figureCell(figure('talk_time', counts)),
        figureCell(figure('average_duration', counts)),
      ],
    })),
    note: `Ranked by the lower end of the 95% interval of the ${label.toLowerCase()}. Agents with fewer than ${MIN_RANKED} calls in the denominator have no rank.`,
  }
}

/** How each figure is computed. */
export const DEFINITIONS: ReportDocument['definitions'] = [
  ...METRIC_KEYS.map((key) => ({ label: METRICS[key].label, definition: METRICS[key].definition })),
  { label: 'Undecided', definition: UNDECIDED_DEFINITION },
]

/** Returns a report as typed tables. Sections that the person's dashboard does not show are left out. */
export function writeDocument(source: ReportSource): ReportDocument {
  const { page, client } = source
  const names = namesOf(source.people)
  return {
    title: 'Report',
    client,
    zone: page.zone,
    range: page.range,
    computedAt: source.known?.computedAt ?? page.computedAt,
    facts: reportFacts(source),
    tables: [
      figuresTable(page),
      ...targetsTable(page),
      ...teamTable(page),
      trendTable(page),
      lossReasonsTable(page),
      hoursTable(source),
      funnelTable(page),
      undecidedTable(page),
      ...(source.noShows === null ? [] : [noShowsTable(source.noShows)]),
      ...(page.reach === 'all' ? [peopleTable(source, names)] : []),
    ],
    definitions: DEFINITIONS,
  }
}
