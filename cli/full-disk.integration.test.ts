import { cpSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bundled } from '../app/testing/bundle.ts'
import { ADMIN, CliHome, PASSWORD } from './testing/cli-home.ts'
import { inNamespace, onUnwritable, type UnwritableKind } from './testing/unwritable-disk.ts'

const MAIN = bundled('cli')
const KINDS = ['full', 'read-only'] as const
const WHY: Readonly<Record<UnwritableKind, string>> = {
  full: 'The disk is full.',
  'read-only': 'The disk or the folder of the data is read-only.',
}
const cli = new CliHome()
/** A copy of the files of a killed process: the last commits are only in the write-ahead log. */
const crashed = join(cli.folder, 'crashed')

beforeAll(async () => {
  await cli.acme()
  await cli.json(
    ADMIN,
    'call',
    'add',
    '--type',
    'outbound',
    '--prospect',
    'Greta Neumann',
    '--status',
    'completed',
    '--outcome',
    'won',
  )
  cpSync(cli.home, crashed, { recursive: true })
  await cli.stop()
})
afterAll(() => cli.dispose())

const onFullDisk = (...args: readonly string[]) => onUnwritable('full', cli.home, args)
const asAdmin = (kind: UnwritableKind, args: readonly string[], password = PASSWORD, home = cli.home) =>
  onUnwritable(kind, home, ['--as', ADMIN, ...args], { PROPAGANDA_PASSWORD: password })

test.each(['doctor', 'doctor --fix'])('`%s` reports a full disk, not wrong permissions or a damaged file', async (command) => {
  const { code, stdout, stderr } = await onFullDisk(...command.split(' '))
  expect(code, stdout + stderr).toBe(7)
  expect(stdout).toContain('BAD  open: The disk is full.')
  expect(stdout).toContain('What to do: Free some space on this disk')
  expect(stdout).not.toMatch(/permission|backup/i)
})

test('`status` reports a full disk', async () => {
  expect(await onFullDisk('status')).toMatchObject({ code: 0, stdout: expect.stringContaining('The disk is full.') })
})

test.each(KINDS)(
  'on a %s disk a person can sign in and read; the command reports that nothing can be saved, and why',
  async (kind) => {
    const { code, stdout, stderr } = await asAdmin(kind, ['call', 'list'])
    expect([code, stderr]).toEqual([0, expect.stringContaining(`Nothing can be saved. ${WHY[kind]}`)])
    expect(stdout).toContain('Greta Neumann')
  },
)

test.each(KINDS)('on a %s disk a person can read calls in the write-ahead log of a killed process', async (kind) => {
  const { code, stdout, stderr } = await asAdmin(kind, ['call', 'list'], PASSWORD, crashed)
  expect(code, stderr).toBe(0)
  expect(stdout).toContain('Greta Neumann')
})

test.each(KINDS)('on a %s disk a wrong password is refused, and a write is refused with the reason', async (kind) => {
  expect(await asAdmin(kind, ['call', 'list'], 'wrong')).toMatchObject({ code: 3, stdout: '' })
  const { code, stdout, stderr } = await asAdmin(kind, ['call', 'add', '--type', 'outbound', '--prospect', 'Not Saved'])
  expect([code, stdout]).toEqual([7, ''])
  expect(stderr).toContain(`${WHY[kind]} Nothing was saved; `)
})

test.each(KINDS)('on a %s disk an import reports once that nothing was imported', async (kind) => {
  const file = cli.write('few.csv', 'id,name,agent,status,outcome,date\n1,Jo,Ada,completed,won,2026-11-02 10:00\n')
  const { code, stderr } = await asAdmin(kind, ['import', file])
  expect(code, stderr).toBe(7)
  expect(stderr).toMatch(/Nothing was imported\.\s*$/)
  expect(stderr).not.toContain('Nothing was saved')
})

test('an import that fills the disk reports exactly how many rows were imported', async () => {
  const notes = 'words of a long talk '.repeat(40)
  const rows = Array.from({ length: 30_000 }, (_, n) => `${n},Jo ${n},Ada,completed,won,2026-11-02 10:00,${notes}`)
  const file = cli.write('many.csv', `id,name,agent,status,outcome,date,notes\n${rows.join('\n')}\n`)
  const disk = join(cli.folder, 'small')
  mkdirSync(disk)
  const line = (...args: readonly string[]) => [process.execPath, MAIN, `--home=${join(disk, 'home')}`, '--as', ADMIN, ...args]
  const script = `mount -t tmpfs -o size=20m,mode=0700 tmpfs "$0" && cp -a "$1" "$0/home" || exit 99
    shift
    ${line('import', file)
      .map((word) => `'${word}'`)
      .join(' ')}
    echo "exit $?" >&2
    exec "$@"`
  const { stdout, stderr } = await inNamespace(script, disk, cli.home, line('--json', 'status'), {
    PROPAGANDA_PASSWORD: PASSWORD,
  })
  expect(stderr).toContain('exit 7')
  expect(stderr).not.toContain('Nothing was saved')
  const said = Number(/([\d,]+) rows were imported; import the same file again/.exec(stderr)?.[1]?.replaceAll(',', ''))
  expect(said, stderr).toBeGreaterThan(0)
  expect(JSON.parse(stdout)).toMatchObject({ workspace: { calls: said + 1 } })
})
