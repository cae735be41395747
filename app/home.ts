import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AppError } from '../core/errors.ts'
import { isId, type ClientId } from '../core/id.ts'
import { storageText } from '../core/storage-text.ts'

/** Where the product keeps its files on this device: one folder a client, readable by the owner only. */
export class Home {
  readonly path: string

  constructor(path: string) {
    this.path = path
    unlessUnwritable(path, () => {
      mkdirSync(this.#workspaces, { recursive: true, mode: 0o700 })
      // mkdir leaves an existing folder's mode alone; on Windows chmod changes nothing that matters.
      chmodSync(path, 0o700)
    })
  }

  get #workspaces(): string {
    return join(this.path, 'workspaces')
  }

  /** The database file of a client's workspace, whether or not it exists. */
  databasePath(clientId: ClientId): string {
    return join(this.#workspaces, clientId, 'workspace.db')
  }

  /** Where a client of a server is put together before it is shown; one at a time. */
  get joiningFolder(): string {
    return join(this.path, 'joining')
  }

  workspaceFolder(clientId: ClientId): string {
    return join(this.#workspaces, clientId)
  }

  /** Clients with a database file here, in the order of their creation. */
  clientIds(): ClientId[] {
    if (!existsSync(this.#workspaces)) return []
    return readdirSync(this.#workspaces)
      .filter((name) => isId(name) && existsSync(this.databasePath(name)))
      .toSorted()
  }
}

const FULL_CODES: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT'])
const DENIED_CODES: ReadonlySet<unknown> = new Set(['EROFS', 'EACCES', 'EPERM'])

/**
 * Runs `work` on the file system. If it fails because the disk is full or read-only and the home exists, the failure is ignored: what is
 * stored there can still be read.
 * @throws AppError STORAGE if there is no home.
 */
export function unlessUnwritable(home: string, work: () => void): void {
  try {
    work()
  } catch (error) {
    const reason = unwritableReason(error)
    if (reason === undefined) throw error
    if (!existsSync(home)) throw new AppError('STORAGE', storageText(reason, 'Nothing was saved'), { reason }, error)
  }
}

/** Returns why a call of the file system could not write; undefined if it failed for another reason. */
function unwritableReason(error: unknown): 'full' | 'readonly' | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  if (FULL_CODES.has(error.code)) return 'full'
  // A recursive mkdir of Node reports a read-only file system as a missing folder.
  const isHidden = error.code === 'ENOENT' && 'syscall' in error && error.syscall === 'mkdir'
  return isHidden || DENIED_CODES.has(error.code) ? 'readonly' : undefined
}

/**
 * Returns a folder for what a browser writes while its window is open. It is in the home, or in the system's temporary folder if the home
 * cannot be written; the caller then removes it. Opening the home reports what is wrong with it.
 */
export function windowFolder(home: string, name: string): { readonly path: string; readonly isTemporary: boolean } {
  const path = join(home, name)
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 })
    const probe = join(path, `.probe-${process.pid}`)
    writeFileSync(probe, 'x', { mode: 0o600 })
    rmSync(probe)
    return { path, isTemporary: false }
  } catch {
    return { path: mkdtempSync(join(tmpdir(), `propaganda-${name}-`)), isTemporary: true }
  }
}

/** Bytes of a database file with its write-ahead log. */
export function fileSize(path: string): number {
  return [path, `${path}-wal`].reduce((sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0), 0)
}
