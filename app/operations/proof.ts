import type { ProcedureInput } from '../../core/contract/procedures.ts'
import { figureParts } from '../../core/metrics/proof.ts'
import { elapsed } from '../../core/time/report-periods.ts'
import type { ReadableDb } from '../../db/open.ts'
import { countByRule, countOtherTime, listByRule, type ProofOf } from '../../db/queries/report-proof.ts'
import { snapshot } from '../../db/statements.ts'
import { query, type PermittedContext } from '../declaration/operation.ts'
import { reportOf } from './reports.ts'

function proofOf(context: PermittedContext<ReadableDb>, request: ProcedureInput<'reports.proof.rules'>): ProofOf {
  const { clock, selection } = reportOf(context, request)
  const { userIds, callTypes } = selection
  const readerId = context.reach === 'own' ? [context.actor.userId] : null
  return {
    key: request.key,
    selection,
    range: elapsed(request.range, clock.now),
    period: request.range,
    userIds,
    callTypes,
    readerId,
  }
}

export const proofOperations = {
  'reports.proof.rules': query({
    access: 'reports.read',
    reach: 'own',
    thread: 'report',
    run: (context, request: ProcedureInput<'reports.proof.rules'>) =>
      snapshot(context.db, () => {
        const proof = proofOf(context, request)
        const { counts, rules } = countByRule(context.db, proof)
        return { range: proof.range, parts: figureParts(proof.key, counts), rules }
      }),
  }),
  'reports.proof.otherTime': query({
    access: 'reports.read',
    reach: 'own',
    thread: 'report',
    run: (context, request: ProcedureInput<'reports.proof.otherTime'>) => ({
      count: countOtherTime(context.db, proofOf(context, request)),
    }),
  }),
  'reports.proof.calls': query({
    access: 'reports.read',
    reach: 'own',
    thread: 'report',
    run: (context, request: ProcedureInput<'reports.proof.calls'>) => listByRule(context.db, proofOf(context, request), request),
  }),
}
