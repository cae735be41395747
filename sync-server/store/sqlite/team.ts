import { and, asc, desc, eq, gt, lte } from 'drizzle-orm'
import type { ClientId } from '../../../core/id.ts'
import { addCounts } from '../../../core/metrics/count-sums.ts'
import { NO_CALLS, type CallCounts } from '../../../core/metrics/metrics.ts'
import type { CallType } from '../../../core/model/call.ts'
import { dayPeopleOf } from '../../../core/team/team-cells.ts'
import {
  insertOf,
  query,
  replacing,
  placeholdersOf,
  statement,
  type Named,
  type OrmConnection,
} from '../../../platform/sqlite/prepared.ts'
import { statementsOf } from '../../../platform/sqlite/statements.ts'
import type { TeamReads, TeamWrites } from '../store.ts'
import { teamCells, teamChangedDays, teamState } from './schema.ts'

type OfClient = { clientId: ClientId }
type OfDay = OfClient & { day: number }

const { clientId: ofClient, day: ofDay, version, callType, publications, parts, people, dayPeople, counts } = teamCells

const stateOfClient = query((orm, { clientId }: Named<OfClient>) =>
  orm.select().from(teamState).where(eq(teamState.clientId, clientId)),
)

const changedDays = query((orm, { clientId, upTo, limit }: Named<OfClient & { upTo: number; limit: number }>) =>
  orm
    .select({ day: teamChangedDays.day })
    .from(teamChangedDays)
    .where(and(eq(teamChangedDays.clientId, clientId), lte(teamChangedDays.day, upTo)))
    .orderBy(desc(teamChangedDays.day))
    .limit(limit),
)

const cellsOfDay = query((orm, { clientId, day }: Named<OfDay>) =>
  orm
    .select({ callType, publications, parts })
    .from(teamCells)
    .where(and(eq(ofClient, clientId), eq(ofDay, day))),
)

const cellsAfter = query((orm, { clientId, after, limit }: Named<OfClient & { after: number; limit: number }>) =>
  orm
    .select({ version, day: ofDay, callType, people, dayPeople, counts })
    .from(teamCells)
    .where(and(eq(ofClient, clientId), gt(version, after)))
    .orderBy(asc(version))
    .limit(limit),
)

/** The counts of calls, by field. */
const COUNTED: Readonly<Record<keyof CallCounts, string>> = {
  completed: `status = 'completed'`,
  noShow: `status = 'no_show'`,
  rescheduled: `status = 'rescheduled'`,
  cancelled: `status = 'cancelled'`,
  scheduled: `status = 'scheduled'`,
  won: `outcome IS 'won'`,
  lost: `outcome IS 'lost'`,
  undecided: `outcome IS 'undecided'`,
  talkSeconds: `iif(status = 'completed', coalesce(call_duration, 0), 0)`,
  talkCalls: `status = 'completed' AND call_duration IS NOT NULL`,
}

/** SQL text: the index is on an expression, which the statement must repeat. */
const COUNT_PEOPLE = `SELECT user_id AS userId, call_type AS callType,
    ${Object.entries(COUNTED)
      .map(([key, value]) => `sum(${value}) AS ${key}`)
      .join(', ')}
  FROM calls INDEXED BY calls_by_event
  WHERE client_id = :clientId AND coalesce(completed_at, scheduled_at, created_at) >= :from
    AND coalesce(completed_at, scheduled_at, created_at) < :to
  GROUP BY user_id, call_type`

type CountedPerson = { readonly userId: string; readonly callType: CallType } & CallCounts

export function teamReads(db: OrmConnection): TeamReads {
  return {
    async teamState(clientId) {
      const found = stateOfClient.get(db, { clientId })
      if (found === undefined) return undefined
      const { clientId: _client, ...state } = found
      return state
    },

    changedDays: async (clientId, upTo, limit) => changedDays.all(db, { clientId, upTo, limit }).map(({ day }) => day),

    async countPeople(clientId, { from, to }) {
      const found = statementsOf(db.sqlite).all<CountedPerson>(COUNT_PEOPLE, { clientId, from, to })
      return found.map(({ userId, callType: type, ...counted }) => ({ userId, callType: type, counts: counted }))
    },

    async publishedDay(clientId, day) {
      const found = cellsOfDay.all(db, { clientId, day })
      return found.map((cell) => ({
        callType: cell.callType,
        publications: cell.publications,
        people: new Map(Object.entries(cell.parts)),
      }))
    },

    async teamCells(clientId, after, limit) {
      return cellsAfter.all(db, { clientId, after, limit }).map(({ version: at, ...cell }) => ({ version: at, cell }))
    },
  }
}

const saveState = statement((orm) =>
  orm
    .insert(teamState)
    .values(placeholdersOf(teamState))
    .onConflictDoUpdate(replacing(teamState, [teamState.clientId])),
)
const clearDay = statement((orm, { clientId, day }: Named<OfDay>) =>
  orm.delete(teamChangedDays).where(and(eq(teamChangedDays.clientId, clientId), eq(teamChangedDays.day, day))),
)
const deleteCells = statement((orm, { clientId, day }: Named<OfDay>) =>
  orm.delete(teamCells).where(and(eq(ofClient, clientId), eq(ofDay, day))),
)
const insertCell = insertOf(teamCells)

export function teamWrites(db: OrmConnection): TeamWrites {
  return {
    async saveTeamState(clientId, state) {
      saveState(db, { clientId, ...state })
    },

    async clearChangedDays(clientId, days) {
      for (const day of days) clearDay(db, { clientId, day })
    },

    async savePublishedDay(clientId, day, cells, firstVersion) {
      deleteCells(db, { clientId, day })
      for (const [index, cell] of cells.entries())
        insertCell(db, {
          clientId,
          day,
          callType: cell.callType,
          version: firstVersion + index,
          publications: cell.publications,
          people: cell.people.size,
          dayPeople: dayPeopleOf(cells),
          counts: [...cell.people.values()].reduce(addCounts, NO_CALLS),
          parts: Object.fromEntries(cell.people),
        })
    },
  }
}

const forgetting = [teamState, teamChangedDays, teamCells].map((table) =>
  statement((orm, { clientId }: Named<OfClient>) => orm.delete(table).where(eq(table.clientId, clientId))),
)

/** Deletes everything about the totals of a client. */
export function forgetTeam(db: OrmConnection, clientId: ClientId): void {
  for (const forget of forgetting) forget(db, { clientId })
}
