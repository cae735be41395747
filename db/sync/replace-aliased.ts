import { and, eq } from 'drizzle-orm'
import type { ClientId, LossReasonId, UserId } from '../../core/id.ts'
import type { Alias } from '../../core/sync/protocol.ts'
import { updateOf } from '../../platform/sqlite/prepared.ts'
import type { WritableDb } from '../open.ts'
import { statement, upsert, type Named } from '../prepared.ts'
import { calls, doNotCall } from '../schema.ts'
import { syncAliases, syncConflicts } from '../sync-schema.ts'
import { run } from '../statements.ts'
import { currentWrite } from '../write-transaction.ts'
import { giveSettings } from './forget-settings.ts'
import { deleteUnlessUsed } from './remove-rows.ts'
import { stepAside } from './step-aside.ts'
import { forgetVersion } from './versions.ts'

type Replacement<Kind extends string = string> = Named<{ clientId: ClientId; id: Kind; to: Kind }>

const saveAlias = upsert(syncAliases, [syncAliases.clientId, syncAliases.rowId])

const setPeople = statement((orm, { clientId, id, to }: Replacement<UserId>) =>
  updateOf(orm, calls, { userId: to }).where(and(eq(calls.clientId, clientId), eq(calls.userId, id))),
)

const setAuthors = statement((orm, { clientId, id, to }: Replacement<UserId>) =>
  updateOf(orm, doNotCall, { userId: to }).where(and(eq(doNotCall.clientId, clientId), eq(doNotCall.userId, id))),
)

const setLifters = statement((orm, { clientId, id, to }: Replacement<UserId>) =>
  updateOf(orm, doNotCall, { liftedBy: to }).where(and(eq(doNotCall.clientId, clientId), eq(doNotCall.liftedBy, id))),
)

const setReasons = statement((orm, { clientId, id, to }: Replacement<LossReasonId>) =>
  updateOf(orm, calls, { lossReasonId: to }).where(and(eq(calls.clientId, clientId), eq(calls.lossReasonId, id))),
)

const SET_REFERENCES = { users: [setPeople, setAuthors, setLifters], loss_reasons: [setReasons] } as const

const setConflicts = statement((orm, { clientId, id, to }: Replacement) =>
  updateOf(orm, syncConflicts, { rowId: to }).where(and(eq(syncConflicts.clientId, clientId), eq(syncConflicts.rowId, id))),
)

/** Call it before the rows of an answer are written, because they have the same names as the aliased rows. */
export function saveAliases(db: WritableDb, aliases: readonly Alias[]): void {
  const { clientId } = currentWrite(db)
  for (const { table, id, to } of aliases) {
    saveAlias(db, { clientId, tableName: table, rowId: id, toId: to })
    stepAside(db, table, id)
  }
}

/**
 * Call it after the rows of an answer are written. Lets calls, settings, drafts and conflicts point to the surviving rows and deletes the aliased
 * rows. This makes no operations: the server reads these calls with the surviving id anyway.
 */
export function replaceAliased(db: WritableDb, aliases: readonly Alias[]): void {
  const { clientId } = currentWrite(db)
  for (const { table, id, to } of aliases) {
    for (const set of SET_REFERENCES[table]) set(db, { clientId, id, to })
    if (table === 'users') giveSettings(db, id, to)
    for (const text of FOLLOW_IN_DRAFTS) run(db, text, { id, to })
    setConflicts(db, { clientId, id, to })
    forgetVersion(db, table, id)
    deleteUnlessUsed(db, table, id)
  }
}

/**
 * A draft contains ids in its values and in its form's name; no other text of a draft has the form of an id. SQL text: Drizzle has no OR
 * IGNORE.
 */
const FOLLOW_IN_DRAFTS = [
  'UPDATE local_drafts SET value = replace(value, :id, :to) WHERE instr(value, :id) > 0',
  'UPDATE OR IGNORE local_drafts SET form = replace(form, :id, :to) WHERE instr(form, :id) > 0',
]
