import type { BulkAction } from '../../core/contract/bulk.ts'
import type { ProcedureInput } from '../../core/contract/procedures.ts'
import type { CallId } from '../../core/id.ts'
import type { LineSpan } from '../../db/queries/bulk-lines.ts'
import { countSelected, selectedIds, type SelectedList } from '../../db/queries/selected-calls.ts'
import { applyBulk, permittedBulk } from './bulk-apply.ts'
import { undoBulk } from './bulk-undo.ts'
import { restriction } from './calls.ts'
import { command, query } from '../declaration/operation.ts'

/** Calls that are selected one by one count once, also if they are part of the list. */
function without(list: SelectedList, ids: readonly CallId[]): SelectedList {
  return ids.length === 0 ? list : { ...list, except: [...list.except, ...ids] }
}

const CHANGES = ['calls', 'audit_logs']

export const bulkOperations = {
  'calls.bulk.count': query({
    access: 'calls.read',
    reach: 'own',
    thread: 'report',
    run: (context, { selection }: ProcedureInput<'calls.bulk.count'>) => {
      const { list, ids } = selection
      if (list === null) return { total: ids.length, from: null }
      const { total, from } = countSelected(context.db, context.actor.clientId, without(list, ids), restriction(context))
      return { total: total + ids.length, from }
    },
  }),
  /** Returns the ids of the selection's list, packed. Checks the action before anything is written. */
  'calls.bulk.begin': query({
    access: 'calls.edit',
    reach: 'own',
    also: ['calls.read', 'calls.reassign', 'calls.delete'],
    thread: 'report',
    run: (context, { selection, action }: ProcedureInput<'calls.bulk.run'>): string => {
      permittedBulk(context, action)
      const { list, ids } = selection
      return list === null ? '' : selectedIds(context.db, context.actor.clientId, without(list, ids), restriction(context))
    },
  }),
  'calls.bulk.apply': command({
    access: 'calls.edit',
    reach: 'own',
    also: ['calls.reassign', 'calls.delete'],
    changes: CHANGES,
    run: (context, { ids, action }: { ids: readonly CallId[]; action: BulkAction }) => applyBulk(context, ids, action),
  }),
  /** Each call's permission is checked, because the actor's role may have changed since the action. */
  'calls.bulk.undoPart': command({
    access: 'member',
    also: ['calls.read', 'calls.edit', 'calls.reassign', 'calls.restore', 'calls.delete'],
    changes: CHANGES,
    run: (context, { kind, lines }: { kind: BulkAction['kind']; lines: LineSpan }) => undoBulk(context, kind, lines),
  }),
}
