import type { UserId } from '../core/id.ts'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { must } from '../core/assert.ts'
import { columnarRows, columnarSchema } from '../core/sync/columnar.ts'
import { openReadable } from './store/sqlite/open.ts'
import { idsFrom, sampleWorkspace, seeded, wonCall } from './testing/sample-workspace.ts'
import { TestDevice } from './testing/test-device.ts'
import { ServerProcess } from './testing/server-process.ts'
import { publishAll } from './testing/test-server.ts'

const KILLS = Number(process.env['PROPAGANDA_KILLS'] ?? 24)
const SEED = Number(process.env['PROPAGANDA_FUZZ_SEED'])

const dataDir = mkdtempSync(join(tmpdir(), 'propaganda-kill-'))
const processes: ServerProcess[] = []
afterAll(async () => {
  for (const each of processes) await each.end()
  rmSync(dataDir, { recursive: true, force: true })
})

/** Starts a server process on the same directory. */
async function start(): Promise<ServerProcess> {
  const started = await ServerProcess.start({ dataDir })
  processes.push(started)
  return started
}

/** Pushes transactions until the connection breaks. Returns what was acknowledged; the rest stays in the outbox. */
async function pushUntilBroken(
  device: TestDevice,
  ownerId: UserId,
  random: () => number,
  onAcknowledged: () => void,
): Promise<string[]> {
  const acknowledged: string[] = []
  for (;;) {
    if (device.outbox.length === 0) {
      const count = 1 + Math.floor(random() * 60)
      const change = () => ({ table: 'calls' as const, id: device.newId(), action: 'INSERT' as const, fields: wonCall(ownerId) })
      while (device.outbox.length < count) device.change(Array.from({ length: 1 + Math.floor(random() * 4) }, change))
    }
    const sent = device.outbox.map(({ rowId }) => rowId)
    try {
      await device.push()
    } catch {
      return acknowledged
    }
    acknowledged.push(...sent)
    onAcknowledged()
  }
}

test(
  `[S1] [S3] [S4] ${KILLS} times kill −9 during pushes: no acknowledged operation is lost, and none is stored twice`,
  async () => {
    const random = seeded(SEED)
    const newId = idsFrom(random)
    const workspace = sampleWorkspace('Kill', newId)
    let running = await start()
    const publisher = new TestDevice({ url: running.url, newId })
    await publishAll(publisher, workspace)
    const { agent, other } = workspace.people
    const devices: { device: TestDevice; ownerId: UserId }[] = []
    for (const person of [agent, other]) {
      const device = new TestDevice({ url: running.url, newId })
      await device.enrol(person.email)
      devices.push({ device, ownerId: person.id })
    }
    const acknowledged = new Set<string>()
    for (let round = 0; round < KILLS; round++) {
      const acknowledgement = Promise.withResolvers<void>()
      const pushing = devices.map(({ device, ownerId }) => pushUntilBroken(device, ownerId, random, acknowledgement.resolve))
      // Every other kill comes at any moment, also during the first push; the others come only after one push was acknowledged.
      if (round % 2 === 0) await Promise.race([acknowledgement.promise, Promise.all(pushing)])
      await new Promise((resolve) => setTimeout(resolve, 20 + random() * 150))
      await running.end('SIGKILL')
      for (const ids of await Promise.all(pushing)) for (const id of ids) acknowledged.add(id)
      running = await start()
      for (const { device } of devices) device.moveTo(running.url)
    }
    // The devices push the rest of their outboxes. Where an answer was lost, this repeats a push.
    for (const { device } of devices) {
      for (const { rowId } of device.outbox) acknowledged.add(rowId)
      if (device.outbox.length > 0) expect((await device.push()).rejected).toEqual([])
    }
    const lead = new TestDevice({ url: running.url, newId })
    await lead.enrol(workspace.people.team_lead.email)
    await lead.pull()
    expect(acknowledged.size, `seed ${SEED}`).toBeGreaterThanOrEqual(KILLS / 2)
    expect(lead.ids('calls'), `seed ${SEED}`).toEqual([...acknowledged].toSorted())
    const [first = ''] = acknowledged
    const trail = columnarSchema.parse(await lead.get(`/v1/history/calls/${first}`))
    expect([...columnarRows(trail)].map(({ action }) => action)).toEqual(['INSERT'])
    await running.end('SIGKILL')

    const db = openReadable(join(dataDir, 'server.db'))
    const number = (sql: string) =>
      Object.values(must(db.prepare<[], Record<string, unknown>>(sql).get(), 'The query has a row'))[0]
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok')
    expect(db.pragma('foreign_key_check')).toEqual([])
    // One operation and one line of the trail per call, in the same order, and every number up to the head was given out once.
    expect(number(`SELECT count(*) FROM operations`)).toBe(acknowledged.size)
    expect(number(`SELECT count(DISTINCT row_id) FROM operations WHERE action = 'INSERT'`)).toBe(acknowledged.size)
    expect(number(`SELECT count(*) FROM audit_logs WHERE table_name = 'calls' AND action = 'INSERT'`)).toBe(acknowledged.size)
    expect(
      number(
        `SELECT count(*) FROM calls AS c JOIN operations AS o ON o.client_id = c.client_id AND o.seq = c.version AND o.row_id = c.id`,
      ),
    ).toBe(acknowledged.size)
    // [S4] No transaction is stored in part, and no operation of another one is in between.
    expect(
      number(
        `SELECT count(*) FROM (SELECT max(seq) - min(seq) + 1 - count(*) AS gap FROM operations GROUP BY tx_id) WHERE gap <> 0`,
      ),
    ).toBe(0)
    db.close()
  },
  600_000 + KILLS * 30_000,
)
