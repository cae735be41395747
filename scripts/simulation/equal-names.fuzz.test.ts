import { expect, test } from 'vitest'
import { must } from '../../core/assert.ts'
import type { Id } from '../../core/id.ts'
import { newCallSchema } from '../../core/model/call.ts'
import { uniqueKey } from '../../core/text/unique-key.ts'
import { applyImportChunk } from '../../app/import/apply-chunk.ts'
import { importedRecordId } from '../../app/import/row-identity.ts'
import { deleteCall } from '../../db/commands/calls.ts'
import { insertLossReason, setLossReasonActive, updateLossReason } from '../../db/commands/loss-reasons.ts'
import { AppError } from '../../core/errors.ts'
import { wrongTotals } from '../../db/queries/derived-soundness.ts'
import { openRejections } from '../../db/sync/rejections.ts'
import { held } from './held.ts'
import { Simulation, type Line, type SimulatedDevice } from './simulation.ts'

/** The number of runs; each has its own seed. */
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 25)
/** The seed of the first walk. Set the variable to repeat a run. */
const SEED = Number(process.env['PROPAGANDA_FUZZ_SEED'])
const STEPS = 120

/** Spellings of three reasons, and of two people with the same first address. */
const REASONS = ['Ärger', 'ärger ', 'ÄRGER', 'Far  away', 'far away', 'FAR AWAY', 'Straße', 'STRASSE']
const AGENTS = ['José Pérez', 'Jose Perez', 'JOSE  PEREZ', 'Ben', 'ben']
const CALLS = 30

/** Devices whose people type and import the same names, and delete what others import again. */
class Walk {
  readonly simulation: Simulation
  readonly devices: SimulatedDevice[] = []
  readonly imported = new Set<Id>()
  readonly deleted = new Set<Id>()

  constructor(seed: number) {
    this.simulation = new Simulation(seed)
  }

  async begin(): Promise<void> {
    await this.simulation.begin()
    const { team_lead: lead, admin } = this.simulation.workspace.people
    for (const person of [admin, admin, admin, lead]) this.devices.push(await this.simulation.device(person))
  }

  #callId(n: number): Id {
    return importedRecordId(this.simulation.workspace.clientId, 'user', `call ${n}`)
  }

  #import(device: SimulatedDevice): void {
    const { simulation } = this
    const { clientId } = simulation.workspace
    const first = simulation.below(CALLS - 6)
    const rows = Array.from({ length: 1 + simulation.below(6) }, (_, n) => {
      const fields = { callType: 'outbound', status: 'completed', outcome: 'lost', completedAt: 1_760_000_000_000 }
      const call = newCallSchema.parse({ ...fields, prospectName: `Prospect ${first + n}`, userId: simulation.newId() })
      return {
        line: n + 2,
        id: this.#callId(first + n),
        agent: simulation.oneOf(AGENTS),
        lossReason: simulation.oneOf(REASONS).trim(),
        call,
      }
    })
    const context = {
      db: device.db,
      actor: { clientId, userId: device.person.id },
      role: device.person.role,
      now: device.now,
      newId: simulation.newId,
    }
    const fields = ['agent', 'lossReason', 'prospectName', 'status', 'outcome'] as const
    const before = new Set(device.rows<{ id: Id }>('SELECT id FROM calls').map(({ id }) => id))
    applyImportChunk(context, {
      importId: simulation.newId(),
      rows,
      fields,
      createAgents: true,
      overwrite: true,
      createLossReasons: true,
    })
    for (const { id } of device.rows<{ id: Id }>('SELECT id FROM calls')) if (!before.has(id)) this.imported.add(id)
  }

  #change(device: SimulatedDevice): void {
    const { simulation } = this
    const { db } = device
    const { clientId } = simulation.workspace
    const dice = simulation.random()
    const reasons = device.rows<{ id: Id }>('SELECT id FROM loss_reasons ORDER BY id')
    const chosen = must(simulation.oneOf(reasons), 'a reason').id
    if (dice < 0.3) return this.#import(device)
    if (dice < 0.55) {
      const id = simulation.newId()
      const name = simulation.oneOf(REASONS).trim()
      insertLossReason(db, { id, clientId, name, description: null, isActive: true, createdAt: device.now })
    } else if (dice < 0.7) updateLossReason(db, chosen, { name: simulation.oneOf(REASONS).trim() })
    else if (dice < 0.8) updateLossReason(db, chosen, { description: `d${simulation.below(99)}` })
    else if (dice < 0.88) setLossReasonActive(db, chosen, simulation.below(2) === 1)
    else {
      const calls = device.rows<{ id: Id }>('SELECT id FROM calls ORDER BY id')
      if (calls.length === 0 || device.person.role !== 'admin') return
      const { id } = simulation.oneOf(calls)
      deleteCall(db, id)
      this.deleted.add(id)
    }
  }

  async step(): Promise<void> {
    const { simulation } = this
    const device = simulation.oneOf(this.devices)
    const dice = simulation.random()
    if (dice < 0.55) {
      try {
        device.write(() => this.#change(device))
      } catch (error) {
        // The device refuses a name that it already has.
        if (!(error instanceof AppError) || error.code !== 'CONFLICT') throw error
      }
    } else if (dice < 0.8) {
      const line = simulation.oneOf<Line>(['up', 'up', 'up', 'answer lost', 'request lost'])
      await device.push(line, simulation.oneOf([1, 3, 10_000]))
    } else await device.pull(simulation.oneOf([1, 2, 99]), simulation.oneOf([2, 5, 4_000]))
  }

  async settle(): Promise<void> {
    for (const device of this.devices) await device.settle()
    for (const device of this.devices) await device.settle()
  }
}

test(`equal names become one row, typed or imported, and rows that refer to them are changed (seed ${SEED}) [S11]`, async () => {
  for (let run = 0; run < RUNS; run++) {
    const walk = new Walk(SEED + run)
    try {
      await walk.begin()
      for (let step = 0; step < STEPS; step++) await walk.step()
      await walk.settle()
      for (const [at, device] of walk.devices.entries()) {
        const where = `seed ${SEED + run}, device ${at}`
        expect(device.rows(`SELECT op_id FROM sync_outbox WHERE state IN ('pending', 'sent')`), where).toEqual([])
        expect(wrongTotals(device.db), where).toBe(0)
        const fresh = await walk.simulation.device(device.person)
        await device.settle()
        expect(held(device), where).toEqual(held(fresh))
        const keys = device.rows<{ name: string }>('SELECT name FROM loss_reasons').map(({ name }) => uniqueKey(name))
        expect(new Set(keys).size, where).toBe(keys.length)
        expect(device.rows(`SELECT id FROM users WHERE email LIKE 'jose.perez%'`).length, where).toBeLessThanOrEqual(2)
        const present = new Set(device.rows<{ id: Id }>('SELECT id FROM calls').map(({ id }) => id))
        const wanted = [...walk.imported].filter((id) => !walk.deleted.has(id))
        expect(
          wanted.filter((id) => !present.has(id)),
          where,
        ).toEqual([])
        expect(
          [...walk.deleted].filter((id) => present.has(id)),
          where,
        ).toEqual([])
        // A person decides about a rename to a name that another device used first, and about an edit of a call that another device
        // deleted.
        const refused = openRejections(device.db, device.person.id).filter(
          ({ action, code }) => !(action === 'UPDATE' && (code === 'CONFLICT' || code === 'DELETED')),
        )
        expect(refused, where).toEqual([])
      }
    } finally {
      await walk.simulation.dispose()
    }
  }
})
