import { and, eq, ne, sql } from 'drizzle-orm'
import type { ClientId, UserId } from '../../core/id.ts'
import { userSettingId } from '../../core/model/user-settings.ts'
import { personInRowId, rowIdOfPerson } from '../../core/sync/row-person.ts'
import type { WritableDb } from '../open.ts'
import { insertRow } from '../commands/changes.ts'
import { query, statement, type Named } from '../prepared.ts'
import { auditLogs, clientSettings, userSettings } from '../schema.ts'
import { currentWrite } from '../write-transaction.ts'
import { pendingOverlays } from './outbox.ts'
import { forgetVersion } from './versions.ts'

/*
 * Settings that name a person: their own settings, and their targets. They are removed from a file that may no longer contain them. If a person
 * is an alias of another, they become those of the other person (S11).
 */

type OfClient = Named<{ clientId: ClientId }>

const clientKeys = query((orm, { clientId }: OfClient) =>
  orm
    .select({ id: clientSettings.key, value: clientSettings.value })
    .from(clientSettings)
    .where(eq(clientSettings.clientId, clientId)),
)

const settingsOfPeople = query((orm, { clientId }: OfClient) =>
  orm
    .select({ id: userSettings.id, userId: userSettings.userId, key: userSettings.key, value: userSettings.value })
    .from(userSettings)
    .where(eq(userSettings.clientId, clientId)),
)

const deleteClientSetting = statement((orm, { clientId, id }: Named<{ clientId: ClientId; id: string }>) =>
  orm.delete(clientSettings).where(and(eq(clientSettings.clientId, clientId), eq(clientSettings.key, id))),
)

const deleteUserSetting = statement((orm, { clientId, id }: Named<{ clientId: ClientId; id: string }>) =>
  orm.delete(userSettings).where(and(eq(userSettings.clientId, clientId), eq(userSettings.id, id))),
)

const deleteLinesOfOthers = statement((orm, { userId }: Named<{ userId: UserId }>) =>
  orm
    .delete(auditLogs)
    .where(and(eq(auditLogs.tableName, 'user_settings'), ne(sql`substr(${auditLogs.recordId}, 1, 36)`, userId))),
)

/** Deletes the targets of other people. A target that is waiting for its answer is kept until the server refuses it. */
export function forgetTargetsOfOthers(db: WritableDb, userId: UserId): void {
  const { clientId } = currentWrite(db)
  const others = clientKeys.all(db, { clientId }).flatMap(({ id }) => {
    const person = personInRowId('client_settings', id)
    return person === null || person === userId ? [] : [id]
  })
  const waiting = pendingOverlays(db, 'client_settings', others)
  for (const id of others) {
    forgetVersion(db, 'client_settings', id)
    if (waiting.get(id)?.exists !== true) deleteClientSetting(db, { clientId, id })
  }
}

/** Deletes the settings of everyone except one person, with their lines of the trail. Returns whether there were any. */
export function forgetSettingsOfOthers(db: WritableDb, userId: UserId): boolean {
  const { clientId } = currentWrite(db)
  const others = settingsOfPeople.all(db, { clientId }).filter((setting) => setting.userId !== userId)
  for (const { id } of others) {
    forgetVersion(db, 'user_settings', id)
    deleteUserSetting(db, { clientId, id })
  }
  deleteLinesOfOthers(db, { userId })
  return others.length > 0
}

/** Moves the settings and targets of an aliased person to the surviving person. If both have one, the surviving person's is kept. */
export function giveSettings(db: WritableDb, from: UserId, to: UserId): void {
  const { clientId } = currentWrite(db)
  const targets = clientKeys.all(db, { clientId })
  for (const { id, value } of targets) {
    if (personInRowId('client_settings', id) !== from) continue
    const key = rowIdOfPerson('client_settings', id, to)
    if (!targets.some((each) => each.id === key)) insertRow(db, clientSettings, { clientId, key, value })
    forgetVersion(db, 'client_settings', id)
    deleteClientSetting(db, { clientId, id })
  }
  const settings = settingsOfPeople.all(db, { clientId })
  for (const { id, userId, key, value } of settings) {
    if (userId !== from) continue
    const given = userSettingId(to, key)
    if (!settings.some((each) => each.id === given)) insertRow(db, userSettings, { clientId, id: given, userId: to, key, value })
    forgetVersion(db, 'user_settings', id)
    deleteUserSetting(db, { clientId, id })
  }
}
