import { expect, test } from 'vitest'
import { must } from '../../core/assert.ts'
import { newCallSchema } from '../../core/model/call.ts'
import { SyncError } from '../../core/sync/errors.ts'
import { deleteCall, insertCall } from '../../db/commands/calls.ts'
import { held } from './held.ts'
import { Simulation, type Line, type SimulatedDevice } from './simulation.ts'

/* [S6] The server's file is replaced by an earlier copy while devices continue. */

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 8)
const SEED = Number(process.env['PROPAGANDA_FUZZ_SEED'])
const STEPS = 40

type Outcome = 'nothing' | 'answered' | 'complete' | 'EPOCH'

class Walk {
  readonly simulation: Simulation
  readonly devices: SimulatedDevice[] = []
  /** The server's head at each device's last answer. Recorded independently of the cursors, because they are under test. */
  readonly #seen = new Map<SimulatedDevice, number>()

  constructor(seed: number) {
    this.simulation = new Simulation(seed)
  }

  async begin(): Promise<void> {
    await this.simulation.begin()
    const { agent, other, team_lead: lead, admin } = this.simulation.workspace.people
    for (const person of [agent, agent, other, lead, admin]) await this.join(person)
  }

  async join(person: SimulatedDevice['person']): Promise<SimulatedDevice> {
    const device = await this.simulation.device(person)
    this.devices.push(device)
    this.#seen.set(device, await this.head())
    return device
  }

  async head(): Promise<number> {
    const { store, workspace } = this.simulation
    return (await store.read((tx) => tx.client(workspace.clientId)))?.head ?? 0
  }

  isAhead(device: SimulatedDevice, head: number): boolean {
    return must(this.#seen.get(device), 'Every device has joined') > head
  }

  change(device: SimulatedDevice): void {
    const { simulation } = this
    const { clientId, people } = simulation.workspace
    const calls = device.rows<{ id: string }>('SELECT id FROM calls ORDER BY id')
    const dice = simulation.random()
    device.write(() => {
      const set = (sql: string, ...values: (string | number)[]) => device.db.sqlite.prepare(sql).run(...values)
      if (dice < 0.5 || calls.length === 0) {
        const fields = { userId: device.person.id, prospectName: 'Jo', callType: 'outbound', status: 'scheduled' }
        const id = simulation.newId()
        insertCall(device.db, { ...newCallSchema.parse(fields), id, clientId, createdAt: device.now })
        return
      }
      const { id } = simulation.oneOf(calls)
      if (dice < 0.75) set('UPDATE calls SET notes = ? WHERE id = ?', `n${simulation.below(999)}`, id)
      else if (dice < 0.85)
        set('UPDATE calls SET user_id = ? WHERE id = ?', simulation.oneOf([people.agent.id, people.other.id]), id)
      else if (dice < 0.9) deleteCall(device.db, id)
      else if (device.person.role === 'admin')
        set('UPDATE users SET role = ? WHERE id = ?', simulation.oneOf(['agent', 'team_lead']), people.team_lead.id)
      else set('UPDATE users SET name = ? WHERE id = ?', `Name ${simulation.below(99)}`, device.person.id)
    })
  }

  /** Runs one exchange, or a part of one. */
  async exchange(device: SimulatedDevice): Promise<Outcome> {
    const { simulation } = this
    try {
      if (simulation.random() < 0.5) {
        const line = simulation.oneOf<Line>(['up', 'up', 'answer lost', 'request lost'])
        const isAnswered = device.pending > 0 && line === 'up'
        await device.push(line, simulation.oneOf([1, 3, 10_000]))
        if (!isAnswered) return 'nothing'
        this.#seen.set(device, await this.head())
        return 'answered'
      }
      const isComplete = await device.pull(simulation.oneOf([1, 2, 99]), simulation.oneOf([2, 5, 4_000]))
      this.#seen.set(device, await this.head())
      return isComplete ? 'complete' : 'answered'
    } catch (error) {
      if (error instanceof SyncError && error.code === 'EPOCH') return 'EPOCH'
      throw error
    }
  }

  async steps(devices: readonly SimulatedDevice[], count: number): Promise<void> {
    for (let step = 0; step < count; step++) {
      const device = this.simulation.oneOf(devices)
      if (this.simulation.random() < 0.5) this.change(device)
      else if ((await this.exchange(device)) === 'EPOCH') throw new Error('Refused without a restore')
    }
  }

  async settle(devices: readonly SimulatedDevice[]): Promise<void> {
    for (const device of [...devices, ...devices]) {
      await device.settle()
      this.#seen.set(device, await this.head())
    }
  }
}

const waiting = (device: SimulatedDevice) =>
  device.rows<{ id: string }>(`SELECT hex(op_id) AS id FROM sync_outbox WHERE state IN ('pending', 'sent') ORDER BY device_seq`)

/** Runs some exchanges of every device after the restore. Devices that are ahead are refused each time and change nothing. */
async function afterRestore(walk: Walk, ahead: readonly SimulatedDevice[], where: string): Promise<void> {
  for (let step = 0; step < STEPS; step++) {
    const device = walk.simulation.oneOf(walk.devices)
    if (walk.simulation.random() < 0.4) {
      walk.change(device)
      continue
    }
    const [waited, before] = [waiting(device), held(device)]
    const serverHead = await walk.head()
    const outcome = await walk.exchange(device)
    if (!ahead.includes(device)) expect(outcome, where).not.toBe('EPOCH')
    else {
      // A lost request, or nothing to send, gives no answer.
      expect(['EPOCH', 'nothing'], where).toContain(outcome)
      expect(await walk.head(), where).toBe(serverHead)
      expect([waiting(device), held(device)], where).toEqual([waited, before])
    }
  }
  // Each of these devices shows the problem, whether or not it has changes to send.
  for (const device of ahead) {
    await expect(device.pull(), where).rejects.toThrow(expect.objectContaining({ code: 'EPOCH' }))
    walk.change(device)
    await expect(device.push(), where).rejects.toThrow(expect.objectContaining({ code: 'EPOCH' }))
  }
}

async function expectFresh(walk: Walk, devices: readonly SimulatedDevice[], where: string): Promise<void> {
  await walk.settle(devices)
  for (const device of devices) {
    const fresh = await walk.simulation.device(device.person)
    await device.settle()
    expect(waiting(device), where).toEqual([])
    expect(held(device), where).toEqual(held(fresh))
  }
}

test(`a device that is ahead of a restored server is refused and keeps its work; every other continues (seed ${SEED})`, async () => {
  const counts = { ahead: 0, others: 0 }
  for (let run = 0; run < RUNS; run++) {
    const where = `seed ${SEED + run}`
    const walk = new Walk(SEED + run)
    const { simulation } = walk
    try {
      await walk.begin()
      await walk.steps(walk.devices, STEPS)
      const backup = await simulation.backUp()
      const backupHead = await walk.head()
      // Some devices are offline until after the restore.
      const active = walk.devices.filter(() => simulation.random() < 0.6)
      if (active.length > 0) await walk.steps(active, STEPS)
      const newer = await simulation.backUp()
      const ahead = walk.devices.filter((device) => walk.isAhead(device, backupHead))
      await simulation.restore(backup)
      const newcomer = await walk.join(simulation.oneOf(Object.values(simulation.workspace.people)))
      const others = walk.devices.filter((device) => !ahead.includes(device))
      await afterRestore(walk, ahead, where)
      await expectFresh(walk, others, where)
      counts.ahead += ahead.length
      counts.others += others.length
      if (simulation.random() < 0.5) continue
      // The newer file is put back: then the other devices have another history.
      await simulation.restore(newer)
      await expectFresh(walk, ahead, where)
      for (const device of others) {
        const code = device === newcomer ? 'UNAUTHENTICATED' : 'EPOCH'
        await expect(device.pull(), where).rejects.toThrow(expect.objectContaining({ code }))
      }
    } finally {
      await simulation.dispose()
    }
  }
  expect(Math.min(counts.ahead, counts.others)).toBeGreaterThanOrEqual(RUNS / 2)
})
