import type { ImportRun, UndoCounts } from '../../core/contract/import-undo.ts'
import { isAppError } from '../../core/errors.ts'
import type { Id } from '../../core/id.ts'
import type { Call, CallFields, CallPatch } from '../../core/model/call.ts'
import { CALL_COLUMNS } from '../../core/model/call-fields.ts'
import { reach } from '../../core/roles.ts'
import { deleteCall, updateCall } from '../../db/commands/calls.ts'
import { recordEvent } from '../../db/commands/events.ts'
import { recordLines } from '../../db/commands/import-lines.ts'
import { setLossReasonActive } from '../../db/commands/loss-reasons.ts'
import { setUserActive } from '../../db/commands/users.ts'
import type { ReadableDb, WritableDb } from '../../db/open.ts'
import { callsById } from '../../db/queries/import-lookups.ts'
import {
  callLines,
  idleAdditions,
  importAnswers,
  importAuthor,
  importedCalls,
  listImportRuns,
  serverVersions,
  type Answer,
  type CallLine,
  type ServerVersion,
} from '../../db/queries/import-lines.ts'
import { markImported } from '../../db/sync/outbox.ts'
import { lastDeviceSeq } from '../../db/queries/device-seq.ts'
import { indexTextTogether } from '../../db/text-index.ts'
import { forbidden, notFound, type MemberContext, type OperationContext } from '../declaration/operation.ts'

/*
 * Undoes an import: deletes the calls that it created and restores the earlier values of the calls that it changed. A call that was edited
 * since is not changed. Only the device that ran an import can undo it: the lines of the import and the earlier values are only in the audit
 * trail of that device. The result is synced like any other change.
 */

/** Most lines of an import that one transaction undoes. */
const UNDO_ROWS = 500

export type UndoStep = UndoCounts & {
  /** The last line of this step, after which the next step begins; null: all lines are done. */
  readonly next: number | null
  /** Number of lines in this step. */
  readonly lines: number
}

type Decision =
  | { readonly kind: 'remove' }
  | { readonly kind: 'restore'; readonly patch: CallPatch }
  /** `gone`: someone deleted the call, or an earlier undo handled it. */
  | { readonly kind: 'keep' | 'gone' }

const FIELDS = Object.entries(CALL_COLUMNS) as [keyof CallFields, string][]

/** Returns the patch that restores the values that the lines replaced. */
function reversed(call: Call, lines: readonly CallLine[]): CallPatch {
  const patch: CallPatch = {}
  for (const [field, column] of FIELDS) {
    const first = lines.find((line) => Object.hasOwn(line.new, column))
    if (first === undefined) continue
    const value = first.old[column] ?? null
    if (call[field] !== value) Object.assign(patch, { [field]: value })
  }
  return patch
}

/** Whether the call still has the values that the import wrote. */
function isAsWritten(call: Call, lines: readonly CallLine[]): boolean {
  return FIELDS.every(([field, column]) => {
    const last = lines.findLast((line) => Object.hasOwn(line.new, column))
    // The audit line of a new call leaves out null values.
    if (last === undefined) return lines[0]?.action !== 'INSERT' || call[field] === null
    return call[field] === (last.new[column] ?? null)
  })
}

function isChangedElsewhere(version: ServerVersion | undefined, answer: Answer | undefined): boolean {
  if (version === undefined || answer?.state === 'pending' || answer?.state === 'sent') return false
  if (answer === undefined || answer.serverSeq === null) return version.isEdited
  // A merged INSERT means that another device had already imported the call.
  return version.version !== answer.serverSeq || (answer.state === 'merged' && answer.action === 'INSERT')
}

function decide(
  importId: Id,
  call: Call | undefined,
  history: readonly CallLine[],
  answers: ReadonlyMap<Id, Answer>,
  version: ServerVersion | undefined,
): Decision {
  const written = history.filter((line) => line.importId === importId && !line.isUndo)
  const last = written.at(-1)
  if (call === undefined || last === undefined) return { kind: 'gone' }
  const later = history.filter(({ rowid }) => rowid > last.rowid)
  if (later.some((line) => line.importId === importId)) return { kind: 'gone' }
  // Later imports that were undone do not count as edits. They raised the version on the server, so the version proves nothing then; the
  // server decides.
  const undone = new Set(later.flatMap((line) => (line.isUndo ? [line.importId] : [])))
  const edits = later.filter((line) => line.importId === null || !undone.has(line.importId))
  const isElsewhere = later.length === 0 && isChangedElsewhere(version, answers.get(last.id))
  const isEdited = edits.length > 0 || isElsewhere || !isAsWritten(call, written)
  if (isEdited) return { kind: 'keep' }
  return written[0]?.action === 'INSERT' ? { kind: 'remove' } : { kind: 'restore', patch: reversed(call, written) }
}

type Plan = { readonly decisions: ReadonlyMap<Id, Decision>; readonly next: number | null; readonly lines: number }

function planUndo({ db, actor }: OperationContext<ReadableDb>, importId: Id, after: number): Plan {
  const found = importedCalls(db, importId, after, UNDO_ROWS)
  const [first, last] = [found[0], found.at(-1)]
  if (first === undefined || last === undefined) return { decisions: new Map(), next: null, lines: 0 }
  const ids = [...new Set(found.map(({ id }) => id))]
  const calls = callsById(db, actor.clientId, ids)
  const histories = callLines(db, actor.clientId, ids)
  const answers = importAnswers(db, importId, first.rowid, last.rowid)
  const versions = serverVersions(db, actor.clientId, ids)
  const decisions = new Map<Id, Decision>()
  for (const id of ids) {
    const history = histories.get(id) ?? []
    // A call with several lines of one import is decided once, at its last line.
    const end = history.findLast((line) => line.importId === importId && !line.isUndo)?.rowid ?? 0
    if (end <= last.rowid) decisions.set(id, decide(importId, calls.get(id), history, answers, versions.get(id)))
  }
  return { decisions, next: found.length < UNDO_ROWS ? null : last.rowid, lines: found.length }
}

function stepOf({ decisions, next, lines }: Plan, unable: ReadonlySet<Id>): UndoStep {
  const count = (kind: Decision['kind']) =>
    [...decisions].filter(([id, decision]) => decision.kind === kind && !unable.has(id)).length
  return { removed: count('remove'), restored: count('restore'), kept: count('keep') + unable.size, next, lines }
}

/**
 * Returns the number of lines of an import.
 * @throws AppError NOT_FOUND if this device did not run the import; FORBIDDEN if another person did and the actor may not delete all calls.
 */
export function requireUndoable(context: MemberContext<ReadableDb>, importId: Id): number {
  const author = importAuthor(context.db, context.actor.clientId, importId)
  if (author === undefined) throw notFound('import')
  if (author.userId !== context.actor.userId && reach(context.role, 'calls.delete') !== 'all') throw forbidden('calls.delete')
  return author.lines
}

/** Returns what `undoImportStep` would do. */
export function checkUndoStep(context: MemberContext<ReadableDb>, importId: Id, after: number): UndoStep {
  requireUndoable(context, importId)
  return stepOf(planUndo(context, importId, after), new Set())
}

/** Undoes the next lines of an import, those after the line `after`. */
export function undoImportStep(context: MemberContext<WritableDb>, importId: Id, after: number): UndoStep {
  requireUndoable(context, importId)
  const { db } = context
  const seq = lastDeviceSeq(db)
  const plan = planUndo(context, importId, after)
  const unable = new Set<Id>()
  const undo = () => {
    for (const [id, decision] of plan.decisions)
      try {
        if (decision.kind === 'remove') deleteCall(db, id)
        else if (decision.kind === 'restore') updateCall(db, id, decision.patch)
      } catch (error) {
        // The earlier values may have become invalid, for example if their agent is now a viewer.
        if (!isAppError(error, 'INVALID')) throw error
        unable.add(id)
      }
  }
  recordLines(db, importId, true, () => indexTextTogether(db, [...plan.decisions.keys()], undo))
  // Each call is sent as its own transaction, so that the server can keep one that was edited meanwhile and accept the others.
  markImported(db, seq)
  return stepOf(plan, unable)
}

/** Deactivates the unused people and loss reasons that the import added, and records the undo in the audit trail. */
export function finishUndo(
  context: MemberContext<WritableDb>,
  importId: Id,
  counts: UndoCounts,
  end: { readonly cancelled: boolean },
): null {
  requireUndoable(context, importId)
  const { db, role } = context
  recordLines(db, importId, true, () => {
    if (reach(role, 'users.edit') === 'all') for (const id of idleAdditions(db, importId, 'users')) setUserActive(db, id, false)
    if (reach(role, 'loss_reasons.edit') === 'all')
      for (const id of idleAdditions(db, importId, 'loss_reasons')) setLossReasonActive(db, id, false)
  })
  const { removed, restored, kept } = counts
  recordEvent(db, {
    tableName: 'calls',
    recordId: importId,
    action: 'IMPORT',
    newValues: { undone: 1, removed, restored, kept, cancelled: end.cancelled ? 1 : 0 },
  })
  return null
}

/** Most imports in the list. */
const LISTED = 100

/** Returns the imports that this device ran, the newest first. */
export function listImports({ db, actor }: OperationContext<ReadableDb>): ImportRun[] {
  return listImportRuns(db, actor.clientId, LISTED).map(({ importId, at, userId, summary, undo }) => {
    const text = (value: unknown) => (typeof value === 'string' ? value : null)
    const count = (value: unknown) => (typeof value === 'number' ? value : null)
    return {
      importId,
      at,
      userId,
      fileName: text(summary?.['file_name']),
      source: text(summary?.['source']),
      created: count(summary?.['created']),
      updated: count(summary?.['updated']),
      undone:
        undo === null || undo['cancelled'] === 1
          ? null
          : {
              at: undo.at,
              removed: count(undo['removed']) ?? 0,
              restored: count(undo['restored']) ?? 0,
              kept: count(undo['kept']) ?? 0,
            },
    }
  })
}
