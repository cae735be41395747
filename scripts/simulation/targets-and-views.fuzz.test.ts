import { expect, test } from 'vitest'
import { AppError } from '../../core/errors.ts'
import type { Id } from '../../core/id.ts'
import { newCallSchema } from '../../core/model/call.ts'
import { TARGET_METRICS } from '../../core/model/targets.ts'
import { runOperation } from '../../app/operations/run-operation.ts'
import type { InputOf, OperationName, OutputOf } from '../../app/operations/operations.ts'
import { deleteCall, insertCall } from '../../db/commands/calls.ts'
import { wrongReportTotals } from '../../db/queries/derived-soundness.ts'
import { countReportsIfDue } from '../../db/report-zone.ts'
import { held } from './held.ts'
import { Simulation, type Line, type SimulatedDevice } from './simulation.ts'

/** The number of runs; each has its own seed. */
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 8)
const SEED = Number(process.env['PROPAGANDA_FUZZ_SEED'])
const STEPS = 120
const HOUR_MS = 3_600_000
/** Only two months, so that two leads often choose the same one. */
const MONTHS = ['2026-01', '2026-02'] as const

const TEMPLATES = ['01999999-0000-7000-8000-00000000000a', '01999999-0000-7000-8000-00000000000b'] as const

/** The team’s targets belong to no person. */
const TEAM = { of: null }

const STATES = [
  `status = 'no_show', outcome = NULL, loss_reason_id = NULL, completed_at = NULL, scheduled_at = 1767600000000`,
  `status = 'completed', outcome = 'won', loss_reason_id = NULL, completed_at = 1767700000000, call_duration = 61`,
  `status = 'completed', outcome = 'lost', completed_at = 1769900000000, loss_reason_id = (SELECT min(id) FROM loss_reasons)`,
  `status = 'cancelled', outcome = NULL, loss_reason_id = NULL, completed_at = NULL`,
]

/**
 * Random changes. Leads set targets and share views, everyone changes their views and preferences on all of their devices, the admin changes roles, and
 * calls change. Targets and views are changed by the operations of the application, which check the role that the device has received.
 */
class Walk {
  readonly simulation: Simulation
  readonly devices: SimulatedDevice[] = []
  readonly done = { targets: 0, views: 0, shared: 0, preferences: 0, roles: 0, refused: 0 }

  constructor(seed: number) {
    this.simulation = new Simulation(seed)
  }

  async begin(): Promise<void> {
    await this.simulation.begin()
    const { agent, other, team_lead: lead, admin } = this.simulation.workspace.people
    // Two devices of the agent and of the lead. The other agent becomes the second lead.
    for (const person of [agent, agent, other, lead, lead, admin]) {
      const skew = this.simulation.oneOf([0, 0, -2 * HOUR_MS, HOUR_MS])
      const device = await this.simulation.device(person, skew, this.simulation.random() < 0.5)
      countReportsIfDue(device.db)
      this.devices.push(device)
    }
  }

  /** Runs an operation of the device's person. A refusal is expected, because the role may have changed and the view may be removed. */
  #run<N extends OperationName>(device: SimulatedDevice, name: N, input: InputOf<N>): OutputOf<N> | undefined {
    try {
      return runAs(device, this.simulation, name, input)
    } catch (error) {
      if (!(error instanceof AppError) || !['FORBIDDEN', 'NOT_FOUND', 'CONFLICT'].includes(error.code)) throw error
      this.done.refused++
      return undefined
    }
  }

  #setTargets(device: SimulatedDevice): void {
    const { simulation } = this
    const { people } = simulation.workspace
    const targets = Array.from({ length: 1 + simulation.below(3) }, () => {
      const metric = simulation.oneOf(TARGET_METRICS)
      const isCount = metric === 'completed' || metric === 'won'
      const value = simulation.random() < 0.15 ? null : isCount ? simulation.below(500) : simulation.below(100) / 100
      return {
        month: simulation.oneOf(MONTHS),
        userId: simulation.oneOf([TEAM, { of: people.agent.id }, { of: people.other.id }]).of,
        metric,
        value,
      }
    })
    if (this.#run(device, 'targets.set', { targets }) !== undefined) this.done.targets++
  }

  #changeViews(device: SimulatedDevice): void {
    const { simulation } = this
    const { views } = runAs(device, simulation, 'views.list', undefined)
    const filters = { period: simulation.oneOf(['this_month', 'all', 'last_week']), type: simulation.oneOf(['', 'inbound']) }
    const name = `View ${simulation.below(6)}`
    const dice = simulation.random()
    const chosen = views.length === 0 ? undefined : simulation.oneOf(views)
    if (chosen === undefined || dice < 0.35) {
      if (this.#run(device, 'views.create', { name, filters }) !== undefined) this.done.views++
    } else if (dice < 0.6) this.#run(device, 'views.update', { id: chosen.id, name, filters })
    else if (dice < 0.8) {
      if (this.#run(device, 'views.share', { id: chosen.id, isShared: !chosen.isShared }) !== undefined) this.done.shared++
    } else if (dice < 0.9) this.#run(device, 'views.setDefault', { id: simulation.random() < 0.5 ? chosen.id : null })
    else this.#run(device, 'views.remove', { id: chosen.id })
  }

  /** Changes the keys of few actions and few templates, so that two devices of a person often change the same one. */
  #changePreferences(device: SimulatedDevice): void {
    const { simulation } = this
    const isRemoved = simulation.random() < 0.2
    const text = `Text ${simulation.below(50)}`
    const input =
      simulation.random() < 0.5
        ? { keys: { [simulation.oneOf(['call.new', 'app.lock'])]: isRemoved ? null : [simulation.oneOf(['a', 'b', 'g c'])] } }
        : { note_templates: { [simulation.oneOf(TEMPLATES)]: isRemoved ? null : { name: `Name ${simulation.below(6)}`, text } } }
    if (this.#run(device, 'preferences.set', input) !== undefined) this.done.preferences++
  }

  #changeCall(device: SimulatedDevice): void {
    const { simulation } = this
    const { clientId, people } = simulation.workspace
    const calls = device.rows<{ id: Id }>('SELECT id FROM calls ORDER BY id')
    const set = (sql: string, ...values: string[]) => device.db.sqlite.prepare(sql).run(...values)
    if (calls.length === 0 || simulation.random() < 0.4) {
      const fields = { userId: device.person.id, prospectName: 'Jo Smith', callType: 'outbound', status: 'scheduled' }
      insertCall(device.db, {
        ...newCallSchema.parse(fields),
        ...{ id: simulation.newId(), clientId, createdAt: device.now },
      })
      return
    }
    const { id } = simulation.oneOf(calls)
    const dice = simulation.random()
    if (dice < 0.7) set(`UPDATE calls SET ${simulation.oneOf(STATES)} WHERE id = ?`, id)
    else if (dice < 0.9)
      set('UPDATE calls SET user_id = ? WHERE id = ?', simulation.oneOf([people.agent.id, people.other.id]), id)
    else deleteCall(device.db, id)
  }

  /** Makes the other agent or the lead a lead or an agent. */
  #changeRole(device: SimulatedDevice): void {
    const { other, team_lead: lead } = this.simulation.workspace.people
    const [person, role] = this.simulation.oneOf([
      [other, 'team_lead'],
      [other, 'agent'],
      [lead, 'agent'],
      [lead, 'team_lead'],
    ] as const)
    const changed = device.db.sqlite.prepare('UPDATE users SET role = ? WHERE id = ? AND role <> ?').run(role, person.id, role)
    this.done.roles += changed.changes
  }

  async step(): Promise<void> {
    const { simulation } = this
    const device = simulation.oneOf(this.devices)
    const dice = simulation.random()
    if (dice < 0.6)
      device.write(() => {
        const what = simulation.random()
        if (what < 0.3) this.#setTargets(device)
        else if (what < 0.52) this.#changeViews(device)
        else if (what < 0.6) this.#changePreferences(device)
        else if (what < 0.93 || device.person.role !== 'admin') this.#changeCall(device)
        else this.#changeRole(device)
      })
    else if (dice < 0.8)
      await device.push(simulation.oneOf<Line>(['up', 'up', 'answer lost', 'request lost']), simulation.oneOf([1, 3, 10_000]))
    else await device.pull(simulation.oneOf([1, 2, 99]), simulation.oneOf([2, 5, 4_000]))
  }

  async settle(): Promise<void> {
    // A push of one device may change rows that another has already pulled.
    for (const device of this.devices) await device.settle()
    for (const device of this.devices) await device.settle()
  }
}

function runAs<N extends OperationName>(
  { db, person, now }: SimulatedDevice,
  { newId, workspace }: Simulation,
  name: N,
  input: InputOf<N>,
): OutputOf<N> {
  const actor = { clientId: workspace.clientId, userId: person.id }
  return runOperation(name, { db, actor, now, newId, thread: { incomingPage: undefined } }, input)
}

/** Returns everything that a person sees of targets, views and figures. */
function seen(device: SimulatedDevice, simulation: Simulation): unknown {
  const range = { from: Date.UTC(2025, 11, 31, 23), to: Date.UTC(2026, 1, 28, 23) }
  const request = { range, compare: 'previous', bucket: 'month' } as const
  const { computedAt: _, undecided: _ages, range: _until, ...page } = runAs(device, simulation, 'reports.page', request)
  const people = page.people.toSorted((a, b) => (a.userId < b.userId ? -1 : 1))
  return {
    held: held(device),
    targets: runAs(device, simulation, 'targets.list', { from: MONTHS[0], to: MONTHS[1] }),
    views: runAs(device, simulation, 'views.list', undefined),
    preferences: runAs(device, simulation, 'preferences.get', undefined),
    page: { ...page, people, lossReasons: page.lossReasons, buckets: page.buckets.map(({ counts }) => counts) },
  }
}

/** Returns the faults of a device: what a fresh device sees differently, and totals of reports that differ from a rebuild. */
async function faultsOf(device: SimulatedDevice, simulation: Simulation): Promise<string[]> {
  const fresh = await simulation.device(device.person, device.now - simulation.now)
  countReportsIfDue(fresh.db)
  await device.settle()
  const [own, expected] = [seen(device, simulation), seen(fresh, simulation)] as Record<string, unknown>[]
  const differing = Object.keys(own ?? {}).filter((key) => JSON.stringify(own?.[key]) !== JSON.stringify(expected?.[key]))
  const wrong = wrongReportTotals(device.db)
  return [...differing, ...(wrong > 0 ? [`${wrong} totals of reports`] : [])]
}

test(`targets, views, preferences and totals of all devices equal those of a fresh device (seed ${SEED})`, async () => {
  const done = { targets: 0, views: 0, shared: 0, preferences: 0, roles: 0, refused: 0, totals: 0 }
  for (let run = 0; run < RUNS; run++) {
    const walk = new Walk(SEED + run)
    try {
      await walk.begin()
      for (let step = 0; step < STEPS; step++) await walk.step()
      await walk.settle()
      for (const [at, device] of walk.devices.entries()) {
        expect(device.pending).toBe(0)
        expect(await faultsOf(device, walk.simulation), `seed ${SEED + run}, device ${at}`).toEqual([])
        done.totals += device.rows('SELECT day FROM local_day_totals').length
      }
      for (const key of Object.keys(walk.done) as (keyof Walk['done'])[]) done[key] += walk.done[key]
    } finally {
      await walk.simulation.dispose()
    }
  }
  // Without each of these actions the comparison would show nothing.
  for (const [what, count] of Object.entries(done)) expect(count, what).toBeGreaterThan(0)
})

test('two leads set the same targets while offline: the later value is on every device, and values of different metrics are both kept', async () => {
  const walk = new Walk(SEED)
  const { simulation } = walk
  try {
    await walk.begin()
    const { other, agent } = simulation.workspace.people
    const [first, , second, lead, , admin] = walk.devices
    if (!first || !second || !lead || !admin) throw new Error('There are six devices')
    const set = (device: SimulatedDevice, metric: 'completed' | 'won', value: number) =>
      device.write(() =>
        runAs(device, simulation, 'targets.set', { targets: [{ month: '2026-01', userId: agent.id, metric, value }] }),
      )
    // On the device of an agent the operation is refused until the new role arrives.
    expect(() => set(second, 'won', 1)).toThrow(AppError)
    admin.write(() => admin.db.sqlite.prepare(`UPDATE users SET role = 'team_lead' WHERE id = ?`).run(other.id))
    await walk.settle()
    simulation.now += 10 * HOUR_MS
    set(lead, 'completed', 100)
    set(lead, 'won', 10)
    simulation.now += 10 * HOUR_MS
    set(second, 'completed', 200)
    await walk.settle()
    for (const device of [first, second, lead, admin])
      expect(
        runAs(device, simulation, 'targets.list', { from: '2026-01', to: '2026-01' }).map(({ metric, value }) => [metric, value]),
      ).toEqual([
        ['completed', 200],
        ['won', 10],
      ])
  } finally {
    await simulation.dispose()
  }
})

test.each([
  [
    'a target that differs',
    ['held', 'targets', 'page'],
    `UPDATE client_settings SET value = '7' WHERE key GLOB 'target:2026-01:team:won'`,
  ],
  ['a view that differs', ['held', 'views'], `UPDATE user_settings SET value = 'null' WHERE key GLOB 'view:*'`],
  ['a total that differs', ['page', '2 totals of reports'], 'UPDATE local_day_totals SET won = won + 1'],
])('%s is found', async (_, expected, fault) => {
  const walk = new Walk(SEED)
  const { simulation } = walk
  try {
    await walk.begin()
    const lead = walk.devices[3]
    if (lead === undefined) throw new Error('There are six devices')
    lead.write(() => {
      runAs(lead, simulation, 'targets.set', { targets: [{ month: '2026-01', userId: null, metric: 'won', value: 5 }] })
      runAs(lead, simulation, 'views.create', { name: 'Mine', filters: { period: 'all' } })
      const { people, clientId } = simulation.workspace
      const fields = { userId: people.agent.id, prospectName: 'Jo', callType: 'outbound', status: 'completed', outcome: 'won' }
      const call = newCallSchema.parse({ ...fields, completedAt: Date.UTC(2026, 0, 4) })
      insertCall(lead.db, { ...call, id: simulation.newId(), clientId, createdAt: lead.now })
    })
    await walk.settle()
    expect(await faultsOf(lead, simulation)).toEqual([])
    // As if the device had received another value from the server.
    lead.take(() => lead.db.sqlite.exec(fault))
    expect(await faultsOf(lead, simulation)).toEqual(expected)
  } finally {
    await simulation.dispose()
  }
})
