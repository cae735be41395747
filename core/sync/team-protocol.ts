import { z } from 'zod'
import { NO_CALLS, type CallCounts } from '../metrics/metrics.ts'
import { timeZoneSchema, timestampSchema } from '../model/common.ts'
import { CELL_TYPES, type TeamCell } from '../team/team-cells.ts'
import { columnarRows, columnarSchema, toColumnar, type Columnar } from './columnar.ts'

/*
 * GET /v1/team?since=: the published totals of the team, for roles that see only their own figures. The endpoint is optional: a server that
 * does not have it answers NOT_FOUND, and nothing else depends on it.
 */

/** The maximum number of cells in an answer. */
export const MOST_TEAM_CELLS = 2_000

/** The version of the last cell that the device has; 0: none. */
export const teamSinceSchema = z.coerce.number().pipe(z.int().min(0))

export const teamAnswerSchema = z.object({
  epoch: z.string().max(100),
  /** The zone of the client's days. */
  zone: timeZoneSchema,
  /** The first unfinished day by the server's clock. */
  today: z.int(),
  /** ms UTC. */
  serverTime: timestampSchema,
  /** The cells that were published after `since`, in order. A cell replaces the one of the same day and type. */
  cells: columnarSchema,
  /** The value for the next request. */
  since: z.int().min(0),
  /** false: more cells follow. */
  complete: z.boolean(),
})
export type TeamAnswer = z.infer<typeof teamAnswerSchema>

const count = z.int().min(0)
const COUNTS = Object.keys(NO_CALLS) as readonly (keyof CallCounts)[]
const COLUMNS = ['day', 'callType', 'people', 'dayPeople', ...COUNTS] as const
const cellSchema = z.object({
  day: z.int(),
  callType: z.enum(CELL_TYPES),
  people: count,
  dayPeople: count,
  ...(Object.fromEntries(COUNTS.map((key) => [key, count])) as Record<keyof CallCounts, typeof count>),
})

export function packTeamCells(cells: readonly TeamCell[]): Columnar {
  return toColumnar(
    'team',
    COLUMNS,
    cells.map(({ day, callType, people, dayPeople, counts }) => [
      day,
      callType,
      people,
      dayPeople,
      ...COUNTS.map((key) => counts[key]),
    ]),
  )
}

/** @throws ZodError, RangeError if the rows are not cells. */
export function readTeamCells(rows: Columnar): TeamCell[] {
  return [...columnarRows(rows)].map((row) => {
    const { day, callType, people, dayPeople, ...counts } = cellSchema.parse(row)
    return { day, callType, people, dayPeople, counts }
  })
}
