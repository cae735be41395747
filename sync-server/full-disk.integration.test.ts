import { mkdtempSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { idsFrom, sampleWorkspace, seeded, wonCall } from './testing/sample-workspace.ts'
import { ServerProcess } from './testing/server-process.ts'
import { TestDevice } from './testing/test-device.ts'
import { TestServer, publishAll } from './testing/test-server.ts'

const MEGABYTE = 1_024 * 1_024
const dataDir = mkdtempSync(join(tmpdir(), 'propaganda-full-'))
const processes: ServerProcess[] = []
afterAll(async () => {
  for (const each of processes) await each.end()
  rmSync(dataDir, { recursive: true, force: true })
})

/** Fills the server's disk completely. */
async function fill(path: string): Promise<void> {
  const file = await open(path, 'a')
  try {
    for (;;) await file.write(Buffer.alloc(MEGABYTE))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
  } finally {
    await file.close()
  }
}

const ready = async (url: string) => (await fetch(`${url}/ready`)).status

test('[S12] with a full disk the server reports it, keeps acknowledged operations, and continues when there is room again', async () => {
  const running = await ServerProcess.start({ dataDir, log: 'warn', disk: '96m' })
  processes.push(running)
  const newId = idsFrom(seeded(33))
  const workspace = sampleWorkspace('Full', newId)
  const publisher = new TestDevice({ url: running.url, newId })
  await publishAll(publisher, workspace)
  const agent = new TestDevice({ url: running.url, newId })
  await agent.enrol(workspace.people.agent.email)
  const kept = agent.insertCall(wonCall(workspace.people.agent.id))
  await agent.push()
  expect(await ready(running.url)).toBe(200)

  const filler = join(running.inside(dataDir), 'filler')
  await fill(filler)
  await expect.poll(() => ready(running.url)).toBe(503)
  const refusals: string[] = []
  const pushed: string[] = [kept]
  for (let n = 0; n < 20 && refusals.length === 0; n++) {
    const ids = Array.from({ length: 500 }, () =>
      agent.insertCall({ ...wonCall(workspace.people.agent.id), notes: 'x'.repeat(2_000) }),
    )
    pushed.push(...ids)
    await agent.push().catch((error: { code: string }) => refusals.push(error.code))
  }
  expect(refusals).toEqual(['UNAVAILABLE'])
  expect((await fetch(`${running.url}/health`)).status).toBe(200)
  expect(await ready(running.url)).toBe(503)
  const logged = () => running.logged.map((line) => JSON.parse(line) as { event: string; reason?: string })
  await expect.poll(() => logged().some(({ event, reason }) => event === 'fault' && reason === 'SQLITE_FULL')).toBe(true)
  const changes = logged().filter(({ event }) => event === 'not_ready')
  // Each reason is logged once, regardless of the number of requests.
  for (let n = 0; n < 5; n++) await ready(running.url)
  expect(new Set(changes.map(({ reason }) => reason)).size).toBe(changes.length)
  expect(changes.length).toBeGreaterThan(0)

  rmSync(filler)
  await expect.poll(() => ready(running.url)).toBe(200)
  expect((await agent.push()).rejected).toEqual([])
  const lead = new TestDevice({ url: running.url, newId })
  await lead.enrol(workspace.people.team_lead.email)
  await lead.pull()
  expect(lead.ids('calls')).toEqual(pushed.toSorted())
})

test('with little free space the server is not ready, and it logs the reason once', async () => {
  const server = new TestServer(34)
  await server.start({}, { minFreeBytes: Number.MAX_SAFE_INTEGER })
  try {
    for (let n = 0; n < 4; n++) expect(await ready(server.url)).toBe(503)
    expect((await fetch(`${server.url}/health`)).status).toBe(200)
    const lines = server.logged.filter((line) => line.includes('not_ready'))
    expect(lines.map((line) => (JSON.parse(line) as { reason: string }).reason)).toEqual(['LITTLE_DISK_SPACE'])
  } finally {
    await server.dispose()
  }
})
