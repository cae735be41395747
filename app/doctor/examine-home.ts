import { existsSync, readdirSync, statfsSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { isId, type Id } from '../../core/id.ts'
import { StorageError } from '../../db/errors.ts'
import { SCHEMA_VERSION } from '../../db/migrations/migrations.ts'
import { openReadable, openSchemaVersion, schemaDifferences, type ReadableDb } from '../../db/open.ts'
import { missingTexts, wrongTotals } from '../../db/queries/derived-soundness.ts'
import { outboxPending } from '../../db/queries/status.ts'
import { fileSize } from '../home.ts'

/** One thing that was looked at. Nothing in it comes from a client's data. */
export type Check = { readonly name: string; readonly ok: boolean; readonly detail: string }

export type WorkspaceFacts = {
  readonly clientId: Id
  readonly path: string
  /** With the write-ahead log. */
  readonly bytes: number
  readonly schemaVersion: number | null
  /** Changes that no server has answered yet. */
  readonly pending: number | null
  /** Why the file cannot be opened. */
  readonly problem: string | null
}

const MIB = 1024 * 1024
/** Less than this is too little for a write-ahead log and a migration. */
const FREE_BYTES = 200 * MIB
/** More problems in one file add nothing to know. */
const MAX_PROBLEMS = 10

function workspacesIn(home: string): { readonly clientId: Id; readonly path: string }[] {
  const folder = join(home, 'workspaces')
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => isId(name))
    .toSorted()
    .map((clientId) => ({ clientId, path: join(folder, clientId, 'workspace.db') }))
    .filter(({ path }) => existsSync(path))
}

function spell(error: unknown): string {
  return error instanceof StorageError ? error.message : 'The file cannot be opened.'
}

function withWorkspace<T>(path: string, look: (db: ReadableDb) => T): T | { readonly problem: string } {
  let db: ReadableDb | undefined
  try {
    db = openReadable(path)
    return look(db)
  } catch (error) {
    return { problem: spell(error) }
  } finally {
    db?.close()
  }
}

/** What lies in the home, without anyone signed in: ids, sizes and versions, no name and no content. Makes nothing where nothing is. */
export function workspaceFacts(home: string): WorkspaceFacts[] {
  return workspacesIn(home).map(({ clientId, path }) => {
    const found = withWorkspace(path, (db) => ({ schemaVersion: openSchemaVersion(db), pending: outboxPending(db) }))
    const facts =
      'problem' in found ? { schemaVersion: null, pending: null, problem: found.problem } : { ...found, problem: null }
    return { clientId, path, bytes: fileSize(path), ...facts }
  })
}

function privacy(path: string): Check {
  const name = 'private'
  if (process.platform === 'win32') return { name, ok: true, detail: 'Kept by the user’s own profile on Windows' }
  const mode = statSync(path).mode & 0o777
  const ok = (mode & 0o077) === 0
  const spelled = mode.toString(8).padStart(4, '0')
  return {
    name,
    ok,
    detail: ok
      ? `Only this user may read ${path} (${spelled})`
      : `Others on this device may read ${path} (${spelled}): run chmod go-rwx ${path}`,
  }
}

function schemaCheck(db: ReadableDb): Check {
  const name = 'schema'
  const version = openSchemaVersion(db)
  const differences = schemaDifferences(db)
  if (differences.length > 0) {
    const some = differences.slice(0, MAX_PROBLEMS).join(', ')
    return { name, ok: false, detail: `${differences.length} differ from version ${version}: ${some}. Restore a backup` }
  }
  if (version === SCHEMA_VERSION)
    return { name, ok: true, detail: `Version ${version}, every table, index and trigger as it was made` }
  return { name, ok: true, detail: `Version ${version}; the application makes ${SCHEMA_VERSION} of it when it next opens it` }
}

function examineDatabase(db: ReadableDb): Check[] {
  const { sqlite } = db
  const integrity = sqlite.pragma(`integrity_check(${MAX_PROBLEMS})`) as { integrity_check: string }[]
  const problems = integrity.map((row) => row.integrity_check).filter((line) => line !== 'ok')
  const orphans = sqlite.pragma('foreign_key_check') as { table: string }[]
  const [totals, texts] = [wrongTotals(db), missingTexts(db)]
  const journal = sqlite.pragma('journal_mode', { simple: true }) as string
  const contexts = sqlite.prepare('SELECT count(*) FROM local_write_context').pluck().get() as number
  const unpaired = sqlite
    .prepare(
      `SELECT count(*) FROM audit_logs AS a WHERE a.action IN ('INSERT', 'UPDATE', 'DELETE')
         AND a.table_name = 'calls' AND a.record_id NOT IN (SELECT id FROM calls)
         AND NOT EXISTS (SELECT 1 FROM audit_logs AS d WHERE d.record_id = a.record_id AND d.action = 'DELETE')`,
    )
    .pluck()
    .get() as number
  const unaudited = sqlite
    .prepare(
      // What a snapshot brought has its trail on the server.
      `SELECT count(*) FROM calls WHERE NOT EXISTS (SELECT 1 FROM audit_logs WHERE record_id = calls.id AND action = 'INSERT')
         AND NOT EXISTS (SELECT 1 FROM sync_rows WHERE client_id = calls.client_id AND table_name = 'calls' AND row_id = calls.id)`,
    )
    .pluck()
    .get() as number
  const pending = outboxPending(db)
  return [
    {
      name: 'integrity',
      ok: problems.length === 0,
      detail: problems.length === 0 ? 'Every page is sound' : `${problems.length} problems or more: restore a backup`,
    },
    {
      name: 'references',
      ok: orphans.length === 0,
      detail: orphans.length === 0 ? 'Every reference leads somewhere' : `${orphans.length} rows point to rows that are gone`,
    },
    schemaCheck(db),
    {
      name: 'totals',
      ok: totals === 0,
      detail:
        totals === 0
          ? 'The totals that reports read are those of the calls'
          : `${totals} totals that reports read differ from the calls`,
    },
    {
      name: 'text index',
      ok: texts.missing === 0,
      detail:
        texts.missing === 0
          ? `Each of ${texts.sampled} calls tried is found by its name`
          : `${texts.missing} of ${texts.sampled} calls tried are not found by their names`,
    },
    { name: 'journal', ok: journal === 'wal', detail: `Journal mode ${journal}` },
    {
      name: 'transactions',
      ok: contexts === 0,
      detail: contexts === 0 ? 'None was left open' : 'A write context was left behind by something other than the application',
    },
    {
      name: 'trail',
      ok: unpaired === 0 && unaudited === 0,
      detail:
        unpaired === 0 && unaudited === 0
          ? 'Every call has its audit trail'
          : `${unaudited} calls without a trail, ${unpaired} entries of calls that are gone without a deletion`,
    },
    { name: 'outbox', ok: true, detail: pending === 0 ? 'Nothing waits' : `${pending} changes wait for a server` },
  ]
}

/** Looks at everything that can be wrong with a home and its databases, without changing anything. */
export function examineHome(home: string): {
  readonly checks: readonly Check[]
  readonly workspaces: readonly { readonly clientId: Id; readonly path: string; readonly checks: readonly Check[] }[]
} {
  if (!existsSync(home))
    return {
      checks: [{ name: 'home', ok: true, detail: `${home} does not exist yet; it is made with the first workspace` }],
      workspaces: [],
    }
  const space = statfsSync(home)
  const free = space.bavail * space.bsize
  const aside = workspacesIn(home).flatMap(({ path }) => readdirSync(dirname(path)).filter((name) => name.includes('.damaged-')))
  const checks: Check[] = [
    { name: 'home', ok: true, detail: home },
    privacy(home),
    { name: 'space', ok: free >= FREE_BYTES, detail: `${Math.floor(free / MIB)} MB free` },
    {
      name: 'set aside',
      ok: aside.length === 0,
      detail:
        aside.length === 0
          ? 'No damaged database was set aside'
          : `${aside.length} damaged database files were set aside; ask for help before deleting them`,
    },
  ]
  const workspaces = workspacesIn(home).map(({ clientId, path }) => {
    const found = withWorkspace(path, examineDatabase)
    const examined = 'problem' in found ? [{ name: 'open', ok: false, detail: found.problem }] : found
    return { clientId, path, checks: [privacy(path), ...examined] }
  })
  return { checks, workspaces }
}
