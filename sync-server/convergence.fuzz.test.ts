import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Scalar } from '../core/sync/tables.ts'
import { NO_SHOW_UNIT, seeded, wonCall, type SampleWorkspace } from './testing/sample-workspace.ts'
import type { TestDevice } from './testing/test-device.ts'
import { TestServer } from './testing/test-server.ts'

/** Random walks; each seed is one. */
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 12)
const SEED = Number(process.env['PROPAGANDA_FUZZ_SEED'] ?? Date.now() % 1_000_000)
const STEPS = 120

const server = new TestServer(20)
let acme: SampleWorkspace

beforeAll(async () => {
  await server.start()
  acme = await server.workspace('Acme')
})
afterAll(() => server.dispose())

/** Sends the outbox; every fifth time the answer is lost, and what was sent is sent again later. */
async function push(device: TestDevice, random: () => number): Promise<void> {
  if (device.outbox.length === 0) return
  if (random() < 0.2) await device.send(device.pushRequest())
  else await device.push()
}

/** A device's own rows lack what it did not set, and the time of the change is the server's. */
const held = (device: TestDevice) =>
  new Map(
    [...device.rows].map(([key, { values, version }]) => [
      key,
      Object.entries({ ...values, version })
        .filter(([name, value]) => value !== null && name !== 'updated_at')
        .toSorted(([a], [b]) => a.localeCompare(b)),
    ]),
  )

test(`devices that push and pull in any order end with what a new device gets (seed ${SEED})`, async () => {
  for (let run = 0; run < RUNS; run++) {
    const random = seeded(SEED + run)
    const oneOf = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T
    const { agent, team_lead: lead, admin } = acme.people
    const people = [agent, agent, lead, admin]
    const devices = await Promise.all(people.map(({ email }) => server.joined(email)))
    const calls: string[] = []
    const someCall = (device: TestDevice) => oneOf(calls.filter((id) => device.row('calls', id) !== undefined))
    const edit = (device: TestDevice): Readonly<Record<string, Scalar>> =>
      oneOf<() => Readonly<Record<string, Scalar>>>([
        () => ({ notes: `${random()}` }),
        () => ({ prospect_name: `Prospect ${random()}`, call_duration: Math.floor(random() * 100) }),
        () => NO_SHOW_UNIT,
        () =>
          device.userId === agent.id ? { call_type: oneOf(['inbound', 'outbound']) } : { user_id: oneOf([agent.id, lead.id]) },
      ])()
    for (let step = 0; step < STEPS; step++) {
      const device = oneOf(devices)
      const id = someCall(device)
      const dice = random()
      if (dice < 0.2 || id === undefined) calls.push(device.insertCall(wonCall(device.userId ?? '')))
      else if (dice < 0.55) device.update('calls', id, edit(device))
      else if (dice < 0.6 && device.userId !== agent.id) device.change([{ table: 'calls', id, action: 'DELETE', fields: {} }])
      else if (dice < 0.65 && device.userId === admin.id)
        device.update('loss_reasons', oneOf(acme.lossReasonIds), { description: `${random()}` })
      else if (dice < 0.9) await push(device, random)
      // A device that holds its rows in memory does not replay its outbox on top of a page.
      else if (device.outbox.length === 0) await device.pull()
    }
    for (const device of devices) await device.push()
    // A sign-in changes the person's row, so all pull after the last one.
    const fresh = await Promise.all(people.map(({ email }) => server.joined(email)))
    for (const device of [...devices, ...fresh]) await device.pull()
    for (const [at, device] of devices.entries())
      expect(held(device), `seed ${SEED + run}, device ${at}`).toEqual(held(fresh[at] ?? device))
  }
})
