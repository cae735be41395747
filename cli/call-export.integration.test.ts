import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Call } from '../core/model/call.ts'
import { ADMIN, CliHome } from './testing/cli-home.ts'

let cli: CliHome
beforeEach(async () => {
  cli = new CliHome()
  await cli.acme()
})
afterEach(() => cli.dispose())

const BEN = 'ben@acme.test'
const as = (who: string, ...args: readonly string[]) => cli.run(['--as', who, ...args])
const add = (who: string, name: string) => cli.json<Call>(who, 'call', 'add', '--prospect', name)
const rows = (name: string) => parse<Record<string, string>>(readFileSync(join(cli.folder, name)), { bom: true, columns: true })

test('calls are exported with the filters and the order of the list', async () => {
  await cli.member('agent', BEN, 'Ben')
  await add(BEN, 'Ann')
  await add(ADMIN, '=1+1')
  const path = join(cli.folder, 'all.csv')
  expect(await as(ADMIN, 'calls', 'export', '--csv', '--out', 'all.csv', '--sort', 'prospectName', '--ascending')).toEqual({
    code: 0,
    stdout: `2 calls exported to ${path}\n`,
    stderr: '',
  })
  expect(rows('all.csv').map((row) => row['Prospect name'])).toEqual(["'=1+1", 'Ann'])
  await as(ADMIN, 'call', 'export', '--out', 'ben.csv', '--raw', '--user', 'Ben')
  expect(rows('ben.csv').map((row) => [row['Agent'], row['Status']])).toEqual([['Ben', 'completed']])
  expect(await cli.json(BEN, 'call', 'export', '--out', 'own.xlsx')).toEqual({
    path: join(cli.folder, 'own.xlsx'),
    format: 'xlsx',
    rows: 1,
    bytes: readFileSync(join(cli.folder, 'own.xlsx')).length,
  })
})

test('wrong options do nothing', async () => {
  for (const [args, message] of [
    [['--csv', '--xlsx', '--out', 'a.csv'], 'Give --csv or --xlsx, not both.'],
    [['--out', 'a.txt'], 'Give --csv or --xlsx, or an --out FILE that ends in .csv or .xlsx.'],
    [['--csv'], '--out FILE is missing.'],
    [['--out', 'a.xlsx', '--raw'], '--raw works only with CSV'],
  ] as const)
    expect(await as(ADMIN, 'call', 'export', ...args)).toMatchObject({ code: 2, stderr: expect.stringContaining(message) })
  expect(readdirSync(cli.folder)).toEqual(['home'])
})

test('a folder that does not exist ends with 6, and no file is written', async () => {
  const { code, stderr } = await as(ADMIN, 'call', 'export', '--out', 'none/a.csv')
  expect(code).toBe(6)
  expect(stderr).toContain('No file was written')
  expect(existsSync(join(cli.folder, 'none'))).toBe(false)
})

test('Ctrl+C ends with 130, keeps an existing file and leaves no partial file', async () => {
  await add(ADMIN, 'Ann')
  writeFileSync(join(cli.folder, 'a.csv'), 'old')
  cli.interrupt = true
  const { code, stderr } = await as(ADMIN, 'call', 'export', '--out', 'a.csv')
  expect([code, stderr]).toEqual([130, 'The export was cancelled. No file was written.\n'])
  await cli.stop()
  expect(readFileSync(join(cli.folder, 'a.csv'), 'utf8')).toBe('old')
  expect(readdirSync(cli.folder).toSorted()).toEqual(['a.csv', 'home'])
})
