import { rm, realpath, stat, writeFile } from 'node:fs/promises'
import { AppError } from '../core/errors.ts'
import { UsageError } from './failure.ts'

/** Returns device and inode of a file, which are the same for every link and spelling of its path; undefined if there is no file. */
async function identityOf(path: string): Promise<{ readonly key: string; readonly isFile: boolean } | undefined> {
  try {
    const found = await stat(path, { bigint: true })
    return { key: `${found.dev}:${found.ino}`, isFile: found.isFile() }
  } catch {
    return undefined
  }
}

function unwritten(path: string, cause: unknown): AppError<'STORAGE'> {
  const reason = cause instanceof Error && 'code' in cause && cause.code === 'ENOSPC' ? 'full' : 'io'
  const message = `The refused rows could not be written to ${path}. The rest of the report is complete; import the same file again with another --refused FILE.`
  return new AppError('STORAGE', message, { reason }, cause)
}

/**
 * The file of `--refused`. It never replaces a file that the import reads. It is emptied when the import begins, so that the rows of an
 * earlier import are not taken for those of this one.
 */
export class RefusedFile {
  readonly #path: string
  readonly #isFile: boolean

  private constructor(path: string, isFile: boolean) {
    this.#path = path
    this.#isFile = isFile
  }

  /**
   * Empties the file, or creates it.
   * @param sources files that the import reads
   * @throws UsageError if the file is one of the sources or cannot be written
   */
  static async prepare(path: string, sources: readonly string[]): Promise<RefusedFile> {
    const before = await identityOf(path)
    for (const source of sources)
      if (before !== undefined && before.key === (await identityOf(source))?.key)
        throw new UsageError(
          `--refused: ${path} is the file ${source}, which the import reads. Nothing was imported; name another.`,
        )
    const isFile = before?.isFile ?? true
    try {
      if (isFile) await writeFile(path, '', { mode: 0o600 })
    } catch (error) {
      const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
      throw new UsageError(`--refused: ${path} cannot be written (${reason}). Nothing was imported.`)
    }
    return new RefusedFile(path, isFile)
  }

  /** Writes the rows. Without any, the file is removed. Returns why that failed, so that the report is printed first. */
  async finish(csv: string | null): Promise<AppError<'STORAGE'> | undefined> {
    try {
      if (csv !== null) await writeFile(this.#path, csv, { mode: 0o600 })
      else if (this.#isFile) await rm(await realpath(this.#path), { force: true })
      return undefined
    } catch (error) {
      return csv === null ? undefined : unwritten(this.#path, error)
    }
  }
}
