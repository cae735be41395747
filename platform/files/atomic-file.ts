import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fromFileSystem, withDiskReason } from './storage-error.ts'

/**
 * Writes a file that only its owner can read, and its folder if it is missing. The content is flushed to a draft, which is then renamed, so
 * that after a crash or a power failure `path` has its old content or the new one, complete. The next write replaces a draft that a stopped
 * process left.
 * @throws StorageError; the old file is unchanged then.
 */
export function writeAtomicFile(path: string, content: string): void {
  const draft = `${path}.new`
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    rmSync(draft, { force: true })
    writeFileSync(draft, content, { mode: 0o600, flag: 'wx', flush: true })
    renameSync(draft, path)
  } catch (error) {
    removeDraft(draft)
    const failure = fromFileSystem(error)
    throw failure === undefined ? error : withDiskReason(failure, path)
  }
}

/** Best effort: the caller reports why the write failed. */
function removeDraft(path: string): void {
  try {
    rmSync(path, { force: true })
  } catch {}
}

/** Renames a complete file or folder, and flushes the folder it arrives in, so that a power failure does not undo the rename. */
export function moveIntoPlace(from: string, to: string): void {
  renameSync(from, to)
  // Windows does not open a folder as a file.
  if (process.platform === 'win32') return
  const folder = openSync(dirname(to), 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}
