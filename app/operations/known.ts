import type { ProcedureInput, ProcedureResult } from '../../core/contract/procedures.ts'
import { MOST_CORRECTIONS, type Correction } from '../../core/contract/known.ts'
import type { ReportFilter } from '../../core/contract/reports.ts'
import { callIdSchema } from '../../core/id.ts'
import { countCall, eventTime, type CountedCall } from '../../core/metrics/counted-call.ts'
import { figures, NO_CALLS } from '../../core/metrics/metrics.ts'
import { figureParts } from '../../core/metrics/proof.ts'
import { ReportEffects } from '../../core/metrics/report-effects.ts'
import { elapsed } from '../../core/time/report-periods.ts'
import type { ReadableDb } from '../../db/open.ts'
import { countsByHour, countsByUser } from '../../db/queries/report-counts.ts'
import { knownHours, knownPage } from '../../db/queries/known-report.ts'
import { total } from '../../db/queries/report-page.ts'
import { changesSince, namesById, undoneChanges, type ChangeLine, type UndoneChange } from '../../db/queries/undone-changes.ts'
import { deletedRow } from '../../db/queries/audit.ts'
import { snapshot } from '../../db/statements.ts'
import { query, type PermittedContext } from '../declaration/operation.ts'
import { fromFirstCall, reportOf, wholePage } from './reports.ts'

type Context = PermittedContext<ReadableDb>

/** The server's lines since the instant, newest first; null: this device's own trail is complete. */
type Lines = { readonly lines: readonly ChangeLine[] | null }

function changesOf({ db, actor }: Context, knownAt: number, lines: readonly ChangeLine[] | null) {
  return undoneChanges(db, actor.clientId, lines === null ? changesSince(db, actor.clientId, knownAt) : chunked(lines))
}

function* chunked(lines: readonly ChangeLine[]): Generator<readonly ChangeLine[]> {
  for (let start = 0; start < lines.length; start += 2_000) yield lines.slice(start, start + 2_000)
}

const coverageOf = ({ reach }: Context, lines: Lines['lines']) => (lines !== null && reach === 'own' ? 'own' : 'complete')

/** Returns the instant before which everything is known, and the context of the millisecond before it. */
function pastOf(context: Context, request: { readonly knownAt: number }): { readonly knownAt: number; readonly past: Context } {
  const knownAt = Math.min(request.knownAt, context.now + 1)
  return { knownAt, past: { ...context, now: knownAt - 1 } }
}

function stateOf(call: CountedCall | null): Correction['before'] {
  if (call === null) return null
  const { userId, callType, status, outcome, lossReasonId, callDuration } = call
  return { userId, callType, status, outcome, lossReasonId, callDuration, eventAt: eventTime(call) }
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
  /** The report of the present calls until the instant, without the effects of all later changes. */
  'known.computePage': query({
    access: 'reports.read',
    reach: 'own',
    thread: 'report',
    run: (context, { request, lines }: { readonly request: ProcedureInput<'reports.known.page'> } & Lines) =>
      snapshot(context.db, (): ProcedureResult<'reports.known.page'> => {
        const { db } = context
        const { knownAt, past } = pastOf(context, request)
        const { selection } = reportOf(past, request)
        const page = wholePage(past, request)
        const { range, compared, buckets, formerBuckets, zone } = page
        const { userIds, callTypes } = selection
        const effects = new ReportEffects({ userIds, callTypes, zone, range, compared, buckets, formerBuckets })
        for (const { before, after } of changesOf(context, knownAt, lines)) {
          if (after !== null) effects.add(after, -1)
          if (before !== null) effects.add(before, 1)
        }
        const parts = { page, hours: countsByHour(db, selection, range), effects }
        return {
          knownAt,
          page: fromFirstCall(knownPage(db, selection, parts)),
          hours: knownHours(parts),
          today: figures(page.counts),
          coverage: coverageOf(context, lines),
        }
      }),
  }),
  /** The changes since the instant that affected one figure. */
  'known.findCorrections': query({
    access: 'reports.read',
    reach: 'own',
    thread: 'report',
    run: (context, { request, lines }: { readonly request: ProcedureInput<'reports.known.corrections'> } & Lines) =>
      snapshot(context.db, (): ProcedureResult<'reports.known.corrections'> => {
        const { db, actor, reach } = context
        const { key } = request
        const { knownAt, past: then } = pastOf(context, request)
        const { clock, selection } = reportOf(then, request)
        const range = elapsed(request.range, knownAt)
        const { userIds, callTypes } = selection
        const plan = { userIds, callTypes, zone: clock.zone, range, compared: null, buckets: [], formerBuckets: [] }
        const effects = new ReportEffects(plan)
        const known = total(countsByUser(db, selection, range))
        const past = { ...known }
        const listed: (UndoneChange & Pick<Correction, 'effect'>)[] = []
        let [count, hidden] = [0, 0]
        for (const change of changesOf(context, knownAt, lines)) {
          const difference = { ...NO_CALLS }
          for (const [call, sign] of [
            [change.after, 1],
            [change.before, -1],
          ] as const)
            if (call !== null && effects.counts(call)) {
              countCall(difference, call, sign)
              countCall(past, call, sign === 1 ? -1 : 1)
            }
          const effect = figureParts(key, difference)
          if (effect.numerator === 0 && (effect.denominator ?? 0) === 0) continue
          count++
          if (listed.length < MOST_CORRECTIONS) listed.push({ ...change, effect })
        }
        const present = namesById(
          db,
          actor.clientId,
          listed.map(({ recordId }) => recordId),
        )
        const rows = listed.flatMap(({ id, recordId, userId, createdAt, before, after, effect }): Correction[] => {
          const callId = callIdSchema.parse(recordId)
          const call = present.get(callId)
          const last = call === undefined ? deletedRow(db, actor.clientId, 'calls', recordId) : undefined
          if (reach === 'own' && (call?.userId ?? last?.['user_id']) !== actor.userId) {
            hidden++
            return []
          }
          const lastName = last?.['prospect_name']
          const prospectName = call?.prospectName ?? (typeof lastName === 'string' ? lastName : null)
          const states = { before: stateOf(before), after: stateOf(after) }
          return [{ id, callId, prospectName, exists: call !== undefined, userId, at: createdAt, ...states, effect }]
        })
        return {
          knownAt,
          range,
          past: figureParts(key, past),
          present: figureParts(key, known),
          count,
          hidden,
          rows,
          coverage: coverageOf(context, lines),
        }
      }),
  }),
}
