import { reach } from '../../core/roles.ts'
import { readTeamCells, teamAnswerSchema } from '../../core/sync/team-protocol.ts'
import { teamState } from '../../db/queries/team.ts'
import { getPrincipal } from '../../db/queries/users.ts'
import { saveTeam } from '../../db/team-cells.ts'
import { command, query } from '../declaration/operation.ts'
import { readAnswer, requireEpoch } from './engine-transfer.ts'
import { TEAM_TOPIC } from './topics.ts'

/** The totals of the team that the server publishes for people who see only their own figures. */
export const engineTeamOperations = {
  /** Returns the version of the last cell; null: this person's reports contain all calls. */
  'engine.teamSince': query({
    access: 'internal',
    thread: 'list',
    run: ({ db, actor: { clientId, userId } }) => {
      const role = getPrincipal(db, userId)?.role
      if (role === undefined || reach(role, 'reports.read') !== 'own') return null
      return teamState(db, clientId)?.since ?? 0
    },
  }),
  /** Stores an answer; returns the place of the next request, or null if nothing is left. */
  'engine.team': command({
    access: 'internal',
    changes: [TEAM_TOPIC],
    source: 'server',
    run: ({ db, actor: { clientId }, now }, { body }: { body: Uint8Array }) => {
      const { epoch, cells, since, today, complete } = readAnswer(teamAnswerSchema, body)
      requireEpoch(db, epoch)
      saveTeam(db, clientId, { cells: readTeamCells(cells), since, today, asOf: now })
      return complete ? null : since
    },
  }),
}
