import { existsSync, readdirSync, statfsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { isId, type ClientId } from '../../core/id.ts'
import type { StorageReason } from '../../core/errors.ts'
import { fromFile } from '../../db/errors.ts'
import { StorageError } from '../../platform/files/storage-error.ts'
import { openReadable, openSchemaVersion, type ReadableDb } from '../../db/open.ts'
import { countWaitingChanges } from '../../db/queries/status.ts'
import { fileSize } from '../workspace/home.ts'
import { finding, REMEDY, sound, type Check } from './check.ts'
import { examineDatabase } from './examine-database.ts'

export type WorkspaceFacts = {
  readonly clientId: ClientId
  readonly path: string
  /** Size, including the write-ahead log. */
  readonly bytes: number
  readonly schemaVersion: number | null
  /** Changes of data that the server has not answered, without sign-ins and other events. */
  readonly pending: number | null
  /** Why the file cannot be opened; null: it can. */
  readonly problem: string | null
}

const MIB = 1024 * 1024
/** Least free space, enough for a write-ahead log and a migration. */
const FREE_BYTES = 200 * MIB

function workspacesIn(home: string): { readonly clientId: ClientId; readonly path: string }[] {
  const folder = join(home, 'workspaces')
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => isId(name))
    .toSorted()
    .map((clientId) => ({ clientId, path: join(folder, clientId, 'workspace.db') }))
    .filter(({ path }) => existsSync(path))
}

type Unopened = { readonly problem: string; readonly reason: StorageReason | null }

function unopened(error: unknown): Unopened {
  if (error instanceof StorageError) return { problem: error.message, reason: error.reason }
  return { problem: 'The file cannot be opened.', reason: null }
}

function withWorkspace<T>(path: string, examine: (db: ReadableDb) => T): T | Unopened {
  let db: ReadableDb | undefined
  try {
    db = openReadable(path)
    return examine(db)
  } catch (error) {
    return unopened(fromFile(error, path))
  } finally {
    db?.close()
  }
}

/** Lists the workspaces of the home without a sign-in: ids, sizes and versions, no name and no content. Creates nothing. */
export function workspaceFacts(home: string): WorkspaceFacts[] {
  return workspacesIn(home).map(({ clientId, path }) => {
    const found = withWorkspace(path, (db) => ({ schemaVersion: openSchemaVersion(db), pending: countWaitingChanges(db, null) }))
    const facts =
      'problem' in found ? { schemaVersion: null, pending: null, problem: found.problem } : { ...found, problem: null }
    return { clientId, path, bytes: fileSize(path), ...facts }
  })
}

function privacy(path: string): Check {
  const name = 'private'
  if (process.platform === 'win32') return sound(name, 'Protected by the user’s profile on Windows')
  const mode = statSync(path).mode & 0o777
  const octal = mode.toString(8).padStart(4, '0')
  if ((mode & 0o077) === 0) return sound(name, `Only this user may read ${path} (${octal})`)
  return finding(name, `Others on this device may read ${path} (${octal})`, `${REMEDY.fix} Or run: chmod go-rwx ${path}`)
}

function space(home: string): Check {
  const { bavail, bsize } = statfsSync(home)
  const free = bavail * bsize
  const detail = `${Math.floor(free / MIB)} MB free`
  return free >= FREE_BYTES ? sound('space', detail) : finding('space', detail, REMEDY.space)
}

function unfinishedJoin(home: string): Check {
  const isKept = existsSync(join(home, 'joining', 'workspace.db'))
  return sound('join', isKept ? 'A join was interrupted; join again to resume it' : 'No join was interrupted')
}

/** Examines a home and its databases without changing anything. */
export function examineHome(home: string): {
  readonly checks: readonly Check[]
  readonly workspaces: readonly { readonly clientId: ClientId; readonly path: string; readonly checks: readonly Check[] }[]
} {
  if (!existsSync(home))
    return { checks: [sound('home', `${home} does not exist yet; the first workspace creates it`)], workspaces: [] }
  const found = workspacesIn(home)
  const checks = [sound('home', home), privacy(home), space(home), unfinishedJoin(home)]
  const workspaces = found.map(({ clientId, path }) => {
    const examined = withWorkspace(path, examineDatabase)
    const problem = 'problem' in examined ? [finding('open', examined.problem, remedyFor(examined.reason))] : examined
    return { clientId, path, checks: [privacy(path), ...problem] }
  })
  return { checks, workspaces }
}

function remedyFor(reason: StorageReason | null): string {
  if (reason === 'newer') return 'Update the application.'
  if (reason === 'foreign') return REMEDY.fix
  if (reason === 'full') return REMEDY.space
  if (reason === 'busy') return 'Close the application and try again.'
  if (reason === 'readonly') return 'Make the disk and the folder writable; until then the application only reads.'
  return reason === 'damaged' ? REMEDY.backup : 'Check the disk and the permissions of the file.'
}
