import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CliHome } from './testing/cli-home.ts'

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url))
const cli = new CliHome()

beforeAll(async () => {
  await cli.acme()
  await cli.stop()
})
afterAll(() => cli.dispose())

/** Runs a command line on a copy of the home on a full disk. A mount in a separate namespace needs no privileges. */
function onFullDisk(...args: readonly string[]): { readonly code: number | null; readonly stdout: string } {
  const disk = join(cli.folder, 'disk')
  mkdirSync(disk, { recursive: true })
  const script = `mount -t tmpfs -o size=8m,mode=0700 tmpfs "$0" && cp -a "$1" "$0/home" || exit 99
    cat /dev/zero > "$0/ballast" 2> /dev/null
    shift; exec "$@"`
  const command = [process.execPath, MAIN, `--home=${join(disk, 'home')}`, ...args]
  const { status, stdout, stderr } = spawnSync('unshare', ['-rm', 'sh', '-c', script, disk, cli.home, ...command], {
    encoding: 'utf8',
  })
  return { code: status, stdout: `${stdout}${stderr}` }
}

test.each(['doctor', 'doctor --fix'])('`%s` reports a full disk, not wrong permissions or a damaged file', (command) => {
  const { code, stdout } = onFullDisk(...command.split(' '))
  expect(code, stdout).toBe(7)
  expect(stdout).toContain('BAD  open: The disk is full.')
  expect(stdout).toContain('What to do: Free some space on this disk')
  expect(stdout).not.toMatch(/permission|backup/i)
})

test('`status` reports a full disk', () => {
  expect(onFullDisk('status')).toMatchObject({ code: 0, stdout: expect.stringContaining('The disk is full.') })
})
