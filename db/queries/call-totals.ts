import type { LossReasonId } from '../../core/id.ts'
import { must } from '../../core/assert.ts'
import { DAY_MS } from '../derived.ts'
import type { ReadableDb } from '../open.ts'
import { row, rows } from '../statements.ts'
import { all, inPeriod, ofClient, ofKinds, ofUsers, values, type CallSelection, type Condition } from './call-filter.ts'

/**
 * A period as the totals see it: whole UTC days, which they have counted, and at either end what is left of a day, which is counted
 * from the calls.
 */
type Parts = {
  /** Days, half-open; null: no end. */
  readonly first: number | null
  readonly beyond: number | null
  /** ms, half-open. */
  readonly edges: readonly { readonly from: number; readonly to: number }[]
}

function parts({ from, to }: Pick<CallSelection, 'from' | 'to'>): Parts {
  const first = from === null ? null : Math.ceil(from / DAY_MS)
  const beyond = to === null ? null : Math.floor(to / DAY_MS)
  if (from !== null && to !== null && first !== null && beyond !== null && first >= beyond)
    return { first: 0, beyond: 0, edges: from < to ? [{ from, to }] : [] }
  const edges = [
    ...(from !== null && first !== null && from < first * DAY_MS ? [{ from, to: first * DAY_MS }] : []),
    ...(to !== null && beyond !== null && beyond * DAY_MS < to ? [{ from: beyond * DAY_MS, to }] : []),
  ]
  return { first, beyond, edges }
}

function wholeDays({ first, beyond }: Parts): Condition[] {
  return [
    ...(first === null ? [] : [{ text: 'day >= ?', values: [first] }]),
    ...(beyond === null ? [] : [{ text: 'day < ?', values: [beyond] }]),
  ]
}

/**
 * Adds up what one pass over the totals and one over each cut-off day give.
 * @param zero names the figures.
 * @param ofTotals an aggregate over `local_call_totals`; `ofCalls` the same over `calls`. Both name their columns alike.
 */
export function sums<Row extends Readonly<Record<string, number>>>(
  db: ReadableDb,
  chosen: CallSelection,
  zero: Row,
  ofTotals: string,
  ofCalls: string,
): Row {
  const period = parts(chosen)
  const totals = [...ofClient(chosen), ...wholeDays(period), ...ofKinds(chosen, "= ''")]
  const found = [
    row<Row>(db, `SELECT ${ofTotals} FROM local_call_totals WHERE ${all(totals)}`, ...values(totals)),
    ...period.edges.map((edge) => {
      const calls = [...ofClient(chosen), ...inPeriod(edge), ...ofKinds(chosen)]
      return row<Row>(db, `SELECT ${ofCalls} FROM calls INDEXED BY calls_by_time WHERE ${all(calls)}`, ...values(calls))
    }),
  ].map((sum) => must(sum, 'An aggregate has one row'))
  const added: Record<string, number> = { ...zero }
  for (const sum of found) for (const [key, value] of Object.entries(sum)) added[key] = (added[key] ?? 0) + value
  return added as Row
}

/** How many calls pass the selection, its users and text left aside; and how many of them have a duration. */
export function countByTotals(db: ReadableDb, chosen: CallSelection): { readonly calls: number; readonly timed: number } {
  return sums(
    db,
    chosen,
    { calls: 0, timed: 0 },
    'coalesce(sum(calls), 0) AS calls, coalesce(sum(timed_calls), 0) AS timed',
    'count(*) AS calls, count(call_duration) AS timed',
  )
}

export type DayCount = { readonly from: number; readonly to: number; readonly calls: number }

/** The calls that pass the selection, its users and text left aside, by UTC day or what the period leaves of one, earliest first. */
export function dayCounts(db: ReadableDb, chosen: CallSelection): DayCount[] {
  const period = parts(chosen)
  const totals = [...ofClient(chosen), ...wholeDays(period), ...ofKinds(chosen, "= ''")]
  const days = rows<{ day: number; calls: number }>(
    db,
    `SELECT day, sum(calls) AS calls FROM local_call_totals WHERE ${all(totals)} GROUP BY day`,
    ...values(totals),
  ).map(({ day, calls }) => ({ from: day * DAY_MS, to: (day + 1) * DAY_MS, calls }))
  const edges = period.edges.map((edge) => ({ ...edge, calls: countByTotals(db, { ...chosen, ...edge }).calls }))
  return [...edges, ...days].toSorted((a, b) => a.from - b.from)
}

/** Lost calls that pass the selection, its text left aside, by loss reason; null: without one. */
export function lossesByReason(db: ReadableDb, chosen: CallSelection): Map<LossReasonId | null, number> {
  const lost: Condition = { text: `outcome = 'lost'`, values: [] }
  const ofCalls = (index: string, conditions: readonly Condition[]) =>
    rows<Losses>(
      db,
      `SELECT loss_reason_id AS id, count(*) AS calls FROM calls INDEXED BY ${index} WHERE ${all([...conditions, lost])} GROUP BY loss_reason_id`,
      ...values(conditions),
    )
  const found: Losses[] = []
  if (chosen.userIds === null) {
    const period = parts(chosen)
    const totals = [...ofClient(chosen), ...wholeDays(period), ...ofKinds(chosen, "= ''"), lost]
    found.push(
      ...rows<Losses>(
        db,
        `SELECT nullif(loss_reason_id, '') AS id, sum(calls) AS calls FROM local_call_totals WHERE ${all(totals)} GROUP BY loss_reason_id`,
        ...values(totals),
      ),
      ...period.edges.flatMap((edge) => ofCalls('calls_by_time', [...ofClient(chosen), ...inPeriod(edge), ...ofKinds(chosen)])),
    )
  } else
    found.push(...ofCalls('calls_by_user', [...ofClient(chosen), ...ofUsers(chosen), ...inPeriod(chosen), ...ofKinds(chosen)]))
  const losses = new Map<LossReasonId | null, number>()
  for (const { id, calls } of found) losses.set(id, (losses.get(id) ?? 0) + calls)
  return losses
}

type Losses = { readonly id: LossReasonId | null; readonly calls: number }
