import { statSync } from 'node:fs'
import { StorageError } from '../platform/files/storage-error.ts'
import { openFrozen } from '../platform/sqlite/frozen.ts'
import { fromFile } from './errors.ts'
import { openReadable, prepareReader, type ReadableDb } from './open.ts'

/** A reader of a file whose disk may be full or read-only. */
export type AnyReader = {
  readonly db: ReadableDb
  /** Whether another process has changed the file and this reader cannot see the change. If so, open the file again. */
  readonly isOutdated: () => boolean
}

/**
 * Opens a workspace to read, also if the disk is full or read-only. A database in WAL mode needs its shared-memory file (`-shm`), which
 * cannot be created there. If no commit waits in the write-ahead log, the main file alone is the whole database, and SQLite can read it as
 * a file that does not change (`immutable=1`). better-sqlite3 does not have this option; Node’s own SQLite does.
 *
 * No process writes to the file meanwhile: a writer has the shared-memory file, and with it the ordinary way of opening succeeds. If a
 * writer starts later (the disk has room again), `isOutdated` returns true.
 *
 * @throws as `openReadable`, where this does not help: commits wait in the log, the file is older than this release, or the runtime has no
 * own SQLite.
 */
export function openAnyReadable(path: string): AnyReader {
  try {
    return { db: openReadable(path), isOutdated: () => false }
  } catch (error) {
    const failure = fromFile(error, path)
    // After another failure the file may be one that another process is writing at this moment.
    if (!(failure instanceof StorageError) || (failure.reason !== 'full' && failure.reason !== 'readonly')) throw error
    const begin = stateOf(path)
    const frozen = hasWaitingCommits(path) ? undefined : openFrozen(path)
    if (frozen === undefined) throw error
    return { db: prepareReader(frozen, failure.reason), isOutdated: () => stateOf(path) !== begin }
  }
}

/** Returns a text that differs after every commit: a commit makes the log grow, and a checkpoint changes the main file. */
function stateOf(path: string): string {
  const states = [path, `${path}-wal`].map((file) => statSync(file, { throwIfNoEntry: false, bigint: true }))
  return states
    .map((state) => `${state?.ino ?? 0n} ${state?.size ?? 0n} ${(state?.size ?? 0n) === 0n ? 0n : state?.mtimeNs}`)
    .join(' ')
}

function hasWaitingCommits(path: string): boolean {
  return (statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0
}
