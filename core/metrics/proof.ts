import { z } from 'zod'
import type { UserId } from '../id.ts'
import type { CallStatus, CallType } from '../model/call.ts'
import type { TimeRange } from '../time/time-range.ts'
import { eventTime, type CountedCall } from './counted-call.ts'
import { METRIC_KEYS, METRICS, type CallCounts, type MetricKey } from './metrics.ts'

/** The figures that can be proven: the metrics, and the number of undecided calls. */
export const PROVEN_KEYS = [...METRIC_KEYS, 'undecided'] as const
export const provenKeySchema = z.enum(PROVEN_KEYS)
export type ProvenKey = z.infer<typeof provenKeySchema>

/** The two numbers of a figure. The denominator is null if the figure is the numerator itself. */
export const figurePartsSchema = z.object({ numerator: z.number(), denominator: z.number().nullable() })
export type FigureParts = z.infer<typeof figurePartsSchema>

/** Returns the two numbers of a figure. They are sums, so they also apply to differences of counts. */
export function figureParts(key: ProvenKey, counts: CallCounts): FigureParts {
  if (key === 'undecided') return { numerator: counts.undecided, denominator: null }
  const { numerator, denominator } = METRICS[key]
  return { numerator: numerator(counts), denominator: denominator?.(counts) ?? null }
}

/**
 * The rules that count a call or leave it out, in the order in which they are tested. The first rule that applies decides.
 *
 * - `other_time`: created in the period, but its event time is not in it
 * - `future`: its event time is in the period, but later than the report
 * - `other_person`, `other_type`: not chosen in the filter
 * - `cancelled`, `scheduled`: in no rate
 * - `no_show`, `rescheduled`, `decided`, `undecided`: not part of this figure
 * - `no_duration`: a completed call without a duration
 * - `denominator`: counted in the denominator only
 * - `counted`: counted in the numerator, and in the denominator if there is one
 */
export const PROOF_RULES = [
  'other_time',
  'future',
  'other_person',
  'other_type',
  'cancelled',
  'scheduled',
  'no_show',
  'rescheduled',
  'decided',
  'undecided',
  'no_duration',
  'denominator',
  'counted',
] as const
export const proofRuleSchema = z.enum(PROOF_RULES)
export type ProofRule = z.infer<typeof proofRuleSchema>

/** The calls that a figure counts. Null: everyone, every type. */
export type ProofSelection = {
  /** The period without the part in the future. */
  readonly range: TimeRange
  /** The whole period. */
  readonly period: TimeRange
  readonly userIds: readonly UserId[] | null
  readonly callTypes: readonly CallType[] | null
}

const isIn = ({ from, to }: TimeRange, instant: number) => instant >= from && instant < to

/** Returns whether a call belongs to the proof: it took place or was created in the period. */
export function isInProof(call: CountedCall, { period }: ProofSelection): boolean {
  return isIn(period, eventTime(call)) || isIn(period, call.createdAt)
}

/** Returns the rule that decides whether a call of the proof is counted in a figure. */
export function explainCall(call: CountedCall, key: ProvenKey, selection: ProofSelection): ProofRule {
  const at = eventTime(call)
  if (!isIn(selection.period, at)) return 'other_time'
  if (!isIn(selection.range, at)) return 'future'
  if (selection.userIds?.includes(call.userId) === false) return 'other_person'
  if (selection.callTypes?.includes(call.callType) === false) return 'other_type'
  return ruleOfKind(key, call)
}

/** The fields that decide about a call of the report’s period, people and types. */
type Kind = Pick<CountedCall, 'status' | 'outcome' | 'callDuration'>

/** The statuses that a rate does not leave out; absent: the figure counts completed calls only. */
const SHOWN: Partial<Record<ProvenKey, readonly CallStatus[]>> = {
  show_rate: ['completed', 'no_show', 'rescheduled'],
  attendance: ['completed', 'no_show'],
  no_show_rate: ['completed', 'no_show', 'rescheduled'],
  reschedule_rate: ['completed', 'no_show', 'rescheduled'],
}

/** The status that is counted in the numerator of a rate of statuses. */
const COUNTED_STATUS = {
  show_rate: 'completed',
  attendance: 'completed',
  no_show_rate: 'no_show',
  reschedule_rate: 'rescheduled',
} as const satisfies Partial<Record<MetricKey, CallStatus>>

/** Returns the rule for a call that the report counts. */
export function ruleOfKind(key: ProvenKey, { status, outcome, callDuration }: Kind): ProofRule {
  if (key === 'calls') return 'counted'
  const shown = SHOWN[key] ?? ['completed']
  if (status !== 'completed' && !shown.includes(status)) return status
  switch (key) {
    case 'close_rate':
      return outcome === 'won' ? 'counted' : 'denominator'
    case 'win_rate':
      return outcome === 'won' ? 'counted' : outcome === 'lost' ? 'denominator' : 'undecided'
    case 'undecided':
      return outcome === 'undecided' ? 'counted' : 'decided'
    case 'talk_time':
    case 'average_duration':
      return callDuration === null ? 'no_duration' : 'counted'
    case 'duration_coverage':
      return callDuration === null ? 'denominator' : 'counted'
    case 'show_rate':
    case 'attendance':
    case 'no_show_rate':
    case 'reschedule_rate':
      return status === COUNTED_STATUS[key] ? 'counted' : 'denominator'
  }
}

/** Returns the numbers of calls by rule, from the counts of the calls that the report counts. */
export function ruleCounts(key: ProvenKey, counts: CallCounts): ReadonlyMap<ProofRule, number> {
  const found = new Map<ProofRule, number>()
  const add = (count: number, kind: Kind) => {
    const rule = ruleOfKind(key, kind)
    found.set(rule, (found.get(rule) ?? 0) + count)
  }
  const open = { outcome: null, callDuration: null } as const
  add(counts.cancelled, { status: 'cancelled', ...open })
  add(counts.scheduled, { status: 'scheduled', ...open })
  add(counts.noShow, { status: 'no_show', ...open })
  add(counts.rescheduled, { status: 'rescheduled', ...open })
  // The counts do not contain which outcomes have a duration. No figure needs both.
  if (key === 'talk_time' || key === 'average_duration' || key === 'duration_coverage') {
    add(counts.talkCalls, { status: 'completed', outcome: 'won', callDuration: 0 })
    add(counts.completed - counts.talkCalls, { status: 'completed', outcome: 'won', callDuration: null })
  } else {
    for (const outcome of ['won', 'lost', 'undecided'] as const)
      add(counts[outcome], { status: 'completed', outcome, callDuration: null })
  }
  return new Map([...found].filter(([, count]) => count > 0))
}
