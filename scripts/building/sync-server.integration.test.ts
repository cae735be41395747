import { spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { must } from '../../core/assert.ts'
import { PROTOCOL_HEADER, PROTOCOL_VERSION } from '../../core/sync/protocol.ts'
import { TREE } from '../tree.ts'
import { serverBuild } from './builds.ts'
import { buildIfStale } from './stale-build.ts'

const folder = mkdtempSync(join(tmpdir(), 'propaganda-built-server-'))
beforeAll(() => buildIfStale(serverBuild))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('the built server needs only the database driver: all its threads start, it answers, and SIGTERM stops it', async () => {
  cpSync(join(TREE, serverBuild.output), folder, { recursive: true })
  mkdirSync(join(folder, 'node_modules'))
  symlinkSync(join(TREE, 'node_modules/better-sqlite3'), join(folder, 'node_modules/better-sqlite3'), 'junction')
  const options = [`--data=${join(folder, 'data')}`, '--port=0', '--log=error']
  const child = spawn(process.execPath, [join(folder, 'main.mjs'), ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  let url = ''
  for await (const line of createInterface({ input: must(child.stdout, 'Standard output is piped') })) {
    url = /ready at (\S+)$/.exec(line)?.[1] ?? ''
    break
  }
  expect(await (await fetch(`${url}/ready`)).json()).toEqual({ status: 'ready' })
  // If there is no account, the thread of passwords compares with a decoy.
  const device = { id: '01a2055f-38d8-7099-8d31-703c3b84242a', name: 'test' }
  const answer = await fetch(`${url}/v1/enrol`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', [PROTOCOL_HEADER]: String(PROTOCOL_VERSION) },
    body: JSON.stringify({ email: 'nobody@acme.test', password: 'wrong password', device }),
  })
  expect(answer.status).toBe(401)
  child.kill('SIGTERM')
  expect(await ended).toBe(0)
})
