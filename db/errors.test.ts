import { copyFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { AppError } from '../core/errors.ts'
import { insertCall, insertCalls, updateCall } from './commands/calls.ts'
import { insertLossReason } from './commands/loss-reasons.ts'
import { updateUser } from './commands/users.ts'
import { StorageError } from '../platform/files/storage-error.ts'
import { DatabaseDamagedError } from '../platform/sqlite/errors.ts'
import { fromSqlite, fromStorageFailure } from './errors.ts'
import { openWritable } from './open.ts'
import { rows } from './statements.ts'
import { PLANTED_HASH, TestWorkspace } from './testing/test-workspace.ts'
import { writeTransaction } from './write-transaction.ts'

let workspace: TestWorkspace
beforeEach(() => void (workspace = new TestWorkspace()))
afterEach(() => workspace.dispose())

/** An error as SQLite throws it. Tests below cause the real codes where they can. */
const failure = (code: string) => Object.assign(new Error('from SQLite'), { code })

test.each([
  ['SQLITE_BUSY', 'busy'],
  ['SQLITE_BUSY_SNAPSHOT', 'busy'],
  ['SQLITE_LOCKED', 'busy'],
  ['SQLITE_FULL', 'full'],
  ['SQLITE_CORRUPT', 'damaged'],
  ['SQLITE_CORRUPT_VTAB', 'damaged'],
  ['SQLITE_NOTADB', 'damaged'],
  ['SQLITE_IOERR_FSYNC', 'io'],
  ['SQLITE_CANTOPEN', 'io'],
  ['SQLITE_READONLY', 'io'],
])('%s is %s', (code, reason) => {
  const typed = fromSqlite(failure(code))
  expect(typed).toBeInstanceOf(StorageError)
  expect(typed).toMatchObject({ reason })
  expect(fromStorageFailure(typed)).toMatchObject({ code: 'STORAGE', data: { reason } })
})

test('an error that is not SQLite’s, or is typed already, is returned unchanged', () => {
  const own = AppError.inEnglish('NOT_FOUND', 'gone')
  const typed = AppError.inEnglish('INVALID', 'named', { issues: [] }, failure('SQLITE_CONSTRAINT_FOREIGNKEY'))
  expect(fromSqlite(own)).toBe(own)
  expect(fromSqlite(typed)).toBe(typed)
})

test('a second writer waits, and gets the error that the file is busy if the first one takes too long', () => {
  const other = openWritable(workspace.path)
  other.sqlite.pragma('busy_timeout = 20')
  workspace.db.sqlite.exec('BEGIN IMMEDIATE')
  expect(() => writeTransaction(other, workspace.context(), () => null)).toThrow(expect.objectContaining({ reason: 'busy' }))
  workspace.db.sqlite.exec('ROLLBACK')
  expect(writeTransaction(other, workspace.context(), () => 'done')).toBe('done')
  other.close()
})

test('a file that is not a database counts as damaged', () => {
  const path = `${workspace.path}.other`
  copyFileSync(import.meta.filename, path)
  expect(() => openWritable(path)).toThrow(DatabaseDamagedError)
})

test('the error of a call that refers to no person names the field, and nothing is saved', () => {
  const missing = workspace.newId()
  const lost = { status: 'completed', outcome: 'lost', completedAt: 1, lossReasonId: missing } as const
  const issuesOf = (write: () => unknown) => {
    try {
      workspace.write(write)
      return []
    } catch (error) {
      expect(error).toBeInstanceOf(AppError)
      return (error as AppError<'INVALID'>).data.issues.map(({ path }) => path)
    }
  }
  expect(issuesOf(() => insertCall(workspace.db, workspace.newCall({ userId: missing })))).toEqual(['userId'])
  expect(issuesOf(() => insertCall(workspace.db, workspace.newCall(lost)))).toEqual(['lossReasonId'])
  const call = workspace.addCall()
  expect(issuesOf(() => updateCall(workspace.db, call.id, lost))).toEqual(['lossReasonId'])
  expect(issuesOf(() => insertCalls(workspace.db, [workspace.newCall(), workspace.newCall({ userId: missing })]))).not.toEqual([])
  expect(rows(workspace.db, 'SELECT id FROM calls')).toHaveLength(1)
})

test.each([
  [{ status: 'completed', outcome: null, completedAt: 1 }, 'outcome'],
  [{ status: 'completed', outcome: 'won', completedAt: null }, 'completedAt'],
  [{ status: 'no_show', outcome: 'won', completedAt: null }, 'outcome'],
  [{ callDuration: -1 }, 'callDuration'],
  [{ callDuration: 86_401 }, 'callDuration'],
  [{ prospectName: '' }, 'prospectName'],
] as const)('%j is refused by the database itself', (fields, path) => {
  expect(() => workspace.write(() => insertCall(workspace.db, workspace.newCall(fields)))).toThrow(
    expect.objectContaining({ code: 'INVALID', data: { issues: [expect.objectContaining({ path })] } }),
  )
  expect(rows(workspace.db, 'SELECT id FROM calls')).toEqual([])
})

test('a loss reason on a won call is refused by the database itself', () => {
  const won = { status: 'completed', outcome: 'won', completedAt: 1, lossReasonId: workspace.priceId } as const
  expect(() => workspace.write(() => insertCall(workspace.db, workspace.newCall(won)))).toThrow(
    expect.objectContaining({ data: { issues: [expect.objectContaining({ path: 'lossReasonId' })] } }),
  )
})

test('a name that differs only in the case of non-ASCII letters is taken', () => {
  const reason = (name: string) => ({
    id: workspace.newId(),
    clientId: workspace.clientId,
    name,
    description: null,
    isActive: true,
    createdAt: 1,
  })
  workspace.write(() => insertLossReason(workspace.db, reason('Ärger')))
  expect(() => workspace.write(() => insertLossReason(workspace.db, reason('äRGER')))).toThrow(
    expect.objectContaining({ code: 'CONFLICT', data: { field: 'name' } }),
  )
  expect(() => workspace.write(() => updateUser(workspace.db, workspace.agentId, { email: 'ADA@ACME.test' }))).toThrow(
    expect.objectContaining({ code: 'CONFLICT', data: { field: 'email' } }),
  )
})

test('no error contains a secret, not even in its cause [S16]', () => {
  try {
    workspace.write(() =>
      workspace.db.sqlite
        .prepare('UPDATE users SET password_hash = ? WHERE id = ?')
        .run(`${PLANTED_HASH}-too-long`, workspace.agentId),
    )
    expect.unreachable('the hash is too long')
  } catch (error) {
    const told = [error, (error as Error).cause]
      .map((one) => (one instanceof Error ? `${one.message}${one.stack}` : ''))
      .join('\n')
    expect(told).toContain('breaks a rule')
    expect(told).not.toContain('SECRET')
  }
})

test('file system errors with a disk’s code become StorageError; other errors are returned unchanged', () => {
  const ofFile = (code: string) => Object.assign(new Error(code), { code, syscall: 'open' })
  for (const [code, reason] of [
    ['ENOSPC', 'full'],
    ['EDQUOT', 'full'],
    ['EIO', 'io'],
    ['EROFS', 'io'],
  ])
    expect(fromStorageFailure(ofFile(code ?? '')), code).toMatchObject({ code: 'STORAGE', data: { reason } })
  const missing = ofFile('ENOENT')
  expect(fromStorageFailure(missing)).toBe(missing)
  // The code alone is not enough, because an AppError has one too.
  const refusal = AppError.inEnglish('NOT_FOUND', 'none')
  expect(fromStorageFailure(refusal)).toBe(refusal)
})
