import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { DraftFile, draftOf, moveDraft } from './draft-file.ts'
import { StorageError } from './storage-error.ts'
import { SmallDisk } from './testing/small-disk.ts'

const disk = new SmallDisk(4)
afterAll(() => disk.dispose())

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'draft-file-'))
  return () => rmSync(folder, { recursive: true })
})

const bytes = (text: string) => new TextEncoder().encode(text)

function begin(path: string, content: string) {
  const draft = draftOf(path)
  const file = new DraftFile(draft)
  file.write(bytes(content))
  return { draft, file }
}

test('the file appears when it is complete, and only its owner can read it', () => {
  const path = join(folder, 'calls.csv')
  writeFileSync(path, 'old')
  const { draft, file } = begin(path, 'new ')
  file.write(bytes('content'))
  file.complete()
  expect(readFileSync(path, 'utf8')).toBe('old')
  moveDraft(draft, path)
  expect(file.bytes).toBe(11)
  expect(readFileSync(path, 'utf8')).toBe('new content')
  expect(readdirSync(folder)).toEqual(['calls.csv'])
  if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600)
})

test('a discarded draft leaves nothing, and the old file is unchanged', () => {
  const path = join(folder, 'calls.csv')
  writeFileSync(path, 'old')
  begin(path, 'new').file.discard()
  expect(readdirSync(folder)).toEqual(['calls.csv'])
  expect(readFileSync(path, 'utf8')).toBe('old')
})

test('two writers of one path do not share a draft', () => {
  const path = join(folder, 'calls.csv')
  const [one, other] = [begin(path, 'one'), begin(path, 'other')]
  one.file.complete()
  other.file.complete()
  moveDraft(one.draft, path)
  expect(readFileSync(path, 'utf8')).toBe('one')
  moveDraft(other.draft, path)
  expect(readFileSync(path, 'utf8')).toBe('other')
  expect(readdirSync(folder)).toEqual(['calls.csv'])
})

test('a folder that does not exist is refused', () => {
  expect(() => begin(join(folder, 'none', 'calls.csv'), '')).toThrow('ENOENT')
})

test('a folder in the place of the file is refused, and the draft is removed', () => {
  const path = join(folder, 'calls.csv')
  mkdirSync(join(path, 'full'), { recursive: true })
  const { draft, file } = begin(path, 'x')
  file.complete()
  expect(() => moveDraft(draft, path)).toThrow(/EISDIR|ENOTEMPTY|EPERM/)
  expect(readdirSync(folder)).toEqual(['calls.csv'])
})

test('a full disk is reported, and nothing is left after the draft is discarded', ({ skip }) => {
  skip(!disk.isReal, 'a disk of a fixed size needs the right to mount one')
  const { file } = begin(join(disk.folder, 'calls.csv'), '')
  const fill = () => file.write(new Uint8Array(8 * 1_024 * 1_024))
  expect(fill).toThrow(StorageError)
  expect(fill).toThrow(expect.objectContaining({ reason: 'full' }))
  file.discard()
  expect(readdirSync(disk.folder)).toEqual([])
})
