import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { bareEnvironment, bundled } from '../app/testing/bundle.ts'
import { callCenterCsv } from '../app/testing/call-center-file.ts'

const MAIN = bundled('cli')
const PASSWORD = 'correct horse battery'
const OWN = { PROPAGANDA_PASSWORD: PASSWORD }
const CREATE = [
  'workspace',
  'create',
  '--client',
  'Acme',
  '--time-zone',
  'Europe/Berlin',
  '--admin-email',
  'a@acme.test',
  '--admin-name',
  'Ada',
]

let folder: string
let home: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'propaganda-cli-'))
  home = join(folder, 'home')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string }

/** Runs a command line in a separate process. */
function start(args: readonly string[], env: Readonly<Record<string, string>> = OWN, input = '') {
  const child = spawn(process.execPath, [MAIN, `--home=${home}`, ...args], {
    cwd: folder,
    env: { ...bareEnvironment(), ...env },
  })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  child.stdin.end(input)
  const ended = new Promise<Ended>((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })))
  return { child, ended }
}
const run = (args: readonly string[], env?: Readonly<Record<string, string>>, input?: string) => start(args, env, input).ended

test('common commands work, each in its own process', async () => {
  expect(await run(CREATE, { PROPAGANDA_NEW_PASSWORD: PASSWORD })).toMatchObject({ code: 0, stderr: '' })
  const as = (...args: readonly string[]) => ['--as', 'a@acme.test', ...args]
  const ben = { ...OWN, PROPAGANDA_NEW_PASSWORD: 'another battery' }
  expect(await run(as('user', 'add', '--email', 'b@acme.test', '--name', 'Ben', '--role', 'agent'), ben)).toMatchObject({
    code: 0,
  })
  const call = [
    '--prospect',
    'Jo Smith',
    '--phone',
    '+49 30 5551234',
    '--type',
    'outbound',
    '--status',
    'completed',
    '--outcome',
    'won',
    '--duration',
    '180',
  ]
  const added = await run(as('call', 'add', ...call, '--completed-at', '2026-11-02T10:00:00Z', '--json'))
  expect(added).toMatchObject({ code: 0, stderr: '' })
  const { id } = JSON.parse(added.stdout) as { id: string }
  for (const [args, shown] of [
    [['call', 'list'], 'Jo Smith'],
    [['call', 'show', id], '+49 30 5551234'],
    [['call', 'edit', id, '--notes', 'called back'], 'called back'],
    [['report', '--from', '2026-11-01', '--to', '2026-12-01'], 'Close rate'],
    [['audit', 'list', '--record', id], 'notes: – → called back'],
    [['call', 'delete', id], 'Deleted'],
  ] as const)
    expect(await run(as(...args))).toMatchObject({ code: 0, stdout: expect.stringContaining(shown) })
  expect(await run(['--as', 'b@acme.test', 'call', 'show', id], { PROPAGANDA_PASSWORD: 'another battery' })).toMatchObject({
    code: 5,
    stdout: '',
  })
  for (const command of ['status', 'doctor']) expect(await run([command], {})).toMatchObject({ code: 0, stderr: '' })
})

test('passwords are read from a pipe line by line; wrong and missing ones are refused', async () => {
  expect(await run(CREATE, {}, `${PASSWORD}\n`)).toMatchObject({ code: 0 })
  const add = ['--as', 'a@acme.test', 'user', 'add', '--email', 'b@acme.test', '--name', 'Ben', '--role', 'agent']
  expect(await run(add, {}, `${PASSWORD}\r\nanother battery`)).toMatchObject({ code: 0 })
  expect(await run(['--as', 'b@acme.test', 'call', 'list'], {}, 'another battery')).toMatchObject({ code: 0 })
  expect(await run(['--as', 'b@acme.test', 'call', 'list'], {}, 'wrong\n')).toMatchObject({ code: 3, stdout: '' })
  expect(await run(['--as', 'b@acme.test', 'call', 'list'], {})).toMatchObject({ code: 2 })
  expect(await run(['--as', 'b@acme.test', '--password', PASSWORD, 'call', 'list'], {})).toMatchObject({
    code: 2,
    stderr: expect.not.stringContaining(PASSWORD),
  })
})

function walBytes(): number {
  const workspaces = join(home, 'workspaces')
  if (!existsSync(workspaces)) return 0
  const [workspace = ''] = readdirSync(workspaces)
  return statSync(join(workspaces, workspace, 'workspace.db-wal'), { throwIfNoEntry: false })?.size ?? 0
}

test('Ctrl+C during an import, repeated by npm, keeps and reports the imported rows; importing again continues', async () => {
  const rows = 20_000
  writeFileSync(join(folder, 'calls.csv'), callCenterCsv(rows))
  await run(CREATE)
  const { child, ended } = start(['--as', 'a@acme.test', '--json', 'import', 'calls.csv'])
  while (walBytes() < 1_000_000 && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 5))
  child.kill('SIGINT')
  child.kill('SIGINT')
  const { code, stdout } = await ended
  expect(code).toBe(130)
  const report = JSON.parse(stdout) as { cancelled: boolean; created: number }
  expect(report.cancelled).toBe(true)
  expect(report.created).toBeGreaterThan(0)
  expect(report.created).toBeLessThan(rows)
  const again = await run(['--as', 'a@acme.test', '--json', 'import', 'calls.csv'])
  expect(JSON.parse(again.stdout)).toMatchObject({ created: rows - report.created, unchanged: report.created, cancelled: false })
  expect(await run(['doctor'], {})).toMatchObject({ code: 0 })
})

test('a closed output pipe is not an error', async () => {
  writeFileSync(join(folder, 'calls.csv'), callCenterCsv(2_000))
  await run(CREATE)
  await run(['--as', 'a@acme.test', 'import', 'calls.csv'])
  const { child, ended } = start(['--as', 'a@acme.test', 'call', 'list', '--all', '--json'])
  child.stdout.once('data', () => child.stdout.destroy())
  expect(await ended).toMatchObject({ code: 0, stderr: '' })
})
