import type { CallId } from '../id.ts'

/** A scheduled call with a time of day. */
export type Upcoming = { readonly id: CallId; readonly prospectName: string; /** ms UTC. */ readonly at: number }

/** `soon`: the lead time before the call; `due`: the time of the call. */
export type Reminder = Upcoming & { readonly kind: 'soon' | 'due' }

/** A call that becomes known only after its time is still reminded of if it is at most this late, ms. */
export const REMINDER_GRACE = 15 * 60_000

type State = {
  entry: Upcoming
  /** Whether the lead time had begun before the call was known, or its reminder was taken. */
  isSoonOver: boolean
  isDueOver: boolean
}

/**
 * Decides which calls a person is reminded of, once each, by the wall clock. It has no timer: the caller asks at the time of `next` and at
 * least once per tick, so that a sleep of the computer or a change of its clock delays a reminder by at most one tick.
 *
 * - A reminder is taken once, also if the clock is set back, or if the call leaves the agenda and returns. A call with a new time counts as new.
 * - Of a call whose lead time and time have both passed, only `due` is taken.
 * - Times before the schedule was started are left to the agenda, which shows them as missed.
 */
export class ReminderSchedule {
  readonly #startedAt: number
  readonly #states = new Map<string, State>()
  /** The keys of the calls that are scheduled now. */
  #current: readonly string[] = []
  #leadMs = 0

  constructor(now: number) {
    this.#startedAt = now
  }

  /** Replaces the scheduled calls. @param leadMs the lead time; 0: none */
  set(entries: readonly Upcoming[], leadMs: number, now: number): void {
    const isNewLead = leadMs !== this.#leadMs
    this.#leadMs = leadMs
    this.#current = entries.map((entry) => {
      const key = `${entry.id} ${entry.at}`
      const known = this.#states.get(key)
      if (known === undefined) {
        const isDueOver = entry.at < this.#startedAt || entry.at < now - REMINDER_GRACE
        this.#states.set(key, { entry, isSoonOver: this.#soonAt(entry) <= now, isDueOver })
      } else {
        known.entry = entry
        if (isNewLead) known.isSoonOver ||= this.#soonAt(entry) <= now
      }
      return key
    })
  }

  /** Returns the time of the next reminder, ms UTC, which may have passed; null: none. */
  next(): number | null {
    const times = this.#open().flatMap((state) => {
      if (state.isDueOver) return []
      return [state.isSoonOver || this.#leadMs === 0 ? state.entry.at : this.#soonAt(state.entry)]
    })
    return times.reduce<number | null>((first, at) => (first === null || at < first ? at : first), null)
  }

  /** Returns the reminders whose time has come, by time. They are not returned again. */
  take(now: number): Reminder[] {
    const taken: Reminder[] = []
    for (const state of this.#open()) {
      const { entry } = state
      if (entry.at <= now) {
        if (!state.isDueOver) taken.push({ ...entry, kind: 'due' })
        state.isDueOver = true
        state.isSoonOver = true
      } else if (this.#leadMs > 0 && this.#soonAt(entry) <= now) {
        if (!state.isSoonOver && !state.isDueOver) taken.push({ ...entry, kind: 'soon' })
        state.isSoonOver = true
      }
    }
    return taken.toSorted((a, b) => a.at - b.at)
  }

  #soonAt({ at }: Upcoming): number {
    return at - this.#leadMs
  }

  #open(): State[] {
    return this.#current.flatMap((key) => this.#states.get(key) ?? [])
  }
}
