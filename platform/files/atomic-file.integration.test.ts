import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { writeAtomicFile } from './atomic-file.ts'
import { StorageError } from './storage-error.ts'
import { SmallDisk } from './testing/small-disk.ts'

const folder = mkdtempSync(join(tmpdir(), 'atomic-file-'))
const disk = new SmallDisk(1)
afterAll(() => {
  rmSync(folder, { recursive: true })
  disk.dispose()
})

const MODULE = pathToFileURL(join(import.meta.dirname, 'atomic-file.ts')).href

/** Ends the process without clean-up at the moment of the rename. */
const CRASH = `
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
fs.renameSync = () => process.kill(process.pid, 'SIGKILL')
syncBuiltinESMExports()
const { writeAtomicFile } = await import(${JSON.stringify(MODULE)})
writeAtomicFile(process.argv[1], 'new')
`

const NO_DISK = 'a disk of a fixed size needs the right to mount one'

test('after a crash between write and rename the old content is complete; the next write removes the draft', () => {
  const path = join(folder, 'token')
  writeAtomicFile(path, 'old')
  const { signal, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', CRASH, path], { encoding: 'utf8' })
  expect(signal, stderr).toBe('SIGKILL')
  expect(readFileSync(path, 'utf8')).toBe('old')
  expect(readFileSync(`${path}.new`, 'utf8')).toBe('new')
  writeAtomicFile(path, 'newer')
  expect(readFileSync(path, 'utf8')).toBe('newer')
  expect(readdirSync(folder)).toEqual(['token'])
})

test('on a full disk the old file is unchanged, also if a part of the new one fits', ({ skip }) => {
  skip(!disk.isReal, NO_DISK)
  const path = join(disk.folder, 'progress.json')
  writeAtomicFile(path, 'old')
  // 16 KiB are free.
  disk.fill(1 / 64)
  const failure = failureOf(() => writeAtomicFile(path, 'x'.repeat(50_000)))
  expect(failure).toBeInstanceOf(StorageError)
  expect(failure).toMatchObject({ reason: 'full' })
  expect(readFileSync(path, 'utf8')).toBe('old')
  expect(existsSync(`${path}.new`)).toBe(false)
  disk.empty()
  writeAtomicFile(path, 'new')
  expect(readFileSync(path, 'utf8')).toBe('new')
})

test('on a read-only disk the old file is unchanged', ({ skip }) => {
  skip(!disk.isReal, NO_DISK)
  const path = join(disk.folder, 'token')
  writeAtomicFile(path, 'old')
  remount('ro')
  try {
    expect(failureOf(() => writeAtomicFile(path, 'new'))).toMatchObject({ name: 'StorageError', reason: 'readonly' })
    expect(readFileSync(path, 'utf8')).toBe('old')
  } finally {
    remount('rw')
  }
})

function remount(mode: 'ro' | 'rw'): void {
  const { status, stderr } = spawnSync('mount', ['-o', `remount,${mode}`, disk.folder], { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
}

function failureOf(work: () => void): unknown {
  try {
    work()
    return undefined
  } catch (error) {
    return error
  }
}
