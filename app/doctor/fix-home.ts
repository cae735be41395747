import { chmodSync } from 'node:fs'
import { AppError } from '../../core/errors.ts'
import type { Id } from '../../core/id.ts'
import { StorageError } from '../../db/errors.ts'
import { mend, removeLeftContext, remakeIndexes, UnmendableError } from '../../db/mend.ts'
import { openWritable, type WritableDb } from '../../db/open.ts'
import type { Check } from './check.ts'
import { examineHome } from './examine-home.ts'

export type Repair = {
  /** null: the home itself. */
  readonly clientId: Id | null
  readonly path: string
  /** What was done, a sentence each. */
  readonly done: readonly string[]
  /** Why nothing, or not everything, was done; null where nothing stood in the way. */
  readonly refused: string | null
}

const NOT_MENDABLE = 'This file cannot be repaired without a backup. It was left as it is.'
const BUSY = 'Another program is writing to this file. Nothing was changed; close the application and run “doctor --fix” again.'

function isBad(checks: readonly Check[], ...names: readonly string[]): boolean {
  return checks.some(({ name, ok }) => !ok && names.includes(name))
}

function makePrivate(path: string, mode: number): string {
  chmodSync(path, mode)
  return `Only this user may read ${path} now`
}

function repairDatabase(db: WritableDb, checks: readonly Check[]): string[] {
  const done: string[] = []
  if (isBad(checks, 'journal')) done.push('Set the journal mode to wal')
  if (isBad(checks, 'transactions') && removeLeftContext(db)) done.push('Removed the write context that was left behind')
  if (isBad(checks, 'indexes')) {
    remakeIndexes(db)
    done.push('Made all indexes again')
  }
  if (isBad(checks, 'schema', 'totals', 'text index')) {
    const { made, removed, rebuilt } = mend(db, { replaces: true, rebuilds: isBad(checks, 'totals', 'text index') })
    if (removed.length > 0) done.push(`Removed: ${removed.join(', ')}`)
    if (made.length > 0) done.push(`Made again: ${made.join(', ')}`)
    if (rebuilt) done.push('Rebuilt the text index and the totals from the calls')
  }
  return done
}

function refusal(error: unknown): string {
  if (error instanceof UnmendableError) return NOT_MENDABLE
  if (error instanceof StorageError) return error.reason === 'busy' ? BUSY : error.message
  if (error instanceof AppError) return error.message
  throw error
}

function repairWorkspace(path: string, checks: readonly Check[]): Pick<Repair, 'done' | 'refused'> {
  const done: string[] = []
  if (isBad(checks, 'private')) done.push(makePrivate(path, 0o600))
  // What contradicts itself would be spread by whatever is made from it.
  if (isBad(checks, 'open', 'integrity')) return { done, refused: NOT_MENDABLE }
  if (!isBad(checks, 'schema', 'totals', 'text index', 'transactions', 'indexes', 'journal')) return { done, refused: null }
  let db: WritableDb | undefined
  try {
    db = openWritable(path)
    done.push(...repairDatabase(db, checks))
    return { done, refused: null }
  } catch (error) {
    return { done, refused: refusal(error) }
  } finally {
    db?.close()
  }
}

/**
 * Repairs what can be repaired without a loss: permissions, parts of the schema, indexes, the text index and the totals. Each repair of
 * a file is one transaction, so it may run while the application has the file open; where that one is writing, nothing is changed.
 */
export function fixHome(home: string): readonly Repair[] {
  const { checks, workspaces } = examineHome(home)
  const own: Repair[] = isBad(checks, 'private')
    ? [{ clientId: null, path: home, done: [makePrivate(home, 0o700)], refused: null }]
    : []
  return [
    ...own,
    ...workspaces
      .map(({ clientId, path, checks: found }) => ({ clientId, path, ...repairWorkspace(path, found) }))
      .filter(({ done, refused }) => done.length > 0 || refused !== null),
  ]
}
