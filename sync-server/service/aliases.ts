import type { ClientId } from '../../core/id.ts'
import type { Alias } from '../../core/sync/protocol.ts'
import type { PushedOperation } from '../../core/sync/push-batch.ts'
import { personInRowId } from '../../core/sync/row-person.ts'
import { columnOf, isMergedTable, isSyncTable, MERGED_TABLES, type SyncTableName } from '../../core/sync/tables.ts'
import type { AliasRecord, ReadTransaction } from '../store/store.ts'

/** Returns the ids in an operation that may be aliases: its row, the person whom its row's id names, and the rows it points to. */
function* mergeableIds({ table, rowId, values }: PushedOperation): Generator<readonly [SyncTableName, string]> {
  if (!isSyncTable(table)) return
  if (isMergedTable(table)) yield [table, rowId]
  const person = personInRowId(table, rowId)
  if (person !== null) yield ['users', person]
  for (const name in values) {
    const value = values[name]
    const target = typeof value === 'string' ? columnOf(table, name)?.refersTo : undefined
    if (target !== undefined) yield [target, String(value)]
  }
}

/** The aliases for one push: existing ones, and those that the push makes (S11). */
export class Aliases {
  readonly #found = new Map<string, AliasRecord>()

  static async load(tx: ReadTransaction, clientId: ClientId, operations: readonly PushedOperation[]): Promise<Aliases> {
    const ids = new Set<string>()
    for (const operation of operations) for (const [, id] of mergeableIds(operation)) ids.add(id)
    const aliases = new Aliases()
    for (const found of await tx.aliases(clientId, [...ids])) aliases.add(found)
    return aliases
  }

  alias(table: SyncTableName, id: string): string | undefined {
    return this.#found.get(`${table} ${id}`)?.to
  }

  add(alias: AliasRecord): void {
    this.#found.set(`${alias.table} ${alias.id}`, alias)
  }

  remove({ table, id }: AliasRecord): void {
    this.#found.delete(`${table} ${id}`)
  }

  /** Returns the aliases that occur in these operations, people before loss reasons. */
  in(operations: readonly PushedOperation[]): Alias[] {
    const occurring = new Map<string, Alias>()
    for (const operation of operations)
      for (const [table, id] of mergeableIds(operation)) {
        const found = this.#found.get(`${table} ${id}`)
        if (found !== undefined) occurring.set(id, { table: found.table, id, to: found.to })
      }
    return MERGED_TABLES.flatMap((table) => [...occurring.values()].filter((each) => each.table === table))
  }
}
