import type { ReportBucket, ReportPage } from '../../contract/reports.ts'
import type { Id } from '../../id.ts'
import { changeOf } from '../../metrics/change.ts'
import { figures, lossPareto, NO_CALLS, type CallCounts, type HourCounts } from '../../metrics/metrics.ts'
import type { UserName } from '../../model/people.ts'
import { bucketsOf, comparedRange, elapsed, type BucketSize } from '../../time/report-periods.ts'
import type { TimeRange } from '../../time/time-range.ts'
import type { ReportSource } from '../report-facts.ts'

export type SampleOptions = {
  /** Calls of a person and day, on average. */
  readonly busy?: number
  readonly names?: readonly string[]
  readonly reasons?: readonly string[]
  readonly zone?: string
  readonly range?: TimeRange
  readonly now?: number
  readonly bucketSize?: BucketSize
}

const NAMES = ['Ada Lovelace', 'Grace Hopper', 'Katherine Johnson', 'Alan Turing']
const REASONS = ['Price', 'No budget', 'Competitor', 'No reply']

const idOf = (number: number): Id => `01920000-0000-7000-8000-${String(number).padStart(12, '0')}`

function sum(all: readonly CallCounts[]): CallCounts {
  const keys = Object.keys(NO_CALLS) as (keyof CallCounts)[]
  return Object.fromEntries(keys.map((key) => [key, all.reduce((total, counts) => total + counts[key], 0)])) as CallCounts
}

/** Counts that differ by `seed` and are consistent: outcomes are a part of the completed calls. */
function countsOf(calls: number, seed: number): CallCounts {
  const part = (share: number, of: number) => Math.min(of, Math.floor(share * of * (0.7 + ((seed * 37) % 61) / 100)))
  const completed = part(0.6, calls)
  const noShow = part(0.5, calls - completed)
  const rescheduled = part(0.5, calls - completed - noShow)
  const cancelled = part(0.5, calls - completed - noShow - rescheduled)
  const won = part(0.3, completed)
  const lost = part(0.6, completed - won)
  const talkCalls = part(0.9, completed)
  return {
    ...{ completed, noShow, rescheduled, cancelled, won, lost, talkCalls },
    scheduled: calls - completed - noShow - rescheduled - cancelled,
    undecided: completed - won - lost,
    talkSeconds: talkCalls * (180 + (seed % 90)),
  }
}

/** A report with realistic data of a team. The numbers of its parts are consistent, except the hours. */
export function sampleReport(options: SampleOptions = {}): ReportSource {
  const { busy = 12, names = NAMES, reasons = REASONS, zone = 'Europe/Berlin' } = options
  const { range = { from: Date.UTC(2026, 9, 31, 23), to: Date.UTC(2026, 10, 30, 23) }, now = Date.UTC(2026, 10, 22, 17, 11) } =
    options
  const { bucketSize = 'day' } = options
  const clock = { now, zone, weekStart: 1 }
  const compared = comparedRange(range, 'previous', clock)
  const people: UserName[] = names.map((name, index) => ({
    ...{ id: idOf(index + 1), name },
    role: 'agent',
    isActive: index !== 2,
  }))
  const trend = (of: TimeRange | null, seed: number): ReportBucket[] =>
    of === null
      ? []
      : bucketsOf(of, bucketSize, clock).map((bucket, index) => {
          const weekday = new Date(bucket.from + 7_200_000).getUTCDay()
          const calls = weekday % 6 === 0 ? 0 : Math.round(busy * names.length * (0.6 + (((index + seed) * 29) % 70) / 100))
          return { ...bucket, counts: countsOf(calls, index + seed) }
        })
  const [buckets, formerBuckets] = [trend(range, 1), trend(compared, 5)]
  const [counts, former] = [sum(buckets.map((one) => one.counts)), sum(formerBuckets.map((one) => one.counts))]
  const [now2, before] = [figures(counts), figures(former)]
  const share = (of: CallCounts, index: number) => {
    const calls = Math.round((of.completed + of.noShow + of.rescheduled + of.cancelled + of.scheduled) / (index + 2))
    return index > 2 && names.length <= 4 ? countsOf(Math.min(calls, 14), index) : countsOf(calls, index * 3 + 2)
  }
  const page: ReportPage = {
    ...{
      range: elapsed(range, now),
      compared,
      computedAt: now,
      zone,
      reach: 'all',
      counts,
      former,
      bucketSize,
      buckets,
      formerBuckets,
      targets: [],
      goals: [],
      teamTargets: [],
    },
    figures: now2.map((one, index) => {
      const old = before[index] ?? one
      return { ...one, former: old, change: changeOf(one, old) }
    }),
    lossReasons: lossPareto(
      [...reasons, '(none)'].map((name, index, all) => ({
        lossReasonId: index === all.length - 1 ? null : idOf(500 + index),
        name,
        isActive: index !== 1,
        count:
          index === all.length - 1
            ? counts.lost - all.slice(0, -1).reduce((done, _, at) => done + Math.floor(counts.lost / 2 ** (at + 1)), 0)
            : Math.floor(counts.lost / 2 ** (index + 1)),
      })),
    ),
    people:
      counts.completed === 0
        ? []
        : people.map(({ id }, index) => ({ userId: id, counts: share(counts, index), former: share(former, index) })),
    undecided:
      counts.undecided === 0
        ? { count: 0, median: null, p90: null }
        : { count: counts.undecided, median: 3 * 86_400_000 + 5, p90: 12 * 86_400_000 + 7_200_000 },
    team: null,
  }
  const hours: HourCounts[] = Array.from({ length: 168 }, (_, slot) => {
    const [day, hour] = [Math.floor(slot / 24), slot % 24]
    const calls = day > 4 || hour < 8 || hour > 18 ? 0 : Math.round(busy * (0.3 + ((slot * 17) % 50) / 25))
    const { completed, noShow, rescheduled, won } = countsOf(calls, slot)
    return { calls, completed, noShow, rescheduled, won }
  })
  const { noShow } = counts
  const noContact = noShow > 4 ? 1 : 0
  const called = Math.ceil((noShow - noContact) / 2)
  const waiting = noShow - noContact - called
  const ageing = (of: number, days: number) => ({
    count: of,
    median: of === 0 ? null : days * 86_400_000 + 9,
    p90: of === 0 ? null : 3 * days * 86_400_000 + 3_600_000,
  })
  const noShows = { range: page.range, answered: ageing(called, 1), unanswered: ageing(waiting, 4), noContact }
  return {
    ...{ page, hours, noShows, people, client: 'Acme', weekStart: 1, rankedBy: 'close_rate', known: null },
    request: { range, compare: 'previous', userIds: [], callTypes: [] },
  }
}
