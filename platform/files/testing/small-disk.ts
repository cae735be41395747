import { spawnSync } from 'node:child_process'
import { closeSync, fstatSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const MIB = 1_024 * 1_024

/**
 * A real file system of a few megabytes in memory, which a test fills and empties. Mounting needs root. If it fails, `isReal` is
 * false, the folder is an ordinary one, and the test makes writes fail in another way.
 */
export class SmallDisk {
  readonly folder = mkdtempSync(join(tmpdir(), 'propaganda-disk-'))
  readonly isReal: boolean

  constructor(megabytes: number) {
    const options = `size=${megabytes}m,mode=0700`
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', this.folder], { encoding: 'utf8' })
    this.isReal = mounted.status === 0
    if (this.isReal) return
    const why = mounted.stderr === null ? 'no mount' : mounted.stderr.trim()
    process.stderr.write(`No small disk can be mounted here (${why}); writes fail by SQLite’s page limit instead.\n`)
  }

  get #ballast(): string {
    return join(this.folder, 'ballast')
  }

  /** Fills the disk except for this many megabytes. Returns false if `isReal` is false. */
  fill(megabytes = 0): boolean {
    if (!this.isReal) return false
    const file = openSync(this.#ballast, 'a')
    try {
      for (let size = MIB; size > 0;) {
        try {
          writeSync(file, Buffer.alloc(size))
        } catch {
          size >>= 1
        }
      }
      ftruncateSync(file, Math.max(0, fstatSync(file).size - megabytes * MIB))
    } finally {
      closeSync(file)
    }
    return true
  }

  /** Frees the space again. */
  empty(): void {
    rmSync(this.#ballast, { force: true })
  }

  dispose(): void {
    if (this.isReal) spawnSync('umount', ['-l', this.folder])
    rmSync(this.folder, { recursive: true, force: true })
  }
}
