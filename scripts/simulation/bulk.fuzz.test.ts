import { expect, test } from 'vitest'
import { newCallSchema } from '../../core/model/call.ts'
import { deleteCalls, lastLine, setOnCalls } from '../../db/commands/bulk-calls.ts'
import { insertCall, restoreCall, updateCall } from '../../db/commands/calls.ts'
import { linesOfBulk, newestChange, type LineSpan } from '../../db/queries/bulk-lines.ts'
import { markIndependent } from '../../db/sync/outbox.ts'
import { lastDeviceSeq } from '../../db/queries/device-seq.ts'
import type { Id, UserId } from '../../core/id.ts'
import { Simulation, type Line, type SimulatedDevice } from './simulation.ts'

/** The number of runs; each has its own seed. */
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 5)
const SEED = Number(process.env['PROPAGANDA_FUZZ_SEED'])
const STEPS = 100

type Batch = { readonly device: SimulatedDevice; readonly kind: 'user_id' | 'delete'; readonly lines: LineSpan }

class Walk {
  readonly simulation: Simulation
  readonly devices: SimulatedDevice[] = []
  readonly #batches: Batch[] = []

  constructor(seed: number) {
    this.simulation = new Simulation(seed)
  }

  async begin(): Promise<void> {
    await this.simulation.begin()
    const { agent, other, team_lead: lead, admin } = this.simulation.workspace.people
    for (const person of [agent, other, lead, admin]) this.devices.push(await this.simulation.device(person))
  }

  async step(): Promise<void> {
    const device = this.simulation.oneOf(this.devices)
    const dice = this.simulation.random()
    const line = this.simulation.oneOf<Line>(['request lost', 'answer lost', 'up', 'up', 'up'])
    if (dice < 0.25) this.#log(device)
    else if (dice < 0.35) this.#edit(device)
    else if (dice < 0.5) this.#act(device)
    else if (dice < 0.6) this.#undo()
    else if (dice < 0.8) await device.push(line, this.simulation.oneOf([1, 3, 100]))
    else await device.pull(this.simulation.oneOf([1, 9]), this.simulation.oneOf([2, 100]))
  }

  #log(device: SimulatedDevice): void {
    const { simulation } = this
    const fields = { userId: device.person.id, prospectName: 'Jo', callType: 'outbound', status: 'scheduled' }
    device.write(() => {
      const clientId = simulation.workspace.clientId
      insertCall(device.db, { ...newCallSchema.parse(fields), id: simulation.newId(), clientId, createdAt: device.now })
    })
  }

  #calls(device: SimulatedDevice): { id: Id; owner: UserId }[] {
    return device.rows(`SELECT id, user_id AS owner FROM calls ORDER BY id`)
  }

  #edit(device: SimulatedDevice): void {
    const calls = this.#calls(device)
    if (calls.length === 0) return
    const { id } = this.simulation.oneOf(calls)
    device.write(() => updateCall(device.db, id, { notes: `Note ${this.simulation.below(1_000)}` }))
  }

  /** Reassigns or deletes some calls in one transaction, as a bulk action does. */
  #act(device: SimulatedDevice): void {
    const { agent, other } = this.simulation.workspace.people
    const target = this.simulation.oneOf([agent.id, other.id])
    const kind = device.person.role === 'agent' ? 'delete' : 'user_id'
    const some = this.#calls(device).filter(
      ({ owner }) => this.simulation.random() < 0.6 && (kind === 'delete' || owner !== target),
    )
    const ids = some.map(({ id }) => id)
    if (ids.length === 0) return
    const lines = this.#independent(device, () => {
      if (kind === 'delete') deleteCalls(device.db, ids)
      else setOnCalls(device.db, 'user_id', ids, target)
    })
    this.#batches.push({ device, kind, lines })
  }

  #undo(): void {
    const batch = this.#batches.pop()
    if (batch === undefined) return
    const { device, kind, lines } = batch
    const { clientId } = this.simulation.workspace
    this.#independent(device, () => {
      const here = new Map(this.#calls(device).map(({ id, owner }) => [id, owner]))
      for (const line of linesOfBulk(device.db, clientId, device.person.id, lines)) {
        const owner = here.get(line.callId)
        if (kind === 'user_id' && owner !== undefined && owner === line.after['user_id'])
          setOnCalls(device.db, 'user_id', [line.callId], line.before['user_id'] as Id)
        if (kind === 'delete' && owner === undefined && newestChange(device.db, clientId, line.callId) === line.rowid)
          restoreCall(device.db, line.callId)
      }
    })
  }

  #independent(device: SimulatedDevice, work: () => void): LineSpan {
    return device.write(() => {
      const [sequence, before] = [lastDeviceSeq(device.db), lastLine(device.db)]
      work()
      markIndependent(device.db, sequence)
      return { first: before + 1, last: lastLine(device.db), at: device.now }
    })
  }
}

const CALLS = 'SELECT id, user_id, prospect_name, status, notes FROM calls'

for (let run = 0; run < RUNS; run++)
  test(`bulk actions and their undo converge on every device; the server judges each call separately, seed ${SEED + run} [S4][S14]`, async () => {
    const walk = new Walk(SEED + run)
    try {
      await walk.begin()
      for (let step = 0; step < STEPS; step++) await walk.step()
      for (let round = 0; round < 2; round++) for (const device of walk.devices) await device.settle()
      const [, , , admin] = walk.devices as [SimulatedDevice, SimulatedDevice, SimulatedDevice, SimulatedDevice]
      const all = admin.rows<{ id: string; user_id: string }>(`${CALLS} ORDER BY id`)
      for (const device of walk.devices) {
        const isAgent = device.person.role === 'agent'
        const expected = isAgent ? all.filter((call) => call.user_id === device.person.id) : all
        expect(device.rows(`${CALLS} ORDER BY id`)).toEqual(expected)
        // A call of a bulk action is not refused because of another call of the action.
        const together = device.rows(`SELECT 1 FROM sync_outbox WHERE origin = 'bulk' AND reject_code = 'TRANSACTION'`)
        expect(together).toEqual([])
        expect(device.pending).toBe(0)
      }
    } finally {
      await walk.simulation.dispose()
    }
  })
