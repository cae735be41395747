import { CALL_COLUMNS, CALL_FIELD_NAMES, isOptional } from '../../model/call-fields.ts'
import { formatHybridTime } from '../../hybrid-clock.ts'
import { createIdGenerator, type UserId } from '../../id.ts'
import type { Role } from '../../roles.ts'
import { uniqueKey } from '../../text/unique-key.ts'
import { judge, type Judgement, type JudgedOperation, type SyncRow, type RowState } from '../judge.ts'
import type { Author, Values } from '../merge.ts'
import type { OperationAction, OperationOrigin } from '../operation.ts'
import { throughAliases } from '../same-name.ts'
import type { MergedTable, SyncTableName } from '../tables.ts'

let byte = 0
export const newId = createIdGenerator(
  () => 1_800_000_000_000,
  (length) => Uint8Array.from({ length }, () => byte++ % 256),
)

/** Rows in maps, in place of the server's store. */
export class TestRows implements RowState {
  readonly clientId = newId()
  readonly tables = new Map<string, SyncRow>()
  readonly deleted = new Map<string, SyncRow>()
  readonly authors = new Map<number, Author>()
  readonly aliases = new Map<string, string>()
  seq = 100

  row(table: SyncTableName, id: string) {
    return this.tables.get(`${table} ${id}`)
  }
  deletedOwner(id: string) {
    const owner = this.deleted.get(id)?.values['user_id']
    return typeof owner === 'string' ? owner : undefined
  }
  deletedCall(id: string) {
    return this.deleted.get(id)
  }
  holder(table: SyncTableName, column: string, key: string, except: string) {
    const found = [...this.tables].find(
      ([place, row]) =>
        place.startsWith(`${table} `) && place !== `${table} ${except}` && uniqueKey(String(row.values[column])) === key,
    )
    return found?.[0].slice(table.length + 1)
  }
  alias(_table: SyncTableName, id: string) {
    return this.aliases.get(id)
  }
  addAlias(_table: MergedTable, id: string, to: string) {
    this.aliases.set(id, to)
  }
  hasOtherActiveAdmin(userId: UserId) {
    return [...this.tables].some(
      ([place, { values }]) =>
        place.startsWith('users ') && place !== `users ${userId}` && values['role'] === 'admin' && values['is_active'] === 1,
    )
  }
  authorOf(seq: number) {
    return this.authors.get(seq) as Author
  }
  put(table: SyncTableName, id: string, row: SyncRow) {
    this.tables.set(`${table} ${id}`, row)
    if (table === 'calls') this.deleted.delete(id)
  }
  remove(id: string) {
    const row = this.row('calls', id)
    if (row !== undefined) this.deleted.set(id, row)
    this.tables.delete(`calls ${id}`)
  }

  seed(table: SyncTableName, values: Values, id: string = newId()): string {
    this.put(table, id, { values, version: 1, versions: { base: 1, overrides: null }, changedBy: 'origin' })
    return id
  }

  judge(
    userId: UserId,
    table: string,
    rowId: string,
    action: OperationAction,
    values: Values = {},
    base = 1,
    origin?: OperationOrigin,
  ): Judgement {
    const seq = ++this.seq
    const clock = formatHybridTime(1_800_000_000_000 + seq, 0)
    const author = { opId: newId(), deviceId: `device of ${userId}`, deviceSeq: seq, userId, clock }
    this.authors.set(seq, author)
    const bases = action === 'UPDATE' ? Object.fromEntries(Object.keys(values).map((name) => [name, base])) : {}
    const op: JudgedOperation = { seq, author, table, rowId, action, values, bases, ...(origin === undefined ? {} : { origin }) }
    return judge(this, throughAliases(this, op))
  }
}

export const stamps = { created_at: 5, updated_at: 5 }
export const person = (role: Role, name: string): Values => ({
  name,
  role,
  is_active: 1,
  email: `${name}@acme.test`,
  last_login: null,
  password_hash: null,
  ...stamps,
})
export const WON = { status: 'completed', outcome: 'won', loss_reason_id: null, completed_at: 5 }
export const callOf = (userId: UserId): Values => ({
  ...Object.fromEntries(CALL_FIELD_NAMES.filter(isOptional).map((field) => [CALL_COLUMNS[field], null])),
  user_id: userId,
  prospect_name: 'Jo',
  call_type: 'inbound',
  ...WON,
  ...stamps,
})

export const codeOf = (judgement: Judgement) => (judgement.verdict === 'rejected' ? judgement.code : 'ok')
