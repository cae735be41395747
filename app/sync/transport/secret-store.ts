import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { writeAtomicFile } from '../../../platform/files/atomic-file.ts'

/** The store of a device's tokens. The shell supplies it: the system's key store if there is one. */
export type SecretStore = {
  get(name: string): Promise<string | undefined>
  set(name: string, secret: string): Promise<void>
  delete(name: string): Promise<void>
}

/** Files that only their owner can read, for shells without the system's key store. A name is an id, so it is safe in a path. */
export class FileSecretStore implements SecretStore {
  readonly #folder: string

  constructor(home: string) {
    this.#folder = join(home, 'tokens')
  }

  async get(name: string): Promise<string | undefined> {
    try {
      return readFileSync(join(this.#folder, name), 'utf8')
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
      throw error
    }
  }

  async set(name: string, secret: string): Promise<void> {
    writeAtomicFile(join(this.#folder, name), secret)
  }

  async delete(name: string): Promise<void> {
    rmSync(join(this.#folder, name), { force: true })
  }
}
