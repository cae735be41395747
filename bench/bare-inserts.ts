import { copyFileSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { createIdGenerator, type ClientId, type UserId } from '../core/id.ts'
import { openWritable, type WritableDb } from '../db/open.ts'
import { writeTransaction } from '../db/write-transaction.ts'

const COLUMNS =
  'id, client_id, user_id, prospect_name, prospect_email, prospect_phone, call_type, status, outcome, loss_reason_id, notes, call_duration, scheduled_at, completed_at, created_at, updated_at'
export type BareRow = Readonly<Record<string, string | number | null>>

const newId = createIdGenerator(Date.now, (length) => randomBytes(length))

/** Returns the rows of all calls in an open file, ready to be inserted again. */
export function bareRows(db: WritableDb): BareRow[] {
  return db.sqlite.prepare<[], BareRow>(`SELECT ${COLUMNS} FROM calls ORDER BY rowid`).all()
}

/** Copies an empty workspace file. Removes all triggers except those of the text index, which belong to an index. */
export function openCopy(path: string, copy: string, triggers: boolean): WritableDb {
  copyFileSync(path, copy)
  const db = openWritable(copy)
  if (triggers) return db
  const names = db.sqlite
    .prepare<[], { name: string }>(`SELECT name FROM sqlite_schema WHERE type = 'trigger' AND name NOT LIKE 'calls_text%'`)
    .all()
  for (const { name } of names) db.sqlite.exec(`DROP TRIGGER "${name}"`)
  return db
}

/**
 * Measures the floor: only prepared INSERTs into the same tables, with the same indexes and pragmas.
 * @param batch rows per transaction.
 * @returns the time of each transaction, ms.
 */
export function insertBare(
  db: WritableDb,
  rows: readonly BareRow[],
  batch: number,
  actor: { clientId: ClientId; userId: UserId },
): number[] {
  const insert = db.sqlite.prepare(`INSERT INTO calls (${COLUMNS}) VALUES (${COLUMNS.replaceAll(/\w+/g, '@$&')})`)
  const samples: number[] = []
  for (let begin = 0; begin < rows.length; begin += batch) {
    const some = rows.slice(begin, begin + batch)
    const start = performance.now()
    // The database refuses an updated_at that is not the transaction's own time.
    const now = Date.now()
    writeTransaction(db, { ...actor, ipAddress: '127.0.0.1', userAgent: 'bench', now, newTxId: newId() }, () => {
      for (const row of some) insert.run({ ...row, updated_at: now })
    })
    samples.push(performance.now() - start)
  }
  return samples
}
