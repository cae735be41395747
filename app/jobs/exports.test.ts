import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { defaultWorkers } from '../default-workers.ts'
import { ExportFiles } from '../export/export-files.ts'
import type { Signed } from '../session/sessions.ts'
import { Exports } from './exports.ts'

let home = ''
let exports: Exports
let recorded: string[] = []
/** A workspace that permits every export and keeps the names of its operations. */
const signed = {
  userId: 'u',
  workspace: {
    run: async (name: string) => {
      recorded.push(name)
      return name === 'exports.begin' ? { timeZone: 'UTC' } : null
    },
  },
} as unknown as Signed
const CONTENT = { title: 'Report', entry: { content: 'report', filter: {} } }

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'propaganda-small-'))
  exports = new Exports({
    entry: defaultWorkers.exports,
    files: new ExportFiles(home, (length) => crypto.getRandomValues(new Uint8Array(length))),
    clock: Date.now,
  })
})
afterAll(async () => {
  await exports.close()
  rmSync(home, { recursive: true })
})

/** The files of exports below the home. */
function files(): string[] {
  return readdirSync(join(home, 'exports'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
}

const write = (work: () => Promise<number>) =>
  exports.small('c', signed, { format: 'csv', target: null }, CONTENT, async (bytes) => {
    bytes(Buffer.from('a,b\r\n'))
    return work()
  })

test('a small file is recorded and kept for its connection; after a sign-out it is gone', async () => {
  recorded = []
  await expect(write(() => Promise.resolve(1))).resolves.toMatchObject({ rows: 1, bytes: 5 })
  expect(recorded).toEqual(['exports.begin', 'exports.record'])
  expect(files()).toHaveLength(1)
  exports.forget('c')
  expect(files()).toEqual([])
})

test('a sign-out while a small file is written leaves no file and no entry', async () => {
  recorded = []
  const written = write(async () => {
    exports.forget('c')
    return 1
  })
  await expect(written).rejects.toThrow('was cancelled')
  expect(recorded).toEqual(['exports.begin'])
  expect(files()).toEqual([])
})

test('a sign-out of another connection does not cancel it', async () => {
  const written = write(async () => {
    exports.forget('other')
    return 1
  })
  await expect(written).resolves.toMatchObject({ rows: 1 })
  exports.forget('c')
})
