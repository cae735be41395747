import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Checks whether `node_modules` matches package-lock.json.
 *
 * The quick check is a stamp with the lockfile's hash, written after the last check. Without it (a person ran npm themselves), npm's own
 * record of the installed packages, `node_modules/.package-lock.json`, is compared with the lockfile. npm writes this record last, so an
 * interrupted installation has none.
 */

/** @param {string} tree */
const stampPath = (tree) => join(tree, 'node_modules', '.propaganda-lock')

/**
 * @typedef {{ version?: string, optional?: boolean, os?: string[], cpu?: string[], libc?: string[] }} LockedPackage
 * @param {string} tree folder of package.json
 * @returns {boolean}
 */
export function isInstalled(tree) {
  const stamp = stampOf(tree)
  if (existsSync(stampPath(tree)) && readFileSync(stampPath(tree), 'utf8') === stamp) return true
  if (!matchesLockfile(tree)) return false
  writeFileSync(stampPath(tree), stamp)
  return true
}

/**
 * Returns a hash of the lockfile and the system: a folder copied from another system has the wrong binaries.
 *
 * @param {string} tree
 */
function stampOf(tree) {
  const hash = createHash('sha256')
    .update(readFileSync(join(tree, 'package-lock.json')))
    .digest('hex')
  return `${hash} ${process.platform}-${process.arch}\n`
}

/** @param {string} tree */
function matchesLockfile(tree) {
  const wanted = packagesOf(join(tree, 'package-lock.json'))
  const present = packagesOf(join(tree, 'node_modules', '.package-lock.json'))
  if (wanted === undefined || present === undefined) return false
  for (const [path, locked] of Object.entries(wanted)) {
    if (path === '') continue
    const found = present[path]
    if (found === undefined && locked.optional === true && !isForThisSystem(locked)) continue
    if (found?.version !== locked.version) return false
  }
  return existsSync(projectNode(tree))
}

/**
 * Returns whether an optional package is the binary of a tool for this system. npm leaves it out if the machine's own Node is too old for it,
 * and the tool then fails on the product's Node.
 *
 * @param {LockedPackage} locked
 */
function isForThisSystem({ os, cpu, libc }) {
  if (os === undefined || cpu === undefined) return false
  return os.includes(process.platform) && cpu.includes(process.arch) && (libc === undefined || libc.includes(thisLibc()))
}

/** Returns the C library of this system by npm's names. Node's report names the version of glibc where there is one. */
function thisLibc() {
  const { header } = /** @type {{ header: { glibcVersionRuntime?: string } }} */ (process.report.getReport())
  return header.glibcVersionRuntime === undefined ? 'musl' : 'glibc'
}

/**
 * @param {string} path
 * @returns {Record<string, LockedPackage> | undefined}
 */
function packagesOf(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages
  } catch {
    return undefined
  }
}

/**
 * Returns the path of the Node that the product runs on, regardless of the machine's own.
 *
 * @param {string} tree
 */
export function projectNode(tree) {
  return join(tree, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
}
