import type { CallId, OpId } from '../../core/id.ts'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { must } from '../../core/assert.ts'
import { newCallSchema } from '../../core/model/call.ts'
import { unitOf, type Scalar } from '../../core/sync/tables.ts'
import { deleteCall, insertCall, requestRestore, restoreCall } from '../../db/commands/calls.ts'
import { wrongTotals } from '../../db/queries/derived-soundness.ts'
import { openReadable as openServerFile } from '../../sync-server/store/sqlite/open.ts'
import { compareIndexWithCalls } from '../../db/testing/search.ts'
import { Simulation, type Line, type SimulatedDevice } from './simulation.ts'

/** The number of runs; each has its own seed. */
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 8)
/** The seed of the first walk. Set the variable to repeat a run. */
const SEED = Number(process.env['PROPAGANDA_FUZZ_SEED'])
const STEPS = 120
const HOUR_MS = 3_600_000
const EDITED = ['notes', 'prospect_phone', 'call_duration'] as const

type Edit = {
  readonly seq: number
  readonly opId: OpId
  readonly column: string
  readonly value: Scalar
  readonly base: number
}

type Typed = { readonly opId: OpId; readonly rowId: string; readonly action: string; readonly fields: string }

/** The server's decisions, read from its file, and the values that people typed on the devices. */
class Evidence {
  readonly #simulation: Simulation
  readonly #devices: readonly SimulatedDevice[]
  /** By operation. Collected while the operations wait, because a device may delete answered operations of a call that left its scope. */
  readonly #typed = new Map<string, Typed>()

  constructor(simulation: Simulation, devices: readonly SimulatedDevice[]) {
    this.#simulation = simulation
    this.#devices = devices
  }

  /** Called after each step, and before the first push of what the step typed. */
  collect(): void {
    for (const device of this.#devices)
      for (const typed of device.rows<Typed>(
        `SELECT op_id AS opId, row_id AS rowId, action, fields FROM sync_outbox
         WHERE state = 'pending' AND action IN ('INSERT', 'UPDATE')`,
      ))
        this.#typed.set(typed.opId.replaceAll('-', ''), typed)
  }

  read<T>(sql: string, ...values: string[]): T[] {
    const db = openServerFile(join(this.#simulation.folder, 'server.db'))
    try {
      return db.prepare<string[], T>(sql).all(...values)
    } finally {
      db.close()
    }
  }

  /** Returns every value that the server accepted for a column of the call, in the server's order. */
  edits(callId: CallId): Edit[] {
    return this.read<{ seq: number; op: string }>(
      `SELECT seq, lower(hex(op_id)) AS op FROM operations
       WHERE row_id = ? AND verdict <> 'rejected' AND action IN ('INSERT', 'UPDATE')`,
      callId,
    )
      .flatMap(({ seq, op }) => {
        const { opId, action, fields } = must(this.#typed.get(op), 'Every accepted operation was collected')
        const values = JSON.parse(fields) as Record<string, { new: Scalar; base?: number }>
        const written = action === 'INSERT' ? EDITED : EDITED.filter((column) => column in values)
        return written.map((column) => ({
          seq,
          opId,
          column,
          value: values[column]?.new ?? null,
          base: values[column]?.base ?? 0,
        }))
      })
      .toSorted((a, b) => a.seq - b.seq)
  }

  /** Returns the losing values of conflicts, by the operation that lost. */
  lost(callId: CallId): ReadonlySet<string> {
    const found = this.read<{ opId: OpId; columns: string }>(
      `SELECT losing_op AS opId, columns FROM conflicts WHERE row_id = ?`,
      callId,
    )
    return new Set(found.flatMap(({ opId, columns }) => columns.split(',').map((column) => `${opId} ${column}`)))
  }
}

class Walk {
  readonly simulation: Simulation
  readonly devices: SimulatedDevice[] = []
  readonly calls: string[] = []
  readonly evidence: Evidence
  #word = 0

  constructor(seed: number) {
    this.simulation = new Simulation(seed)
    this.evidence = new Evidence(this.simulation, this.devices)
  }

  async begin(): Promise<void> {
    await this.simulation.begin()
    const { agent, team_lead: lead, admin } = this.simulation.workspace.people
    for (const person of [agent, agent, lead, admin])
      this.devices.push(await this.simulation.device(person, this.simulation.oneOf([0, 0, -2 * HOUR_MS, HOUR_MS])))
    const [first] = this.devices
    for (let call = 0; call < 3; call++)
      must(first, 'There is a device').write(() => this.#insert(must(first, 'There is a device')))
    this.evidence.collect()
    for (const device of this.devices) await device.settle()
  }

  #insert(device: SimulatedDevice): void {
    const { simulation } = this
    const { clientId, people } = simulation.workspace
    const id = simulation.newId()
    this.calls.push(id)
    const fields = { userId: people.agent.id, prospectName: 'Jo', callType: 'outbound', status: 'scheduled' }
    insertCall(device.db, { ...newCallSchema.parse(fields), id, clientId, createdAt: device.now })
  }

  #change(device: SimulatedDevice): void {
    const { simulation } = this
    const id = simulation.oneOf(this.calls)
    const isHere = device.rows('SELECT 1 FROM calls WHERE id = ?', id).length > 0
    const column = simulation.oneOf(EDITED)
    const value = column === 'call_duration' ? this.#word++ : `w${this.#word++}`
    const dice = simulation.random()
    if (!isHere) {
      const isKnown = device.rows(`SELECT 1 FROM audit_logs WHERE record_id = ? AND action = 'DELETE'`, id).length > 0
      if (isKnown && dice < 0.7) restoreCall(device.db, id)
      else requestRestore(device.db, id)
    } else if (dice < 0.75) device.db.sqlite.prepare(`UPDATE calls SET ${column} = ? WHERE id = ?`).run(value, id)
    else if (device.person.role !== 'team_lead') deleteCall(device.db, id)
  }

  async step(): Promise<void> {
    const { simulation } = this
    const device = simulation.oneOf(this.devices)
    const dice = simulation.random()
    if (dice < 0.55) device.write(() => this.#change(device))
    else if (dice < 0.8)
      await device.push(
        simulation.oneOf<Line>(['up', 'up', 'up', 'answer lost', 'request lost']),
        simulation.oneOf([1, 2, 10_000]),
      )
    else await device.pull(simulation.oneOf([1, 99]), simulation.oneOf([2, 4_000]))
    this.evidence.collect()
  }

  async settle(): Promise<void> {
    for (const device of this.devices) await device.settle()
    // A call that is deleted at the end is restored first.
    const admin = must(this.devices.at(-1), 'The last device is the admin’s')
    for (const id of this.calls)
      if (admin.rows('SELECT 1 FROM calls WHERE id = ?', id).length === 0) admin.write(() => requestRestore(admin.db, id))
    for (const device of this.devices.toReversed()) await device.settle()
    for (const device of this.devices) await device.settle()
  }
}

const HELD = `SELECT id, user_id, prospect_name, prospect_phone, notes, call_duration, status FROM calls ORDER BY id`
const VERSIONS = `SELECT row_id, version, base, fields FROM sync_rows WHERE table_name = 'calls' ORDER BY 1`

test(`[S11] no accepted edit is lost by deletions and restores of several people (seed ${SEED})`, async () => {
  let restores = 0
  for (let run = 0; run < RUNS; run++) {
    const walk = new Walk(SEED + run)
    try {
      await walk.begin()
      for (let step = 0; step < STEPS; step++) await walk.step()
      await walk.settle()
      const { evidence } = walk
      restores += evidence.read(`SELECT 1 FROM operations WHERE action = 'RESTORE' AND verdict <> 'rejected'`).length
      for (const [at, device] of walk.devices.entries()) {
        const where = `seed ${SEED + run}, device ${at}`
        expect(device.rows(HELD), where).toHaveLength(walk.calls.length)
        expect(wrongTotals(device.db), where).toBe(0)
        compareIndexWithCalls(device.db.sqlite)
        const fresh = await walk.simulation.device(device.person)
        expect(device.rows(HELD), where).toEqual(fresh.rows(HELD))
        expect(device.rows(VERSIONS), where).toEqual(fresh.rows(VERSIONS))
      }
      for (const id of walk.calls) requireNothingLost(evidence, id, `seed ${SEED + run}, call ${id}`)
    } finally {
      await walk.simulation.dispose()
    }
  }
  expect(restores).toBeGreaterThan(RUNS)
})

/**
 * Checks that a field holds the value of the operation that its version names, and that no other accepted value is lost: a conflict holds
 * it, an edit based on it (or on a later value) replaced it, or its own device replaced it.
 */
function requireNothingLost(evidence: Evidence, id: string, where: string): void {
  const [row] = evidence.read<Record<string, Scalar>>(`SELECT * FROM calls WHERE id = ?`, id)
  const overrides = JSON.parse(String(row?.['fields'] ?? '{}')) as Record<string, number> | null
  const edits = evidence.edits(id)
  const lost = evidence.lost(id)
  const deviceOf = new Map(
    evidence
      .read<{ seq: number; device: number }>('SELECT seq, device_key AS device FROM operations')
      .map(({ seq, device }) => [seq, device]),
  )
  for (const column of EDITED) {
    expect(unitOf('calls', column)).toEqual([column])
    const ofColumn = edits.filter((edit) => edit.column === column)
    const version = overrides?.[column] ?? Number(row?.['base'])
    const standing = must(
      ofColumn.find(({ seq }) => seq === version),
      `The edit ${version} of ${column} (${where})`,
    )
    expect(row?.[column], where).toBe(standing.value)
    for (const { seq, opId, value } of ofColumn) {
      if (seq === version || value === standing.value || lost.has(`${opId} ${column}`)) continue
      const replaced = ofColumn.some(
        (later) => later.seq !== seq && (later.base >= seq || deviceOf.get(later.seq) === deviceOf.get(seq)),
      )
      expect(replaced, `${column} = ${String(value)} of ${seq} (${where})`).toBe(true)
    }
  }
}
