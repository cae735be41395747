import { NO_OPTIONAL_FIELDS } from '../../core/model/call.ts'
import { createIdGenerator, type CallId, type Id, type UserId } from '../../core/id.ts'
import { localClock } from '../../core/time/local-time.ts'
import type { Call, CallOutcome, CallStatus } from '../../core/model/call.ts'
import type { Role } from '../../core/roles.ts'
import { localDay } from '../../core/time/time-range.ts'
import { DemoCalendar, HOURS } from './demo-calendar.ts'
import { CAST, COMPANIES, FIRST_NAMES, LAST_NAMES, MAIL_HOSTS, NOTES, PHONES, REASONS, type CastMember } from './demo-cast.ts'
import { SeededRandom } from './seeded-random.ts'

type DemoUser = {
  readonly id: Id
  readonly email: string
  readonly name: string
  readonly role: Role
  readonly isActive: boolean
  readonly createdAt: number
}
type DemoLossReason = {
  readonly id: Id
  readonly name: string
  readonly description: string | null
  readonly isActive: boolean
  readonly createdAt: number
}
export type DemoCall = Omit<Call, 'clientId' | 'lossReasonId' | 'eventAt' | 'updatedAt'> & {
  /** By name, because the workspace already has some of the loss reasons under other ids. */
  readonly lossReason: string | null
}

export type DemoData = {
  readonly users: readonly DemoUser[]
  readonly lossReasons: readonly DemoLossReason[]
  /** In the order of their creation. */
  readonly calls: readonly DemoCall[]
}

export type DemoOptions = {
  /** The same seed, time and zone give the same data, including ids. */
  readonly seed: number
  /** ms since the epoch. The data covers the three years before it, and scheduled calls for some days after it. */
  readonly now: number
  readonly timeZone: string
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const YEAR = 365 * DAY
const YEARS = 3
/** Days in the future for which calls are scheduled. */
const DAYS_AHEAD = 12

type Prospect = Pick<DemoCall, 'prospectName' | 'prospectEmail' | 'prospectPhone'>
/** A call without its id, and the call that it continues. */
type Draft = Omit<DemoCall, 'id' | 'followsCallId'> & { readonly follows: Draft | null }
/** An agreed follow-up call: the call that it continues, and the earliest local day. */
type Appointment = { readonly last: Draft; readonly bookedAt: number; readonly day: number }

/** Generates the calls of one person, day by day. */
class Caller {
  readonly #member: CastMember
  readonly #userId: UserId
  readonly #random: SeededRandom
  readonly #now: number
  readonly #toInstant: (reading: number) => number
  readonly #appointments: Appointment[] = []
  readonly #daysOff = new Set<number>()

  constructor(member: CastMember, userId: UserId, random: SeededRandom, now: number, toInstant: (reading: number) => number) {
    this.#member = member
    this.#userId = userId
    this.#random = random
    this.#now = now
    this.#toInstant = toInstant
  }

  *calls(firstDay: number, today: number, weight: (day: number) => number): Generator<Draft> {
    const { joined, left = -1, pace } = this.#member
    const from = Math.max(firstDay, today - Math.floor(joined * 365) * DAY)
    const to = left < 0 ? today + DAYS_AHEAD * DAY : today - Math.floor(left * 365) * DAY
    for (let day = from; day < to; day += DAY) {
      this.#planHolidays(day, from)
      const busy = weight(day)
      if (busy === 0 || this.#daysOff.has(day) || this.#random.chance(0.03)) continue
      // People become faster in their first months, and the business grows.
      const grown = 0.85 + (0.3 * (day - firstDay)) / (YEARS * YEAR)
      const trained = Math.min(1, 0.5 + (day - from) / (120 * DAY))
      const ahead = day > today ? Math.max(0.15, 0.6 - (0.045 * (day - today)) / DAY) : 1
      const count = Math.max(0, Math.round(this.#random.normal(pace * busy * grown * trained * ahead, 1.2)))
      for (let n = 0; n < count; n++) yield* this.#call(day, day > today)
    }
  }

  /** Plans two and three weeks of holidays per year. */
  #planHolidays(day: number, from: number): void {
    if ((day - from) % YEAR !== 0) return
    for (const [start, length] of [
      [this.#random.between(20, 140), 14],
      [this.#random.between(170, 300), 21],
    ] as const)
      for (let n = 0; n < length; n++) this.#daysOff.add(day + (start + n) * DAY)
  }

  *#call(day: number, ahead: boolean): Generator<Draft> {
    const random = this.#random
    const reading = day + random.weighted(HOURS) * HOUR + random.between(0, 59) * MINUTE + random.between(0, 59) * 1_000
    const at = this.#toInstant(reading)
    const due = this.#takeAppointment(day)
    const inbound = due === undefined && random.chance(0.3)
    const booked = due?.bookedAt ?? (inbound ? at : at - random.between(1, 8) * DAY - random.between(0, 5) * HOUR)
    const { prospectName, prospectEmail, prospectPhone } = due?.last ?? newProspect(random)
    const call = {
      ...NO_OPTIONAL_FIELDS,
      userId: this.#userId,
      prospectName,
      prospectEmail,
      prospectPhone,
      follows: due?.last ?? null,
      callType: inbound ? ('inbound' as const) : ('outbound' as const),
    }
    const scheduledAt = inbound ? null : at
    if (ahead || at > this.#now) {
      // A call in the future exists only if it is already scheduled.
      if (inbound || booked > this.#now) return
      yield { ...call, ...this.#open('scheduled', scheduledAt, booked), notes: null }
      return
    }
    const status = this.#status(inbound, at)
    if (status !== 'completed') {
      const missed = {
        ...call,
        ...this.#open(status, scheduledAt, booked),
        notes: this.#note(status === 'scheduled' ? 'no_show' : status, 0.35),
      }
      yield missed
      if (status === 'rescheduled' || (status === 'no_show' && random.chance(0.5))) this.#follow(missed, day, at, 1, 6)
      return
    }
    const outcome = this.#outcome(due !== undefined, at)
    const held = {
      ...call,
      status,
      outcome,
      lossReason: outcome === 'lost' ? this.#reason(at) : null,
      notes: this.#note(outcome, 0.45),
      callDuration: random.chance(0.04) ? null : this.#duration(outcome),
      scheduledAt,
      completedAt: Math.min(this.#now, at + random.between(1, 25) * MINUTE),
      createdAt: Math.min(booked, at),
    }
    yield held
    if (outcome === 'undecided' && random.chance(0.75)) this.#follow(held, day, at, 3, 14)
  }

  #open(status: Exclude<CallStatus, 'completed'>, scheduledAt: number | null, createdAt: number) {
    return { status, outcome: null, lossReason: null, callDuration: null, scheduledAt, completedAt: null, createdAt }
  }

  #takeAppointment(day: number): Appointment | undefined {
    const index = this.#appointments.findIndex((appointment) => appointment.day <= day)
    return index < 0 ? undefined : this.#appointments.splice(index, 1)[0]
  }

  #follow(last: Draft, day: number, at: number, fewest: number, most: number): void {
    this.#appointments.push({ last, bookedAt: at + 10 * MINUTE, day: day + this.#random.between(fewest, most) * DAY })
  }

  #status(inbound: boolean, at: number): CallStatus {
    // Some past calls stay scheduled, because people forget to complete them.
    if (!inbound && this.#now - at < 5 * DAY && this.#random.chance(0.03)) return 'scheduled'
    if (inbound) return this.#random.chance(0.96) ? 'completed' : 'cancelled'
    if (this.#random.chance(this.#member.show)) return 'completed'
    return this.#random.weighted([
      ['no_show', 58],
      ['rescheduled', 26],
      ['cancelled', 16],
    ])
  }

  /** A second call is decided more often, and mornings are a little better. */
  #outcome(second: boolean, at: number): CallOutcome {
    if (this.#random.chance(second ? 0.18 : 0.32)) return 'undecided'
    const morning = new Date(at).getUTCHours() < 10 ? 0.04 : 0
    return this.#random.chance(this.#member.skill + morning + (second ? 0.08 : 0)) ? 'won' : 'lost'
  }

  #reason(at: number): string | null {
    if (this.#random.chance(0.07)) return null
    const open = REASONS.filter(({ until }) => until === undefined || at < this.#now - until * YEAR)
    return this.#random.weighted(open.map(({ name, weight }) => [name, weight]))
  }

  #duration(outcome: CallOutcome): number {
    const typical = { won: 470, lost: 190, undecided: 290 }[outcome]
    return Math.max(12, Math.round(typical * Math.exp(this.#random.normal(0, 0.55))))
  }

  #note(kind: keyof typeof NOTES, share: number): string | null {
    return this.#random.chance(share) ? this.#random.pick(NOTES[kind]) : null
  }
}

function newProspect(random: SeededRandom): Prospect {
  const first = random.pick(FIRST_NAMES)
  const last = random.pick(LAST_NAMES)
  const prospectName = random.chance(0.12) ? `${random.pick(COMPANIES)} ${last}` : `${first} ${last}`
  const ascii = (text: string) =>
    text.normalize('NFD').replaceAll(/\p{M}/gu, '').replaceAll('ß', 'ss').replaceAll('ı', 'i').toLowerCase()
  const mailbox = random.pick([
    `${ascii(first)}.${ascii(last)}`,
    `${ascii(first)[0]}${ascii(last)}`,
    `${ascii(last)}${random.between(1, 99)}`,
  ])
  const digits = String(random.between(0, 999)).padStart(3, '0')
  return {
    prospectName,
    prospectEmail: random.chance(0.68) ? `${mailbox}@${random.pick(MAIL_HOSTS)}` : null,
    prospectPhone: random.chance(0.93) ? random.pick(PHONES)(digits) : null,
  }
}

/** Returns a generator of ids that have the given times. Times must not decrease. */
function idsThroughTime(random: SeededRandom): (time: number) => Id {
  let clock = 0
  const next = createIdGenerator(
    () => clock,
    (length) => random.bytes(length),
  )
  return (time) => {
    clock = time
    return next()
  }
}

/** Generates the people, loss reasons and calls of a realistic client: three years, uneven weeks, 20,000 to 30,000 calls. */
export function generateDemo({ seed, now, timeZone }: DemoOptions): DemoData {
  const random = new SeededRandom(seed)
  const today = Date.parse(`${localDay(now, timeZone)}T00:00:00Z`)
  const firstDay = today - YEARS * 365 * DAY
  const toInstant = localClock(timeZone)
  const opening = toInstant(firstDay - 7 * DAY) + 9 * HOUR
  const recordId = idsThroughTime(random)
  const users = [...CAST]
    .toSorted((a, b) => b.joined - a.joined)
    .map((member) => {
      const createdAt = Math.max(opening, toInstant(today - Math.floor(member.joined * 365) * DAY) + 8 * HOUR - DAY)
      const { email, name, role, left } = member
      return { member, user: { id: recordId(createdAt), email, name, role, isActive: left === undefined, createdAt } }
    })
  const reasonId = idsThroughTime(random)
  const lossReasons = REASONS.map(({ name, description, until }) => ({
    id: reasonId(opening),
    name,
    description,
    isActive: until === undefined,
    createdAt: opening,
  }))
  const calendar = new DemoCalendar(seed)
  const drafts: Draft[] = []
  for (const { member, user } of users) {
    if (member.pace === 0) continue
    const caller = new Caller(member, user.id, new SeededRandom(random.between(0, 2 ** 31)), now, toInstant)
    drafts.push(...caller.calls(firstDay, today, (day) => calendar.weight(day)))
  }
  // No one creates a call before they joined.
  const joined = new Map(users.map(({ user }) => [user.id, user.createdAt]))
  const createdAt = (draft: Draft) => Math.max(draft.createdAt, joined.get(draft.userId) ?? 0)
  const callId = idsThroughTime(random)
  const ids = new Map<Draft, CallId>()
  const calls = drafts
    .map((draft) => ({ draft, createdAt: createdAt(draft) }))
    .toSorted((a, b) => a.createdAt - b.createdAt)
    .map(({ draft: { follows, ...fields }, draft, createdAt: at }) => {
      const id = callId(at)
      ids.set(draft, id)
      return { ...fields, createdAt: at, id, followsCallId: follows === null ? null : (ids.get(follows) ?? null) }
    })
  return { users: users.map(({ user }) => user), lossReasons, calls }
}
