import { sql } from 'drizzle-orm'
import type { NoNextStep } from '../../core/contract/agenda.ts'
import type { Cursor } from '../../core/contract/calls.ts'
import type { ClientId, UserId } from '../../core/id.ts'
import { encodeCursor } from '../cursor.ts'
import type { ReadableDb } from '../open.ts'
import { readRows } from '../prepared.ts'
import { EMAIL, PHONE } from '../same-prospect.ts'
import { snapshot } from '../statements.ts'
import { all, inPeriod, ofClient, ofUsers } from './call-filter.ts'
import { byTime, callsAt, placeInOrder, type PlaceInOrder } from './report-proof.ts'

/**
 * Finds prospects without a next step: the last completed call is undecided, it took place before `before`, and no call is scheduled after it. A
 * call that is scheduled and overdue is a next step: it is on the agenda. Two calls are with the same prospect if they have the same phone
 * number or e-mail address (`db/same-prospect.ts`). A call with neither is left out, because no one can call back.
 *
 * The undecided calls are examined from the latest to the oldest, a limited number for each request, so that the time does not grow with
 * the file.
 */
export type NoNextStepOf = {
  readonly clientId: ClientId
  /** The agents of the undecided calls; null: everyone. */
  readonly userIds: readonly UserId[] | null
  /** Only this person's calls are next steps; null: everyone's. */
  readonly readerId: UserId | null
  /** ms UTC, excluded. */
  readonly before: number
}

type Limits = { readonly mostExamined: number; readonly mostFound: number; readonly chunk: number }

/** Measured at a million calls; a test makes them small. */
export const NO_NEXT_STEP_LIMITS: Limits = { mostExamined: 1_000, mostFound: 500, chunk: 250 }

const ORDER = byTime('no-next-step')

type Identity = typeof PHONE

/** Whether a later call with the same prospect is completed or scheduled. Of two calls at the same time, the one saved later is later. */
const hasLater = ({ index, text, exists }: Identity, { clientId, readerId }: NoNextStepOf) => sql`EXISTS (
  SELECT 1 FROM calls AS n INDEXED BY ${sql.identifier(index)}
  WHERE ${sql.raw(exists('n.'))} AND ${sql.raw(text('n.'))} = ${sql.raw(text('c.'))} AND n.event_at >= c.event_at
    AND (n.event_at > c.event_at OR n.rowid > c.rowid) AND n.status IN ('completed', 'scheduled') AND n.client_id = ${clientId}
    ${readerId === null ? sql`` : sql`AND n.user_id = ${readerId}`})`

type Examined = { readonly place: number; readonly eventAt: number; readonly isOpen: 0 | 1 }

/** Examines the next undecided calls, latest first. */
function examine(db: ReadableDb, of: NoNextStepOf, { last, later }: PlaceInOrder, size: number): Examined[] {
  // One person's calls are found in the index of people, also in a file with the calls of many.
  const index = of.userIds?.length === 1 ? 'calls_by_user' : 'calls_undecided'
  // As a literal: SQLite uses the partial index only if the query repeats its condition.
  const where = all([
    ...ofClient(of),
    ...ofUsers(of),
    ...inPeriod({ from: null, to: Math.min(of.before, last + 1) }),
    sql`outcome = 'undecided'`,
    ...later,
  ])
  const isReachable = sql.raw(`(${PHONE.text('c.')} IS NOT NULL OR ${EMAIL.text('c.')} IS NOT NULL)`)
  return readRows(
    db,
    {
      place: sql<number>`found.place`,
      eventAt: sql<number>`c.event_at`,
      isOpen: sql<0 | 1>`${isReachable} AND NOT ${hasLater(PHONE, of)} AND NOT ${hasLater(EMAIL, of)}`,
    },
    sql`FROM (SELECT calls.rowid AS place FROM calls INDEXED BY ${sql.identifier(index)} WHERE ${where}
      ORDER BY calls.event_at DESC, calls.rowid DESC LIMIT ${size}) AS found CROSS JOIN calls AS c ON c.rowid = found.place`,
  )
}

/** Returns a page of the last calls with these prospects, latest first, and on the first page their number. */
export function listNoNextStep(
  db: ReadableDb,
  of: NoNextStepOf,
  { after, limit }: { readonly after: Cursor | null; readonly limit: number },
  { mostExamined, mostFound, chunk }: Limits = NO_NEXT_STEP_LIMITS,
): Omit<NoNextStep, 'days'> {
  return snapshot(db, () => {
    const wanted = after === null ? Math.max(mostFound, limit) : limit
    const found: number[] = []
    let position = after
    let isEnd = false
    for (let examined = 0; !isEnd && found.length <= wanted && examined < mostExamined; examined += chunk) {
      const some = examine(db, of, placeInOrder(ORDER, position), chunk)
      found.push(...some.filter(({ isOpen }) => isOpen === 1).map(({ place }) => place))
      const last = some.at(-1)
      if (last !== undefined) position = encodeCursor(ORDER.list, [last.eventAt, last.place])
      isEnd = some.length < chunk
    }
    const { rows, next } = callsAt(db, ORDER, found, limit)
    const hasMore = !isEnd || found.length > wanted
    const count = after === null ? Math.min(found.length, wanted) : null
    return { rows, next: next ?? (isEnd ? null : position), count, hasMore }
  })
}
