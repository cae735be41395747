import { sentence, clause } from '../../core/messages/sentence.ts'
import type { Text } from '../../core/messages/text.ts'
import type { ImportChange, ListedRow } from '../../core/contract/imports.ts'
import type { CallId, LossReasonId, UserId } from '../../core/id.ts'
import type { Call, CallFields, CallPatch } from '../../core/model/call.ts'
import { isNewlyPlanned, isPlannedOutbound } from '../../core/model/do-not-call.ts'
import { emailSchema } from '../../core/model/common.ts'
import { lossReasonSchema, userSchema } from '../../core/model/people.ts'
import { mayHaveCalls, reach } from '../../core/roles.ts'
import { uniqueKey } from '../../core/text/unique-key.ts'
import { insertCalls, restoreCall, updateCall } from '../../db/commands/calls.ts'
import { recordEvent } from '../../db/commands/events.ts'
import { insertLossReason, setLossReasonActive } from '../../db/commands/loss-reasons.ts'
import { insertUser, setUserActive } from '../../db/commands/users.ts'
import type { ReadableDb, WritableDb } from '../../db/open.ts'
import { recordLines } from '../../db/commands/import-lines.ts'
import {
  callsById,
  everDeletedCalls,
  namesEverHeld,
  undoneCalls,
  valuesEverHeld,
  valuesUndone,
  without,
  type HeldValues,
} from '../../db/queries/import-lookups.ts'
import { deactivatedByUndo } from '../../db/queries/import-lines.ts'
import { listLossReasons } from '../../db/queries/loss-reasons.ts'
import { listUsers } from '../../db/queries/users.ts'
import { throughAlias } from '../../db/sync/aliases.ts'
import { getDeviceState } from '../../db/sync/device-state.ts'
import { markImported } from '../../db/sync/outbox.ts'
import { lastDeviceSeq } from '../../db/queries/device-seq.ts'
import { indexTextTogether } from '../../db/text-index.ts'
import type { MemberContext, OperationContext } from '../declaration/operation.ts'
import { changedFields, differences, importChanges } from './import-changes.ts'
import {
  NO_PAST,
  type ImportChunk,
  type ImportChunkResult,
  type KnownPast,
  type ImportRow,
  type ImportSummary,
  type PastQuestion,
  type RowRefusal,
} from './import-chunk.ts'
import { listedAmong, type PlannedRow } from './listed-rows.ts'
import { isAnotherCall } from './key-evidence.ts'
import { Names, type Found, type NewRecord } from './resolve-names.ts'

type Plan = {
  readonly users: readonly NewRecord[]
  readonly lossReasons: readonly NewRecord[]
  readonly creations: readonly { readonly id: CallId; readonly fields: CallFields; readonly createdAt: number }[]
  /** Calls that the undo of an import deleted and that the server has. They are restored instead of created. */
  readonly restorations: readonly { readonly id: CallId; readonly fields: CallFields }[]
  /** People and loss reasons that an undo deactivated and that the file names again. */
  readonly reactivations: { readonly users: readonly UserId[]; readonly lossReasons: readonly LossReasonId[] }
  readonly updates: readonly { readonly id: CallId; readonly patch: CallPatch; readonly change: ImportChange }[]
  readonly unchanged: number
  readonly refused: readonly RowRefusal[]
  readonly doNotCall: readonly ListedRow[]
  /** Calls whose history is needed: those that are not on this device, and those whose values differ from the file. */
  readonly needHistory: readonly CallId[]
}

const MAX_NAME = userSchema.shape.name.maxLength ?? 200
/** Most characters of a file name in the audit trail. */
const MAX_FILE_NAME = 200
const MAX_REASON = lossReasonSchema.shape.name.maxLength ?? 100

function whyNotCreate(allowed: boolean, asked: boolean, who: 'admin' | 'team-lead'): Text | null {
  if (!asked) return clause('import.not-allowed')
  return allowed ? null : clause(`import.ask-${who}`)
}

/** Plans what to do with each row. Reads only. */
function planChunk(context: MemberContext<ReadableDb>, chunk: ImportChunk, past: KnownPast): Plan {
  const { db, actor, role } = context
  const { clientId } = actor
  const people = listUsers(db, clientId)
  const lossReasons = listLossReasons(db, clientId)
  const viewers = new Set(people.flatMap((person) => (mayHaveCalls(person.role) ? [] : [person.id])))
  const users = new Names(
    {
      kind: 'user',
      maxLength: MAX_NAME,
      whyNot: whyNotCreate(reach(role, 'users.edit') === 'all', chunk.createAgents, 'admin'),
    },
    clientId,
    people,
    () => [...namesEverHeld(db, clientId, 'users'), ...past.names.filter(({ table }) => table === 'users')],
    (id) => throughAlias(db, id),
  )
  const reasons = new Names(
    {
      kind: 'loss_reason',
      maxLength: MAX_REASON,
      whyNot: whyNotCreate(reach(role, 'loss_reasons.edit') === 'all', chunk.createLossReasons, 'team-lead'),
    },
    clientId,
    lossReasons,
    () => [...namesEverHeld(db, clientId, 'loss_reasons'), ...past.names.filter(({ table }) => table === 'loss_reasons')],
    (id) => throughAlias(db, id),
  )
  const ids = chunk.rows.map(({ id }) => id)
  const existing = callsById(db, clientId, ids)
  const absent = ids.filter((id) => !existing.has(id))
  const deleted = everDeletedCalls(db, clientId, absent)
  const undone = undoneCalls(db, clientId, absent)
  for (const id of past.deleted) if (!existing.has(id) && !undone.has(id)) deleted.add(id)
  const isConnected = getDeviceState(db).serverUrl !== null
  const needHistory = [...absent]
  const creations: Plan['creations'][number][] = []
  const restorations: { id: CallId; fields: CallFields }[] = []
  const used = { users: new Set<UserId>(), lossReasons: new Set<LossReasonId>() }
  const updates: { id: CallId; patch: CallPatch; change: ImportChange }[] = []
  const planned: PlannedRow[] = []
  const refused: RowRefusal[] = []
  let unchanged = 0

  /** Returns the person of an exported row, if they still have the name. Several people may have it. */
  const exported = (id: UserId | undefined, name: string): Found | undefined => {
    const person = id === undefined ? undefined : people.find((each) => each.id === throughAlias(db, id))
    return person !== undefined && uniqueKey(person.name) === uniqueKey(name) ? { id: person.id, create: null } : undefined
  }

  const resolved = ({
    line,
    agent,
    agentId,
    lossReason,
  }: ImportRow): { readonly owner: Found; readonly reason: Found | null } | undefined => {
    const owner = agent === null ? { id: actor.userId, create: null } : (exported(agentId, agent) ?? users.resolve(agent))
    const reason = lossReason === null ? null : reasons.resolve(lossReason)
    if ('refusal' in owner) refused.push({ line, field: 'agent', ...owner.refusal })
    else if (reason !== null && 'refusal' in reason) refused.push({ line, field: 'lossReason', ...reason.refusal })
    else return { owner, reason }
    return undefined
  }

  const changesFor = (call: Call, row: ImportRow, stated: CallFields): CallPatch => {
    const differing = differences(call, stated, chunk.fields)
    if (differing.length > 0) needHistory.push(call.id)
    const held = differing.length === 0 ? undefined : everHeld(db, call, past)
    if (held === undefined) return {}
    return importChanges(call, stated, differing, held, {
      owner: (id) => row.agent !== null && users.hasName(id, row.agent),
      lossReason: (id) => row.lossReason !== null && reasons.hasName(id, row.lossReason),
    })
  }

  const nameOf = (id: UserId) => people.find((person) => person.id === id)?.name ?? id
  const reasonOf = (id: LossReasonId) => lossReasons.find((reason) => reason.id === id)?.name ?? id
  const changeOf = (call: Call, row: ImportRow, patch: CallPatch): ImportChange => {
    const moved = patch.completedAt ?? patch.scheduledAt
    return {
      line: row.line,
      prospectName: call.prospectName,
      isAnotherCall: typeof moved === 'number' && isAnotherCall(call, moved),
      fields: changedFields(call, patch).map(({ field, before, after }) => {
        if (field === 'userId') return { field, before: nameOf(call.userId), after: row.agent ?? nameOf(actor.userId) }
        if (field === 'lossReasonId')
          return { field, before: call.lossReasonId === null ? null : reasonOf(call.lossReasonId), after: row.lossReason }
        return { field, before, after }
      }),
    }
  }

  for (const row of chunk.rows) {
    // A call that a person deleted stays deleted, even if the file contains it. Only a person restores it.
    if (deleted.has(row.id)) {
      unchanged++
      continue
    }
    const found = resolved(row)
    if (found === undefined) continue
    const { owner, reason } = found
    const fields: CallFields = { ...row.call, userId: owner.id, lossReasonId: reason?.id ?? null }
    const call = existing.get(row.id)
    const patch = call === undefined ? fields : changesFor(call, row, fields)
    if (patch.userId !== undefined && viewers.has(patch.userId)) {
      refused.push({ line: row.line, field: 'agent', ...sentence('import.viewer', { name: row.agent ?? '' }) })
      continue
    }
    const isUpdate = call !== undefined && Object.keys(patch).length > 0
    if (isUpdate && !chunk.overwrite) {
      refused.push({ line: row.line, field: null, ...sentence('import.overwrites') })
      continue
    }
    // New people and reasons are created only for values that are written.
    if (patch.userId === owner.id) {
      users.require(owner)
      used.users.add(owner.id)
    }
    if (reason !== null && patch.lossReasonId === reason.id) {
      reasons.require(reason)
      used.lossReasons.add(reason.id)
    }
    if (call === undefined ? isPlannedOutbound(fields) : isNewlyPlanned(call, { ...call, ...patch }))
      planned.push({ line: row.line, ...(call ?? fields), ...patch })
    if (call === undefined && isConnected && undone.has(row.id)) restorations.push({ id: row.id, fields })
    else if (call === undefined)
      creations.push({ id: row.id, fields, createdAt: Math.min(row.createdAt ?? context.now, context.now) })
    else if (!isUpdate) unchanged++
    else updates.push({ id: row.id, patch, change: changeOf(call, row, patch) })
  }
  const inactive = people.some(({ isActive }) => !isActive) || lossReasons.some(({ isActive }) => !isActive)
  const reactivations = {
    users: inactive ? deactivatedByUndo(db, clientId, 'users').filter((id) => used.users.has(id)) : [],
    lossReasons: inactive ? deactivatedByUndo(db, clientId, 'loss_reasons').filter((id) => used.lossReasons.has(id)) : [],
  }
  const made = { users: users.created, lossReasons: reasons.created, reactivations }
  const doNotCall = listedAmong(context, planned)
  return { ...made, creations, restorations, updates, unchanged, refused, doNotCall, needHistory }
}

/**
 * Returns every value that the columns of a call have had, by the audit trails of this device and of the server. Undefined if neither
 * trail reaches back to the creation of the call.
 */
function everHeld(db: ReadableDb, { clientId, id }: Call, past: KnownPast): HeldValues | undefined {
  const here = valuesEverHeld(db, clientId, id)
  const there = past.held[id]
  if (there === undefined) return here
  const undone = valuesUndone(db, clientId, id)
  const held = new Map(Object.entries(there).map(([column, values]) => [column, without(values, undone.get(column))]))
  for (const [column, values] of here ?? []) held.set(column, new Set([...(held.get(column) ?? []), ...values]))
  return held
}

function resultOf({
  users,
  lossReasons,
  creations,
  restorations,
  updates,
  unchanged,
  refused,
  doNotCall,
}: Plan): ImportChunkResult {
  return {
    created: creations.length + restorations.length,
    updated: updates.length,
    unchanged,
    refused,
    changes: updates.map(({ change }) => change),
    createdUsers: users.map(({ name }) => name),
    createdLossReasons: lossReasons.map(({ name }) => name),
    doNotCall,
  }
}

/** Returns an e-mail address made of the name. Its top-level domain is reserved and never exists. */
function placeholderEmail({ id, name }: NewRecord, taken: ReadonlySet<string>): string {
  const given = emailSchema.safeParse(name)
  if (given.success) return given.data
  const ascii = name
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '.')
    .replaceAll(/^\.|\.$/g, '')
  const slug = ascii.slice(0, 50).replace(/\.$/, '') || `agent-${id.slice(-8)}`
  const first = `${slug}@imported.invalid`
  return taken.has(uniqueKey(first)) ? `${slug}-${id.slice(-8)}@imported.invalid` : first
}

/** Creates and updates the calls of a chunk, and the agents and loss reasons that they need. */
export function applyImportChunk(
  context: MemberContext<WritableDb>,
  chunk: ImportChunk,
  past: KnownPast = NO_PAST,
): ImportChunkResult {
  const before = lastDeviceSeq(context.db)
  const plan = planChunk(context, chunk, past)
  recordLines(context.db, chunk.importId, false, () => writePlan(context, plan))
  // Each row is sent as its own transaction, so that one refused row does not cause others to be refused.
  markImported(context.db, before)
  return resultOf(plan)
}

function writePlan({ db, actor, now }: OperationContext<WritableDb>, plan: Plan): void {
  const { clientId } = actor
  if (plan.users.length > 0) {
    const taken = new Set(listUsers(db, clientId).map(({ email }) => uniqueKey(email)))
    for (const user of plan.users) {
      const email = placeholderEmail(user, taken)
      taken.add(uniqueKey(email))
      insertUser(db, { ...user, clientId, email, role: 'agent', passwordHash: null, isActive: true, createdAt: now })
    }
  }
  for (const reason of plan.lossReasons)
    insertLossReason(db, { ...reason, clientId, description: null, isActive: true, createdAt: now })
  insertCalls(
    db,
    plan.creations.map(({ id, fields, createdAt }) => ({ ...fields, id, clientId, createdAt })),
  )
  for (const id of plan.reactivations.users) setUserActive(db, id, true)
  for (const id of plan.reactivations.lossReasons) setLossReasonActive(db, id, true)
  const written = [...plan.restorations, ...plan.updates].map(({ id }) => id)
  indexTextTogether(db, written, () => {
    for (const { id, fields } of plan.restorations) {
      const restored = restoreCall(db, id)
      const given = Object.entries(fields).filter(([field, value]) => restored[field as keyof CallFields] !== value)
      updateCall(db, id, Object.fromEntries(given))
    }
    for (const { id, patch } of plan.updates) updateCall(db, id, patch)
  })
}

/** Returns what `applyImportChunk` would do. */
export function checkImportChunk(
  context: MemberContext<ReadableDb>,
  chunk: ImportChunk,
  past: KnownPast = NO_PAST,
): ImportChunkResult {
  return resultOf(planChunk(context, { ...chunk, overwrite: true }, past))
}

/** Returns the question for the server before the chunk is applied; null on an unconnected device. */
export function questionOfChunk(context: MemberContext<ReadableDb>, chunk: ImportChunk): PastQuestion | null {
  if (getDeviceState(context.db).serverUrl === null) return null
  const { needHistory, users, lossReasons, refused } = planChunk(context, { ...chunk, overwrite: true }, NO_PAST)
  const names = users.length + lossReasons.length + refused.length > 0
  return needHistory.length === 0 && !names ? null : { ids: [...needHistory], names }
}

/** Records the one IMPORT event of a run in the audit trail. */
export function recordImport({ db }: OperationContext<WritableDb>, summary: ImportSummary): null {
  const { importId, source, fileName, rows, created, updated, unchanged, refused, cancelled } = summary
  const file = fileName === null ? {} : { file_name: fileName.slice(0, MAX_FILE_NAME) }
  const newValues = { ...file, source, rows, created, updated, unchanged, refused, cancelled: cancelled ? 1 : 0 }
  recordEvent(db, { tableName: 'calls', recordId: importId, action: 'IMPORT', newValues })
  return null
}
