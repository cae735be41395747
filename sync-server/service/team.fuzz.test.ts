import { DateTime } from 'luxon'
import { expect, test } from 'vitest'
import { must } from '../../core/assert.ts'
import type { CallId, UserId } from '../../core/id.ts'
import { FEWEST_PEOPLE, type TeamCell } from '../../core/team/team-cells.ts'
import { soleValues, type Equation } from '../../core/team/testing/attacker.ts'
import { seeded } from '../testing/sample-workspace.ts'
import { TeamOffice } from '../testing/team-office.ts'

/*
 * Random work of a team over three weeks. An agent reads the totals after every step, and tries to derive a colleague's calls from all answers
 * so far: over days, corrections, types and changes of the zone. The oracle counts in plain loops with its own code.
 */

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 6)
const SEED = Number(process.env['PROPAGANDA_FUZZ_SEED'])
const STEPS = 90
const HOUR = 3_600_000
const START = Date.UTC(2026, 9, 20, 6)
const ZONES = ['Europe/Berlin', 'America/New_York', 'Asia/Kathmandu', 'UTC']

type Call = {
  readonly userId: UserId
  readonly type: string
  readonly at: number
  readonly outcome: string
  readonly version: number
}

type Counted = Readonly<Record<'completed' | 'won' | 'lost' | 'undecided' | 'people', number>> & {
  /** At least three people, and the day has finished. */
  readonly areEnough: boolean
  readonly isOver: boolean
}

class Walk {
  readonly office: TeamOffice
  readonly #random: () => number
  readonly calls = new Map<CallId, Call>()
  readonly equations: Equation[] = []
  /** The cells as a device holds them. */
  readonly held = new Map<string, TeamCell>()
  #since = 0
  #zone = 'Europe/Berlin'
  /** The zone in which each day was published first. */
  readonly #zoneOfDay = new Map<number, string>()
  published = 0

  constructor(seed: number) {
    this.#random = seeded(seed)
    this.office = new TeamOffice(seed, START, 5)
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit)
  }

  #oneOf<T>(values: readonly T[]): T {
    return must(values[this.#below(values.length)], 'There is something to choose from')
  }

  /** Now, some days ago, or near a midnight. */
  #instant(): number {
    const at = this.office.now - this.#below(3) * this.#below(10) * 24 * HOUR - this.#below(6) * HOUR
    const midnight = DateTime.fromMillis(at, { zone: this.#zone }).startOf('day').toMillis()
    return this.#below(3) === 0 ? midnight + this.#oneOf([-1, 0, 1, HOUR]) : at
  }

  async step(): Promise<void> {
    const [id, call] = this.calls.size === 0 ? [] : this.#oneOf([...this.calls])
    const kind = this.#below(12)
    const userId = this.#oneOf(this.office.agents).id
    if (id === undefined || call === undefined || kind < 5) await this.#add(userId)
    else if (kind === 5) await this.#edit(id, { ...call, outcome: this.#oneOf(['won', 'lost', 'undecided']) })
    else if (kind === 6) await this.#edit(id, { ...call, userId })
    else if (kind === 7) await this.#edit(id, { ...call, at: this.#instant() })
    else if (kind === 8) {
      await this.office.deleteCall(id)
      this.calls.delete(id)
    } else if (kind === 9 && this.#below(8) === 0) {
      this.#zone = this.#oneOf(ZONES)
      await this.office.setZone(this.#zone)
    } else this.office.now += this.#below(20) * HOUR
  }

  async #add(userId: UserId): Promise<void> {
    // Several people at once, so that many days have three.
    const at = this.#instant()
    for (const { id } of this.office.agents) {
      if (id !== userId && this.#below(2) === 0) continue
      const type = this.#oneOf(['inbound', 'inbound', 'outbound'])
      const callId = await this.office.addCall(id, at, { call_type: type })
      this.calls.set(callId, { userId: id, type, at, outcome: 'won', version: 0 })
    }
  }

  async #edit(id: CallId, call: Call): Promise<void> {
    await this.office.editCall(id, { user_id: call.userId, completed_at: call.at, outcome: call.outcome })
    this.calls.set(id, { ...call, version: call.version + 1 })
  }

  /** Returns what an agent's device receives, next to what the oracle counts. */
  async read(): Promise<readonly { readonly seen: Counted; readonly counted: Counted }[]> {
    const reader = must(this.office.agents[0], 'An agent').id
    const { cells, since } = await this.office.read(reader, this.#since)
    this.#since = since
    return cells.flatMap((cell) => {
      const key = `${cell.day} ${cell.callType}`
      const former = this.held.get(key)
      this.held.set(key, cell)
      // Sent again because another cell of the day is new.
      if (former !== undefined && JSON.stringify(former.counts) === JSON.stringify(cell.counts)) return []
      return [this.#compare(cell)]
    })
  }

  #compare({ day, callType, people, counts }: TeamCell): { readonly seen: Counted; readonly counted: Counted } {
    this.published++
    if (!this.#zoneOfDay.has(day)) this.#zoneOfDay.set(day, this.#zone)
    const zone = must(this.#zoneOfDay.get(day), 'The zone of a published day')
    const date = DateTime.fromMillis(day * 24 * HOUR, { zone: 'utc' }).toISODate() ?? ''
    const calls = [...this.calls].filter(
      ([, call]) => DateTime.fromMillis(call.at, { zone }).toISODate() === date && (callType === '' || callType === call.type),
    )
    this.equations.push(calls.map(([id, call]) => ({ person: call.userId, value: `${id} ${call.version}` })))
    const { completed, won, lost, undecided } = counts
    const ended = (outcome: string) => calls.filter(([, call]) => call.outcome === outcome).length
    const counted = new Set(calls.map(([, call]) => call.userId)).size
    return {
      seen: { completed, won, lost, undecided, people, areEnough: true, isOver: true },
      counted: {
        completed: calls.length,
        won: ended('won'),
        lost: ended('lost'),
        undecided: ended('undecided'),
        people: counted,
        areEnough: counted >= FEWEST_PEOPLE,
        isOver: (DateTime.fromMillis(this.office.now, { zone }).toISODate() ?? '') > date,
      },
    }
  }
}

test(`no agent derives a colleague’s calls from the totals, and every device gets the same (seed ${SEED})`, async () => {
  let published = 0
  for (let run = 0; run < RUNS; run++) {
    const walk = new Walk(SEED * 1_000 + run)
    try {
      await walk.office.begin()
      for (let step = 0; step < STEPS; step++) {
        await walk.step()
        for (const { seen, counted } of await walk.read()) expect(seen, `seed ${SEED}, run ${run}`).toEqual(counted)
      }
      walk.office.now += 40 * 24 * HOUR
      for (const { seen, counted } of await walk.read()) expect(seen, `seed ${SEED}, run ${run}`).toEqual(counted)
      for (const { id } of walk.office.agents)
        expect(soleValues(walk.equations, id), `seed ${SEED}, run ${run}, attacker ${id}`).toEqual([])
      const fresh = await walk.office.read(must(walk.office.agents[1], 'An agent').id)
      const byKey = (cells: Iterable<TeamCell>) =>
        [...cells].toSorted((a, b) => a.day - b.day || (a.callType < b.callType ? -1 : 1))
      expect(byKey(fresh.cells)).toEqual(byKey(walk.held.values()))
      published += walk.published
    } finally {
      await walk.office.dispose()
    }
  }
  expect(published, 'a walk without publications proves nothing').toBeGreaterThan(RUNS * 5)
})
