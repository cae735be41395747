import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { electronPlace, findElectron } from '../start/electron-binary.ts'
import { TREE } from '../tree.ts'

/** An Electron in which the tests run the packaged product. */
export type Runtime = {
  /** The folder with the program `electron`, as electron-builder expects it. */
  readonly folder: string
  readonly version: string
  /** The database driver for its Node; undefined: the driver's own binary works. */
  readonly driver: string | undefined
}

/** The version of Electron in the repackaged runtime. */
export const REPACKAGED_VERSION = '33.2.1'

export type RuntimeCache = {
  readonly electron: string
  readonly driver: string
}

/**
 * Returns where the repackaged runtime is stored: in the user's cache, so that all checkouts share it. The name of the driver's file
 * contains its version, so that a new version is compiled again.
 */
export function runtimeCache(env: Readonly<Record<string, string | undefined>> = process.env): RuntimeCache {
  const given = env.XDG_CACHE_HOME
  // By the XDG specification, a relative path is ignored.
  const cache = given?.startsWith('/') === true ? given : join(homedir(), '.cache')
  const folder = join(cache, 'propaganda-dashboard', `electron-${REPACKAGED_VERSION}-linux-x64`)
  return { electron: join(folder, 'electron'), driver: join(folder, `better-sqlite3-${driverVersion()}-node-api-9.node`) }
}

function driverVersion(): string {
  const path = join(TREE, 'node_modules', 'better-sqlite3', 'package.json')
  return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version
}

/** Returns Electron's own runtime if it is installed, else the repackaged one if it is in the cache. Downloads nothing. */
export function findRuntime(): Runtime | undefined {
  if (process.platform !== 'linux') return undefined
  const own = findElectron(electronPlace(TREE))
  if (own !== undefined) {
    const folder = dirname(own)
    return { folder, version: readFileSync(join(folder, 'version'), 'utf8').trim(), driver: undefined }
  }
  const { electron, driver } = runtimeCache()
  const isThere = process.arch === 'x64' && existsSync(join(electron, 'version')) && existsSync(driver)
  return isThere ? { folder: electron, version: REPACKAGED_VERSION, driver } : undefined
}

/** Returns one line that names the Electron of a run. */
export function describeRuntime({ version, driver }: Runtime): string {
  return driver === undefined
    ? `Electron ${version}`
    : `Electron ${version} (repackaged by a third party, with stand-ins for newer functions of Node)`
}
