import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/websocket'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { wonCall } from '../../app/testing/test-application.ts'
import { must } from '../../core/assert.ts'
import type { Api } from '../../core/contract/contract.ts'
import { offeredSubprotocols } from '../../core/window-key.ts'
import { enter, rawRequest } from '../../loopback/testing/raw-request.ts'
import { rendererBuild } from '../building/builds.ts'
import { buildIfStale } from '../building/stale-build.ts'
import { TREE } from '../tree.ts'

const home = mkdtempSync(join(tmpdir(), 'propaganda-start-'))
const running = new Set<ChildProcess>()

beforeAll(() => buildIfStale(rendererBuild))
afterEach(() => {
  for (const child of running) child.kill('SIGKILL')
  running.clear()
})
afterAll(() => rmSync(home, { recursive: true, force: true }))

type Run = {
  readonly child: ChildProcess
  readonly out: () => string
  readonly err: () => string
  readonly exit: Promise<number | null>
}

function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Run {
  const { npm_lifecycle_event: _npm, DISPLAY: _x, WAYLAND_DISPLAY: _wayland, PROPAGANDA_HOME: _home, ...clean } = process.env
  const child = spawn(process.execPath, [join(TREE, 'scripts', 'run.mjs'), command, ...args], { env: { ...clean, ...env } })
  running.add(child)
  let [out, err] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
  const exit = once(child, 'close').then(([code]) => code as number | null)
  return { child, out: () => out, err: () => err, exit }
}

const READY = /^Propaganda Dashboard ready at (http:\/\/127\.0\.0\.1:\d+\/launch\?token=[\w-]+)\n$/

async function ready({ child, out, err }: Run): Promise<string> {
  while (child.exitCode === null) {
    const url = READY.exec(out())?.[1]
    if (url !== undefined) return url
    await sleep(20)
  }
  throw new Error(`It ended: ${err()}`)
}

const start = (...args: string[]) => run('start', ['--shell=loopback', '--no-open', `--home=${home}`, ...args])

test('a start with nothing to build builds nothing, prints exactly one line, and serves the window', async () => {
  const app = start()
  const url = await ready(app)
  const { cookie } = await enter(url)
  const page = await rawRequest(new URL(url).origin, '/', { cookie })
  expect(page.status).toBe(200)
  expect(page.body).toContain('<title>Propaganda Dashboard</title>')
  app.child.kill('SIGTERM')
  expect(await app.exit).toBe(0)
  expect(app.out()).toMatch(READY)
  expect(readdirSync(home)).toEqual(expect.arrayContaining(['logs', 'workspaces']))
})

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s ends it cleanly', async (signal) => {
  const app = start()
  const url = await ready(app)
  app.child.kill(signal)
  // A terminal sends the signal to the whole process group.
  app.child.kill(signal)
  expect(await app.exit).toBe(0)
  await expect(rawRequest(new URL(url).origin, '/')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
})

test('it ends when the process that started it is killed', async () => {
  const app = start()
  const url = await ready(app)
  app.child.kill('SIGKILL')
  const gone = async () => {
    for (let n = 0; n < 100; n++) {
      const refused = await rawRequest(new URL(url).origin, '/').then(
        () => false,
        () => true,
      )
      if (refused) return true
      await sleep(100)
    }
    return false
  }
  expect(await gone()).toBe(true)
})

test('a second start on the same home works; on the same port it tells the person what to do', async () => {
  const first = start()
  const { origin, port } = new URL(await ready(first))
  const second = start()
  expect(new URL(await ready(second)).origin).not.toBe(origin)
  const third = start(`--port=${port}`)
  expect(await third.exit).toBe(2)
  expect(third.err()).toContain('Choose another port with --port=N')
})

test('PROPAGANDA_HOME sets the home, and --home has priority', async () => {
  const [named, given] = [join(home, 'named'), join(home, 'given')]
  const app = run('start', ['--shell=loopback', '--no-open'], { PROPAGANDA_HOME: named })
  await ready(app)
  expect(existsSync(join(named, 'workspaces'))).toBe(true)
  const other = run('start', ['--shell=loopback', '--no-open', `--home=${given}`], { PROPAGANDA_HOME: named })
  await ready(other)
  expect(existsSync(join(given, 'workspaces'))).toBe(true)
})

test('without a display the loopback shell is used, and one line reports it', async () => {
  const app = run('start', ['--no-open', `--home=${home}`])
  await ready(app)
  const lines = app
    .err()
    .split('\n')
    .filter((line) => line.includes('Electron'))
  expect(lines).toEqual([expect.stringContaining('The loopback shell is used')])
})

test('wrong options and commands are refused with a message', async () => {
  const odd = run('start', ['--shell=chrome'])
  expect(await odd.exit).toBe(2)
  expect(odd.err()).toContain('--shell=chrome is not one of auto, electron, loopback')
  const unknown = run('strat', [])
  expect(await unknown.exit).toBe(1)
  expect(unknown.err()).toContain('There is no command "strat"')
})

const DEMO_READY =
  /^Propaganda Dashboard ready at (\S+) \(Ben Hartmann, agent\)\nPropaganda Dashboard ready at (\S+) \(Mara Okafor, team lead\)\n$/

async function demoReady({ child, out, err }: Run): Promise<readonly [string, string]> {
  while (child.exitCode === null) {
    const [, agent, lead] = DEMO_READY.exec(out()) ?? []
    if (agent !== undefined && lead !== undefined) return [agent, lead]
    await sleep(20)
  }
  throw new Error(`It ended: ${err()}`)
}

/** The API as the window behind a launch address calls it. */
async function windowApi(url: string): Promise<{ readonly api: Api; readonly close: () => void }> {
  const { origin, host } = new URL(url)
  const { cookie, key } = await enter(url)
  const websocket = new WebSocket(`ws://${host}/api`, offeredSubprotocols(key), { headers: { cookie, origin } })
  const api = createORPCClient<Api>(new RPCLink({ websocket: websocket as unknown as globalThis.WebSocket }))
  return { api, close: () => websocket.close() }
}

test('the demo: a call that the agent logs arrives on the team lead’s device, and no files are left', async () => {
  const demo = run('demo', ['--no-open'], { TMPDIR: home })
  const [agent, lead] = await Promise.all((await demoReady(demo)).map(windowApi))
  const who = async (window: typeof agent) => (await window?.api.session.get())?.state
  expect(await Promise.all([who(agent), who(lead)])).toEqual(['signed_in', 'signed_in'])
  const { rows } = must(await agent?.api.calls.list({ filter: {} }), 'calls')
  expect(rows.length).toBeGreaterThan(0)
  const before = must(await lead?.api.calls.count({ filter: {} }), 'a count')
  await agent?.api.calls.create(wonCall(must(rows[0], 'a call').userId, 'Frieda Neumann'))
  await expect.poll(async () => lead?.api.calls.count({ filter: {} }), { timeout: 120_000 }).not.toEqual(before)
  expect(demo.err()).toContain('Log a call in the agent’s window (N) and watch it arrive')
  agent?.close()
  lead?.close()
  demo.child.kill('SIGINT')
  expect(await demo.exit).toBe(0)
  expect(readdirSync(home).filter((name) => name.startsWith('propaganda-demo-'))).toEqual([])
}, 900_000)

test('a demo that is ended while it is being created leaves no files', async () => {
  const demo = run('demo', ['--no-open'], { TMPDIR: home })
  while (!demo.err().includes('Creating three years of calls')) await sleep(20)
  demo.child.kill('SIGTERM')
  expect(await demo.exit).toBe(0)
  expect(readdirSync(home).filter((name) => name.startsWith('propaganda-demo-'))).toEqual([])
}, 900_000)
