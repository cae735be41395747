import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { TREE } from '../tree.ts'
import { hostNodeComplaint } from './versions.mjs'

test('Node 20 and newer can install; for older versions the message tells what to do', () => {
  for (const version of ['v20.0.0', 'v22.13.1', 'v24.21.0', 'v100.0.0']) expect(hostNodeComplaint(version)).toBeUndefined()
  for (const version of ['v18.20.4', 'v8.0.0', 'v19.9.0', 'odd'])
    expect(hostNodeComplaint(version)).toContain('needs Node 20 or newer')
  expect(hostNodeComplaint('v18.20.4')).toContain('v18.20.4')
})

test('package.json requires the same version', () => {
  const { engines } = JSON.parse(readFileSync(`${TREE}package.json`, 'utf8')) as { engines: { node: string } }
  expect(engines.node).toBe('>=20')
})

test('the lockfile names no registry', () => {
  const lock = JSON.parse(readFileSync(`${TREE}package-lock.json`, 'utf8')) as { packages: Record<string, { resolved?: string }> }
  const places = Object.values(lock.packages).flatMap(({ resolved }) =>
    resolved === undefined ? [] : [new URL(resolved).origin],
  )
  expect(places.filter((origin) => origin !== 'https://registry.npmjs.org')).toEqual([])
})

test('the lockfile is complete for every system, because npm leaves out packages that a registry does not have', () => {
  type Locked = { optionalDependencies?: Record<string, string> }
  const { packages } = JSON.parse(readFileSync(`${TREE}package-lock.json`, 'utf8')) as { packages: Record<string, Locked> }
  const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter(
      (name) => !foldersAbove(path).some((folder) => `${folder}node_modules/${name}` in packages),
    ),
  )
  expect(missing).toEqual([])
})

/**
 * Returns the folders in which Node looks for the dependencies of a package, nearest first: `node_modules/a/node_modules/b` → `…/b/`,
 * `…/a/`, ``.
 */
function foldersAbove(path: string): string[] {
  const names = path.split('/node_modules/')
  return names.map((_, index) => `${names.slice(0, names.length - index).join('/node_modules/')}/`).concat('')
}

test('every dependency is pinned to one version', () => {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(`${TREE}package.json`, 'utf8')) as Record<
    string,
    Record<string, string>
  >
  const versions = Object.entries({ ...dependencies, ...devDependencies })
  expect(versions.length).toBeGreaterThan(40)
  expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([])
})
