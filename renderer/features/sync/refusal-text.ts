import { i18n, type MessageDescriptor } from '@lingui/core'
import { msg, select, t } from '@lingui/core/macro'
import type { SyncTableName } from '../../../core/sync/tables.ts'
import type { z } from 'zod'
import { fieldLabel } from '../audit/audit-labels.ts'
import type { rejectionSchema } from '../../../core/contract/sync.ts'

type Rejection = Pick<z.infer<typeof rejectionSchema>, 'code' | 'action' | 'table' | 'field'>

type Thing = { readonly name: MessageDescriptor; readonly after: (action: Rejection['action']) => string }

/** The records of each table: their name, and the record after an action. */
const THINGS: Readonly<Record<string, Thing>> = {
  calls: {
    name: msg`call`,
    after: (action) =>
      select(action, { INSERT: 'New call', DELETE: 'Deleted call', RESTORE: 'Restored call', other: 'Changed call' }),
  },
  do_not_call: {
    name: msg`do-not-call entry`,
    after: (action) =>
      select(action, {
        INSERT: 'New do-not-call entry',
        DELETE: 'Deleted do-not-call entry',
        RESTORE: 'Restored do-not-call entry',
        other: 'Changed do-not-call entry',
      }),
  },
  users: {
    name: msg`user`,
    after: (action) =>
      select(action, { INSERT: 'New user', DELETE: 'Deleted user', RESTORE: 'Restored user', other: 'Changed user' }),
  },
  loss_reasons: {
    name: msg`loss reason`,
    after: (action) =>
      select(action, {
        INSERT: 'New loss reason',
        DELETE: 'Deleted loss reason',
        RESTORE: 'Restored loss reason',
        other: 'Changed loss reason',
      }),
  },
  client_settings: {
    name: msg`setting`,
    after: (action) =>
      select(action, { INSERT: 'New setting', DELETE: 'Deleted setting', RESTORE: 'Restored setting', other: 'Changed setting' }),
  },
  user_settings: {
    name: msg`personal setting`,
    after: (action) =>
      select(action, {
        INSERT: 'New personal setting',
        DELETE: 'Deleted personal setting',
        RESTORE: 'Restored personal setting',
        other: 'Changed personal setting',
      }),
  },
  clients: {
    name: msg`client`,
    after: (action) =>
      select(action, { INSERT: 'New client', DELETE: 'Deleted client', RESTORE: 'Restored client', other: 'Changed client' }),
  },
} satisfies Record<SyncTableName, Thing>

/** A newer server may have a table that this release does not have. */
function unknownThing(action: Rejection['action'], table: string): string {
  return select(action, {
    INSERT: `New ${table}`,
    DELETE: `Deleted ${table}`,
    RESTORE: `Restored ${table}`,
    other: `Changed ${table}`,
  })
}

/** Returns who changed the same value of a record. For calls the screen names the prospect. */
export function conflictText(table: string, winner: string, loser: string): string {
  const name = THINGS[table]?.name
  const thing = name === undefined ? table : i18n.t(name)
  return t`${winner} and ${loser} changed the same value at the same time, in ${thing}.`
}

/** Returns what was refused and why, in one line. */
export function refusalText({ code, action, table, field }: Rejection): string {
  const what = THINGS[table]?.after(action) ?? unknownThing(action, table)
  const at = field === null ? '' : ` (${fieldLabel(field)})`
  switch (code) {
    case 'FORBIDDEN':
      return t`${what}: your role does not allow it` + at
    case 'NOT_FOUND':
      return t`${what}: you no longer have access to it`
    case 'DELETED':
      return t`${what}: someone deleted it meanwhile`
    case 'INVALID':
      if (table === 'calls' && field === 'user_id') return t`${what}: this person cannot have calls. Choose another agent`
      return t`${what}: a value is not valid` + at
    case 'CONFLICT':
      return t`${what}: it conflicts with another record` + at
    case 'TRANSACTION':
      return t`${what}: it belongs to a change that was refused`
  }
}
