import { existsSync, linkSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { UsageError } from '../terminal/failure.ts'
import { RefusedFile } from './refused-file.ts'

let folder: string
let source: string
let target: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'propaganda-refused-'))
  source = join(folder, 'calls.csv')
  target = join(folder, 'refused.csv')
  writeFileSync(source, 'the calls')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('an import first empties the file, and removes it if no row is refused', async () => {
  writeFileSync(target, 'yesterday')
  const file = await RefusedFile.prepare(target, [source])
  expect(readFileSync(target, 'utf8')).toBe('')
  await file.finish(null)
  expect(existsSync(target)).toBe(false)
})

test('refused rows are written', async () => {
  const file = await RefusedFile.prepare(target, [source])
  await file.finish('rows')
  expect(readFileSync(target, 'utf8')).toBe('rows')
})

test('a file behind a link is emptied too', async () => {
  const link = join(folder, 'link.csv')
  writeFileSync(target, 'yesterday')
  symlinkSync(target, link)
  await (await RefusedFile.prepare(link, [source])).finish(null)
  expect(existsSync(target)).toBe(false)
})

test.each<[string, () => string]>([
  ['its own path', () => source],
  ['a symbolic link', () => (symlinkSync(source, join(folder, 'a')), join(folder, 'a'))],
  [
    'a chain of links',
    () => (symlinkSync(source, join(folder, 'b')), symlinkSync(join(folder, 'b'), join(folder, 'c')), join(folder, 'c')),
  ],
  ['a hard link', () => (linkSync(source, join(folder, 'd')), join(folder, 'd'))],
  ['another spelling of the path', () => `${folder}/./x/../calls.csv`],
  ['a linked folder', () => (symlinkSync(folder, join(folder, 'e')), join(folder, 'e', 'calls.csv'))],
  ['a relative path', () => relative(process.cwd(), source)],
])('the source is never overwritten: %s', async (_, name) => {
  mkdirSync(join(folder, 'x'))
  const path = name()
  await expect(RefusedFile.prepare(path, [join(folder, 'map.json'), source])).rejects.toThrow(UsageError)
  expect(readFileSync(source, 'utf8')).toBe('the calls')
})

test('a path that cannot be written is refused before anything is imported', async () => {
  await expect(RefusedFile.prepare(join(folder, 'none', 'refused.csv'), [source])).rejects.toThrow(
    /cannot be written.*Nothing was imported/,
  )
})
