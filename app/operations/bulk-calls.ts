import type { BulkAction, CallSelection } from '../../core/contract/bulk.ts'
import type { Id } from '../../core/id.ts'
import type { LineSpan } from '../../db/queries/bulk-lines.ts'
import { countSelected, selectedIds, type SelectedList } from '../../db/queries/selected-calls.ts'
import { applyBulk, permittedBulk } from './bulk-apply.ts'
import { undoBulk } from './bulk-undo.ts'
import { restriction } from './calls.ts'
import { read, write } from './operation.ts'

/** Calls that are selected one by one count once, also if they are part of the list. */
function without(list: SelectedList, ids: readonly Id[]): SelectedList {
  return ids.length === 0 ? list : { ...list, except: [...list.except, ...ids] }
}

const CHANGED = ['calls', 'audit_logs']

export const bulkOperations = {
  'calls.bulkCount': read('report', (context, { list, ids }: CallSelection) => {
    const restrict = restriction(context)
    if (list === null) return { total: ids.length, from: null }
    const { total, from } = countSelected(context.db, context.actor.clientId, without(list, ids), restrict)
    return { total: total + ids.length, from }
  }),
  /** The ids of the selection's list, packed; checked before anything is written. */
  'calls.bulkBegin': read('report', (context, input: { selection: CallSelection; action: BulkAction }): string => {
    permittedBulk(context, input.action)
    const { list, ids } = input.selection
    return list === null ? '' : selectedIds(context.db, context.actor.clientId, without(list, ids), restriction(context))
  }),
  'calls.bulkApply': write(CHANGED, (context, input: { ids: readonly Id[]; action: BulkAction }) =>
    applyBulk(context, input.ids, input.action),
  ),
  'calls.bulkUndo': write(CHANGED, (context, input: { kind: BulkAction['kind']; lines: LineSpan }) =>
    undoBulk(context, input.kind, input.lines),
  ),
}
