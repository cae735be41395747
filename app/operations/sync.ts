import { AppError } from '../../core/errors.ts'
import { sentence } from '../../core/messages/sentence.ts'
import type { OpId } from '../../core/id.ts'
import { columnOf, isSyncTable, type Scalar } from '../../core/sync/tables.ts'
import type { Values } from '../../core/sync/merge.ts'
import type { ReadableDb } from '../../db/open.ts'
import { getOpenConflict, openConflicts, settleConflict, type OpenConflict } from '../../db/sync/conflicts.ts'
import { getDeviceState } from '../../db/sync/device-state.ts'
import { updateSyncedRow } from '../../db/sync/edit-again.ts'
import { openRejections, rejectedTogether, settleRejection } from '../../db/sync/rejections.ts'
import { command, notFound, query, type MemberContext } from '../declaration/operation.ts'
import { requireEdit, retryRefused } from './refused-changes.ts'
import { readableOwner, syncStatus } from './sync-status.ts'
import { SYNC_TOPIC, SYNCED_TOPICS } from './topics.ts'

function withoutSecrets(table: string, values: Values): Record<string, Scalar> {
  return Object.fromEntries(
    Object.entries(values).filter(([name]) => !isSyncTable(table) || columnOf(table, name)?.audience !== 'self'),
  )
}

function openConflict(context: MemberContext<ReadableDb>, id: string): OpenConflict {
  const conflict = getOpenConflict(context.db, context.actor.clientId, id, readableOwner(context))
  if (conflict === undefined) throw notFound('conflict')
  return conflict
}

/** The operations of the sync screens. */
export const syncOperations = {
  'sync.statusLocal': query({ access: 'member', thread: 'list', run: (context) => syncStatus(context) }),
  'sync.conflicts': query({
    access: 'member',
    thread: 'list',
    run: (context) => openConflicts(context.db, context.actor.clientId, readableOwner(context)),
  }),
  'sync.rejections': query({
    access: 'member',
    thread: 'list',
    run: ({ db, actor }) =>
      openRejections(db, actor.userId).map((each) => ({ ...each, values: withoutSecrets(each.table, each.values) })),
  }),
  /** "Use mine": writes the losing value as a new edit (S10). */
  'sync.useMine': command({
    access: 'member',
    also: ['calls.edit', 'calls.reassign', 'users.edit', 'loss_reasons.edit', 'settings.edit'],
    changes: SYNCED_TOPICS,
    run: (context, input: { id: string }) => {
      const { table, rowId, losing } = openConflict(context, input.id)
      requireEdit(context, table, rowId, 'UPDATE', losing)
      updateSyncedRow(context.db, table, rowId, losing)
      settleConflict(context.db, input.id)
      return {}
    },
  }),
  'sync.keepTheirs': command({
    access: 'member',
    changes: [SYNC_TOPIC],
    run: (context, input: { id: string }) => {
      settleConflict(context.db, openConflict(context, input.id).id)
      return {}
    },
  }),
  'sync.retry': command({
    access: 'member',
    also: ['calls.edit', 'calls.reassign', 'calls.delete', 'calls.restore', 'users.edit', 'loss_reasons.edit', 'settings.edit'],
    changes: SYNCED_TOPICS,
    run: (context, input: { opId: OpId }) => {
      retryRefused(context, input.opId)
      return {}
    },
  }),
  'sync.discard': command({
    access: 'member',
    changes: [SYNC_TOPIC],
    run: ({ db, actor }, input: { opId: OpId; alone: boolean }) => {
      const together = rejectedTogether(db, actor.userId, input.opId)
      if (together.length === 0) throw notFound('refused-change')
      for (const { opId } of together) if (!input.alone || opId === input.opId) settleRejection(db, opId)
      return {}
    },
  }),
  /** @throws AppError CONFLICT if the workspace is connected to a server. */
  'sync.requirePublisher': query({
    access: 'devices.edit',
    thread: 'list',
    run: ({ db }) => {
      if (getDeviceState(db).serverUrl !== null)
        throw new AppError('CONFLICT', sentence('server.connected'), {
          field: 'serverUrl',
        })
      return null
    },
  }),
}
