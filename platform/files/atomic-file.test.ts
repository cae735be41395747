import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { moveIntoPlace, writeAtomicFile } from './atomic-file.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'atomic-file-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const modeOf = (path: string) => statSync(path).mode & 0o777

const NO_MODES = 'Windows has no modes of files'

test('only the owner can read the file and a folder that is made for it', ({ skip }) => {
  skip(process.platform === 'win32', NO_MODES)
  const path = join(folder, 'deep', 'token')
  writeAtomicFile(path, 'a')
  expect([modeOf(join(folder, 'deep')), modeOf(path)]).toEqual([0o700, 0o600])
})

test('a file that others could read is replaced by one that they cannot', ({ skip }) => {
  skip(process.platform === 'win32', NO_MODES)
  const path = join(folder, 'token')
  writeFileSync(path, 'old', { mode: 0o644 })
  writeAtomicFile(path, 'new')
  expect([readFileSync(path, 'utf8'), modeOf(path)]).toEqual(['new', 0o600])
})

test('a write leaves one file, also if a stopped process left a longer draft', () => {
  const path = join(folder, 'token')
  writeFileSync(`${path}.new`, 'a draft that was not renamed')
  writeAtomicFile(path, 'new')
  expect(readFileSync(path, 'utf8')).toBe('new')
  expect(readdirSync(folder)).toEqual(['token'])
})

test('a failed rename keeps what was there and leaves no draft', () => {
  const path = join(folder, 'token')
  mkdirSync(join(path, 'old'), { recursive: true })
  expect(() => writeAtomicFile(path, 'new')).toThrow(Error)
  expect(readdirSync(folder)).toEqual(['token'])
  expect(readdirSync(path)).toEqual(['old'])
})

test('a folder is moved with its content', () => {
  mkdirSync(join(folder, 'joining'))
  writeFileSync(join(folder, 'joining', 'workspace.db'), 'rows')
  moveIntoPlace(join(folder, 'joining'), join(folder, 'acme'))
  expect(readFileSync(join(folder, 'acme', 'workspace.db'), 'utf8')).toBe('rows')
  expect(readdirSync(folder)).toEqual(['acme'])
})
