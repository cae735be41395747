import { sentence } from '../../core/messages/sentence.ts'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isId, type ClientId } from '../../core/id.ts'
import { storageError } from '../../core/storage-text.ts'

/** The folder of the product's files on this device. It has one folder per client and is readable only by the owner. */
export class Home {
  readonly path: string

  constructor(path: string) {
    this.path = path
    unlessUnwritable(path, () => {
      mkdirSync(this.#workspaces, { recursive: true, mode: 0o700 })
      // mkdir does not change the mode of an existing folder. On Windows, chmod has no relevant effect.
      chmodSync(path, 0o700)
    })
  }

  get #workspaces(): string {
    return join(this.path, 'workspaces')
  }

  /** Returns the path of a client's database, even if it does not exist. */
  databasePath(clientId: ClientId): string {
    return join(this.#workspaces, clientId, 'workspace.db')
  }

  /** The folder in which a join collects a client's data until it is complete. There is at most one join. */
  get joiningFolder(): string {
    return join(this.path, 'joining')
  }

  workspaceFolder(clientId: ClientId): string {
    return join(this.#workspaces, clientId)
  }

  /** Returns the clients with a database, in the order of their creation. */
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
 * Runs `work` on the file system. Ignores a failure if the disk is full or read-only and the home exists, because stored data can still be
 * read.
 * @throws AppError STORAGE if there is no home.
 */
export function unlessUnwritable(home: string, work: () => void): void {
  try {
    work()
  } catch (error) {
    const reason = unwritableReason(error)
    if (reason === undefined) throw error
    if (!existsSync(home)) throw storageError(reason, sentence('storage.unsaved'), error)
  }
}

/** Returns why the file system could not be written; undefined if the error has another reason. */
function unwritableReason(error: unknown): 'full' | 'readonly' | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  if (FULL_CODES.has(error.code)) return 'full'
  // A recursive mkdir of Node reports a read-only file system as a missing folder.
  const isHidden = error.code === 'ENOENT' && 'syscall' in error && error.syscall === 'mkdir'
  return isHidden || DENIED_CODES.has(error.code) ? 'readonly' : undefined
}

/**
 * Returns a folder for the files that a browser writes while its window is open. It is in the home. If the home cannot be written, it is in
 * the system's temporary folder, and the caller removes it.
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

/** Returns the bytes of a database file and its write-ahead log. */
export function fileSize(path: string): number {
  return [path, `${path}-wal`].reduce((sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0), 0)
}
