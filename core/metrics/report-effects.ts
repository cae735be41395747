import type { LossReasonId, UserId } from '../id.ts'
import type { CallType } from '../model/call.ts'
import { bucketAt } from '../time/report-periods.ts'
import type { TimeRange } from '../time/time-range.ts'
import { WEEK_HOURS, weekHourAt } from '../time/week-hours.ts'
import { offsetAt, zoneOffsets } from '../time/zone-offsets.ts'
import { countCall, eventTime, type CountedCall } from './counted-call.ts'
import { NO_CALLS, type CallCounts, type HourCounts } from './metrics.ts'

const DAY_MS = 86_400_000

/** The calls and the periods that a report counts. Null: everyone, every type, no comparison. */
export type ReportPlan = {
  readonly userIds: readonly UserId[] | null
  readonly callTypes: readonly CallType[] | null
  readonly zone: string
  readonly range: TimeRange
  readonly compared: TimeRange | null
  /** Consecutive parts of `range` and of `compared`, earliest first. */
  readonly buckets: readonly TimeRange[]
  readonly formerBuckets: readonly TimeRange[]
}

/** Returns a function that finds the hour of the week of an instant of `range`. */
function hoursOfWeek({ from, to }: TimeRange, zone: string): (instant: number) => number {
  // Starts two days earlier, to include a day that begins before a clock change.
  const offsets = zoneOffsets(zone, Math.max(0, from - 2 * DAY_MS), to)
  return (instant) => weekHourAt(instant, offsetAt(offsets, instant) ?? { offset: 0, dayOffset: 0 })
}

function isWithin({ from, to }: TimeRange, instant: number): boolean {
  return instant >= from && instant < to
}

function countsOf<Key>(groups: Map<Key, CallCounts>, key: Key): CallCounts {
  let counts = groups.get(key)
  if (counts === undefined) groups.set(key, (counts = { ...NO_CALLS }))
  return counts
}

/** The effect of added and removed calls on the counts of a report. Its size does not depend on the number of calls. */
export class ReportEffects {
  readonly people = new Map<UserId, CallCounts>()
  readonly formerPeople = new Map<UserId, CallCounts>()
  readonly buckets: readonly CallCounts[]
  readonly formerBuckets: readonly CallCounts[]
  readonly losses = new Map<LossReasonId | null, number>()
  readonly hours: readonly HourCounts[]
  /** Event times of undecided calls of the period, ms. The exception: one number for each undecided call that changed. */
  readonly undecidedAdded: number[] = []
  readonly undecidedTaken: number[] = []
  readonly #plan: ReportPlan
  readonly #people: ReadonlySet<UserId> | null
  readonly #types: ReadonlySet<CallType> | null
  readonly #hourOf: (instant: number) => number

  constructor(plan: ReportPlan) {
    this.#plan = plan
    this.#people = plan.userIds === null ? null : new Set(plan.userIds)
    this.#types = plan.callTypes === null ? null : new Set(plan.callTypes)
    this.#hourOf = hoursOfWeek(plan.range, plan.zone)
    this.buckets = plan.buckets.map(() => ({ ...NO_CALLS }))
    this.formerBuckets = plan.formerBuckets.map(() => ({ ...NO_CALLS }))
    this.hours = Array.from({ length: WEEK_HOURS }, () => ({ calls: 0, completed: 0, noShow: 0, rescheduled: 0, won: 0 }))
  }

  /** Whether the report counts the call in its period. */
  counts(call: CountedCall): boolean {
    return isWithin(this.#plan.range, eventTime(call)) && this.#isChosen(call)
  }

  add(call: CountedCall, sign: 1 | -1): void {
    if (this.#types?.has(call.callType) === false) return
    const { range, compared, buckets, formerBuckets } = this.#plan
    const at = eventTime(call)
    const isInRange = isWithin(range, at)
    if (!this.#isChosen(call)) return
    if (isInRange) {
      countCall(countsOf(this.people, call.userId), call, sign)
      const bucket = this.buckets[bucketAt(buckets, at)]
      if (bucket !== undefined) countCall(bucket, call, sign)
      if (call.outcome === 'lost') this.losses.set(call.lossReasonId, (this.losses.get(call.lossReasonId) ?? 0) + sign)
      if (call.outcome === 'undecided') (sign === 1 ? this.undecidedAdded : this.undecidedTaken).push(at)
      this.#addHour(call, at, sign)
    }
    if (compared === null || !isWithin(compared, at)) return
    countCall(countsOf(this.formerPeople, call.userId), call, sign)
    const former = this.formerBuckets[bucketAt(formerBuckets, at)]
    if (former !== undefined) countCall(former, call, sign)
  }

  #isChosen({ userId, callType }: CountedCall): boolean {
    return (this.#people?.has(userId) ?? true) && (this.#types?.has(callType) ?? true)
  }

  #addHour({ status, outcome }: CountedCall, at: number, sign: 1 | -1): void {
    const hour = this.hours[this.#hourOf(at)]
    if (hour === undefined) return
    hour.calls += sign
    if (status === 'completed') hour.completed += sign
    if (status === 'no_show') hour.noShow += sign
    if (status === 'rescheduled') hour.rescheduled += sign
    if (outcome === 'won') hour.won += sign
  }
}
