import { createHash } from 'node:crypto'
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { withFileLock } from '../setup/file-lock.mjs'

export type Build = {
  /** Names the stamp and the lock. */
  readonly name: string
  /** Top of the tree that the globs and paths below are relative to. */
  readonly tree: string
  /** Globs of the files that the result depends on. */
  readonly inputs: readonly string[]
  /** The folder of the result. */
  readonly output: string
  /** Writes the result into `folder`. */
  readonly make: (folder: string) => Promise<void>
}

/**
 * Builds the output if it is missing or was built from other sources. The new output is written next to the old one and then renamed, so
 * that a running application never reads half a build and a failed build leaves the old one.
 *
 * @returns whether anything was built
 */
export async function buildIfStale(build: Build, onBuild: () => void = () => {}): Promise<boolean> {
  const { name, tree, output } = build
  const stamp = join(tree, 'dist', 'stamps', name)
  const folder = join(tree, output)
  const hash = hashOf(build)
  const isFresh = () => existsSync(folder) && existsSync(stamp) && readFileSync(stamp, 'utf8') === hash
  if (isFresh()) return false
  return withFileLock(join(tree, '.cache', `build-${name}-lock`), async () => {
    if (isFresh()) return false
    onBuild()
    const next = `${folder}.next`
    rmSync(next, { recursive: true, force: true })
    await build.make(next)
    rmSync(stamp, { force: true })
    rmSync(folder, { recursive: true, force: true })
    renameSync(next, folder)
    mkdirSync(dirname(stamp), { recursive: true })
    writeFileSync(stamp, hash)
    return true
  })
}

const TEST_FILE = /\.test\.tsx?$/

/**
 * Returns the digest of the inputs' names and contents. Tests are in no build. Times do not count, so that a checkout alone causes no
 * build.
 */
function hashOf({ tree, inputs }: Build): string {
  const hash = createHash('sha256')
  const files = inputs.flatMap((glob) => globSync(glob, { cwd: tree, withFileTypes: true }))
  const paths = files
    .filter((file) => file.isFile() && !TEST_FILE.test(file.name))
    .map((file) => join(file.parentPath, file.name))
  for (const path of paths.toSorted())
    hash
      .update(`${path.slice(tree.length)}\0`)
      .update(readFileSync(path))
      .update('\0')
  return hash.digest('hex')
}
