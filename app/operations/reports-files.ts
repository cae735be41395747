import type { ReportRequest } from '../../core/contract/reports.ts'
import type { RankedBy } from '../../core/figures/report-parts.ts'
import type { ReportSource } from '../../core/reports/write-document.ts'
import { getClient } from '../../db/queries/clients.ts'
import { getSettings } from '../../db/queries/settings.ts'
import { listUserNames } from '../../db/queries/users.ts'
import { snapshot } from '../../db/statements.ts'
import { query, requireReach } from '../declaration/operation.ts'
import { noShowsOperations } from './no-shows.ts'
import { reportsOperations } from './reports.ts'

export const reportFilesOperations = {
  /** Returns the data of a report file, from one state of the database. */
  'reports.source': query({
    access: 'export.run',
    reach: 'own',
    also: ['reports.read'],
    thread: 'report',
    run: (context, { request, rankedBy }: { readonly request: ReportRequest; readonly rankedBy: RankedBy }): ReportSource => {
      const { db, actor } = context
      const { clientId } = actor
      // The file contains only what the page shows.
      const reach = requireReach(context, 'reports.read') === 'all' && context.reach === 'all' ? 'all' : 'own'
      const reader = { ...context, reach } as const
      return snapshot(db, () => ({
        page: reportsOperations['reports.page'].run(reader, request),
        hours: reportsOperations['reports.hours'].run(reader, request).hours,
        noShows: noShowsOperations['reports.noShows.ageing'].run(reader, request),
        request,
        client: getClient(db, clientId)?.name ?? '',
        weekStart: getSettings(db, clientId).week_start,
        people: reach === 'all' ? listUserNames(db, clientId) : [],
        rankedBy,
      }))
    },
  }),
}
