import type { ReportRequest } from '../../core/contract/reports.ts'
import type { RankedBy } from '../../core/figures/report-parts.ts'
import type { ReportSource } from '../../core/reports/report-facts.ts'
import type { ReadableDb } from '../../db/open.ts'
import { getClient } from '../../db/queries/clients.ts'
import { getSettings } from '../../db/queries/settings.ts'
import { listUserNames } from '../../db/queries/users.ts'
import { snapshot } from '../../db/statements.ts'
import { query, requireReach, type PermittedContext } from '../declaration/operation.ts'
import { noShowsOperations } from './no-shows.ts'
import { reportsOperations } from './reports.ts'

type Context = PermittedContext<ReadableDb>

/** The request for a report file. */
export type SourceRequest<Request = ReportRequest> = { readonly request: Request; readonly rankedBy: RankedBy }

/**
 * Returns a context whose reach is the smaller one of `reports.read` and `export.run`, so that a file contains only what the page shows.
 * @param context of an operation with `export.run`
 */
export function fileReader(context: Context): Context {
  const isAll = requireReach(context, 'reports.read') === 'all' && context.reach === 'all'
  return { ...context, reach: isAll ? 'all' : 'own' }
}

/** Returns the data for a report file. */
export function sourceOf(
  { db, actor: { clientId }, reach }: Context,
  { request, rankedBy }: SourceRequest,
  report: Pick<ReportSource, 'page' | 'hours' | 'noShows' | 'known'>,
): ReportSource {
  return {
    ...report,
    request,
    client: getClient(db, clientId)?.name ?? '',
    weekStart: getSettings(db, clientId).week_start,
    people: reach === 'all' ? listUserNames(db, clientId) : [],
    rankedBy,
  }
}

export const reportFilesOperations = {
  /** Returns the data of a report file, from one state of the database. */
  'reports.source': query({
    access: 'export.run',
    reach: 'own',
    also: ['reports.read'],
    thread: 'report',
    run: (context, asked: SourceRequest): ReportSource => {
      const reader = fileReader(context)
      return snapshot(context.db, () => {
        const page = reportsOperations['reports.page'].run(reader, asked.request)
        const { hours } = reportsOperations['reports.hours'].run(reader, asked.request)
        const noShows = noShowsOperations['reports.noShows.ageing'].run(reader, asked.request)
        return sourceOf(reader, asked, { page, hours, noShows, known: null })
      })
    },
  }),
}
