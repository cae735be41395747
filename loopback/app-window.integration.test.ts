import { chmodSync, existsSync, mkdtempSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { SmallDisk } from '../platform/files/testing/small-disk.ts'
import { openAppWindow, type WindowEnd } from './app-window.ts'

const TOKEN = 'a-token-that-opens-the-window'
const ADDRESS = `http://127.0.0.1:4711/launch?token=${TOKEN}`

let home = ''
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'propaganda-window-'))
})
afterAll(() => rmSync(home, { recursive: true, force: true }))

/** A stand-in for a browser. It records its command line, which every user of the machine can read, and ends with `code` on request. */
function browser(code: number): { readonly path: string; readonly seen: string; readonly end: () => void } {
  const folder = mkdtempSync(join(home, 'browser-'))
  const [path, seen, ending] = [join(folder, 'browser'), join(folder, 'seen'), join(folder, 'ending')]
  writeFileSync(
    path,
    `#!/bin/sh\ntr '\\0' '\\n' < /proc/$$/cmdline > ${seen}.part && mv ${seen}.part ${seen}\nwhile [ ! -e ${ending} ]; do sleep 0.05; done\nexit ${code}\n`,
  )
  chmodSync(path, 0o755)
  return { path, seen, end: () => writeFileSync(ending, '') }
}

const LINUX_ONLY = 'reads /proc, which only Linux has'

test('a browser’s command line contains no token and opens no debugging port', async ({ skip }) => {
  skip(process.platform !== 'linux', LINUX_ONLY)
  const program = browser(1)
  const ends: WindowEnd[] = []
  openAppWindow(program.path, ADDRESS, home, (end) => ends.push(end))
  await vi.waitUntil(() => existsSync(program.seen), { timeout: 120_000 })
  const args = readFileSync(program.seen, 'utf8').split('\n')
  expect(args.join('\n')).not.toContain(TOKEN)
  expect(args.filter((arg) => /debug|127\.0\.0\.1|localhost/.test(arg))).toEqual([])
  const file = fileURLToPath(args.find((arg) => arg.startsWith('--app='))?.slice('--app='.length) ?? '')
  expect(readFileSync(file, 'utf8')).toContain(`url=${ADDRESS}"`)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(statSync(join(file, '..')).mode & 0o777).toBe(0o700)
  program.end()
  await vi.waitUntil(() => ends.length > 0, { timeout: 120_000 })
  expect(ends).toEqual(['failed'])
  expect(existsSync(file), 'the file is removed when the window closes').toBe(false)
})

test('a window opens although the home cannot be written, and leaves no files', async ({ skip }) => {
  skip(process.platform !== 'linux', LINUX_ONLY)
  const program = browser(1)
  const disk = new SmallDisk(1)
  const own = join(disk.folder, 'home')
  mkdirSync(own)
  if (!disk.fill()) chmodSync(own, 0o500)
  const ends: WindowEnd[] = []
  openAppWindow(program.path, ADDRESS, own, (end) => ends.push(end))
  await vi.waitUntil(() => existsSync(program.seen), { timeout: 30_000 })
  const argument = (name: string) => {
    const args = readFileSync(program.seen, 'utf8').split('\n')
    return args.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3) ?? ''
  }
  const profile = argument('user-data-dir')
  expect(profile.startsWith(disk.folder)).toBe(false)
  expect(statSync(profile).mode & 0o777).toBe(0o700)
  expect(readFileSync(fileURLToPath(argument('app')), 'utf8')).toContain(`url=${ADDRESS}"`)
  program.end()
  await vi.waitUntil(() => ends.length > 0, { timeout: 30_000 })
  expect([ends, existsSync(profile)]).toEqual([['failed'], false])
  disk.dispose()
})

test('a folder that others could read and an existing file get the right permissions', ({ skip }) => {
  skip(process.platform !== 'linux', LINUX_ONLY)
  const own = mkdtempSync(join(home, 'open-'))
  const path = join(own, 'launch', `${process.pid}.html`)
  mkdirSync(join(own, 'launch'), { mode: 0o755 })
  writeFileSync(path, 'put there by someone', { mode: 0o666 })
  const program = browser(0)
  openAppWindow(program.path, ADDRESS, own, () => {})
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(statSync(join(own, 'launch')).mode & 0o777).toBe(0o700)
  expect(readFileSync(path, 'utf8')).not.toContain('someone')
  program.end()
})
