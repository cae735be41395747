import type { ProcedureInput } from '../../core/contract/procedures.ts'
import { listAudit, listWaitingAudit } from '../../db/queries/audit.ts'
import { query } from '../declaration/operation.ts'
import { trailReader } from './trail-reader.ts'

type TrailRequest = ProcedureInput<'audit.list'>

export const auditOperations = {
  /** Lines that this device recorded. */
  'audit.listLocal': query({
    access: 'audit.read',
    reach: 'own',
    thread: 'list',
    run: (context, request: TrailRequest) => {
      const { restrict, shown } = trailReader(context)
      const page = listAudit(context.db, context.actor.clientId, request, restrict)
      return { rows: shown(page.rows), next: page.next }
    },
  }),
  /** The lines of operations that the server has not answered. */
  'audit.waiting': query({
    access: 'audit.read',
    reach: 'own',
    thread: 'list',
    run: (context, request: Omit<TrailRequest, 'after'> & { readonly before: number | null }) => {
      const { restrict, shown } = trailReader(context)
      const page = listWaitingAudit(context.db, context.actor.clientId, request, restrict)
      return { rows: shown(page.rows), next: page.next }
    },
  }),
}
