import type { CallId } from '../core/id.ts'
import { copyFileSync, existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { deleteCall, insertCall, insertCalls, restoreCall, updateCall } from './commands/calls.ts'
import { updateClient } from './commands/clients.ts'
import { recordEvent } from './commands/events.ts'
import { insertEntry } from './commands/do-not-call.ts'
import { insertLossReason, setLossReasonActive } from './commands/loss-reasons.ts'
import { putSettings } from './commands/settings.ts'
import { insertUser, recordLogin, setUserActive, setUserPassword, updateUser } from './commands/users.ts'
import type { Sqlite } from '../platform/sqlite/database.ts'
import { openWritable } from './open.ts'
import { currentState, replayAudit, replayOutbox } from './testing/replay.ts'
import { PLANTED_HASH, TestWorkspace } from './testing/test-workspace.ts'

let workspace: TestWorkspace | undefined
afterEach(() => {
  workspace?.dispose()
  workspace = undefined
})

/** Calls `stop` before and after every statement that `sqlite` runs, prepared or not. */
function betweenStatements(sqlite: Sqlite, stop: () => void): void {
  const around =
    <A extends unknown[], R>(run: (...args: A) => R) =>
    (...args: A): R => {
      stop()
      const result = run(...args)
      stop()
      return result
    }
  const prepare = sqlite.prepare.bind(sqlite)
  sqlite.exec = around(sqlite.exec.bind(sqlite))
  sqlite.prepare = ((text: string) => {
    const statement = prepare(text)
    for (const method of ['run', 'get', 'all'] as const)
      Object.assign(statement, { [method]: around(statement[method].bind(statement)) })
    return statement
  }) as typeof sqlite.prepare
}

/** Copies the state that a crash at this moment would leave on the disk: the file and its log. */
function leftOnDisk(path: string, folder: string): string {
  mkdirSync(folder)
  const copy = join(folder, 'workspace.db')
  for (const suffix of ['', '-wal']) if (existsSync(path + suffix)) copyFileSync(path + suffix, copy + suffix)
  return copy
}

type Facts = { readonly rows: unknown; readonly audit: number; readonly outbox: number; readonly clock: unknown }

function factsOf(sqlite: Sqlite): Facts {
  const count = (table: string) => sqlite.prepare<[], { n: number }>(`SELECT count(*) AS n FROM ${table}`).get()?.n ?? 0
  return {
    rows: currentState(sqlite, 'with secrets'),
    audit: count('audit_logs'),
    outbox: count('sync_outbox'),
    clock: sqlite.prepare('SELECT last_hlc FROM sync_device').get(),
  }
}

const commands: Readonly<Record<string, (workspace: TestWorkspace, callId: CallId) => void>> = {
  insertCall: (w) => insertCall(w.db, w.newCall()),
  insertCalls: (w) => insertCalls(w.db, [w.newCall(), w.newCall(), w.newCall()]),
  updateCall: (w, id) => updateCall(w.db, id, { notes: 'changed', prospectName: 'Changed' }),
  deleteCall: (w, id) => deleteCall(w.db, id),
  'deleteCall and restoreCall': (w, id) => {
    deleteCall(w.db, id)
    restoreCall(w.db, id)
  },
  insertUser: (w) =>
    insertUser(w.db, {
      id: w.newId(),
      clientId: w.clientId,
      email: 'new@acme.test',
      name: 'New',
      role: 'agent',
      passwordHash: PLANTED_HASH,
      isActive: true,
      createdAt: w.now,
    }),
  updateUser: (w) => updateUser(w.db, w.agentId, { name: 'Benjamin' }),
  setUserActive: (w) => setUserActive(w.db, w.agentId, false),
  setUserPassword: (w) => setUserPassword(w.db, w.agentId, PLANTED_HASH),
  'recordLogin and its event': (w) => {
    recordLogin(w.db, w.agentId, w.now)
    recordEvent(w.db, { tableName: 'users', recordId: w.agentId, action: 'LOGIN', newValues: {} })
  },
  insertLossReason: (w) =>
    insertLossReason(w.db, {
      id: w.newId(),
      clientId: w.clientId,
      name: 'New reason',
      description: null,
      isActive: true,
      createdAt: w.now,
    }),
  setLossReasonActive: (w) => setLossReasonActive(w.db, w.priceId, false),
  updateClient: (w) => updateClient(w.db, w.clientId, { name: 'Acme Ltd' }),
  insertEntry: (w) =>
    insertEntry(w.db, { id: w.newId(), clientId: w.clientId, contactHash: 'h'.repeat(43), reason: 'Why', createdAt: w.now }),
  putSettings: (w) => putSettings(w.db, w.clientId, { week_start: 7, idle_lock_minutes: 5 }),
}

test.each(Object.keys(commands))('[S2] %s: a crash between any two statements leaves the whole change or nothing', (name) => {
  const current = (workspace = new TestWorkspace())
  const call = current.addCall({ notes: 'before' })
  const before = factsOf(current.db.sqlite)
  const copies: string[] = []
  // A separate connection, so that every statement is compiled under observation.
  current.db.close()
  current.db = openWritable(current.path)
  betweenStatements(current.db.sqlite, () => copies.push(leftOnDisk(current.path, join(current.folder, `stop-${copies.length}`))))
  current.write(() => commands[name]?.(current, call.id))
  const observed = copies.length
  const after = factsOf(current.db.sqlite)
  expect(after).not.toEqual(before)
  expect(observed, 'statements were observed').toBeGreaterThan(8)

  const outcomes = copies.slice(0, observed).map((copy) => {
    const reopened = openWritable(copy)
    try {
      const { sqlite } = reopened
      expect(sqlite.pragma('integrity_check', { simple: true })).toBe('ok')
      expect(sqlite.prepare('SELECT count(*) AS n FROM local_write_context').get()).toEqual({ n: 0 })
      expect(replayAudit(sqlite)).toEqual(currentState(sqlite, 'without secrets'))
      expect(replayOutbox(sqlite)).toEqual(currentState(sqlite, 'with secrets'))
      const facts = factsOf(sqlite)
      expect([before, after]).toContainEqual(facts)
      return JSON.stringify(facts) === JSON.stringify(after)
    } finally {
      reopened.close()
    }
  })
  // Nothing before the COMMIT, everything after it.
  expect(outcomes).toEqual(outcomes.toSorted((a, b) => Number(a) - Number(b)))
  expect(outcomes.at(0)).toBe(false)
  expect(outcomes.at(-1)).toBe(true)
})
