import type { ClientId } from '../id.ts'
import { uniqueKey } from '../text/unique-key.ts'
import { fieldVersion } from './field-versions.ts'
import type { JudgedOperation, SyncRow, RowState } from './judge.ts'
import type { Values } from './merge.ts'
import { personInRowId, rowIdOfPerson } from './row-person.ts'
import { columnOf, isMergedTable, isSyncTable, unitOf, type MergedTable, type Scalar, type SyncTableName } from './tables.ts'

/*
 * Two offline devices can make loss reasons with equal names, or import one person under two spellings. The server keeps the first row and
 * makes the other's id a permanent alias of it (S11), so that rows that point to the second row are not lost.
 */

/** The column by which two rows of a table are recognised as one. */
export const UNIQUE_COLUMN = { users: 'email', loss_reasons: 'name' } as const satisfies Record<MergedTable, string>

/** The parts, joined by zeros, whose digest is the id of a person or a loss reason that an import creates. */
export function importedIdParts(clientId: ClientId, table: MergedTable, name: string): readonly string[] {
  return [clientId, table === 'users' ? 'user' : 'loss_reason', uniqueKey(name)]
}

/** Columns of a person that decide who may sign in and what they may do. */
const RIGHTS = ['email', 'role', 'is_active', 'password_hash']

/** Returns the operation with every alias replaced by its row. */
export function throughAliases<Op extends Pick<JudgedOperation, 'table' | 'rowId' | 'values'>>(
  rows: Pick<RowState, 'alias'>,
  op: Op,
): Op & { readonly viaAlias?: true } {
  if (!isSyncTable(op.table)) return op
  const to = isMergedTable(op.table) ? rows.alias(op.table, op.rowId) : rowIdThroughAlias(rows, op.table, op.rowId)
  let values: Record<string, Scalar> | undefined
  for (const name in op.values) {
    const value = op.values[name]
    const target = typeof value === 'string' ? columnOf(op.table, name)?.refersTo : undefined
    const surviving = target === undefined ? undefined : rows.alias(target, String(value))
    if (surviving !== undefined) values = { ...(values ?? op.values), [name]: surviving }
  }
  const mapped = values === undefined ? op : { ...op, values }
  return to === undefined ? mapped : { ...mapped, rowId: to, viaAlias: true }
}

/** Returns the row's id with the surviving person; undefined if the id contains no person, or a person who is not an alias. */
function rowIdThroughAlias(rows: Pick<RowState, 'alias'>, table: SyncTableName, rowId: string): string | undefined {
  const person = personInRowId(table, rowId)
  const surviving = person === null ? undefined : rows.alias('users', person)
  return surviving === undefined ? undefined : rowIdOfPerson(table, rowId, surviving)
}

/**
 * Returns the existing row of the same name; undefined if the row is new. Of people only those made by an import merge: they are agents
 * without a password, so merging gives no one a right. An account that an admin makes never merges.
 */
export function sameNamed(rows: RowState, op: JudgedOperation, table: SyncTableName): string | undefined {
  if (!isMergedTable(table) || (table === 'users' && !isImportedPerson(op))) return undefined
  const column = UNIQUE_COLUMN[table]
  const value = op.values[column]
  return typeof value === 'string' ? rows.holder(table, column, uniqueKey(value), op.rowId) : undefined
}

function isImportedPerson({ origin, values }: JudgedOperation): boolean {
  return origin === 'import' && values['role'] === 'agent' && (values['password_hash'] ?? null) === null
}

/** Returns the first column of an edit of an alias that decides about rights: it was meant for another account. */
export function rightsOfAnother({ viaAlias, table, action, values }: JudgedOperation): string | undefined {
  if (viaAlias !== true || table !== 'users' || action !== 'UPDATE') return undefined
  return RIGHTS.find((name) => Object.hasOwn(values, name))
}

/** Returns the values that a new row proposes for the surviving row, with their base versions. */
export function proposalOf(
  op: JudgedOperation,
  table: SyncTableName,
  row: SyncRow,
  given: Values,
): Pick<JudgedOperation, 'values' | 'bases'> {
  if (op.origin === 'import' && isMergedTable(table)) return { values: {}, bases: {} }
  const values: Record<string, Scalar> = {}
  const bases: Record<string, number> = {}
  for (const name in given) {
    if (op.origin === 'import' && unitOf(table, name).every((each) => given[each] === row.values[each])) continue
    if (isMergedTable(table) && isSettled(table, name, given[name] ?? null, row)) continue
    values[name] = given[name] ?? null
    // An empty text that was never edited is no one's choice, so filling it is not a conflict.
    const isBlank = row.values[name] === null && row.versions.overrides?.[name] === undefined
    if (isMergedTable(table) && isBlank) bases[name] = fieldVersion(row.versions, table, name)
  }
  return { values, bases }
}

/** Whether no decision is needed: the value is the same, is another spelling of the name, or is empty. */
function isSettled(table: MergedTable, name: string, value: Scalar, row: SyncRow): boolean {
  const current = row.values[name] ?? null
  if (value === current || value === null) return true
  const isName = name === UNIQUE_COLUMN[table] && typeof value === 'string' && typeof current === 'string'
  return isName && uniqueKey(value) === uniqueKey(current)
}
