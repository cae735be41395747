import { chmodSync } from 'node:fs'
import { InvariantError } from '../../core/assert.ts'
import { AppError } from '../../core/errors.ts'
import type { ClientId } from '../../core/id.ts'
import { storageText } from '../../core/storage-text.ts'
import { fromFile } from '../../db/errors.ts'
import { ForeignObjectError } from '../../db/foreign-objects.ts'
import { StorageError } from '../../platform/files/storage-error.ts'
import { mend, removeLeftContext, remakeIndexes, UnmendableError } from '../../db/mend.ts'
import { openWritable, type WritableDb } from '../../db/open.ts'
import { REMEDY, type Check } from './check.ts'
import { examineHome } from './examine-home.ts'

export type Repair = {
  /** Null: the home itself. */
  readonly clientId: ClientId | null
  readonly path: string
  /** The repairs that were made, one sentence each. */
  readonly done: readonly string[]
  /** Why a repair was not made; null: every repair was made. */
  readonly refused: string | null
}

const NOT_MENDABLE = 'This file can be repaired only from a backup.'
const KEEP_IT = 'keep it, and restore a backup next to it.'
const BUSY = 'Another program is writing to this file.'
const AGAIN = 'close the application and run “doctor --fix” again.'

/** Checks of data that is derived from the calls. */
const DERIVED = ['totals', 'derived columns', 'text index'] as const

function isBad(checks: readonly Check[], ...names: readonly string[]): boolean {
  return checks.some(({ name, ok }) => !ok && names.includes(name))
}

function makePrivate(path: string, mode: number): string {
  chmodSync(path, mode)
  return `Restricted ${path} to this user`
}

/** @param done receives each repair when it is made, also if a later one fails. */
function repairDatabase(db: WritableDb, checks: readonly Check[], done: string[]): void {
  if (isBad(checks, 'journal')) done.push('Set the journal mode to wal')
  if (isBad(checks, 'transactions') && removeLeftContext(db)) done.push('Removed a write context that another program left')
  if (isBad(checks, 'indexes')) {
    remakeIndexes(db)
    done.push('Rebuilt all indexes')
  }
  const rebuilds = isBad(checks, ...DERIVED)
  if (rebuilds || isBad(checks, 'schema')) {
    const { made, removed, rebuilt } = mend(db, { replaces: true, rebuilds })
    if (removed.length > 0) done.push(`Removed: ${removed.join(', ')}`)
    if (made.length > 0) done.push(`Recreated: ${made.join(', ')}`)
    if (rebuilt) done.push('Rebuilt names, phone numbers, the text index and the totals from the calls')
  }
}

/** Returns why a file is not repaired. A file that could not be opened may be intact, for example if the disk is full. */
function whyNotRepaired(checks: readonly Check[]): string {
  const unopened = checks.find(({ name, ok }) => name === 'open' && !ok)
  if (unopened === undefined || unopened.remedy === REMEDY.backup) return `${NOT_MENDABLE} It was not changed; ${KEEP_IT}`
  return `The file could not be opened, so it was not changed. ${unopened.remedy}`
}

/**
 * Returns why a repair was not made. An unexpected error is reported too, so that it does not stop the repair of the other workspaces.
 * @param done the repairs that were made before the error.
 */
function refusal(error: unknown, done: readonly string[]): string {
  const kept = done.length === 0 ? 'Nothing was changed' : 'The repairs before this one are kept'
  if (error instanceof UnmendableError) return `${NOT_MENDABLE} ${kept}; ${KEEP_IT}`
  // Only a table: everything else that another program made has been removed.
  if (error instanceof ForeignObjectError) return `${error.detail?.message ?? ''} ${kept}.`
  if (error instanceof StorageError)
    return error.reason === 'busy' ? `${BUSY} ${kept}; ${AGAIN}` : storageText(error.reason, { message: kept }, error.detail)
  if (error instanceof AppError) return error.message
  // The text of another error may contain data.
  const what = error instanceof InvariantError ? ` (${error.message})` : ''
  return `An unexpected error stopped the repair${what}. ${kept}; contact your administrator.`
}

function repairWorkspace(path: string, checks: readonly Check[]): Pick<Repair, 'done' | 'refused'> {
  const done: string[] = []
  let db: WritableDb | undefined
  try {
    if (isBad(checks, 'private')) done.push(makePrivate(path, 0o600))
    // A repair from damaged pages would spread the damage.
    if (isBad(checks, 'open', 'integrity')) return { done, refused: whyNotRepaired(checks) }
    if (!isBad(checks, 'schema', ...DERIVED, 'transactions', 'indexes', 'journal')) return { done, refused: null }
    db = openWritable(path, (label) => done.push(`Removed: ${label}`))
    repairDatabase(db, checks, done)
    return { done, refused: null }
  } catch (error) {
    return { done, refused: refusal(fromFile(error, path), done) }
  } finally {
    db?.close()
  }
}

/**
 * Repairs permissions, parts of the schema, indexes, and all data that is derived from the calls. No data is lost. Each repair of a file is
 * one transaction, so it can run while the application has the file open. While the application writes, nothing is changed.
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
