import { globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path/posix'
import { LEAVES, ROOMS } from './rooms.mjs'

/** An import from one folder to another: the file that imports, and the file that it imports. */
export type Crossing = { readonly from: string; readonly to: string }

const SPECIFIER = /(?:\bfrom|\bimport)\s*\(?\s*'(\.[^']+)'|\bnew URL\('(\.[^']+\.ts)'/g

/** Returns the imports between folders of the product. Tests and their support are excluded, because nothing imports them. */
export function crossings(tree: string): Crossing[] {
  const rooms = Object.keys(ROOMS).filter((room) => !LEAVES.includes(room))
  const files = globSync(`{${rooms.join(',')}}/**/*.{ts,tsx}`, { cwd: tree }).map((path) => path.replaceAll('\\', '/'))
  return files.filter(isProduct).flatMap((from) => {
    const text = readFileSync(join(tree, from), 'utf8')
    return Array.from(text.matchAll(SPECIFIER), ([, imported, url]) => ({
      from,
      to: normalize(join(dirname(from), imported ?? url ?? '')),
    })).filter(({ to }) => dirname(from) !== dirname(to))
  })
}

const isProduct = (path: string) => !/\.test\.tsx?$|\/testing\//.test(path)

/**
 * Returns the crossings that close a cycle of folders: those between folders that import each other, directly or over others. Empty if there is
 * an order in which each folder imports only earlier ones.
 */
export function closingCrossings(all: readonly Crossing[]): Crossing[] {
  const imports = Map.groupBy(all, ({ from }) => dirname(from))
  const reachable = new Map<string, ReadonlySet<string>>()
  for (const folder of imports.keys()) reachable.set(folder, reach(folder))
  return all.filter(({ from, to }) => reachable.get(dirname(to))?.has(dirname(from)) === true)

  function reach(start: string): Set<string> {
    const reached = new Set<string>()
    const open = [start]
    for (let folder = open.pop(); folder !== undefined; folder = open.pop())
      for (const { to } of imports.get(folder) ?? [])
        if (!reached.has(dirname(to))) {
          reached.add(dirname(to))
          open.push(dirname(to))
        }
    return reached
  }
}
