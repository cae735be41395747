import { rm, realpath, stat, writeFile } from 'node:fs/promises'
import { explainedError, type AppError } from '../../core/errors.ts'
import { UsageError } from '../terminal/failure.ts'

/**
 * Returns the device and inode of a file, which are equal for every link to it and spelling of its path; undefined if it does not exist.
 */
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
  const happened = `The refused rows could not be written to ${path}.`
  const kept = 'The rest of the report is complete; import the same file again with another --refused FILE.'
  return explainedError('STORAGE', { message: happened }, { message: kept }, { reason }, cause)
}

/**
 * The file of `--refused`. It never replaces a file that the import reads. The import empties it first, so that it does not keep rows of an
 * earlier import.
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
          `--refused: ${path} is the file ${source}, which the import reads. Nothing was imported. Choose another file.`,
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

  /**
   * Writes the rows, or removes the file if there are none. Returns a failure instead of throwing it, so that the report is printed first.
   */
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
