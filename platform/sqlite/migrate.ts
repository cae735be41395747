import { assert } from '../../core/assert.ts'
import type { Sqlite } from './database.ts'
import { transaction } from './transaction.ts'

export type Migration = {
  /** The `user_version` of the database after the migration: 1, 2, 3 … without a gap. */
  readonly version: number
  readonly name: string
  readonly sql: string
}

export type MigrateOptions = {
  /**
   * `enforced`: as on every connection. `verified`: off during the migration, so that a table can be rebuilt (which drops the old one), and
   * checked before the commit. The check reads every row that has a foreign key. References that were broken before are not refused.
   */
  readonly foreignKeys: 'enforced' | 'verified'
  /** Runs the SQL of a migration, in its transaction. Default: the SQL as it is. */
  readonly execute?: (migration: Migration) => void
  /** Runs in the transaction of each migration, after its SQL. */
  readonly afterEach?: (version: number) => void
  /** Runs after the commit of each migration. */
  readonly afterCommit?: (version: number) => void
}

export function schemaVersion(sqlite: Sqlite): number {
  return sqlite.pragma('user_version', { simple: true }) as number
}

/** Returns the number of rows whose foreign key has no row. */
function brokenReferences(sqlite: Sqlite): number {
  return (sqlite.pragma('foreign_key_check') as unknown[]).length
}

/**
 * Runs the migrations that the file does not have, each in one transaction with its version number: after a crash the file is at one
 * version or the other. Does nothing to a file of a later version.
 */
export function migrate(sqlite: Sqlite, migrations: readonly Migration[], options: MigrateOptions): void {
  const present = schemaVersion(sqlite)
  const missing = migrations.filter(({ version }) => version > present)
  if (missing.length === 0) return
  const isVerified = options.foreignKeys === 'verified'
  const brokenBefore = isVerified ? brokenReferences(sqlite) : 0
  // SQLite ignores this pragma inside a transaction.
  if (isVerified) sqlite.pragma('foreign_keys = OFF')
  try {
    for (const migration of missing) {
      const { version, name, sql } = migration
      transaction(sqlite, 'IMMEDIATE', () => {
        // Read inside the transaction: another process may have migrated while this one waited for the lock.
        if (schemaVersion(sqlite) >= version) return
        if (options.execute === undefined) sqlite.exec(sql)
        else options.execute(migration)
        options.afterEach?.(version)
        if (isVerified) assert(brokenReferences(sqlite) <= brokenBefore, `Migration ${name} broke a foreign key`)
        sqlite.pragma(`user_version = ${version}`)
      })
      options.afterCommit?.(version)
    }
  } finally {
    if (isVerified) sqlite.pragma('foreign_keys = ON')
  }
}
