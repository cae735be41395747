import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { buildIfStale, type Build } from './stale-build.ts'

let tree = ''
let build: Build
let fails = false

beforeEach(() => {
  tree = `${mkdtempSync(join(tmpdir(), 'stale-build-'))}/`
  mkdirSync(join(tree, 'src', 'deep'), { recursive: true })
  writeFileSync(join(tree, 'src', 'deep', 'a.ts'), 'one')
  fails = false
  build = {
    name: 'it',
    tree,
    inputs: ['src/**/*.ts', 'config.json'],
    output: 'dist/it',
    make: (folder) => {
      if (fails) return Promise.reject(new Error('broken source'))
      mkdirSync(folder, { recursive: true })
      writeFileSync(join(folder, 'result'), readFileSync(join(tree, 'src', 'deep', 'a.ts')))
      return Promise.resolve()
    },
  }
})
afterEach(() => rmSync(tree, { recursive: true }))

const result = () => readFileSync(join(tree, 'dist', 'it', 'result'), 'utf8')

test('builds once, and does not build again if only the time of a file changed', async () => {
  expect(await buildIfStale(build)).toBe(true)
  utimesSync(join(tree, 'src', 'deep', 'a.ts'), new Date(), new Date(Date.now() + 60_000))
  expect(await buildIfStale(build)).toBe(false)
})

test('builds again if an input is changed, added or removed, or the result is missing', async () => {
  await buildIfStale(build)
  writeFileSync(join(tree, 'src', 'deep', 'a.ts'), 'two')
  expect(await buildIfStale(build)).toBe(true)
  expect(result()).toBe('two')
  writeFileSync(join(tree, 'config.json'), '{}')
  expect(await buildIfStale(build)).toBe(true)
  rmSync(join(tree, 'config.json'))
  expect(await buildIfStale(build)).toBe(true)
  rmSync(join(tree, 'dist', 'it'), { recursive: true })
  expect(await buildIfStale(build)).toBe(true)
  expect(await buildIfStale(build)).toBe(false)
})

test('a test file that is changed, added or removed builds nothing', async () => {
  const path = (name: string) => join(tree, 'src', 'deep', name)
  writeFileSync(path('a.test.ts'), 'one')
  build = { ...build, inputs: ['src/**/*'] }
  await buildIfStale(build)
  writeFileSync(path('a.test.ts'), 'two')
  writeFileSync(path('b.integration.test.ts'), 'one')
  writeFileSync(path('c.test.tsx'), 'one')
  expect(await buildIfStale(build)).toBe(false)
  rmSync(path('a.test.ts'))
  expect(await buildIfStale(build)).toBe(false)
  writeFileSync(path('test.ts'), 'one')
  expect(await buildIfStale(build)).toBe(true)
})

test('a failed build leaves the old result and is repeated at the next start', async () => {
  await buildIfStale(build)
  writeFileSync(join(tree, 'src', 'deep', 'a.ts'), 'two')
  fails = true
  await expect(buildIfStale(build)).rejects.toThrow('broken source')
  expect(result()).toBe('one')
  fails = false
  expect(await buildIfStale(build)).toBe(true)
})

test('two concurrent starts build once', async () => {
  expect(await Promise.all([buildIfStale(build), buildIfStale(build)])).toEqual(expect.arrayContaining([false, true]))
})
