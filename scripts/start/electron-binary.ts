import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The time-out of a download, after which the loopback shell is used, ms. */
const FETCH_WITHIN = 15_000

export type ElectronPlace = {
  /** The `electron` package, which comes without the program itself. */
  readonly packageFolder: string
  /** The file that records a failed download. */
  readonly memory: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly platform: NodeJS.Platform
}

export function electronPlace(tree: string): ElectronPlace {
  return {
    packageFolder: join(tree, 'node_modules', 'electron'),
    memory: join(tree, '.cache', 'electron-download-failed'),
    env: process.env,
    platform: process.platform,
  }
}

const PROGRAM: Partial<Record<NodeJS.Platform, string>> = {
  darwin: 'Electron.app/Contents/MacOS/Electron',
  win32: 'electron.exe',
}

/** Returns the path of the Electron program, if it exists. Loading the package itself would start a download. */
export function findElectron({ packageFolder, env, platform }: ElectronPlace): string | undefined {
  const named = env.ELECTRON_OVERRIDE_DIST_PATH
  const override = named === undefined || named === '' ? undefined : named
  const pathFile = join(packageFolder, 'path.txt')
  const program = existsSync(pathFile) ? readFileSync(pathFile, 'utf8').trim() : undefined
  if (override === undefined && program === undefined) return undefined
  const path = join(override ?? join(packageFolder, 'dist'), program ?? PROGRAM[platform] ?? 'electron')
  return existsSync(path) ? path : undefined
}

/**
 * Returns the path of the Electron program; downloads it if necessary. A failed download of a version is not repeated automatically, so
 * that the next start without network access does not wait for it.
 *
 * @param insist repeat a download that failed before
 */
export async function obtainElectron(place: ElectronPlace, insist: boolean, onFetch: () => void): Promise<string | undefined> {
  const found = findElectron(place)
  if (found !== undefined) return found
  const { version } = JSON.parse(readFileSync(join(place.packageFolder, 'package.json'), 'utf8')) as { version: string }
  if (!insist && existsSync(place.memory) && readFileSync(place.memory, 'utf8') === version) return undefined
  onFetch()
  await download(place)
  const fetched = findElectron(place)
  if (fetched === undefined) {
    mkdirSync(dirname(place.memory), { recursive: true })
    writeFileSync(place.memory, version)
  }
  return fetched
}

/** Resolves when the download has ended, with or without success. */
function download({ packageFolder }: ElectronPlace): Promise<void> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(packageFolder, 'install.js')], {
      stdio: 'ignore',
      timeout: FETCH_WITHIN,
      killSignal: 'SIGKILL',
    })
    child.once('error', () => resolve())
    child.once('exit', () => resolve())
  })
}
