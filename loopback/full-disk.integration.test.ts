import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { Device } from '../app/sync/testing/device.ts'
import { ServerProcess } from '../app/sync/testing/server-process.ts'
import { bundled } from '../app/testing/bundle.ts'
import { SmallDisk } from '../platform/files/testing/small-disk.ts'
import { TEST_PASSWORD, wonCall } from '../app/testing/test-application.ts'

/* Runs real processes on a disk that is really full. */

const WINDOW = bundled('window-process')
const CLI = bundled('cli')
const LIMIT = bundled('limit-pages')
const ADMIN = 'ada@acme.test'
const LEAD = 'lea@acme.test'
const TIMEOUT_MS = 240_000

const server = new ServerProcess()
const admin = new Device()
const disk = new SmallDisk(64)
const home = join(disk.folder, 'home')
const running = new Set<ChildProcess>()
let adminId = ''

/** If no disk can be mounted, this file prevents the home's databases from growing. */
const fullMark = join(disk.folder, 'full')
const fill = (megabytesLeft = 0) => disk.fill(megabytesLeft) || writeFileSync(fullMark, '') === undefined
const empty = () => {
  disk.empty()
  rmSync(fullMark, { force: true })
}

beforeAll(async () => {
  await server.start()
  adminId = (await admin.create('Acme', ADMIN)).user.id
  await admin.api.users.create({ email: LEAD, name: 'Lea', role: 'team_lead', password: TEST_PASSWORD })
  await admin.publish(server.url)
  await logCalls(20)
})
afterEach(async () => {
  empty()
  for (const child of running) child.kill('SIGKILL')
  running.clear()
  rmSync(home, { recursive: true, force: true })
})
afterAll(async () => {
  await admin.dispose()
  await server.dispose()
  disk.dispose()
})

/** Adds calls of about ten kilobytes each on the server. */
async function logCalls(count: number): Promise<void> {
  for (let n = 0; n < count; n++)
    await admin.api.calls.create({ ...wonCall(adminId, `Call ${n}`), notes: `${n} `.repeat(4_500).slice(0, 9_000) })
  await admin.synced()
}

function start(script: string, ...args: readonly string[]) {
  const options = disk.isReal ? '' : `--import=${LIMIT}`
  const child = spawn(process.execPath, [script, ...args], {
    env: { ...process.env, NODE_OPTIONS: options, PROPAGANDA_PASSWORD: TEST_PASSWORD, PROPAGANDA_FULL_MARK: fullMark },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  running.add(child)
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  /** Resolves with the first matching line from `from` on. */
  const line = async (matches: (line: string) => boolean, from = 0): Promise<string> => {
    for (const end = Date.now() + TIMEOUT_MS; ;) {
      const found = stdout.split('\n').slice(from, -1).find(matches)
      if (found !== undefined) return found
      if (child.exitCode !== null || Date.now() > end)
        throw new Error(`Not seen (exit ${child.exitCode}) in:\n${stdout}\n${stderr}`)
      await sleep(50)
    }
  }
  const count = () => stdout.split('\n').length - 1
  const ask = async (request: string): Promise<Record<string, unknown>> => {
    const from = count()
    child.stdin.write(`${request}\n`)
    return JSON.parse(await line((each) => each.startsWith('{"done"') || each.startsWith('{"failed"'), from)) as never
  }
  return { child, ended, line, count, ask, output: () => ({ stdout, stderr }) }
}

const cli = (...args: readonly string[]) => start(CLI, `--home=${home}`, '--as', LEAD, ...args)
const has = (problem: string) => (line: string) => line.includes(`"problem":"${problem}"`)
const isUpToDate = (line: string) => line.includes('"state":"up_to_date"') && line.includes('"problem":null')

async function joinHome(): Promise<void> {
  mkdirSync(home, { recursive: true, mode: 0o700 })
  const joined = cli('workspace', 'join', '--server', server.url)
  if ((await joined.ended) !== 0) throw new Error(joined.output().stderr)
}

test('with a full disk a window keeps running: it shows the problem, refuses saves, and later continues automatically', async () => {
  await joinHome()
  const window = start(WINDOW, home)
  await window.line((line) => line.includes('ready'))
  await window.ask(`sign-in ${LEAD}`)
  await window.line(isUpToDate)
  fill()
  await logCalls(300)
  await window.line(has('DISK_FULL'))
  const refused = await window.ask('call Not Saved')
  expect(refused).toMatchObject({ failed: 'STORAGE', message: expect.stringContaining('The disk is full') })
  const from = window.count()
  empty()
  await window.line(isUpToDate, from)
  expect(await window.ask('call Saved')).toMatchObject({ done: expect.any(String) })
  await expect
    .poll(async () => (await admin.synced(), admin.api.calls.count({})), { timeout: TIMEOUT_MS })
    .toMatchObject({ total: 321 })
  expect(window.child.exitCode).toBeNull()
  expect(window.output().stderr).not.toMatch(/unhandled|Error:/i)
})

test('with a full disk a person can sign in and read; the sign-in is recorded when there is room again', async () => {
  await joinHome()
  const first = start(WINDOW, home)
  await first.line((line) => line.includes('ready'))
  await first.ask(`sign-in ${LEAD}`)
  const before = (await first.ask('sign-ins'))['done'] as unknown[]
  first.child.kill('SIGKILL')
  await first.ended
  fill()
  const window = start(WINDOW, home)
  await window.line((line) => line.includes('ready'))
  const from = Date.now()
  expect(await window.ask(`sign-in ${LEAD}`)).toMatchObject({ done: expect.any(String) })
  const until = Date.now()
  expect(await window.ask('session')).toMatchObject({ done: { state: 'signed_in', unsavable: 'full' } })
  expect((await window.ask('sign-ins'))['done']).toEqual(before)
  expect(await window.ask('call Not Saved')).toMatchObject({ failed: 'STORAGE' })
  empty()
  await expect.poll(async () => JSON.stringify(await window.ask('session')), { timeout: TIMEOUT_MS }).not.toContain('unsavable')
  await expect.poll(async () => ((await window.ask('sign-ins'))['done'] as unknown[]).length).toBe(before.length + 1)
  const [recorded] = (await window.ask('sign-ins'))['done'] as { at: number }[]
  expect(recorded?.at, 'with the time of the sign-in').toBeGreaterThanOrEqual(from)
  expect(recorded?.at).toBeLessThanOrEqual(until)
  expect(await window.ask('call Saved')).toMatchObject({ done: expect.any(String) })
})

test('sync reports a full disk and ends with 7, and sync --watch keeps running', async () => {
  await joinHome()
  const watch = cli('--json', 'sync', '--watch')
  await watch.line(isUpToDate)
  fill()
  await logCalls(100)
  await watch.line(has('DISK_FULL'))
  const once = cli('sync')
  expect([await once.ended, once.output().stderr]).toEqual([7, expect.stringContaining('The disk is full')])
  const from = watch.count()
  empty()
  await watch.line(isUpToDate, from)
  watch.child.kill('SIGTERM')
  expect([await watch.ended, watch.output().stderr]).toEqual([130, ''])
  const again = cli('--json', 'sync')
  expect([await again.ended, again.output().stdout]).toEqual([0, expect.stringContaining('"problem":null')])
})

test.each([0, 2])(
  'a join with %i MB of room ends with the reason, shows no incomplete workspace, and resumes when there is more room',
  async (left) => {
    const window = start(WINDOW, home)
    await window.line((line) => line.includes('ready'))
    await logCalls(left === 0 ? 0 : 50)
    fill(left)
    expect(await window.ask(`join ${server.url} ${LEAD}`)).toMatchObject({
      failed: 'STORAGE',
      message: expect.stringContaining('The disk is full'),
    })
    const shown = join(home, 'workspaces')
    expect(existsSync(shown) ? readdirSync(shown) : []).toEqual([])
    empty()
    expect(await window.ask(`join ${server.url} ${LEAD}`)).toMatchObject({ done: expect.any(String) })
    expect(window.child.exitCode).toBeNull()
  },
)
