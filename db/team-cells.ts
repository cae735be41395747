import { and, eq } from 'drizzle-orm'
import type { ClientId } from '../core/id.ts'
import { CALL_TYPES } from '../core/model/call-fields.ts'
import type { TeamCell } from '../core/team/team-cells.ts'
import { localTeamCells, localTeamState } from './local-schema.ts'
import type { WritableDb } from './open.ts'
import { statement, upsert, type Named } from './prepared.ts'

const saveCell = upsert(localTeamCells, [localTeamCells.clientId, localTeamCells.day, localTeamCells.callType])
const saveState = upsert(localTeamState, [localTeamState.clientId])

const removeCell = statement((orm, named: Named<{ clientId: ClientId; day: number; callType: TeamCell['callType'] }>) =>
  orm
    .delete(localTeamCells)
    .where(
      and(
        eq(localTeamCells.clientId, named.clientId),
        eq(localTeamCells.day, named.day),
        eq(localTeamCells.callType, named.callType),
      ),
    ),
)
const removeCells = statement((orm) => orm.delete(localTeamCells))
const removeState = statement((orm) => orm.delete(localTeamState))

/** An answer of the server about the team. */
export type TeamNews = {
  readonly cells: readonly TeamCell[]
  readonly since: number
  readonly today: number
  /** The time by this device's clock. */
  readonly asOf: number
}

/** Stores published cells in the caller's transaction. A day is either split by type or not, even if the server was restored in between. */
export function saveTeam(db: WritableDb, clientId: ClientId, { cells, ...state }: TeamNews): void {
  for (const { day, callType, people, dayPeople, counts } of cells) {
    for (const other of callType === '' ? CALL_TYPES : ['' as const]) removeCell(db, { clientId, day, callType: other })
    saveCell(db, { clientId, day, callType, people, dayPeople, ...counts })
  }
  saveState(db, { clientId, ...state })
}

/** Deletes the totals of the team. The person no longer needs them, or may not see them (S15, S17). The file has one client. */
export function forgetTeam(db: WritableDb): void {
  removeCells(db)
  removeState(db)
}
