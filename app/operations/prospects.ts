import type { ProcedureInput } from '../../core/contract/procedures.ts'
import { matchProspects } from '../../db/queries/prospects/prospect-match.ts'
import type { ProspectReader } from '../../db/queries/prospects/prospect-calls.ts'
import type { ReadableDb } from '../../db/open.ts'
import { query, type PermittedContext } from '../declaration/operation.ts'

const readerOf = ({ actor, reach }: PermittedContext<ReadableDb>): ProspectReader => ({
  clientId: actor.clientId,
  readerId: reach === 'all' ? null : actor.userId,
})

export const prospectsOperations = {
  'prospects.match': query({
    access: 'calls.read',
    reach: 'own',
    thread: 'list',
    run: (context, request: ProcedureInput<'prospects.match'>) => matchProspects(context.db, readerOf(context), request),
  }),
}
