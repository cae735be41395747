import type { ProcedureInput } from '../../core/contract/procedures.ts'
import type { ProspectOf } from '../../core/contract/prospects.ts'
import type { ReadableDb } from '../../db/open.ts'
import type { ProspectReader } from '../../db/queries/prospects/prospect-calls.ts'
import { prospectCalls, prospectCard, prospectHint } from '../../db/queries/prospects/prospect-card.ts'
import { matchProspects } from '../../db/queries/prospects/prospect-match.ts'
import { notFound, query, type PermittedContext } from '../declaration/operation.ts'
import { readable } from './call-rules.ts'

const readerOf = ({ actor, reach }: PermittedContext<ReadableDb>): ProspectReader => ({
  clientId: actor.clientId,
  readerId: reach === 'all' ? null : actor.userId,
})

/** @throws AppError NOT_FOUND if the actor may not read the call of which the prospect is requested, or if `result` is null */
function found<T>(context: PermittedContext<ReadableDb>, of: ProspectOf, read: (reader: ProspectReader) => T | null): T {
  if ('callId' in of) readable(context, of.callId)
  const result = read(readerOf(context))
  if (result === null) throw notFound('prospect')
  return result
}

export const prospectsOperations = {
  'prospects.match': query({
    access: 'calls.read',
    reach: 'own',
    thread: 'list',
    run: (context, request: ProcedureInput<'prospects.match'>) => matchProspects(context.db, readerOf(context), request),
  }),
  'prospects.card': query({
    access: 'calls.read',
    reach: 'own',
    thread: 'list',
    run: (context, { of }: ProcedureInput<'prospects.card'>) =>
      found(context, of, (reader) => prospectCard(context.db, reader, of)),
  }),
  'prospects.calls': query({
    access: 'calls.read',
    reach: 'own',
    thread: 'list',
    run: (context, { of, ...page }: ProcedureInput<'prospects.calls'>) =>
      found(context, of, (reader) => prospectCalls(context.db, reader, of, page)),
  }),
  'prospects.hint': query({
    access: 'calls.read',
    reach: 'own',
    thread: 'list',
    run: (context, typed: ProcedureInput<'prospects.hint'>) => prospectHint(context.db, readerOf(context), typed),
  }),
}
