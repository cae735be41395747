import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { isInstalled, projectNode, type LockedPackage } from './lock-state.mjs'

let tree = ''
beforeEach(() => {
  tree = mkdtempSync(join(tmpdir(), 'lock-state-'))
})
afterEach(() => rmSync(tree, { recursive: true }))

type Packages = Record<string, LockedPackage>

const WANTED: Packages = {
  '': { version: '1.0.0' },
  'node_modules/a': { version: '1.2.3' },
  'node_modules/for-another-system': { version: '1.0.0', optional: true },
}

function put(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content)
}
const lock = (packages: Packages = WANTED) => put(join(tree, 'package-lock.json'), JSON.stringify({ packages }))
const record = (packages: Packages) => put(join(tree, 'node_modules', '.package-lock.json'), JSON.stringify({ packages }))
const node = () => put(projectNode(tree), '')

test('a missing node_modules, or one of an interrupted installation, is not installed', () => {
  lock()
  expect(isInstalled(tree)).toBe(false)
  node()
  expect(isInstalled(tree)).toBe(false)
  put(join(tree, 'node_modules', '.package-lock.json'), '{"packa')
  expect(isInstalled(tree)).toBe(false)
})

test('packages that npm installed from this lockfile count as installed, also if a person ran npm', () => {
  lock()
  record({ 'node_modules/a': { version: '1.2.3' } })
  expect(isInstalled(tree)).toBe(false)
  node()
  expect(isInstalled(tree)).toBe(true)
})

test('a node_modules with another version or a missing package is not installed', () => {
  lock()
  node()
  record({ 'node_modules/a': { version: '1.2.4' } })
  expect(isInstalled(tree)).toBe(false)
  record({})
  expect(isInstalled(tree)).toBe(false)
})

test('the binary of a tool for this system is missed, and that for another system is not', () => {
  const binary = { version: '1.0.0', optional: true, cpu: [process.arch] }
  const packages = { ...WANTED, 'node_modules/tool-for-another': { ...binary, os: ['another'] } }
  lock(packages)
  node()
  record({ 'node_modules/a': { version: '1.2.3' } })
  expect(isInstalled(tree)).toBe(true)
  lock({ ...packages, 'node_modules/tool-for-this': { ...binary, os: [process.platform] } })
  expect(isInstalled(tree)).toBe(false)
  lock({ ...packages, 'node_modules/tool-for-this': { ...binary, os: [process.platform], libc: ['another'] } })
  expect(isInstalled(tree)).toBe(true)
})

test('after the first check, only a change of the lockfile changes the answer', () => {
  lock()
  node()
  record({ 'node_modules/a': { version: '1.2.3' } })
  expect(isInstalled(tree)).toBe(true)
  rmSync(join(tree, 'node_modules', '.package-lock.json'))
  expect(isInstalled(tree)).toBe(true)
  lock({ ...WANTED, 'node_modules/b': { version: '1.0.0' } })
  expect(isInstalled(tree)).toBe(false)
})
