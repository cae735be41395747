import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { openFileLog } from './file-log.ts'

const home = mkdtempSync(join(tmpdir(), 'file-log-'))
afterEach(() => rmSync(home, { recursive: true, force: true }))

test('each line is JSON with its time, in order', async () => {
  const { path, log, flush } = openFileLog(home, 'app', () => 0)
  log({ level: 'info', event: 'a', n: 1 })
  log({ level: 'warn', event: 'b' })
  await flush()
  expect(
    readFileSync(path, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual([
    { time: '1970-01-01T00:00:00.000Z', level: 'info', event: 'a', n: 1 },
    { time: '1970-01-01T00:00:00.000Z', level: 'warn', event: 'b' },
  ])
})

test('a file that is too long is renamed at the next start', async () => {
  const { path } = openFileLog(home, 'app', () => 0)
  writeFileSync(path, 'x'.repeat(5 * 1024 * 1024 + 1))
  const next = openFileLog(home, 'app', () => 0)
  next.log({ level: 'info', event: 'fresh' })
  await next.flush()
  expect(readFileSync(path, 'utf8')).toContain('fresh')
  expect(readFileSync(`${path}.1`, 'utf8')).toHaveLength(5 * 1024 * 1024 + 1)
})

test('a log that cannot be written causes no error', async () => {
  const { log, flush } = openFileLog(home, 'app', () => 0)
  rmSync(home, { recursive: true })
  log({ level: 'info', event: 'lost' })
  await expect(flush()).resolves.toBeUndefined()
})

test('a log that could not be written continues when it can be', async () => {
  const { path, log, flush } = openFileLog(home, 'app', () => 0)
  rmSync(home, { recursive: true })
  log({ level: 'info', event: 'lost' })
  await flush()
  mkdirSync(dirname(path), { recursive: true })
  log({ level: 'info', event: 'kept' })
  await flush()
  expect(readFileSync(path, 'utf8')).toBe('{"time":"1970-01-01T00:00:00.000Z","level":"info","event":"kept"}\n')
})

test('only the owner can read the log', async ({ skip }) => {
  skip(process.platform === 'win32', 'Windows has no modes of files')
  const { path, log, flush } = openFileLog(home, 'app', () => 0)
  log({ level: 'info', event: 'a' })
  await flush()
  expect(statSync(path).mode & 0o777).toBe(0o600)
})
