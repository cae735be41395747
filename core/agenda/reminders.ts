import type { CallId } from '../id.ts'

/** A scheduled call with a time of day. */
export type Upcoming = { readonly id: CallId; readonly prospectName: string; /** ms UTC. */ readonly at: number }

/** `soon`: the lead time before the call; `due`: the time of the call. */
export type Reminder = Upcoming & { readonly kind: 'soon' | 'due' }

/** A call that is added after its time still gets a reminder if it is at most this late, ms. */
export const REMINDER_GRACE = 15 * 60_000

type State = {
  entry: Upcoming
  /** Whether the lead time had started before the call was known, or its reminder was taken. */
  isSoonOver: boolean
  isTaken: boolean
  /** Whether the time had passed before the schedule was started, or long before the call was known. */
  isLate: boolean
}

/**
 * Decides which calls a person is reminded of, once each, by the wall clock. It has no timer: the caller asks at the time of `next` and at
 * least once per tick, so that a sleep of the computer or a change of its clock delays a reminder by at most one tick.
 *
 * - A reminder is taken once, also if the clock is set back, or if the call leaves the agenda and returns. A call with a new time counts as new.
 * - Of a call whose lead time and time have both passed, only `due` is taken.
 * - Times before the schedule was started are left to the agenda, which shows them as missed. If the clock is set back, they are in the future again.
 */
export class ReminderSchedule {
  readonly #states = new Map<string, State>()
  /** The keys of the calls that are scheduled now. */
  #current: readonly string[] = []
  #leadMs = 0
  /** The earliest time of the clock since the start. */
  #earliest: number
  #last: number

  constructor(now: number) {
    this.#earliest = now
    this.#last = now
  }

  /** Calls from this time on have reminders, ms UTC. */
  get from(): number {
    return this.#earliest
  }

  /** Replaces the scheduled calls. @param leadMs the lead time; 0: none */
  set(entries: readonly Upcoming[], leadMs: number, now: number): void {
    this.#look(now)
    const isNewLead = leadMs !== this.#leadMs
    this.#leadMs = leadMs
    this.#current = entries.map((entry) => {
      const key = `${entry.id} ${entry.at}`
      const known = this.#states.get(key)
      if (known === undefined) {
        const isLate = entry.at < this.#earliest || entry.at < now - REMINDER_GRACE
        this.#states.set(key, { entry, isSoonOver: this.#soonAt(entry) <= now, isTaken: false, isLate })
      } else {
        known.entry = entry
        if (isNewLead) known.isSoonOver ||= this.#soonAt(entry) <= now
      }
      return key
    })
  }

  /** Returns the time of the next reminder, ms UTC, which may have passed; null: none. */
  next(): number | null {
    const times = this.#open().map(({ entry, isSoonOver }) => (isSoonOver || this.#leadMs === 0 ? entry.at : this.#soonAt(entry)))
    return times.reduce<number | null>((first, at) => (first === null || at < first ? at : first), null)
  }

  /** Returns the reminders whose time has come, by time. They are not returned again. */
  take(now: number): Reminder[] {
    this.#look(now)
    const taken: Reminder[] = []
    for (const state of this.#open()) {
      const { entry } = state
      if (entry.at <= now) {
        taken.push({ ...entry, kind: 'due' })
        state.isTaken = true
      } else if (this.#leadMs > 0 && this.#soonAt(entry) <= now) {
        if (!state.isSoonOver) taken.push({ ...entry, kind: 'soon' })
        state.isSoonOver = true
      }
    }
    return taken.toSorted((a, b) => a.at - b.at)
  }

  /** Handles a clock that was set back. */
  #look(now: number): void {
    if (now < this.#last) for (const state of this.#states.values()) if (state.entry.at >= now) state.isLate = false
    this.#earliest = Math.min(this.#earliest, now)
    this.#last = now
  }

  #soonAt({ at }: Upcoming): number {
    return at - this.#leadMs
  }

  /** The calls of which no `due` was taken. */
  #open(): State[] {
    return this.#current.flatMap((key) => this.#states.get(key) ?? []).filter(({ isTaken, isLate }) => !isTaken && !isLate)
  }
}
