import { z } from 'zod'
import { callIdSchema, idSchema } from '../id.ts'
import { SMALL_JSON, exceededBound } from '../json-bounds.ts'
import { callIssues } from '../model/call.ts'
import { CALL_COLUMNS, CALL_FIELD_NAMES, CALL_OUTCOME_UNIT, describeField } from '../model/call-fields.ts'
import { passwordHashSchema, timestampSchema } from '../model/common.ts'
import { contactHashSchema, doNotCallReasonSchema } from '../model/do-not-call-entry.ts'
import { clientSchema, lossReasonSchema, userSchema } from '../model/people.ts'
import { brokenSharedView, isViewKey } from '../model/saved-views.ts'
import { settingsSchema } from '../model/settings.ts'
import { brokenTarget, isTargetKey } from '../model/targets.ts'
import { isUserSettingKey, parseUserSettingId, userSettingId } from '../model/user-settings.ts'

/** A value of a column, on the wire and in the databases: text, a whole number, or a boolean as 0 or 1. */
export type Scalar = string | number | null

/**
 * Who may receive a column.
 * `users.read`: people whose role has that permission, and the person that the row is about. `self`: only that person.
 */
type Audience = 'everyone' | 'users.read' | 'self'

/**
 * Who sets a column: any operation, only the INSERT that creates the row, or only the server. No operation contains a `server` column.
 */
type Writer = 'operation' | 'insert' | 'server'

export type Column = {
  readonly name: string
  readonly audience: Audience
  readonly writer: Writer
  /** The table of the row that it refers to, within the client. */
  readonly refersTo?: 'users' | 'loss_reasons'
  /** Whether all rows of the client have different values, compared by `uniqueKey`. */
  readonly unique: boolean
  readonly schema: z.ZodType
  /**
   * A column that earlier versions of the protocol do not have. It is left out of a page in which all rows have null, so that a device of an
   * earlier version can read the page (S22). The receiver reads an absent one as null.
   */
  readonly isSparse?: true
}

export type SyncTable = {
  /** Data columns. The row's id and client are its identity and are in no list of columns. */
  readonly columns: readonly Column[]
  /** Columns that merge as one value (S9). Every other column merges alone. */
  readonly units: readonly (readonly string[])[]
  /** Returns the first broken rule about several columns. A rule reads only one unit, so a merge cannot break it. */
  readonly broken?: (values: Readonly<Record<string, Scalar>>) => Broken | undefined
  readonly deletable: boolean
  /** Each row belongs to the person in `user_id`. Only that person writes and receives it. Default: the rows belong to the client. */
  readonly isPersonal?: true
}

/** A broken rule: the column at which it is shown, and what to do. */
export type Broken = { readonly field: string; readonly message: string }

type ColumnOptions = { [K in 'audience' | 'writer' | 'refersTo' | 'unique' | 'isSparse']?: Column[K] | undefined }

function define(name: string, schema: z.ZodType, options: ColumnOptions = {}): Column {
  const { audience = 'everyone', writer = 'operation', unique = false, refersTo, isSparse } = options
  return {
    ...{ name, schema, audience, writer, unique },
    ...(refersTo === undefined ? {} : { refersTo }),
    ...(isSparse === undefined ? {} : { isSparse }),
  }
}

const flag = z.literal([0, 1])
const createdAt = (audience?: Audience) => define('created_at', timestampSchema, { writer: 'insert', audience })
const updatedAt = (audience?: Audience) => define('updated_at', timestampSchema, { writer: 'server', audience })

const user = userSchema.shape
const reason = lossReasonSchema.shape
const client = clientSchema.shape

const usersRead = { audience: 'users.read' } as const

/**
 * The only description of the synced data. Operations, row pages, scopes, the server's tables and the allowlist of S16 are derived from it,
 * so a column that is not listed here is never sent. Parents come before children.
 */
export const SYNC_TABLES = {
  clients: {
    columns: [
      define('name', client.name),
      define('email', client.email),
      define('phone', client.phone),
      define('address', client.address),
      define('is_active', flag, { writer: 'server' }),
      createdAt(),
      updatedAt(),
    ],
    units: [],
    deletable: false,
  },
  users: {
    columns: [
      define('name', user.name),
      define('role', user.role),
      define('is_active', flag),
      define('email', user.email, { ...usersRead, unique: true }),
      define('last_login', user.lastLogin, { ...usersRead, writer: 'server' }),
      createdAt('users.read'),
      updatedAt('users.read'),
      define('password_hash', passwordHashSchema.nullable(), { audience: 'self' }),
    ],
    units: [],
    deletable: false,
  },
  loss_reasons: {
    columns: [
      define('name', reason.name, { unique: true }),
      define('description', reason.description),
      define('is_active', flag),
      createdAt(),
      updatedAt(),
    ],
    units: [],
    deletable: false,
  },
  client_settings: {
    columns: [define('value', z.string().max(65_536))],
    units: [],
    deletable: false,
  },
  user_settings: {
    columns: [
      define('user_id', idSchema, { writer: 'insert', refersTo: 'users' }),
      define('key', z.string().refine(isUserSettingKey, 'Not the key of a setting'), { writer: 'insert' }),
      define('value', z.string().max(65_536)),
    ],
    units: [],
    deletable: false,
    isPersonal: true,
  },
  do_not_call: {
    columns: [
      define('contact_hash', contactHashSchema, { writer: 'insert' }),
      define('reason', doNotCallReasonSchema, { writer: 'insert' }),
      define('user_id', idSchema, { writer: 'insert', refersTo: 'users' }),
      createdAt(),
      define('lifted_at', timestampSchema.nullable()),
      define('lifted_by', idSchema.nullable(), { refersTo: 'users' }),
    ],
    units: [['lifted_at', 'lifted_by']],
    broken: ({ lifted_at: at, lifted_by: by }) =>
      (at === null) === (by === null) ? undefined : { field: 'lifted_by', message: 'A lifted entry names who lifted it' },
    deletable: false,
  },
  calls: {
    columns: [
      ...CALL_FIELD_NAMES.map((field) => {
        const { column, schema, refersTo } = describeField(field)
        return define(column, schema, { refersTo })
      }),
      createdAt(),
      updatedAt(),
      // No `refersTo`: the other call may be deleted or not visible to the person.
      define('follows_call_id', callIdSchema.nullable(), { writer: 'insert', isSparse: true }),
    ],
    units: [CALL_OUTCOME_UNIT.map((field) => CALL_COLUMNS[field])],
    broken: brokenCall,
    deletable: true,
  },
} as const satisfies Record<string, SyncTable>

export type SyncTableName = keyof typeof SYNC_TABLES
export const SYNC_TABLE_NAMES = Object.keys(SYNC_TABLES) as readonly SyncTableName[]

/** The columns of a line of the audit trail as it crosses the wire. A line has no client: the request determines it. */
export const AUDIT_COLUMNS = [
  'id',
  'user_id',
  'table_name',
  'record_id',
  'action',
  'old_values',
  'new_values',
  'ip_address',
  'user_agent',
  'created_at',
] as const

/** Tables in which a new row may become an alias of an existing one (S11). */
export const MERGED_TABLES = ['users', 'loss_reasons'] as const satisfies readonly SyncTableName[]
export type MergedTable = (typeof MERGED_TABLES)[number]

export function isMergedTable(name: string): name is MergedTable {
  return MERGED_TABLES.some((each) => each === name)
}

/** Returns whether each row belongs to one person, and only that person writes and receives it. */
export function isPersonal(name: SyncTableName): boolean {
  return syncTable(name).isPersonal === true
}

export function isSyncTable(name: string): name is SyncTableName {
  return Object.hasOwn(SYNC_TABLES, name)
}

/** The description of `name` by its general type. */
export function syncTable(name: SyncTableName): SyncTable {
  return SYNC_TABLES[name]
}

const columnsByName = new Map<SyncTableName, ReadonlyMap<string, Column>>(
  SYNC_TABLE_NAMES.map((name) => [name, new Map(SYNC_TABLES[name].columns.map((each) => [each.name, each]))]),
)

export function columnOf(table: SyncTableName, name: string): Column | undefined {
  return columnsByName.get(table)?.get(name)
}

const uniqueByTable = new Map<SyncTableName, readonly string[]>(
  SYNC_TABLE_NAMES.map((name) => [name, syncTable(name).columns.flatMap((each) => (each.unique ? [each.name] : []))]),
)

/** Returns the columns whose values must be unique within a client. */
export function uniqueColumns(table: SyncTableName): readonly string[] {
  return uniqueByTable.get(table) ?? []
}

const unitsByColumn = new Map<SyncTableName, ReadonlyMap<string, readonly string[]>>(
  SYNC_TABLE_NAMES.map((name) => {
    const { columns, units } = syncTable(name)
    const unitOfColumn = (column: string) => units.find((unit) => unit.includes(column)) ?? [column]
    return [name, new Map(columns.map((each) => [each.name, unitOfColumn(each.name)]))]
  }),
)

const sparseByTable = new Map<SyncTableName, readonly string[]>(
  SYNC_TABLE_NAMES.map((name) => [name, syncTable(name).columns.flatMap((each) => (each.isSparse === true ? [each.name] : []))]),
)

/** Returns the columns that a page may leave out. */
export function sparseColumns(table: SyncTableName): readonly string[] {
  return sparseByTable.get(table) ?? []
}

/**
 * Returns the columns that merge together with `column`, including it (S9). An operation that contains one of them contains all, so
 * that it proposes a whole valid unit, even if the row has changed meanwhile.
 */
export function unitOf(table: SyncTableName, column: string): readonly string[] {
  return unitsByColumn.get(table)?.get(column) ?? [column]
}

/** Returns the name under which a column's version is stored: the first column of its unit. */
export function versionKey(table: SyncTableName, column: string): string {
  return unitOf(table, column)[0] ?? column
}

function brokenCall(values: Readonly<Record<string, Scalar>>): Broken | undefined {
  const { status, outcome, loss_reason_id: lossReasonId, completed_at: completedAt } = values
  const fields = { status, outcome, lossReasonId, completedAt } as Parameters<typeof callIssues>[0]
  const [issue] = callIssues(fields)
  return issue === undefined ? undefined : { field: CALL_COLUMNS[issue.path], message: issue.message }
}

/**
 * Returns why `column` cannot have `value`; undefined if it can. The model's schemas also normalise values: they trim, and turn an empty
 * text into null. A value that this would change is refused, because the server must store exactly the value that the device has.
 */
export function brokenValue(column: Column, value: Scalar): string | undefined {
  if (typeof value === 'string' && (!value.isWellFormed() || value.includes('\0'))) return 'Text that a database cannot store'
  const parsed = column.schema.safeParse(value)
  if (!parsed.success) return parsed.error.issues[0]?.message ?? 'Invalid'
  return Object.is(parsed.data, value) ? undefined : 'Not in its stored form'
}

/** Returns the first column with which the row `id` breaks a rule about its id and its values; undefined if it breaks none. */
export function brokenSettingRow(table: SyncTableName, id: string, values: Readonly<Record<string, Scalar>>): string | undefined {
  if (table === 'client_settings') return brokenSetting(id, String(values['value'])) === undefined ? undefined : 'value'
  if (table !== 'user_settings') return undefined
  const { user_id: userId, key } = values
  // An UPDATE contains neither.
  if (userId !== undefined && userSettingId(String(userId), String(key)) !== id) return 'key'
  return typeof decodedSetting(String(values['value'])) === 'string' ? 'value' : undefined
}

/** Returns the value of a setting as a member of an object, or the reason why the text is not a value. */
function decodedSetting(json: string): { readonly value: unknown } | string {
  if (exceededBound(json, SMALL_JSON) !== null) return 'Larger than any setting'
  try {
    return { value: JSON.parse(json) as unknown }
  } catch {
    return 'Not JSON'
  }
}

/** Returns why the client's setting `key` cannot have `value`. An unknown setting is refused, because it cannot be checked. */
export function brokenSetting(key: string, value: string): string | undefined {
  const isStructured = isTargetKey(key) || isViewKey(key)
  const schema = Object.hasOwn(settingsSchema.shape, key)
    ? settingsSchema.shape[key as keyof typeof settingsSchema.shape]
    : undefined
  if (schema === undefined && !isStructured) return 'This server does not support the setting'
  const found = decodedSetting(value)
  if (typeof found === 'string') return found
  if (schema === undefined) return isTargetKey(key) ? brokenTarget(key, found.value) : brokenSharedView(key, found.value)
  return schema.safeParse(found.value).success ? undefined : 'The value does not fit the setting'
}

/** Whether `id` has the form of a row id of `table`: a UUIDv7, a setting's key, or a person's setting. */
export function isRowId(table: SyncTableName, id: string): boolean {
  if (table === 'user_settings') return parseUserSettingId(id) !== null
  return table === 'client_settings' ? id.length > 0 && id.length <= 100 : idSchema.safeParse(id).success
}
