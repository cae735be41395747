import { execFileSync } from 'node:child_process'
import { chownSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * The user who runs the desktop application in tests. Chromium's sandbox refuses to run as root, so tests that run as root start the
 * application as `nobody`.
 */
export class OrdinaryUser {
  /** The user's home, which `dispose` removes. */
  readonly folder = mkdtempSync(join(tmpdir(), 'propaganda-user-'))
  readonly #id: number | undefined

  constructor() {
    this.#id = process.getuid?.() === 0 ? Number(execFileSync('id', ['-u', 'nobody'], { encoding: 'utf8' })) : undefined
    this.#own(this.folder)
  }

  /** Options with which a process starts as this user. They contain no D-Bus session and no display; the caller adds a display. */
  get options(): { readonly uid?: number; readonly gid?: number; readonly env: NodeJS.ProcessEnv } {
    const env = {
      PATH: process.env.PATH,
      LANG: 'en_GB.UTF-8',
      TZ: 'Europe/Berlin',
      HOME: this.folder,
      XDG_RUNTIME_DIR: this.folder,
      DBUS_SESSION_BUS_ADDRESS: 'disabled:',
    }
    return this.#id === undefined ? { env } : { uid: this.#id, gid: this.#id, env }
  }

  /** Returns a new folder that the user owns. */
  newFolder(name: string): string {
    const path = mkdtempSync(join(this.folder, `${name}-`))
    this.#own(path)
    return path
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 3 })
  }

  #own(path: string): void {
    if (this.#id !== undefined) chownSync(path, this.#id, this.#id)
  }
}
