import type { OpId } from '../../core/id.ts'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { newCallSchema } from '../../core/model/call.ts'
import { columnarRows } from '../../core/sync/columnar.ts'
import type { Scalar } from '../../core/sync/tables.ts'
import { deleteCall, insertCall } from '../../db/commands/calls.ts'
import { readAudit, readHistory } from '../../sync-server/service/history.ts'
import { openReadable } from '../../sync-server/store/sqlite/open.ts'
import { fromBytes } from '../../sync-server/store/sqlite/uuid-bytes.ts'
import { Simulation, type Line, type SimulatedDevice } from './simulation.ts'

/** The number of runs; each has its own seed. */
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 15)
const SEED = Number(process.env['PROPAGANDA_FUZZ_SEED'])
const STEPS = 120
const HOUR_MS = 3_600_000
const MARK = /mark\d+e/g

type Op = {
  readonly id: string
  readonly seq: number
  readonly call: string
  readonly by: string
  readonly ownerBefore: string | null
  readonly ownerAfter: string | null
  readonly verdict: string
  /** The values that the operation wrote according to the server's trail; null: none. */
  readonly written: Readonly<Record<string, Scalar>> | null
}
type AuditLine = Readonly<Record<string, Scalar>>

class Walk {
  readonly simulation: Simulation
  readonly devices: SimulatedDevice[] = []
  #marks = 0
  /** The person who typed each word, and the operation. */
  readonly typed = new Map<string, { readonly opId: OpId; readonly by: string }>()

  constructor(seed: number) {
    this.simulation = new Simulation(seed)
  }

  async begin(): Promise<void> {
    await this.simulation.begin()
    const { agent, other, team_lead: lead, admin } = this.simulation.workspace.people
    for (const person of [agent, other, lead, admin]) {
      const skew = this.simulation.oneOf([0, -3 * HOUR_MS, -HOUR_MS, HOUR_MS, 5 * HOUR_MS])
      this.devices.push(await this.simulation.device(person, skew))
    }
  }

  /** Makes one change that contains a unique word. */
  change(device: SimulatedDevice): void {
    const { simulation } = this
    const { clientId, people } = simulation.workspace
    const mark = `mark${this.#marks++}e`
    const calls = device.rows<{ id: string }>('SELECT id FROM calls ORDER BY id')
    device.write(() => {
      const dice = simulation.random()
      if (calls.length === 0 || dice < 0.15) {
        const fields = { userId: device.person.id, prospectName: mark, callType: 'outbound', status: 'scheduled' }
        insertCall(device.db, { ...newCallSchema.parse(fields), id: simulation.newId(), clientId, createdAt: device.now })
        return
      }
      const { id } = simulation.oneOf(calls)
      const set = (sql: string, ...values: string[]) => device.db.sqlite.prepare(sql).run(...values, id)
      const owner = simulation.oneOf([people.agent.id, people.other.id])
      const mayReassign = device.person.role !== 'agent'
      if (dice < 0.55) set('UPDATE calls SET notes = ? WHERE id = ?', mark)
      else if (dice < 0.65) set('UPDATE calls SET prospect_name = ? WHERE id = ?', mark)
      else if (dice < 0.8 && mayReassign) set('UPDATE calls SET user_id = ? WHERE id = ?', owner)
      else if (dice < 0.9 && mayReassign) set('UPDATE calls SET user_id = ?, notes = ? WHERE id = ?', owner, mark)
      else if (dice < 0.93) deleteCall(device.db, id)
    })
    const [op] = device.rows<{ opId: OpId; fields: string }>(
      'SELECT op_id AS opId, fields FROM sync_outbox ORDER BY device_seq DESC LIMIT 1',
    )
    if (op?.fields.includes(mark) === true) this.typed.set(mark, { opId: op.opId, by: device.person.id })
  }

  /** Returns the server's decisions about calls, in its order. */
  operations(): Op[] {
    const server = openReadable(join(this.simulation.folder, 'server.db'))
    try {
      const found = server
        .prepare<[], Omit<Op, 'id' | 'written'> & { opId: Uint8Array }>(
          `SELECT op_id AS opId, seq, row_id AS call, user_id AS by, owner_before AS ownerBefore, owner_after AS ownerAfter, verdict
           FROM operations WHERE table_name = 'calls' AND action IN ('INSERT', 'UPDATE', 'DELETE') ORDER BY seq`,
        )
        .all()
      const written = server.prepare<[string], string | null>(
        `SELECT coalesce(new_values, '{}') FROM audit_logs WHERE id = ? AND action <> 'SYNC_REJECTED'`,
      )
      return found.map(({ opId, ...rest }) => {
        const values = written.pluck().get(fromBytes(opId))
        return {
          ...rest,
          id: fromBytes(opId),
          written: typeof values === 'string' ? (JSON.parse(values) as Op['written']) : null,
        }
      })
    } finally {
      server.close()
    }
  }

  async audit(device: SimulatedDevice, query: Readonly<Record<string, string>> = {}): Promise<AuditLine[]> {
    const lines: AuditLine[] = []
    for (let cursor: string | null = null; ;) {
      const asked = { limit: '9', ...query, ...(cursor === null ? {} : { cursor }) }
      const { page } = await readAudit(this.simulation.store, device.token, asked)
      lines.push(...columnarRows(page.rows))
      cursor = page.next
      if (cursor === null) return lines
    }
  }
}

/** Returns the words that the reader may find in the trail of a call: those typed since it became theirs, and its values at that time. */
function allowed(walk: Walk, ops: readonly Op[], reader: string): { readonly words: Set<string>; readonly ids: Set<string> } {
  const words = new Set<string>()
  const ids = new Set<string>()
  for (const ofCall of Map.groupBy(ops, ({ call }) => call).values()) {
    // A call that is deleted a second time has no owner at that time.
    const accepted = ofCall.filter(
      ({ verdict, ownerBefore, ownerAfter }) => verdict !== 'rejected' && (ownerBefore ?? ownerAfter) !== null,
    )
    const last = accepted.at(-1)
    if (last === undefined || (last.ownerAfter ?? last.ownerBefore) !== reader) continue
    const start = accepted.findLastIndex(({ ownerBefore, ownerAfter }) => ownerAfter === reader && ownerBefore !== reader)
    const state: Record<string, Scalar> = {}
    for (const { written } of accepted.slice(0, start)) Object.assign(state, written)
    for (const word of JSON.stringify(state).match(MARK) ?? []) words.add(word)
    const own = new Set(accepted.slice(start).map(({ id }) => id))
    for (const { id, by } of ofCall) if (by === reader) own.add(id)
    for (const [word, { opId }] of walk.typed) if (own.has(opId)) words.add(word)
    for (const { id, written } of accepted.slice(start)) if (written !== null) ids.add(id)
  }
  return { words, ids }
}

/** Reads the trail as each person. Returns the number of lines about calls. */
async function check(walk: Walk): Promise<number> {
  let read = 0
  const ops = walk.operations()
  for (const device of walk.devices) {
    const { id: reader, role } = device.person
    const lines = await walk.audit(device)
    const about = lines.filter((line) => line['table_name'] === 'calls')
    const ids = about.map((line) => String(line['id']))
    read += ids.length
    expect(new Set(ids).size, 'each line once').toBe(ids.length)
    if (role !== 'agent') {
      // All accepted operations, newest first by the server's order.
      const expected = ops.filter(({ written }) => written !== null).map(({ id }) => id)
      const data = about.filter((line) => line['action'] !== 'SYNC_REJECTED').map((line) => String(line['id']))
      expect(data).toEqual(expected.toReversed())
      continue
    }
    const { words, ids: expected } = allowed(walk, ops, reader)
    const histories: unknown[] = []
    for (const call of new Set(about.map((line) => String(line['record_id']))))
      histories.push(await readHistory(walk.simulation.store, device.token, 'calls', call))
    for (const seen of [JSON.stringify(about), JSON.stringify(histories)])
      expect(
        (seen.match(MARK) ?? []).filter((word) => !words.has(word)),
        'words of others',
      ).toEqual([])
    expect(
      [...expected].filter((id) => !ids.includes(id)),
      'missing lines since the call became theirs',
    ).toEqual([])
  }
  return read
}

test.each(Array.from({ length: RUNS }, (_, run) => SEED + run))(
  '[S14] for all clocks an agent’s trail holds all lines since a call became theirs and no earlier line (seed %i)',
  async (seed) => {
    const walk = new Walk(seed)
    const { simulation } = walk
    try {
      await walk.begin()
      const lines: readonly Line[] = ['up', 'up', 'up', 'request lost', 'answer lost']
      for (let step = 0; step < STEPS; step++) {
        const device = simulation.oneOf(walk.devices)
        const dice = simulation.random()
        // Hours pass, so that waiting operations are old when they arrive.
        if (dice < 0.1) simulation.now += simulation.below(3 * HOUR_MS)
        if (dice < 0.6) walk.change(device)
        else if (dice < 0.8) await device.push(simulation.oneOf(lines))
        else await device.pull()
        if (step % 40 === 39) await check(walk)
      }
      for (const device of [...walk.devices, ...walk.devices]) await device.settle()
      expect(await check(walk)).toBeGreaterThan(0)
    } finally {
      await simulation.dispose()
    }
  },
  900_000,
)
