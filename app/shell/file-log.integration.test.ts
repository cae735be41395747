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

/** Returns the numbers of the lines of both files, from the oldest line on. */
function numbersIn(path: string): number[] {
  const text = readFileSync(`${path}.1`, 'utf8') + readFileSync(path, 'utf8')
  return text
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { n: number }).n)
}

test('a file that becomes too long is renamed while the log is open', async () => {
  const { path, log, flush } = openFileLog(home, 'app', () => 0, 20_000)
  for (let n = 0; n < 2_000; n++) {
    log({ level: 'info', event: 'é', n })
    if (n % 100 === 0) {
      await flush()
      expect(statSync(path).size).toBeLessThanOrEqual(20_000)
    }
  }
  await flush()
  expect(statSync(path).size).toBeLessThanOrEqual(20_000)
  expect(statSync(`${path}.1`).size).toBeLessThanOrEqual(20_000)
  const numbers = numbersIn(path)
  const [first = 0] = numbers
  expect(numbers.length).toBeGreaterThan(250)
  expect(numbers).toEqual(Array.from({ length: 2_000 - first }, (_, index) => first + index))
})

test('the change to a new file loses no line', async () => {
  const { path, log, flush } = openFileLog(home, 'app', () => 0, 20_000)
  for (let n = 0; n < 500; n++) log({ level: 'info', event: 'line', n })
  await flush()
  expect(statSync(`${path}.1`).size).toBeGreaterThan(19_000)
  expect(numbersIn(path)).toEqual(Array.from({ length: 500 }, (_, n) => n))
})

test('a file that another log renames is continued in the new one', async () => {
  const logs = [openFileLog(home, 'app', () => 0, 20_000), openFileLog(home, 'app', () => 0, 20_000)] as const
  for (let n = 0; n < 500; n++) {
    const { log, flush } = logs[n % 2 === 0 ? 0 : 1]
    log({ level: 'info', event: 'line', n })
    await flush()
  }
  expect(numbersIn(logs[0].path)).toEqual(Array.from({ length: 500 }, (_, n) => n))
})

test('a line that is longer than a file is written', async () => {
  const { path, log, flush } = openFileLog(home, 'app', () => 0, 100)
  log({ level: 'info', event: 'x'.repeat(200) })
  log({ level: 'info', event: 'y' })
  await flush()
  expect(readFileSync(`${path}.1`, 'utf8')).toContain('xxx')
  expect(readFileSync(path, 'utf8')).toContain('"y"')
})

test('two logs that write at the same time keep the newest lines of a whole file', async () => {
  const logs = [openFileLog(home, 'app', () => 0, 20_000), openFileLog(home, 'app', () => 0, 20_000)] as const
  for (let n = 0; n < 2_000; n++) logs[n % 2 === 0 ? 0 : 1].log({ level: 'info', event: 'line', n })
  for (const { flush } of logs) await flush()
  expect(statSync(`${logs[0].path}.1`).size).toBeGreaterThan(19_000)
})

test('a log whose file cannot be renamed does not grow without limit', async () => {
  const { path, log, flush } = openFileLog(home, 'app', () => 0, 1_000)
  mkdirSync(join(`${path}.1`, 'in the way'), { recursive: true })
  for (let n = 0; n < 500; n++) {
    log({ level: 'info', event: 'line', n })
    await flush()
    expect(statSync(path).size).toBeLessThan(5_000)
  }
  expect(readFileSync(path, 'utf8')).toContain('"n":499')
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
