import { must } from '../../core/assert.ts'
import type { ClientId } from '../../core/id.ts'
import { METRICS } from '../../core/metrics/metrics.ts'
import { settingsSchema } from '../../core/model/settings.ts'
import { parsedJson } from '../../core/parsed-json.ts'
import { reach } from '../../core/roles.ts'
import { SyncError } from '../../core/sync/errors.ts'
import { MOST_TEAM_CELLS, packTeamCells, type TeamAnswer } from '../../core/sync/team-protocol.ts'
import { isFinal, publishDay, SETTLED_AFTER_MS, type PersonCounts } from '../../core/team/team-cells.ts'
import { localDays, type DayNumber } from '../../core/time/day-number.ts'
import type { ReadTransaction, Store, TeamState, WriteTransaction } from '../store/store.ts'
import { authenticate } from './authenticate.ts'

/*
 * The totals of the team for agents (`core/team/team-cells.ts`). They are published when a device requests them, in steps of bounded work.
 */

const DAY_MS = 86_400_000
/** The maximum number of calls and of days in a step. The writer needs some tens of milliseconds for a step. */
const MOST_CALLS = 20_000
const MOST_DAYS = 400

type Request = { readonly store: Store; readonly token: string | undefined; readonly now: number }

/** Returns the client of a person whose reports contain only their own figures. Everyone else has the calls, or may see nothing. */
async function requireAgent(tx: ReadTransaction, token: string | undefined): Promise<ClientId> {
  const { clientId, role } = await authenticate(tx, token)
  if (reach(role, 'reports.read') === 'own') return clientId
  throw new SyncError('NOT_FOUND', 'The totals of the team are only for people who see only their own figures')
}

/** The state that decides which days have finished, and whether calls changed. */
type Moment = { readonly zone: string; readonly head: number; readonly today: DayNumber }

async function momentOf(tx: ReadTransaction, clientId: ClientId, now: number): Promise<Moment> {
  const setting = (await tx.rows(clientId, 'client_settings', ['time_zone'])).get('time_zone')
  const stored = settingsSchema.shape.time_zone.safeParse(parsedJson(String(setting?.values['value'])))
  const zone = stored.success ? stored.data : 'UTC'
  const { head } = must(await tx.client(clientId), 'A person with a token has a client')
  return { zone, head, today: localDays(zone).dayAt(now) }
}

function isExamined(state: TeamState | undefined, { zone, head, today }: Moment): boolean {
  return state?.zone === zone && state.examined?.head === head && state.examined.day === today
}

/** Returns whether a step of `publishTeam` is due. */
export async function isTeamDue({ store, token, now }: Request): Promise<boolean> {
  return store.read(async (tx) => {
    const clientId = await requireAgent(tx, token)
    return !isExamined(await tx.teamState(clientId), await momentOf(tx, clientId, now))
  })
}

/** Returns the cells that were published after `since`. */
export async function readTeam({
  store,
  token,
  now,
  since,
}: Request & { readonly since: number }): Promise<{ answer: TeamAnswer; clientId: ClientId }> {
  return store.read(async (tx) => {
    const clientId = await requireAgent(tx, token)
    const moment = await momentOf(tx, clientId, now)
    const isWhole = isExamined(await tx.teamState(clientId), moment)
    const found = await tx.teamCells(clientId, since, MOST_TEAM_CELLS)
    const answer: TeamAnswer = {
      epoch: store.epoch,
      zone: moment.zone,
      today: moment.today,
      serverTime: now,
      cells: packTeamCells(found.map(({ cell }) => cell)),
      since: found.at(-1)?.version ?? since,
      complete: isWhole && found.length < MOST_TEAM_CELLS,
    }
    return { answer, clientId }
  })
}

/** Publishes the finished days whose calls changed, as far as the rules allow; newest first, at most about `MOST_CALLS` calls. */
export async function publishTeam({ store, token, now }: Request): Promise<void> {
  await store.write(async (tx) => {
    const clientId = await requireAgent(tx, token)
    await tx.lockClient(clientId)
    const moment = await momentOf(tx, clientId, now)
    const state = await tx.teamState(clientId)
    // Another device's request published them first.
    if (isExamined(state, moment)) return
    await new Step(tx, clientId, now, moment, inZone(state, moment.zone)).run()
  })
}

/**
 * Days of a new zone that overlap published ones are never published. Otherwise their difference would show the calls between the two midnights,
 * which may be one person's.
 */
function inZone(state: TeamState | undefined, zone: string): TeamState {
  if (state?.zone === zone) return state
  const { publishedUntil, version } = state ?? { publishedUntil: 0, version: 0 }
  return { zone, startsAt: state === undefined ? -2 * DAY_MS : publishedUntil, publishedUntil, version, examined: null }
}

class Step {
  readonly #tx: WriteTransaction
  readonly #clientId: ClientId
  readonly #now: number
  readonly #moment: Moment
  readonly #seen = new Set<DayNumber>()
  #state: TeamState
  #calls = 0

  constructor(tx: WriteTransaction, clientId: ClientId, now: number, moment: Moment, state: TeamState) {
    this.#tx = tx
    this.#clientId = clientId
    this.#now = now
    this.#moment = moment
    this.#state = state
  }

  async run(): Promise<void> {
    const { head, today } = this.#moment
    const changed = await this.#tx.changedDays(this.#clientId, Math.floor(this.#now / DAY_MS), MOST_DAYS)
    const settled: DayNumber[] = []
    let examined = 0
    for (; examined < changed.length && this.#calls < MOST_CALLS; examined++) {
      const utcDay = changed[examined] ?? 0
      if (await this.#examine(utcDay)) settled.push(utcDay)
    }
    await this.#tx.clearChangedDays(this.#clientId, settled)
    const isWhole = examined === changed.length && changed.length < MOST_DAYS
    await this.#tx.saveTeamState(this.#clientId, { ...this.#state, examined: isWhole ? { head, day: today } : null })
  }

  /** Publishes the local days that overlap a UTC day. Returns whether they are complete until a call changes. */
  async #examine(utcDay: DayNumber): Promise<boolean> {
    const { dayAt, startOf } = localDays(this.#moment.zone)
    let areSettled = true
    for (let day = dayAt(utcDay * DAY_MS); day <= dayAt((utcDay + 1) * DAY_MS - 1); day++) {
      const end = startOf(day + 1)
      const isSettled = this.#now >= end + SETTLED_AFTER_MS
      areSettled &&= isSettled
      if (day >= this.#moment.today || startOf(day) < this.#state.startsAt || this.#seen.has(day)) continue
      this.#seen.add(day)
      await this.#publish(day, { from: startOf(day), to: end }, isSettled)
    }
    return areSettled
  }

  async #publish(day: DayNumber, range: { readonly from: number; readonly to: number }, isSettled: boolean): Promise<void> {
    const published = await this.#tx.publishedDay(this.#clientId, day)
    if (isFinal(published) || (published.length > 0 && !isSettled)) return
    const people = await this.#tx.countPeople(this.#clientId, range)
    // Days that remain noted do not count, so that every step makes progress.
    if (isSettled) this.#calls += callsOf(people)
    const cells = publishDay(people, published, isSettled)
    if (cells.length === 0) return
    // A server that was restored from a backup continues above the versions that devices have.
    const first = Math.max(this.#state.version + 1, this.#now)
    await this.#tx.savePublishedDay(this.#clientId, day, cells, first)
    const publishedUntil = Math.max(this.#state.publishedUntil, range.to)
    this.#state = { ...this.#state, publishedUntil, version: first + cells.length - 1 }
  }
}

function callsOf(people: readonly PersonCounts[]): number {
  return people.reduce((sum, { counts }) => sum + METRICS.calls.numerator(counts), 0)
}
