import type { ReportFilter } from '../../core/contract/reports.ts'
import type { ProcedureInput } from '../../core/contract/procedures.ts'
import { elapsed } from '../../core/time/report-periods.ts'
import type { ReadableDb } from '../../db/open.ts'
import { listNoShows, noShowAgeing, type NoShowsOf } from '../../db/queries/no-shows.ts'
import { query, type PermittedContext } from '../declaration/operation.ts'
import { reportOf } from './reports.ts'

function noShowsOf(context: PermittedContext<ReadableDb>, request: ReportFilter): NoShowsOf {
  const { now, reach, actor } = context
  const { clock, selection } = reportOf(context, request)
  return { selection, range: elapsed(request.range, clock.now), now, readerId: reach === 'own' ? actor.userId : null }
}

export const noShowsOperations = {
  'reports.noShows.ageing': query({
    access: 'reports.read',
    reach: 'own',
    thread: 'report',
    run: (context, request: ProcedureInput<'reports.noShows.ageing'>) => {
      const of = noShowsOf(context, request)
      return { range: of.range, ...noShowAgeing(context.db, of) }
    },
  }),
  'reports.noShows.calls': query({
    access: 'reports.read',
    reach: 'own',
    thread: 'report',
    run: (context, request: ProcedureInput<'reports.noShows.calls'>) =>
      listNoShows(context.db, noShowsOf(context, request), request),
  }),
}
