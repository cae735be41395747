import { agendaDays } from '../../core/agenda/agenda-groups.ts'
import type { ProcedureInput } from '../../core/contract/procedures.ts'
import { sameWeekdays, usualByNow } from '../../core/metrics/usual-by-now.ts'
import { localDays } from '../../core/time/day-number.ts'
import type { UserId } from '../../core/id.ts'
import type { ReadableDb } from '../../db/open.ts'
import { listAgenda } from '../../db/queries/agenda.ts'
import { listNoNextStep } from '../../db/queries/no-next-step.ts'
import { countsOfPeriod, type ReportSelection } from '../../db/queries/report-counts.ts'
import { getSettings } from '../../db/queries/settings.ts'
import { snapshot } from '../../db/statements.ts'
import { query, type PermittedContext } from '../declaration/operation.ts'
import { restriction } from './calls.ts'

type Context = PermittedContext<ReadableDb>

/** Returns the people whose calls are shown, of those who were asked for; null: everyone. */
function shownPeople(context: Context, asked: readonly UserId[] = []): readonly UserId[] | null {
  const own = restriction(context)
  const chosen = [...new Set(asked)]
  if (own === null) return chosen.length === 0 ? null : chosen
  return chosen.length === 0 || chosen.includes(own) ? [own] : []
}

function clockOf({ db, actor, now }: Context) {
  const settings = getSettings(db, actor.clientId)
  return { settings, clock: { now, zone: settings.time_zone, weekStart: settings.week_start } }
}

export const agendaOperations = {
  'agenda.list': query({
    access: 'calls.read',
    reach: 'own',
    thread: 'list',
    run: (context, { userIds, ...page }: ProcedureInput<'agenda.list'>) => {
      const of = { clientId: context.actor.clientId, userIds: shownPeople(context, userIds) }
      return listAgenda(context.db, of, agendaDays(clockOf(context).clock), page)
    },
  }),
  'agenda.day': query({
    access: 'calls.read',
    reach: 'own',
    thread: 'list',
    run: (context: Context) =>
      snapshot(context.db, () => {
        const { db, actor, now } = context
        const { zone } = clockOf(context).clock
        const own: ReportSelection = { clientId: actor.clientId, zone, userIds: [actor.userId], callTypes: null }
        const { today, earlier } = sameWeekdays(now, zone)
        const worked = earlier.filter(({ whole }) => countsOfPeriod(db, own, whole).completed > 0)
        const counts = worked.map(({ untilNow }) => countsOfPeriod(db, own, untilNow))
        return { computedAt: now, days: worked.length, figures: usualByNow(countsOfPeriod(db, own, today.untilNow), counts) }
      }),
  }),
  'agenda.noNextStep': query({
    access: 'calls.read',
    reach: 'own',
    thread: 'report',
    run: (context, { userIds, ...page }: ProcedureInput<'agenda.noNextStep'>) => {
      const { db, actor, now } = context
      const { settings, clock } = clockOf(context)
      const { dayAt, startOf } = localDays(clock.zone)
      const days = settings.no_next_step_days
      const of = {
        clientId: actor.clientId,
        userIds: shownPeople(context, userIds),
        readerId: restriction(context),
        before: startOf(dayAt(now) - days + 1),
      }
      return { days, ...listNoNextStep(db, of, page) }
    },
  }),
}
