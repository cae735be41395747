import type { UserId } from '../id.ts'
import { DATA_ACTIONS, type AuditAction } from '../model/audit.ts'
import { reach, type Role } from '../roles.ts'
import { personInRowId } from './row-person.ts'
import { columnOf, isPersonal, isSyncTable } from './tables.ts'

/** The reader of the audit trail. */
export type TrailReader = { readonly role: Role; readonly userId: UserId }

type TrailValues = Readonly<Record<string, string | number | null>> | null

/** The fields of a line that this module reads; other fields are passed through. */
export type TrailLine = {
  readonly userId: UserId | null
  readonly tableName: string
  readonly recordId: string
  readonly action: AuditAction
  readonly oldValues: TrailValues
  readonly newValues: TrailValues
  readonly ipAddress: string | null
  readonly userAgent: string | null
}

/** Columns that only identify the record; they are in no list of columns of `SYNC_TABLES`. */
const IDENTITY: ReadonlySet<string> = new Set(['id', 'client_id', 'key'])

/** A person's details are visible to roles that may read users, and to that person. */
function readsDetails({ role, userId }: TrailReader, aboutId: string | null): boolean {
  return reach(role, 'users.read') === 'all' || aboutId === userId
}

/**
 * Whether the reader may see values of a column in the trail of a record that their role lets them read (S16). The audience of a
 * column in the trail is its audience in the row. Columns with the audience `self` are secrets, and the trail shows them to no one.
 * A column that this release does not describe is shown, but not for another person's account.
 */
export function mayReadTrailColumn(reader: TrailReader, table: string, recordId: string, column: string): boolean {
  if (IDENTITY.has(column)) return true
  const audience = isSyncTable(table) ? columnOf(table, column)?.audience : undefined
  if (audience === 'everyone') return true
  if (audience === 'self') return false
  return table !== 'users' || readsDetails(reader, recordId)
}

/**
 * Whether the line is about a change that another person made to their own settings. A refused attempt to change another person's settings
 * contains none of them, so it is shown like other refused operations.
 */
function isOfAnothersSettings({ tableName, recordId, userId }: TrailLine, reader: TrailReader): boolean {
  if (!isSyncTable(tableName) || !isPersonal(tableName)) return false
  const person = personInRowId(tableName, recordId)
  return person !== reader.userId && (person === null || person === userId)
}

/**
 * Returns the line without the columns, network address and device that the reader may not see. Returns null if no part of the line is
 * visible, for example a sign-in of another person, because `last_login` is a detail of that person. The caller has already checked that
 * the reader may see the record.
 */
export function shownTrailLine<L extends TrailLine>(line: L, reader: TrailReader): L | null {
  const { tableName, recordId, action } = line
  if (isOfAnothersSettings(line, reader)) return null
  const isDetail = tableName === 'users' && !readsDetails(reader, recordId)
  const isData = DATA_ACTIONS.some((each) => each === action)
  if (isDetail && !isData && action !== 'SYNC_REJECTED') return null
  const only = (values: TrailValues): TrailValues =>
    values === null
      ? null
      : Object.fromEntries(Object.entries(values).filter(([name]) => mayReadTrailColumn(reader, tableName, recordId, name)))
  const [oldValues, newValues] = [only(line.oldValues), only(line.newValues)]
  if (isDetail && isEmpty(oldValues) && isEmpty(newValues)) return null
  const isOrigin = readsDetails(reader, line.userId)
  const { ipAddress, userAgent } = isOrigin ? line : { ipAddress: null, userAgent: null }
  return { ...line, oldValues, newValues, ipAddress, userAgent }
}

function isEmpty(values: TrailValues): boolean {
  return values === null || Object.keys(values).length === 0
}
