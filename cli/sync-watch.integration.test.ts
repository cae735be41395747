import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { bareEnvironment, bundled } from '../app/testing/bundle.ts'
import { Device } from '../app/sync/testing/device.ts'
import { ServerProcess } from '../app/sync/testing/server-process.ts'
import { TEST_PASSWORD, wonCall } from '../app/testing/test-application.ts'
import type { SyncStatus } from '../core/contract/sync.ts'
import type { UserId } from '../core/id.ts'

const MAIN = bundled('cli')
const EMAIL = 'ben@acme.test'
const server = new ServerProcess()
const admin = new Device()
const home = mkdtempSync(join(tmpdir(), 'propaganda-watch-'))
const running = new Set<ChildProcess>()
let benId: UserId

beforeAll(async () => {
  await server.start()
  await admin.create('Acme', 'ada@acme.test')
  benId = (await admin.api.users.create({ email: EMAIL, name: 'Ben Agent', role: 'agent', password: TEST_PASSWORD })).id
  await admin.publish(server.url)
  const joined = await cli('workspace', 'join', '--server', server.url).ended
  if (joined.code !== 0) throw new Error(joined.stderr)
})
afterEach(() => {
  for (const child of running) child.kill('SIGKILL')
  running.clear()
})
afterAll(async () => {
  await admin.dispose()
  await server.dispose()
  rmSync(home, { recursive: true, force: true })
})

type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string }

function cli(...args: readonly string[]) {
  const child = spawn(process.execPath, [MAIN, `--home=${home}`, '--as', EMAIL, ...args], {
    env: { ...bareEnvironment(), PROPAGANDA_PASSWORD: TEST_PASSWORD },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.add(child)
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const ended = new Promise<Ended>((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })))
  /** Resolves with all printed text when the last whole line satisfies the condition. */
  const until = async (isSeen: (last: string, all: readonly string[]) => boolean, ms = 60_000): Promise<readonly string[]> => {
    for (const end = Date.now() + ms; ;) {
      const lines = stdout.split('\n').slice(0, -1)
      if (isSeen(lines.at(-1) ?? '', lines)) return lines
      if (child.exitCode !== null || Date.now() > end) throw new Error(`Not seen in:\n${stdout}\n${stderr}`)
      await sleep(20)
    }
  }
  return { child, ended, until }
}

const statusOf = (line: string): Partial<SyncStatus> => (line === '' ? {} : (JSON.parse(line) as SyncStatus))
const addCall = (prospect: string) =>
  cli('call', 'add', '--prospect', prospect, '--type', 'outbound', '--status', 'no_show').ended

test('watching prints a line for every change, continues while the server is unreachable, and ends with 130', async () => {
  const watch = cli('sync', '--watch')
  await watch.until((last) => last === 'up to date; 0 waiting')

  await server.stop()
  expect(await addCall('Watched Offline')).toMatchObject({ code: 0 })
  await watch.until((last) => /^server not reached; [1-9]\d* waiting$/.test(last))
  await server.start()
  const lines = await watch.until((last) => last === 'up to date; 0 waiting')
  const [call] = (await admin.synced().then(() => admin.api.calls.list({ filter: {} }))).rows
  expect(call?.prospectName).toBe('Watched Offline')
  for (const [index, line] of lines.entries()) expect(line, 'no line is repeated').not.toBe(lines[index - 1])

  // Both the terminal and npm send the signal.
  watch.child.kill('SIGINT')
  watch.child.kill('SIGINT')
  expect(await watch.ended).toEqual({ code: 130, stdout: `${lines.join('\n')}\n`, stderr: '' })
})

test('with --json each line is the whole status; watching can start while the server is unreachable, and SIGTERM ends it', async () => {
  await server.stop()
  const watch = cli('--json', 'sync', '--watch')
  await watch.until((last) => statusOf(last).state === 'offline')
  await server.start()
  await watch.until((last) => statusOf(last).state === 'up_to_date')

  // A conflict is a change of the status too.
  const { id } = await admin.api.calls.create(wonCall(benId, 'Contended'))
  await admin.synced()
  await expect.poll(async () => (await cli('call', 'show', id).ended).code, { timeout: 120_000 }).toBe(0)
  await server.stop()
  expect(await cli('call', 'edit', id, '--notes', 'Earlier').ended).toMatchObject({ code: 0 })
  await admin.api.calls.update({ id, patch: { notes: 'Later' } })
  await server.start()
  await admin.synced()
  const lines = await watch.until((last) => statusOf(last).conflicts === 1)
  expect(statusOf(lines.at(-1) ?? '')).toMatchObject({ state: 'attention', conflicts: 1, serverUrl: server.url })
  watch.child.kill('SIGTERM')
  expect(await watch.ended).toMatchObject({ code: 130, stderr: '' })
})

test('status and sync show the same last contact; a new server address is saved only if the server answers there', async () => {
  const before = server.url
  const synced = JSON.parse((await cli('--json', 'sync').ended).stdout) as SyncStatus
  const shown = async () => (JSON.parse((await cli('--json', 'status').ended).stdout) as { sync: SyncStatus }).sync
  expect((await shown()).lastContactAt).toBe(synced.lastContactAt)
  expect(synced.lastContactAt).toBeGreaterThan(Date.now() - 600_000)
  const mistyped = await cli('workspace', 'server', 'set', 'http://127.0.0.1:1').ended
  expect(mistyped).toMatchObject({ code: 9, stderr: expect.stringContaining('does not answer') })
  expect((await shown()).serverUrl).toBe(before)
  await server.moveToAnotherPort()
  expect(await cli('sync').ended).toMatchObject({ code: 9 })
  expect((await cli('workspace', 'server', 'set', server.url).ended).code).toBe(0)
  expect(await cli('--json', 'sync').ended).toMatchObject({ code: 0, stdout: expect.stringContaining(server.url) })
  expect(await cli('workspace', 'server', 'sign-in').ended).toMatchObject({ code: 0 })
})

test('[S17] watching ends with its own exit code when the account is deactivated; the next command reports why', async () => {
  const elsewhere = new Device()
  await elsewhere.join(server.url, 'ada@acme.test')
  const watch = cli('sync', '--watch')
  await watch.until((last) => last.startsWith('up to date') || last.startsWith('needs attention'))
  await elsewhere.api.users.setActive({ id: benId, isActive: false })
  expect(await watch.ended).toMatchObject({ code: 3, stderr: expect.stringMatching(/deactivated|no longer active/) })
  expect(await cli('call', 'list').ended).toMatchObject({ code: 3, stderr: expect.stringContaining('deactivated') })
  await elsewhere.dispose()
})

test('watching a workspace without a server ends immediately with the reason', async () => {
  const local = new Device()
  await local.create('Alone', EMAIL)
  await local.application.close()
  const child = spawn(process.execPath, [MAIN, `--home=${local.home}`, '--as', EMAIL, 'sync', '--watch'], {
    env: { ...bareEnvironment(), PROPAGANDA_PASSWORD: TEST_PASSWORD },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  running.add(child)
  let stderr = ''
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const code = await new Promise((resolve) => child.once('close', resolve))
  expect([code, stderr]).toEqual([6, expect.stringContaining('not connected to a server')])
  rmSync(local.home, { recursive: true, force: true })
})
