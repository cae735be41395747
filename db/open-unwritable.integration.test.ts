import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { insertCall } from './commands/calls.ts'
import { openWritable } from './open.ts'
import { openAnyReadable } from './open-unwritable.ts'
import { row } from './statements.ts'
import { TestWorkspace } from './testing/test-workspace.ts'

const READER = fileURLToPath(new URL('testing/read-unwritable.ts', import.meta.url))
const FULL = `mount -t tmpfs -o size=16m tmpfs "$0" && cp -a "$1" "$0/data" && { cat /dev/zero > "$0/ballast" 2> /dev/null || true; }`
const READ_ONLY = `mkdir "$0/data" && mount --bind "$1" "$0/data" && mount -o remount,bind,ro "$0/data"`

let folder: string
let data: string
let workspace: TestWorkspace
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'propaganda-unwritable-'))
  data = join(folder, 'data')
  for (const name of [data, join(folder, 'disk')]) mkdirSync(name)
  workspace = new TestWorkspace()
  for (const prospectName of ['Greta Neumann', 'Änne Müller'])
    workspace.write(() => insertCall(workspace.db, workspace.newCall({ prospectName })))
})
afterEach(() => {
  workspace.dispose()
  rmSync(folder, { recursive: true, force: true })
})

function take(...suffixes: readonly string[]): void {
  for (const suffix of suffixes) copyFileSync(workspace.path + suffix, join(data, `workspace.db${suffix}`))
}

/** Returns the results of a reader on such a disk, in a separate mount namespace. */
function readOn(disk: string): Record<string, unknown> {
  const script = `{ ${disk}; } || exit 99; exec "$2" "$3" "$0/data/workspace.db"`
  const ran = spawnSync('unshare', ['-rm', 'sh', '-c', script, join(folder, 'disk'), data, process.execPath, READER], {
    encoding: 'utf8',
  })
  expect([ran.status, ran.stderr]).toEqual([0, ''])
  return JSON.parse(ran.stdout) as Record<string, unknown>
}

const EVERYTHING = {
  found: {
    names: [{ name: 'Greta Neumann' }, { name: 'Änne Müller' }],
    one: { n: 2 },
    none: null,
    plucked: 2,
    raw: [
      ['Greta Neumann', null],
      ['Änne Müller', null],
    ],
    made: 4,
    text: [{ n: 1 }],
  },
  isOutdated: false,
}

test.each([
  ['full', FULL],
  ['read-only', READ_ONLY],
])('on a %s disk a file that was closed cleanly is read', (_, disk) => {
  const { path } = workspace
  workspace.db.close()
  expect(existsSync(`${path}-wal`)).toBe(false)
  take('')
  expect(readOn(disk)).toEqual(EVERYTHING)
})

test.each([
  ['full', FULL],
  ['read-only', READ_ONLY],
])('on a %s disk the commits in the log of a killed process are read', (_, disk) => {
  take('', '-wal', '-shm')
  expect(readOn(disk)).toEqual(EVERYTHING)
})

test.each([
  ['full', FULL, 'full'],
  ['read-only', READ_ONLY, 'readonly'],
])('on a %s disk a file is not read if its log has commits and no index, because they would be missing', (_, disk, reason) => {
  take('', '-wal')
  expect(readOn(disk)).toEqual({ failed: reason })
})

test('a file that can be written is opened in the ordinary way and is never outdated', () => {
  const { db, isOutdated } = openAnyReadable(workspace.path)
  const count = () => row<{ n: number }>(db, 'SELECT count(*) AS n FROM calls')?.n
  expect(count()).toBe(2)
  const writer = openWritable(workspace.path)
  workspace.write(() => insertCall(workspace.db, workspace.newCall({ prospectName: 'Third' })))
  writer.close()
  expect([count(), isOutdated()]).toEqual([3, false])
  db.close()
})
