import type { Sqlite } from './database.ts'

/** IMMEDIATE takes the write lock first, so that the transaction cannot fail later because it has read an older state. */
export type TransactionMode = 'DEFERRED' | 'IMMEDIATE'

function begin(sqlite: Sqlite, mode: TransactionMode): void {
  sqlite.exec(`BEGIN ${mode}`)
}

/** A full disk or a damaged page has already rolled the transaction back. */
function rollback(sqlite: Sqlite): void {
  if (sqlite.inTransaction) sqlite.exec('ROLLBACK')
}

/** Runs `work` in a transaction. It is rolled back if `work` throws. */
export function transaction<T>(sqlite: Sqlite, mode: TransactionMode, work: () => T): T {
  begin(sqlite, mode)
  try {
    const result = work()
    sqlite.exec('COMMIT')
    return result
  } catch (error) {
    rollback(sqlite)
    throw error
  }
}

/** Runs `work` in a transaction that stays open while `work` waits. The caller runs nothing else on the connection meanwhile. */
export async function asyncTransaction<T>(sqlite: Sqlite, mode: TransactionMode, work: () => Promise<T>): Promise<T> {
  begin(sqlite, mode)
  try {
    const result = await work()
    sqlite.exec('COMMIT')
    return result
  } catch (error) {
    rollback(sqlite)
    throw error
  }
}
