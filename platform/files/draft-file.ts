import { randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs'
import { moveIntoPlace } from './atomic-file.ts'
import { fromFileSystem, withDiskReason } from './storage-error.ts'

/** Returns a path next to `path` for its draft, with a name of its own, so that two writers of one path do not share a draft. */
export function draftOf(path: string): string {
  return `${path}.${randomBytes(4).toString('hex')}.part`
}

/**
 * A large file that is written piece by piece. `moveDraft` moves it to its final path when it is complete. Until then, the file at that path
 * has its old content or does not exist.
 */
export class DraftFile {
  readonly #path: string
  readonly #file: number
  #bytes = 0

  /** Creates the draft. Only its owner can read it. @throws StorageError, or an error of Node, such as ENOENT for a missing folder. */
  constructor(draft: string) {
    this.#path = draft
    this.#file = typed(draft, () => openSync(draft, 'wx', 0o600))
  }

  /** The bytes that are written. */
  get bytes(): number {
    return this.#bytes
  }

  /** @throws StorageError if the disk is full or fails. */
  readonly write = (bytes: Uint8Array): void => {
    typed(this.#path, () => {
      for (let at = 0; at < bytes.length;) at += writeSync(this.#file, bytes, at)
    })
    this.#bytes += bytes.length
  }

  /** Flushes and closes the draft. @throws StorageError */
  complete(): void {
    try {
      typed(this.#path, () => fsyncSync(this.#file))
    } finally {
      closeSync(this.#file)
    }
  }

  /** Closes the file without a flush, for a file whose loss in a crash is harmless. */
  close(): void {
    closeSync(this.#file)
  }

  /** Closes and removes an incomplete draft. */
  discard(): void {
    try {
      closeSync(this.#file)
    } catch {
      // It is already closed.
    }
    removeDraft(this.#path)
  }
}

/** Moves a complete draft to its final path. @throws StorageError; then the draft is removed and an existing file is unchanged. */
export function moveDraft(draft: string, path: string): void {
  try {
    typed(path, () => moveIntoPlace(draft, path))
  } catch (error) {
    removeDraft(draft)
    throw error
  }
}

/** Removes a draft, if there is one. Best effort: the caller reports why the file was not written. */
export function removeDraft(draft: string): void {
  try {
    rmSync(draft, { force: true })
  } catch {}
}

function typed<T>(path: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    const failure = fromFileSystem(error)
    throw failure === undefined ? error : withDiskReason(failure, path)
  }
}
