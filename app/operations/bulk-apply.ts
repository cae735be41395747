import { sentence, type MessageId } from '../../core/messages/sentence.ts'
import type { BulkAction, BulkRefusal } from '../../core/contract/bulk.ts'
import { assert } from '../../core/assert.ts'
import type { CallId, UserId } from '../../core/id.ts'
import type { Call } from '../../core/model/call.ts'
import { may, type Permission, type Role } from '../../core/roles.ts'
import { deleteCalls, lastLine, setOnCalls } from '../../db/commands/bulk-calls.ts'
import type { ReadableDb, WritableDb } from '../../db/open.ts'
import type { LineSpan } from '../../db/queries/bulk-lines.ts'
import { callsById } from '../../db/queries/import-lookups.ts'
import { referencesThroughAliases } from '../../db/sync/aliases.ts'
import { markIndependent } from '../../db/sync/outbox.ts'
import { lastDeviceSeq } from '../../db/queries/device-seq.ts'
import { requireNewOwner, requireNewReason } from './call-rules.ts'
import { requireReach, type MemberContext } from '../declaration/operation.ts'

/** What one transaction of a bulk action did. */
export type BulkResult = {
  readonly changed: number
  readonly unchanged: number
  readonly refused: readonly BulkRefusal[]
  /** The lines of the audit trail that it wrote; null: none. */
  readonly lines: LineSpan | null
}

/** Most calls of one transaction, which blocks other writes for some tens of milliseconds. */
export const CALLS_A_TRANSACTION = 500

const PERMISSION: Readonly<Record<BulkAction['kind'], Permission>> = {
  reassign: 'calls.reassign',
  tag: 'calls.edit',
  delete: 'calls.delete',
}

/** Why a call is not changed. */
export type Cause = Pick<BulkRefusal, 'code' | 'message' | 'text'>

export const GONE = { code: 'NOT_FOUND', ...sentence('bulk.gone') } as const

const FORBIDDEN = {
  reassign: 'bulk.reassign-forbidden',
  tag: 'bulk.edit-forbidden',
  delete: 'bulk.delete-forbidden',
} as const satisfies Readonly<Record<BulkAction['kind'], MessageId>>

/** The refusal of a call, or undefined if the action applies to it. The rules are those of the single operations. */
function refusalOf(action: BulkAction, role: Role, userId: UserId, call: Call): Cause | undefined {
  const { kind } = action
  const isAllowed =
    may(role, PERMISSION[kind], userId, call.userId) && (kind !== 'reassign' || may(role, 'calls.edit', userId, call.userId))
  if (!isAllowed) return { code: 'FORBIDDEN', ...sentence(FORBIDDEN[kind]) }
  if (kind === 'tag' && call.outcome !== 'lost') return { code: 'INVALID', ...sentence('bulk.not-lost') }
  return undefined
}

function hasValue(action: BulkAction, call: Call): boolean {
  if (action.kind === 'reassign') return call.userId === action.userId
  return action.kind === 'tag' && call.lossReasonId === action.lossReasonId
}

/** Returns the action with the ids of the rows that its aliases refer to. */
function throughAliases(db: ReadableDb, action: BulkAction): BulkAction {
  return action.kind === 'delete' ? action : referencesThroughAliases(db, action)
}

/**
 * Checks what does not depend on a call. Returns the action to do.
 * @throws AppError FORBIDDEN, INVALID
 */
export function permittedBulk(context: MemberContext<ReadableDb>, requested: BulkAction): BulkAction {
  requireReach(context, PERMISSION[requested.kind])
  const action = throughAliases(context.db, requested)
  if (action.kind === 'reassign') requireNewOwner(context, action.userId)
  if (action.kind === 'tag') requireNewReason(context, action.lossReasonId)
  return action
}

/** Does the action on the calls `ids`. */
export function applyBulk(context: MemberContext<WritableDb>, ids: readonly CallId[], requested: BulkAction): BulkResult {
  const { db, actor, role, now } = context
  assert(ids.length <= CALLS_A_TRANSACTION, 'A transaction of a bulk action is bounded')
  const action = permittedBulk(context, requested)
  const calls = callsById(db, actor.clientId, ids)
  const refused: BulkRefusal[] = []
  const fitting: CallId[] = []
  let unchanged = 0
  for (const id of new Set(ids)) {
    const call = calls.get(id)
    if (call === undefined || !may(role, 'calls.read', actor.userId, call.userId)) {
      refused.push({ id, prospectName: null, ...GONE })
      continue
    }
    const refusal = refusalOf(action, role, actor.userId, call)
    if (refusal !== undefined) refused.push({ id, prospectName: call.prospectName, ...refusal })
    else if (hasValue(action, call)) unchanged++
    else fitting.push(id)
  }
  const lines = writingLines(context, () => {
    if (action.kind === 'delete') deleteCalls(db, fitting)
    else if (action.kind === 'reassign') setOnCalls(db, 'user_id', fitting, action.userId)
    else setOnCalls(db, 'loss_reason_id', fitting, action.lossReasonId)
  })
  return { changed: fitting.length, unchanged, refused, lines: lines === null ? null : { ...lines, at: now } }
}

/**
 * Runs a part of a bulk action. Each call is sent as a transaction of its own, so that the server decides on each alone. Returns the lines
 * of the audit trail that were written.
 */
export function writingLines({ db }: MemberContext<WritableDb>, work: () => void): Omit<LineSpan, 'at'> | null {
  const sequence = lastDeviceSeq(db)
  const before = lastLine(db)
  work()
  markIndependent(db, sequence)
  const last = lastLine(db)
  return last === before ? null : { first: before + 1, last }
}
