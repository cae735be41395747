import type { NoShows } from '../contract/no-shows.ts'
import type { Ageing, ReportPage } from '../contract/reports.ts'
import { changeOf } from '../metrics/change.ts'
import { figure, METRIC_KEYS, METRICS, type Figure } from '../metrics/metrics.ts'
import { formatMonth, paceInWords } from '../metrics/target-words.ts'
import { TARGETS } from '../metrics/targets.ts'
import type { NoShowKind } from '../metrics/no-shows.ts'
import { MIN_RANKED } from '../metrics/wilson.ts'
import { WEEKDAYS } from '../model/labels.ts'
import { isRateTarget } from '../model/targets.ts'
import { bucketTitle } from '../time/bucket-names.ts'
import { localDay } from '../time/time-range.ts'
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
} from '../figures/report-parts.ts'
import type { ReportColumn, ReportDocument, ReportTable } from './report-document.ts'
import { namesOf, reportFacts, type Names, type ReportSource } from './report-facts.ts'

/** Shown instead of empty charts and tables. */
export const NO_CALLS_TEXT = 'No calls in this period.'
export const NO_LOST_TEXT = 'No lost calls in this period.'
export const NO_NO_SHOWS_TEXT = 'No no-shows in this period.'

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
        text(paceInWords(one)),
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
const DEFINITIONS: ReportDocument['definitions'] = [
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
