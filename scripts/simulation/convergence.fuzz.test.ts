import type { CallId } from '../../core/id.ts'
import { expect, test } from 'vitest'
import { must } from '../../core/assert.ts'
import { newCallSchema } from '../../core/model/call.ts'
import { targetKey } from '../../core/model/targets.ts'
import { uniqueKey } from '../../core/text/unique-key.ts'
import { deleteCall, insertCall, restoreCall, updateCall } from '../../db/commands/calls.ts'
import { insertEntry, liftEntries } from '../../db/commands/do-not-call.ts'
import { contactHashes } from '../../db/contact-hash.ts'
import { recordEvent } from '../../db/commands/events.ts'
import { insertLossReason } from '../../db/commands/loss-reasons.ts'
import { putClientSetting, putUserSetting } from '../../db/commands/settings.ts'
import { derivedColumnsSoundness, wrongNoShows, wrongTotals } from '../../db/queries/derived-soundness.ts'
import { compareIndexWithCalls } from '../../db/testing/search.ts'
import { held } from './held.ts'
import { Simulation, type Line, type SimulatedDevice } from './simulation.ts'

/** The number of runs; each has its own seed. */
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 25)
const SEED = Number(process.env['PROPAGANDA_FUZZ_SEED'])
const STEPS = 150
const HOUR_MS = 3_600_000

const UNITS = [
  `status = 'no_show', outcome = NULL, loss_reason_id = NULL, completed_at = NULL`,
  `status = 'completed', outcome = 'won', loss_reason_id = NULL, completed_at = 1760000000000`,
  `status = 'completed', outcome = 'lost', completed_at = 1760000000000, loss_reason_id = (SELECT id FROM loss_reasons ORDER BY created_at DESC, id DESC LIMIT 1)`,
  `status = 'cancelled', outcome = NULL, loss_reason_id = NULL, completed_at = NULL`,
]

class Walk {
  readonly simulation: Simulation
  readonly devices: SimulatedDevice[] = []
  /** Unique words, by the call into which they were typed and the person who typed them. */
  readonly marks: { readonly word: string; readonly callId: CallId; readonly by: string }[] = []
  /** Unique words, by the person in whose settings or targets they are. */
  readonly personalMarks: { readonly word: string; readonly of: string; readonly by: string }[] = []

  constructor(seed: number) {
    this.simulation = new Simulation(seed)
  }

  async begin(): Promise<void> {
    await this.simulation.begin()
    const { agent, other, team_lead: lead, admin } = this.simulation.workspace.people
    for (const person of [agent, agent, other, lead, admin]) {
      const skew = this.simulation.oneOf([0, 0, -2 * HOUR_MS, HOUR_MS])
      this.devices.push(await this.simulation.device(person, skew))
    }
  }

  #mark(device: SimulatedDevice, callId: CallId): string {
    const word = `mark${this.marks.length}e`
    this.marks.push({ word, callId, by: device.person.id })
    return word
  }

  /** Words that others typed into calls that this person no longer has. Calls that were deleted while this person had them are excluded. */
  foreignMarks(device: SimulatedDevice): string[] {
    const admin = must(this.devices.at(-1), 'The last device is the admin’s')
    const foreign = new Set(
      admin.rows<{ id: string }>('SELECT id FROM calls WHERE user_id <> ?', device.person.id).map(({ id }) => id),
    )
    for (const id of this.simulation.deletedAs(device.person.id)) foreign.delete(id)
    return this.marks.filter(({ callId, by }) => by !== device.person.id && foreign.has(callId)).map(({ word }) => word)
  }

  #change(device: SimulatedDevice): void {
    const { simulation } = this
    const { clientId, people } = simulation.workspace
    const { db, person } = device
    const call = device.rows<{ id: string; owner: string }>('SELECT id, user_id AS owner FROM calls ORDER BY id')
    const chosen = call.length === 0 ? undefined : simulation.oneOf(call)
    const set = (sql: string, ...values: (string | number | null)[]) => db.sqlite.prepare(sql).run(...values)
    const dice = simulation.random()
    if (simulation.random() < 0.1) return this.#setting(device)
    if (simulation.random() < 0.08) return this.#doNotCall(device)
    if (dice < 0.25 || chosen === undefined) {
      const id = simulation.newId()
      const fields = { userId: person.id, prospectName: this.#mark(device, id), callType: 'outbound', status: 'scheduled' }
      // Some calls continue another one, which may be deleted or leave this person's scope.
      const followsCallId = chosen !== undefined && simulation.random() < 0.5 ? chosen.id : null
      insertCall(db, { ...newCallSchema.parse(fields), id, clientId, createdAt: device.now, followsCallId })
      return
    }
    const { id } = chosen
    if (dice < 0.45) set('UPDATE calls SET notes = ? WHERE id = ?', this.#mark(device, id), id)
    else if (dice < 0.55) {
      updateCall(db, id, { prospectPhone: `+49 30 555${1_000 + simulation.below(99)}` })
      set('UPDATE calls SET call_duration = ? WHERE id = ?', simulation.below(99), id)
    } else if (dice < 0.7) set(`UPDATE calls SET ${simulation.oneOf(UNITS)} WHERE id = ?`, id)
    else if (dice < 0.78)
      set(
        'UPDATE calls SET user_id = ? WHERE id = ?',
        simulation.oneOf([people.agent.id, people.other.id, people.team_lead.id]),
        id,
      )
    else if (dice < 0.82) deleteCall(db, id)
    else if (dice < 0.86) this.#restore(device)
    else if (dice < 0.9) this.#reason(device)
    else if (dice < 0.94)
      set(
        'UPDATE loss_reasons SET description = ? WHERE id = ?',
        `d${simulation.below(99)}`,
        simulation.oneOf(simulation.workspace.lossReasonIds),
      )
    else if (dice < 0.95) recordEvent(db, { tableName: 'users', recordId: person.id, action: 'LOGIN', newValues: {} })
    else if (person.role !== 'admin') set('UPDATE users SET name = ? WHERE id = ?', `Name ${simulation.below(99)}`, person.id)
    else if (dice < 0.98)
      set('UPDATE users SET role = ? WHERE id = ?', simulation.oneOf(['agent', 'team_lead']), people.team_lead.id)
    else
      set(
        'UPDATE users SET name = ? WHERE id = ?',
        `Name ${simulation.below(99)}`,
        simulation.oneOf([people.agent.id, people.other.id]),
      )
  }

  /** Changes a setting of the person, or a target. The server refuses targets of agents. Few keys, so that two devices choose the same. */
  #setting(device: SimulatedDevice): void {
    const { simulation } = this
    const { clientId, people } = simulation.workspace
    const { db, person } = device
    if (simulation.random() < 0.6) {
      const word = `personal${this.personalMarks.length}e`
      this.personalMarks.push({ word, of: person.id, by: person.id })
      return putUserSetting(db, clientId, person.id, `theme${simulation.below(2)}`, word)
    }
    const chosen = simulation.oneOf(['team', people.agent.id, people.other.id, people.team_lead.id])
    const whose = chosen === 'team' ? null : chosen
    const value = 100_000 + simulation.below(900_000)
    if (whose !== null) this.personalMarks.push({ word: String(value), of: whose, by: person.id })
    putClientSetting(db, clientId, targetKey({ month: '2026-01', userId: whose, metric: 'won' }), value)
  }

  /** Adds a contact to the do-not-call list, or lifts one. Few contacts, so that people add and lift the same. The server refuses lifts of agents. */
  #doNotCall(device: SimulatedDevice): void {
    const { simulation } = this
    const { clientId } = simulation.workspace
    const email = `p${simulation.below(3)}@example.com`
    const [contactHash = ''] = contactHashes(clientId, { phone: null, email })
    if (simulation.random() < 0.4) return void liftEntries(device.db, contactHash)
    const reason = `Reason ${simulation.below(99)}`
    insertEntry(device.db, { id: simulation.newId(), clientId, contactHash, reason, createdAt: device.now })
  }

  /** Words of settings and targets of others that this person did not type. */
  foreignPersonalMarks(device: SimulatedDevice): string[] {
    return this.personalMarks.filter(({ of, by }) => of !== device.person.id && by !== device.person.id).map(({ word }) => word)
  }

  #restore(device: SimulatedDevice): void {
    const [deleted] = device.rows<{ id: string }>(
      `SELECT record_id AS id FROM audit_logs WHERE table_name = 'calls' AND action = 'DELETE'
         AND record_id NOT IN (SELECT id FROM calls) ORDER BY rowid DESC LIMIT 1`,
    )
    if (deleted !== undefined) restoreCall(device.db, deleted.id)
  }

  /** Returns one of few names, so that two people may choose the same one. */
  #reason(device: SimulatedDevice): void {
    const { simulation } = this
    const name = `Reason ${simulation.below(4)}`
    const known = device.rows<{ name: string }>('SELECT name FROM loss_reasons')
    if (known.some((each) => uniqueKey(each.name) === uniqueKey(name))) return
    const { clientId } = simulation.workspace
    insertLossReason(device.db, {
      id: simulation.newId(),
      clientId,
      name,
      description: null,
      isActive: true,
      createdAt: device.now,
    })
  }

  async step(): Promise<void> {
    const { simulation } = this
    const device = simulation.oneOf(this.devices)
    const dice = simulation.random()
    if (dice < 0.6) device.write(() => this.#change(device))
    else if (dice < 0.8) {
      const line = simulation.oneOf<Line>(['up', 'up', 'up', 'answer lost', 'request lost'])
      await device.push(line, simulation.oneOf([1, 3, 10_000]))
    } else await device.pull(simulation.oneOf([1, 2, 99]), simulation.oneOf([2, 5, 4_000]))
  }

  async settle(): Promise<void> {
    // A push of one device may change rows that another has already pulled.
    for (const device of this.devices) await device.settle()
    for (const device of this.devices) await device.settle()
  }
}

test(`all devices reach the server’s state, despite lost and delayed requests (seed ${SEED})`, async () => {
  let personal = 0
  let targets = 0
  let followed = 0
  let entries = 0
  let lifted = 0
  let noShows = 0
  for (let run = 0; run < RUNS; run++) {
    const walk = new Walk(SEED + run)
    const where = (device: number) => `seed ${SEED + run}, device ${device}`
    try {
      await walk.begin()
      for (let step = 0; step < STEPS; step++) await walk.step()
      await walk.settle()
      personal += walk.simulation.serverRows('SELECT id FROM user_settings').length
      followed += walk.simulation.serverRows('SELECT id FROM calls WHERE follows_call_id IS NOT NULL').length
      entries += walk.simulation.serverRows('SELECT id FROM do_not_call').length
      lifted += walk.simulation.serverRows('SELECT id FROM do_not_call WHERE lifted_at IS NOT NULL').length
      targets += walk.simulation.serverRows(`SELECT id FROM client_settings WHERE id GLOB 'target:*'`).length
      for (const [at, device] of walk.devices.entries()) {
        expect(device.rows(`SELECT op_id FROM sync_outbox WHERE state IN ('pending', 'sent')`), where(at)).toEqual([])
        expect(wrongTotals(device.db), where(at)).toBe(0)
        expect(wrongNoShows(device.db), where(at)).toBe(0)
        noShows += device.rows('SELECT place FROM local_no_shows').length
        compareIndexWithCalls(device.db.sqlite)
        expect(derivedColumnsSoundness(device.db).wrong, where(at)).toBe(0)
        const fresh = await walk.simulation.device(device.person)
        await device.settle()
        expect(held(device), where(at)).toEqual(held(fresh))
        const bytes = device.bytes().toString('latin1')
        const others = walk.personalMarks.filter(({ word, of }) => word.startsWith('personal') && of !== device.person.id)
        expect(
          others.filter(({ word }) => bytes.includes(word)),
          where(at),
        ).toEqual([])
        if (device.person.role !== 'agent') continue
        expect(
          walk.foreignPersonalMarks(device).filter((word) => bytes.includes(word)),
          where(at),
        ).toEqual([])
        expect(
          walk.foreignMarks(device).filter((word) => bytes.includes(word)),
          where(at),
        ).toEqual([])
      }
    } finally {
      await walk.simulation.dispose()
    }
  }
  expect(Math.min(personal, targets, followed, entries, lifted, noShows)).toBeGreaterThan(0)
})
