import type { ProcedureInput, ProcedureResult } from '../../core/contract/procedures.ts'
import type { ReportFilter } from '../../core/contract/reports.ts'
import { figures } from '../../core/metrics/metrics.ts'
import { ReportEffects } from '../../core/metrics/report-effects.ts'
import type { ReportSource } from '../../core/reports/report-facts.ts'
import type { ReadableDb } from '../../db/open.ts'
import { knownHours, knownPage } from '../../db/queries/known-report.ts'
import { countsByHour } from '../../db/queries/report-counts.ts'
import { snapshot } from '../../db/statements.ts'
import { query, type PermittedContext } from '../declaration/operation.ts'
import { changesOf, coverageOf, pastOf, type KnownInput } from './known-changes.ts'
import { fileReader, sourceOf, type SourceRequest } from './reports-files.ts'
import { fromFirstCall, reportOf, wholePage } from './reports.ts'

type Request = ProcedureInput<'reports.known.page'>

/** Computes the report from the present calls, and removes the effects of all changes after the instant. */
function pageOf(
  context: PermittedContext<ReadableDb>,
  request: Request,
  input: KnownInput,
): ProcedureResult<'reports.known.page'> {
  const { db, now } = context
  const { knownAt, past } = pastOf(context, request)
  const { selection } = reportOf(past, request)
  const page = wholePage(past, request)
  const { range, compared, buckets, formerBuckets, zone } = page
  const { userIds, callTypes } = selection
  const effects = new ReportEffects({ userIds, callTypes, zone, range, compared, buckets, formerBuckets })
  for (const { before, after } of changesOf(context, knownAt, input)) {
    if (after !== null) effects.add(after, -1)
    if (before !== null) effects.add(before, 1)
  }
  const parts = { page, hours: countsByHour(db, selection, range), effects }
  return {
    knownAt,
    computedAt: now,
    page: fromFirstCall(knownPage(db, selection, parts)),
    hours: knownHours(parts),
    today: figures(page.counts),
    coverage: coverageOf(context, input),
  }
}

export const knownOperations = {
  /** Runs before the server's trail is fetched. @throws AppError FORBIDDEN */
  'known.begin': query({
    access: 'reports.read',
    reach: 'own',
    thread: 'list',
    run: (context, request: ReportFilter): null => {
      reportOf(context, request)
      return null
    },
  }),
  'known.computePage': query({
    access: 'reports.read',
    reach: 'own',
    thread: 'report',
    run: (context, { request, ...input }: { readonly request: Request } & KnownInput) =>
      snapshot(context.db, () => pageOf(context, request, input)),
  }),
  /** Returns the data for a report file. */
  'known.computeSource': query({
    access: 'export.run',
    reach: 'own',
    also: ['reports.read'],
    thread: 'report',
    run: (context, { request, rankedBy, ...input }: SourceRequest<Request> & KnownInput): ReportSource =>
      snapshot(context.db, () => {
        const reader = fileReader(context)
        const { page, hours, knownAt, computedAt, coverage } = pageOf(reader, request, input)
        return sourceOf(reader, { request, rankedBy }, { page, hours, noShows: null, known: { knownAt, computedAt, coverage } })
      }),
  }),
}
