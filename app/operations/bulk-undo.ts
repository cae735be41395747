import { sentence } from '../../core/messages/sentence.ts'
import type { BulkAction, BulkRefusal } from '../../core/contract/bulk.ts'
import type { CallId, Id, UserId } from '../../core/id.ts'
import type { Call } from '../../core/model/call.ts'
import { may, mayHaveCalls } from '../../core/roles.ts'
import { deleteCalls, setOnCalls, type BulkColumn } from '../../db/commands/bulk-calls.ts'
import { restoreCall } from '../../db/commands/calls.ts'
import type { ReadableDb, WritableDb } from '../../db/open.ts'
import { linesOfBulk, newestChange, type BulkLine, type LineSpan } from '../../db/queries/bulk-lines.ts'
import { callsById } from '../../db/queries/import-lookups.ts'
import { getLossReason } from '../../db/queries/loss-reasons.ts'
import { getPrincipal } from '../../db/queries/users.ts'
import { indexTextTogether } from '../../db/text-index.ts'
import { throughAlias } from '../../db/sync/aliases.ts'
import { GONE, writingLines, type BulkResult, type Cause } from './bulk-apply.ts'
import { holdsReferences } from './call-rules.ts'
import type { MemberContext } from '../declaration/operation.ts'

type Context = MemberContext<ReadableDb>

const EDITED: Cause = { code: 'CONFLICT', ...sentence('bulk.edited') }
const FORBIDDEN: Cause = { code: 'FORBIDDEN', ...sentence('bulk.change-forbidden') }

/**
 * Restores the values from before the lines of one transaction of a bulk action. The lines may be those of an undo: then it is a redo, and
 * deletes the calls that the undo restored.
 */
export function undoBulk(context: MemberContext<WritableDb>, kind: BulkAction['kind'], span: LineSpan): BulkResult {
  const { db, actor, now } = context
  const lines = linesOfBulk(db, actor.clientId, actor.userId, span)
  const calls = callsById(
    db,
    actor.clientId,
    lines.map(({ callId }) => callId),
  )
  const refused: BulkRefusal[] = []
  const restored: CallId[] = []
  const deleted: CallId[] = []
  const former = new Map<Id | null, CallId[]>()
  for (const line of lines) {
    const call = calls.get(line.callId)
    const refuse = (cause: Cause) =>
      refused.push({ id: line.callId, prospectName: cause === GONE ? null : nameOf(call, line), ...cause })
    if (kind === 'delete' && line.action === 'INSERT') {
      const cause = whyNotDelete(context, line, call)
      if (cause === undefined) deleted.push(line.callId)
      else refuse(cause)
      continue
    }
    if (kind === 'delete') {
      const cause = whyNotRestore(context, line, call)
      if (cause === undefined) restored.push(line.callId)
      else refuse(cause)
      continue
    }
    const column = kind === 'reassign' ? 'user_id' : 'loss_reason_id'
    const value = formerValue(context, line, column)
    const cause = whyNotRevert(context, { line, call, column, value })
    if (cause === undefined) former.set(value, [...(former.get(value) ?? []), line.callId])
    else refuse(cause)
  }
  const written = writingLines(context, () => {
    deleteCalls(db, deleted)
    indexTextTogether(db, restored, () => {
      for (const id of restored) restoreCall(db, id)
    })
    for (const [value, ids] of former) setOnCalls(db, kind === 'reassign' ? 'user_id' : 'loss_reason_id', ids, value)
  })
  return {
    changed: lines.length - refused.length,
    unchanged: 0,
    refused,
    lines: written === null ? null : { ...written, at: now },
  }
}

function nameOf(call: Call | undefined, line: BulkLine): string | null {
  const name = call?.prospectName ?? line.before['prospect_name']
  return typeof name === 'string' ? name : null
}

function throughAliasOrNull(db: ReadableDb, value: unknown): Id | null {
  return typeof value === 'string' ? throughAlias(db, value) : null
}

const formerValue = ({ db }: Context, line: BulkLine, column: BulkColumn) => throughAliasOrNull(db, line.before[column])

type Revert = {
  readonly line: BulkLine
  readonly call: Call | undefined
  readonly column: BulkColumn
  readonly value: Id | null
}

/** Returns why the field stays; undefined: it is restored. An edit of another field does not matter, because restoring this one keeps it. */
function whyNotRevert({ db, actor, role }: Context, { line, call, column, value }: Revert): Cause | undefined {
  if (call === undefined || !may(role, 'calls.read', actor.userId, call.userId)) return GONE
  if (!may(role, 'calls.edit', actor.userId, call.userId)) return FORBIDDEN
  if (column === 'user_id') {
    if (!may(role, 'calls.reassign', actor.userId, call.userId)) return FORBIDDEN
    if (call.userId !== throughAliasOrNull(db, line.after[column])) return EDITED
    // A deactivated person gets back the calls that they had. The server refuses viewers only.
    const owner = value === null ? undefined : getPrincipal(db, value)
    return owner !== undefined && mayHaveCalls(owner.role) ? undefined : { code: 'INVALID', ...sentence('bulk.former-agent') }
  }
  if (call.lossReasonId !== throughAliasOrNull(db, line.after[column])) return EDITED
  const isThere = value === null || getLossReason(db, actor.clientId, value) !== undefined
  return isThere ? undefined : { code: 'INVALID', ...sentence('bulk.former-reason') }
}

/** Returns why a restored call is not deleted again; undefined: it is. Any later change of the call keeps it. */
function whyNotDelete({ db, actor, role }: Context, line: BulkLine, call: Call | undefined): Cause | undefined {
  if (call === undefined || !may(role, 'calls.read', actor.userId, call.userId)) return GONE
  if (!may(role, 'calls.delete', actor.userId, call.userId)) return FORBIDDEN
  return newestChange(db, actor.clientId, line.callId) === line.rowid ? undefined : EDITED
}

function whyNotRestore({ db, actor, role }: Context, line: BulkLine, call: Call | undefined): Cause | undefined {
  const owner = String(line.before['user_id'])
  const reads = (userId: UserId) => may(role, 'calls.read', actor.userId, userId)
  if (!reads(owner) || (call !== undefined && !reads(call.userId))) return GONE
  if (call !== undefined || newestChange(db, actor.clientId, line.callId) !== line.rowid) return EDITED
  if (!may(role, 'calls.restore', actor.userId, owner)) return FORBIDDEN
  const present = Object.entries(line.before).flatMap(([name, value]) => (value === null ? [] : [[name, value] as const]))
  return holdsReferences(db, actor.clientId, Object.fromEntries(present))
    ? undefined
    : { code: 'INVALID', ...sentence('bulk.not-here') }
}
