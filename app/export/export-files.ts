import { mkdirSync, readdirSync, realpathSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join, sep } from 'node:path'
import { AppError } from '../../core/errors.ts'
import { sentence } from '../../core/messages/sentence.ts'
import type { Translatable } from '../../core/messages/text.ts'
import type { RandomBytes } from '../../core/id.ts'
import { draftOf } from '../../platform/files/draft-file.ts'
import { explainExportFailure } from './sheet-writer.ts'

/** The time during which a file can be downloaded, ms. */
const KEEP_MS = 15 * 60_000
/** Folders of stopped processes are removed after this time, ms. */
const ABANDONED_MS = 24 * 60 * 60_000
const TOKEN_BYTES = 32

/** A file that a window downloads. */
export type Download = { readonly path: string; readonly fileName: string }

/** The place of an export. `draft` becomes `path` when the file is complete. */
export type ExportPlace = { readonly path: string; readonly draft: string; readonly isDownload: boolean }

type KeptDownload = Download & { readonly connection: string; readonly expiry: NodeJS.Timeout }

/**
 * The files of exports: at a path that the shell has chosen, or in a folder of the home until the window has downloaded them. A window never
 * chooses a path. Tokens are secrets of their connection.
 */
export class ExportFiles {
  readonly #home: string
  readonly #random: RandomBytes
  readonly #targets = new Map<string, { readonly connection: string; readonly path: string }>()
  readonly #downloads = new Map<string, KeptDownload>()
  #folder: string | undefined

  constructor(home: string, random: RandomBytes) {
    this.#home = home
    this.#random = random
  }

  /** Returns a target for the next export of the connection. Only shells call it, after the person has chosen the file. */
  choose(connection: string, path: string): string {
    const token = this.#token()
    this.#targets.set(token, { connection, path })
    return token
  }

  /** Returns the place of a file. @throws AppError NOT_FOUND for the target of another connection; STORAGE */
  place(connection: string, target: string | null): ExportPlace {
    if (target !== null) {
      const chosen = this.#targets.get(target)
      this.#targets.delete(target)
      if (chosen?.connection !== connection) throw new AppError('NOT_FOUND', sentence('export.expired'))
      const path = this.#checked(chosen.path)
      return { path, draft: draftOf(path), isDownload: false }
    }
    const path = join(this.#ownFolder(), this.#token())
    return { path, draft: draftOf(path), isDownload: true }
  }

  /**
   * Returns a path in the folder of this process for a file that is not a download. The caller removes the file.
   * @throws AppError STORAGE
   */
  temporary(): string {
    return join(this.#ownFolder(), this.#token())
  }

  /** Keeps a complete file for its download. Returns the token. */
  keep(connection: string, download: Download): string {
    const token = this.#token()
    const expiry = setTimeout(() => this.#remove(token), KEEP_MS)
    expiry.unref()
    this.#downloads.set(token, { ...download, connection, expiry })
    return token
  }

  /** Returns a file of the connection; undefined if there is none with this token. */
  download(connection: string, token: string): Download | undefined {
    const found = this.#downloads.get(token)
    return found?.connection === connection ? found : undefined
  }

  /** Removes the files of a connection. Called at sign-out. */
  forget(connection: string): void {
    for (const [token, download] of this.#downloads) if (download.connection === connection) this.#remove(token)
    for (const [token, target] of this.#targets) if (target.connection === connection) this.#targets.delete(token)
  }

  /** Removes all files. */
  close(): void {
    for (const { expiry } of this.#downloads.values()) clearTimeout(expiry)
    this.#downloads.clear()
    if (this.#folder !== undefined) removed(this.#folder)
  }

  /** Returns the path of the file that is replaced. A rename would replace a device or a link, not its target. */
  #checked(path: string): string {
    const refuse = (why: Translatable) => new AppError('INVALID', why, { issues: [{ path: 'target', ...why }] })
    if (statSync(path, { throwIfNoEntry: false })?.isFile() === false) throw refuse(sentence('export.not-a-file', { path }))
    const real = realPath(path)
    if (real.startsWith(realPath(join(this.#home, 'workspaces')) + sep)) throw refuse(sentence('export.in-workspaces', { path }))
    return real
  }

  #remove(token: string): void {
    const found = this.#downloads.get(token)
    if (found === undefined) return
    clearTimeout(found.expiry)
    this.#downloads.delete(token)
    removed(found.path)
  }

  #token(): string {
    return Buffer.from(this.#random(TOKEN_BYTES)).toString('base64url')
  }

  /** Each process has its own folder, because the window and the command line can use the same home at the same time. */
  #ownFolder(): string {
    if (this.#folder !== undefined) return this.#folder
    const all = join(this.#home, 'exports')
    const own = join(all, this.#token())
    try {
      mkdirSync(own, { recursive: true, mode: 0o700 })
    } catch (error) {
      throw explainExportFailure(error, own)
    }
    removeAbandoned(all)
    this.#folder = own
    return own
  }
}

/** Returns the path without links, even if the file does not exist. */
function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    try {
      return join(realpathSync(dirname(path)), basename(path))
    } catch {
      return path
    }
  }
}

function removed(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true })
  } catch {
    // A program is still reading the file. It is removed later with the abandoned folders.
  }
}

/** Removes the folders of stopped processes. */
function removeAbandoned(all: string): void {
  for (const name of readdirSync(all)) {
    const path = join(all, name)
    const changedAt = statSync(path, { throwIfNoEntry: false })?.mtimeMs
    if (changedAt !== undefined && Date.now() - changedAt > ABANDONED_MS) removed(path)
  }
}
