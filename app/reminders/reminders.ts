import { noticesOf, type Notice } from '../../core/agenda/reminder-text.ts'
import { ReminderSchedule } from '../../core/agenda/reminders.ts'
import type { CallId, ClientId, Clock, UserId } from '../../core/id.ts'
import type { Log } from '../../platform/log/log.ts'
import type { UpcomingCalls } from '../operations/reminders.ts'

/** The person of a connection. */
export type Holder = { readonly clientId: ClientId; readonly userId: UserId; readonly isLocked: boolean }

/** Shows notifications: a window, or the shell of the desktop. */
export type ReminderSink = {
  readonly connection: string
  /** Whether it may show notifications now. */
  readonly canShow: boolean
  /** @param mayName whether the session is open, so that a prospect may be named */
  readonly show: (notice: Notice, mayName: boolean) => void
  readonly close: (tags: readonly string[]) => void
  /** The person clicked a notification of the system. Null: several calls. A sink without a window has no such function. */
  readonly open?: (callId: CallId | null) => void
}

/** Runs `run` after a time; returns how to cancel it. */
export type Timer = (ms: number, run: () => void) => () => void

export type RemindersOptions = {
  readonly clock: Clock
  readonly timer: Timer
  readonly holderOf: (connection: string) => Holder | null
  /** Reads the person's scheduled calls from an instant on, earliest first. */
  readonly upcoming: (of: Holder, range: { readonly from: number; readonly limit: number }) => Promise<UpcomingCalls>
  readonly log: Log
}

/**
 * The longest time between two readings of the clock, ms. Timers stop while the computer sleeps and do not follow a change of the clock, so a
 * reminder is late by this time at most.
 */
export const REMINDER_TICK = 20_000
/** The calls are read again after this time, ms, because only the next ones are in memory. */
const READ_AFTER = 10 * 60_000
const LIMIT = 1_000
/** If many past calls are still scheduled, only calls from this long before now are read, ms. */
const RECENT = 15 * 60_000

const tablesRead = new Set(['calls', 'user_settings', 'client_settings', 'users'])

type Person = {
  readonly holder: Holder
  readonly schedule: ReminderSchedule
  zone: string
  /** What is shown, by tag. */
  readonly shown: Map<string, { readonly sink: ReminderSink; readonly calls: readonly CallId[] }>
  readAt: number
  isReading: boolean
  isStale: boolean
  cancel: () => void
}

/**
 * Reminds every person who is signed in of their own scheduled calls. A reminder goes to one sink of the person, so that two windows do not
 * both show it. Without a sink that can show it, it waits.
 */
export class Reminders {
  readonly #options: RemindersOptions
  readonly #sinks = new Set<ReminderSink>()
  readonly #people = new Map<string, Person>()
  /** The person of each connection that had a sink. They are reminded until their sessions end, also while a window is reloaded. */
  readonly #connections = new Map<string, string>()
  /** The call of a clicked notification of each connection that has no window yet. */
  readonly #toOpen = new Map<string, CallId | null>()

  constructor(options: RemindersOptions) {
    this.#options = options
  }

  /** Adds a sink. Returns a function that removes it. */
  add(sink: ReminderSink): () => void {
    this.#sinks.add(sink)
    this.sessionChanged(sink.connection)
    const key = this.#connections.get(sink.connection)
    const person = key === undefined ? undefined : this.#people.get(key)
    if (person !== undefined) this.#tick(person)
    const callId = this.#toOpen.get(sink.connection)
    if (callId !== undefined && sink.open !== undefined) {
      this.#toOpen.delete(sink.connection)
      sink.open(callId)
    }
    return () => {
      this.#sinks.delete(sink)
      for (const { shown } of this.#people.values()) for (const [tag, each] of shown) if (each.sink === sink) shown.delete(tag)
    }
  }

  /** The session of a connection started, ended, was locked or was unlocked. */
  sessionChanged(connection: string): void {
    const isWatched = [...this.#sinks].some((sink) => sink.connection === connection)
    if (!isWatched && !this.#connections.has(connection)) return
    const holder = this.#options.holderOf(connection)
    const former = this.#connections.get(connection)
    const key = holder === null ? undefined : keyOf(holder)
    if (key === undefined) this.#connections.delete(connection)
    else this.#connections.set(connection, key)
    // Close notifications with a name when the session is locked or another person signs in.
    if (key !== former) this.#toOpen.delete(connection)
    if (former !== undefined && (key !== former || holder?.isLocked === true)) this.#closeOn(connection, former)
    if (former !== undefined && ![...this.#connections.values()].includes(former)) this.#end(former)
    if (holder !== null && key !== undefined && !this.#people.has(key)) this.#begin(key, holder)
  }

  /** Reads the reminders of a client again after a change. @param tables null: any table may have changed */
  changed(clientId: ClientId, tables: readonly string[] | null): void {
    if (tables !== null && !tables.some((table) => tablesRead.has(table))) return
    for (const person of this.#people.values()) if (person.holder.clientId === clientId) void this.#read(person)
  }

  /** Shows the call of a clicked notification in the windows of a connection; without a window, in the next one. */
  open(connection: string, callId: CallId | null): void {
    const windows = [...this.#sinks].filter((sink) => sink.connection === connection && sink.open !== undefined)
    if (windows.length === 0) this.#toOpen.set(connection, callId)
    for (const window of windows) window.open?.(callId)
  }

  close(): void {
    for (const key of this.#people.keys()) this.#end(key)
    this.#sinks.clear()
    this.#connections.clear()
    this.#toOpen.clear()
  }

  #begin(key: string, holder: Holder): void {
    const now = this.#options.clock()
    const person: Person = {
      holder,
      schedule: new ReminderSchedule(now),
      zone: 'UTC',
      shown: new Map(),
      readAt: now,
      isReading: false,
      isStale: false,
      cancel: () => {},
    }
    this.#people.set(key, person)
    void this.#read(person)
  }

  #end(key: string): void {
    const person = this.#people.get(key)
    if (person === undefined) return
    person.cancel()
    this.#people.delete(key)
    this.#close(person, [...person.shown.keys()])
  }

  async #read(person: Person): Promise<void> {
    person.isStale = true
    if (person.isReading) return
    person.isReading = true
    try {
      while (person.isStale && this.#isPresent(person)) {
        person.isStale = false
        await this.#readOnce(person)
      }
    } catch (error) {
      // The person may have been deactivated, or the file may be busy or damaged. The next tick reads again.
      person.readAt = this.#options.clock() - READ_AFTER + REMINDER_TICK
      this.#options.log({ level: 'warn', event: 'reminders.read', error: error instanceof Error ? error.name : typeof error })
    } finally {
      person.isReading = false
    }
    if (this.#isPresent(person)) this.#tick(person)
  }

  async #readOnce(person: Person): Promise<void> {
    const { upcoming, clock } = this.#options
    const { schedule, holder } = person
    const { entries, settings, zone } = await upcoming(holder, { from: schedule.from, limit: LIMIT })
    const now = clock()
    const isFull = entries.length === LIMIT && (entries.at(-1)?.at ?? now) < now
    const next = isFull ? (await upcoming(holder, { from: now - RECENT, limit: LIMIT })).entries : []
    const all = [...new Map([...entries, ...next].map((entry) => [entry.id, entry])).values()]
    person.zone = zone
    person.readAt = now
    schedule.set(all, settings.leadMinutes * 60_000, now)
    const scheduled = new Set(all.map(({ id }) => id))
    const isSettled = (calls: readonly CallId[]) => !calls.some((id) => scheduled.has(id))
    this.#close(
      person,
      [...person.shown].filter(([, { calls }]) => isSettled(calls)).map(([tag]) => tag),
    )
  }

  #tick(person: Person): void {
    const { clock, timer } = this.#options
    const { schedule } = person
    person.cancel()
    const now = clock()
    // A call that was added a moment ago is read first: its reminder would be late otherwise.
    if (!person.isReading) this.#show(person, now)
    // A clock that was set back makes this negative.
    if (Math.abs(now - person.readAt) >= READ_AFTER) {
      person.readAt = now
      void this.#read(person)
      return
    }
    const next = schedule.next()
    const wait = next === null || next <= now ? REMINDER_TICK : Math.min(next - now, REMINDER_TICK)
    person.cancel = timer(wait, () => this.#tick(person))
  }

  #show(person: Person, now: number): void {
    const sink = this.#sinkOf(person)
    if (sink === undefined) return
    const mayName = this.#options.holderOf(sink.connection)?.isLocked === false
    for (const notice of noticesOf(person.schedule.take(now), now, person.zone)) {
      const former = person.shown.get(notice.tag)?.sink
      if (former !== undefined && former !== sink) former.close([notice.tag])
      sink.show(notice, mayName)
      person.shown.set(notice.tag, { sink, calls: notice.calls })
    }
  }

  /** The sink that was added last: the window that the person opened last. */
  #sinkOf({ holder }: Person): ReminderSink | undefined {
    return [...this.#sinks].findLast((sink) => sink.canShow && this.#connections.get(sink.connection) === keyOf(holder))
  }

  #closeOn(connection: string, key: string): void {
    const person = this.#people.get(key)
    if (person === undefined) return
    const tags = [...person.shown].filter(([, { sink }]) => sink.connection === connection).map(([tag]) => tag)
    this.#close(person, tags)
  }

  #close({ shown }: Person, tags: readonly string[]): void {
    const bySink = new Map<ReminderSink, string[]>()
    for (const tag of tags) {
      const sink = shown.get(tag)?.sink
      if (sink !== undefined) bySink.set(sink, [...(bySink.get(sink) ?? []), tag])
      shown.delete(tag)
    }
    for (const [sink, closed] of bySink) sink.close(closed)
  }

  #isPresent(person: Person): boolean {
    return this.#people.get(keyOf(person.holder)) === person
  }
}

function keyOf({ clientId, userId }: Holder): string {
  return `${clientId} ${userId}`
}
