import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Notice } from '../../core/agenda/reminder-text.ts'
import type { Upcoming } from '../../core/agenda/reminders.ts'
import type { UpcomingCalls } from '../operations/reminders.ts'
import { REMINDER_TICK, Reminders, type Holder, type ReminderSink } from './reminders.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const START = Date.UTC(2026, 10, 25, 9)
const CLIENT = '0198c0de-0000-7000-8000-00000000000a'
const BEN = '0198c0de-0000-7000-8000-00000000000b'
const CLEO = '0198c0de-0000-7000-8000-00000000000c'
const idOf = (n: number) => `0198c0de-0000-7000-8000-${String(100 + n).padStart(12, '0')}`

type Shown = {
  readonly window: string
  readonly at: number
  readonly title: string
  readonly body: string
  readonly calls: readonly string[]
}

/** A computer with a wall clock, timers that stop while it sleeps, people and their scheduled calls. */
class Computer {
  now = START
  #uptime = 0
  readonly #timers = new Map<number, { readonly at: number; readonly run: () => void }>()
  #lastTimer = 0
  readonly sessions = new Map<string, Holder>()
  readonly calls = new Map<string, Upcoming[]>()
  settings = { isOn: true, leadMinutes: 5 }
  readonly shown: Shown[] = []
  readonly closed: string[] = []
  readonly opened: string[] = []
  longestTimer = 0
  /** The number of the next reads that fail. */
  failures = 0
  readonly reminders = new Reminders({
    clock: () => this.now,
    timer: (ms, run) => {
      this.longestTimer = Math.max(this.longestTimer, ms)
      const id = ++this.#lastTimer
      this.#timers.set(id, { at: this.#uptime + ms, run })
      return () => this.#timers.delete(id)
    },
    holderOf: (connection) => this.sessions.get(connection) ?? null,
    upcoming: ({ userId }, { from, limit }): Promise<UpcomingCalls> => {
      if (this.failures > 0) {
        this.failures--
        return Promise.reject(new Error('The file is busy'))
      }
      const own = this.settings.isOn ? (this.calls.get(userId) ?? []) : []
      const entries = own.filter(({ at }) => at >= from).toSorted((a, b) => a.at - b.at)
      return Promise.resolve({ entries: entries.slice(0, limit), settings: this.settings, zone: 'Europe/Berlin' })
    },
    log: () => {},
  })

  get timers(): number {
    return this.#timers.size
  }

  window(connection: string, canShow = true, name = connection): () => void {
    const sink: ReminderSink = {
      connection,
      canShow,
      show: (notice: Notice, mayName) => {
        const { title, body } = mayName ? notice.named : notice.plain
        this.shown.push({ window: name, at: this.now, title: title.message, body: body.message, calls: notice.calls })
      },
      close: (tags) => this.closed.push(...tags.map((tag) => `${name} ${tag}`)),
      open: (callId) => this.opened.push(`${name} ${callId}`),
    }
    return this.reminders.add(sink)
  }

  /** The shell of the desktop: it shows notifications and has no window. */
  shell(connection: string): void {
    this.reminders.add({ connection, canShow: true, show: () => {}, close: () => {} })
  }

  signIn(connection: string, userId = BEN, isLocked = false): void {
    this.sessions.set(connection, { clientId: CLIENT, userId, isLocked })
    this.reminders.sessionChanged(connection)
  }

  signOut(connection: string): void {
    this.sessions.delete(connection)
    this.reminders.sessionChanged(connection)
  }

  async plan(n: number, at: number, userId = BEN): Promise<void> {
    const others = (this.calls.get(userId) ?? []).filter(({ id }) => id !== idOf(n))
    this.calls.set(userId, [...others, { id: idOf(n), prospectName: `Prospect ${n}`, at }])
    await this.saved()
  }

  async settle(n: number, userId = BEN): Promise<void> {
    this.calls.set(
      userId,
      (this.calls.get(userId) ?? []).filter(({ id }) => id !== idOf(n)),
    )
    await this.saved()
  }

  async saved(): Promise<void> {
    this.reminders.changed(CLIENT, ['calls'])
    await this.rest()
  }

  /** Lets all promises settle. */
  async rest(): Promise<void> {
    for (let n = 0; n < 8; n++) await Promise.resolve()
  }

  /** Lets time pass while the computer runs. */
  async pass(ms: number): Promise<void> {
    const end = this.#uptime + ms
    for (;;) {
      const due = [...this.#timers].filter(([, { at }]) => at <= end).toSorted(([, a], [, b]) => a.at - b.at)[0]
      const until = due?.[1].at ?? end
      this.now += until - this.#uptime
      this.#uptime = until
      if (due === undefined) return
      this.#timers.delete(due[0])
      due[1].run()
      await this.rest()
    }
  }

  /** The computer sleeps: the wall clock goes on, the timers do not. */
  sleep(ms: number): void {
    this.now += ms
  }

  /** Someone sets the wall clock. */
  setClock(by: number): void {
    this.now += by
  }
}

let computer: Computer
beforeEach(async () => {
  computer = new Computer()
  computer.signIn('window')
  computer.window('window')
  await computer.rest()
})
const texts = () => computer.shown.map(({ title, body }) => `${title}: ${body}`)

test('a call is announced five minutes before, and at its time to the millisecond', async () => {
  await computer.plan(1, START + HOUR)
  await computer.pass(2 * HOUR)
  expect(texts()).toEqual(['Call in 5 minutes: Prospect 1, scheduled for 11:00', 'Call now: Prospect 1, scheduled for 11:00'])
  expect(computer.shown.map(({ at }) => at - START)).toEqual([55 * MINUTE, HOUR])
})

test('no timer is longer than a tick, also for a call in a year', async () => {
  await computer.plan(1, START + 365 * 24 * HOUR)
  await computer.pass(HOUR)
  expect(computer.longestTimer).toBeLessThanOrEqual(REMINDER_TICK)
  computer.sleep(365 * 24 * HOUR - HOUR - MINUTE)
  await computer.pass(2 * MINUTE)
  expect(computer.shown.at(-1)).toMatchObject({ title: 'Call now', at: START + 365 * 24 * HOUR })
})

test('after a sleep the missed calls are announced once, combined if there are many', async () => {
  for (const n of [1, 2, 3, 4]) await computer.plan(n, START + n * HOUR)
  computer.sleep(10 * HOUR)
  await computer.pass(REMINDER_TICK)
  expect(texts()).toEqual(['4 scheduled calls: The first one was scheduled for 11:00.'])
  await computer.pass(HOUR)
  expect(computer.shown).toHaveLength(1)
})

test('a read that fails is repeated within a tick', async () => {
  computer.failures = 1
  await computer.plan(1, START + 10 * MINUTE)
  await computer.pass(10 * MINUTE)
  expect(texts()).toEqual(['Call in 5 minutes: Prospect 1, scheduled for 10:10', 'Call now: Prospect 1, scheduled for 10:10'])
})

test('a single missed call is named with its time', async () => {
  await computer.plan(1, START + HOUR)
  computer.sleep(3 * HOUR)
  await computer.pass(REMINDER_TICK)
  expect(texts()).toEqual(['You missed a call: Prospect 1, scheduled for 11:00'])
})

test('a clock that is set back or forward moves the reminders with it, and repeats none', async () => {
  await computer.plan(1, START + HOUR)
  computer.setClock(50 * MINUTE)
  await computer.pass(REMINDER_TICK)
  await computer.pass(5 * MINUTE)
  expect(texts()).toEqual(['Call in 5 minutes: Prospect 1, scheduled for 11:00'])
  await computer.pass(5 * MINUTE)
  computer.setClock(-2 * HOUR)
  await computer.pass(4 * HOUR)
  expect(texts().filter((text) => text.startsWith('Call now'))).toHaveLength(1)
})

test('one of two windows announces, and the other one after it is closed', async () => {
  const closeSecond = computer.window('window', true, 'second')
  computer.window('window', false, 'not allowed')
  await computer.plan(1, START + HOUR)
  await computer.pass(56 * MINUTE)
  closeSecond()
  await computer.pass(HOUR)
  expect(computer.shown.map(({ window, title }) => `${window}: ${title}`)).toEqual([
    'second: Call in 5 minutes',
    'window: Call now',
  ])
})

test('without a window that may show it a reminder waits', async () => {
  const other = new Computer()
  other.signIn('window')
  other.window('window', false)
  await other.plan(1, START + HOUR)
  await other.pass(2 * HOUR)
  expect(other.shown).toEqual([])
  other.window('window', true)
  expect(other.shown.map(({ title }) => title)).toEqual(['You missed a call'])
})

test('a notification that is clicked while there is no window opens its call in the next window, once', () => {
  computer.signIn('desktop')
  computer.shell('desktop')
  computer.reminders.open('desktop', idOf(1))
  computer.window('desktop')()
  computer.window('desktop', true, 'second')
  expect(computer.opened).toEqual([`desktop ${idOf(1)}`])
  computer.reminders.open('desktop', null)
  expect(computer.opened).toEqual([`desktop ${idOf(1)}`, 'second null'])
})

test('a call that waits for a window is not opened for the next person', () => {
  computer.signIn('desktop')
  computer.shell('desktop')
  computer.reminders.open('desktop', idOf(1))
  computer.signOut('desktop')
  computer.signIn('desktop', CLEO)
  computer.window('desktop')
  expect(computer.opened).toEqual([])
})

test('a settled call is not announced, and its notification is closed at once', async () => {
  await computer.plan(1, START + HOUR)
  await computer.plan(2, START + HOUR)
  await computer.settle(2)
  await computer.pass(56 * MINUTE)
  expect(computer.shown.map(({ calls }) => calls)).toEqual([[idOf(1)]])
  await computer.settle(1)
  expect(computer.closed).toEqual([`window call:${idOf(1)}`])
  await computer.pass(HOUR)
  expect(computer.shown).toHaveLength(1)
})

test('reminders that are turned off announce nothing; a lead time of zero only the call itself', async () => {
  await computer.plan(1, START + HOUR)
  computer.settings = { isOn: true, leadMinutes: 0 }
  await computer.saved()
  await computer.pass(56 * MINUTE)
  expect(computer.shown).toEqual([])
  await computer.pass(5 * MINUTE)
  expect(computer.shown).toHaveLength(1)
  await computer.plan(2, START + 3 * HOUR)
  computer.settings = { isOn: false, leadMinutes: 5 }
  await computer.saved()
  await computer.pass(5 * HOUR)
  expect(computer.shown).toHaveLength(1)
})

describe('privacy', () => {
  test('a locked session is reminded without a name, and what is shown is closed when it is locked', async () => {
    await computer.plan(1, START + HOUR)
    await computer.pass(56 * MINUTE)
    computer.signIn('window', BEN, true)
    expect(computer.closed).toEqual([`window call:${idOf(1)}`])
    await computer.pass(HOUR)
    expect(texts().at(-1)).toBe('Call now: A call is scheduled for 11:00.')
    expect(texts().slice(1).join()).not.toContain('Prospect')
  })

  test('after a sign-out nothing is announced, no timer runs, and what is shown is closed', async () => {
    await computer.plan(1, START + HOUR)
    await computer.plan(2, START + 2 * HOUR)
    await computer.pass(61 * MINUTE)
    computer.signOut('window')
    expect(computer.closed).toEqual([`window call:${idOf(1)}`])
    expect(computer.timers).toBe(0)
    await computer.pass(5 * HOUR)
    expect(computer.shown).toHaveLength(2)
  })

  test('the next person gets only their own reminders', async () => {
    await computer.plan(1, START + HOUR)
    await computer.plan(2, START + HOUR, CLEO)
    computer.signIn('window', CLEO)
    await computer.rest()
    await computer.pass(2 * HOUR)
    expect(texts().join()).not.toContain('Prospect 1')
    expect(texts()).toHaveLength(2)
  })
})

test('many scheduled calls of the past do not hide the next ones', async () => {
  const past = Array.from({ length: 3_000 }, (_, n) => ({ id: idOf(n + 10), prospectName: 'Imported', at: START + n }))
  computer.calls.set(BEN, past)
  computer.sleep(HOUR)
  await computer.plan(1, START + 2 * HOUR)
  await computer.pass(2 * HOUR)
  expect(computer.shown.filter(({ calls }) => calls.includes(idOf(1)))).toHaveLength(2)
})

test('when the application closes, no timer is left', async () => {
  await computer.plan(1, START + HOUR)
  computer.reminders.close()
  expect(computer.timers).toBe(0)
})

const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: fc.integer({ min: 0, max: 30 * MINUTE }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('sleep' as const), ms: fc.integer({ min: 0, max: 10 * HOUR }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('set' as const), ms: fc.integer({ min: -3 * HOUR, max: 3 * HOUR }) }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('plan' as const), n: fc.nat(4), ms: fc.integer({ min: 1, max: 4 * HOUR }) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('settle' as const), n: fc.nat(4) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('reload' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('lock' as const), isLocked: fc.boolean() }) },
)

test('every due call is announced once, never early, and at most a tick late while the computer runs', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const machine = new Computer()
      machine.signIn('window')
      let close = machine.window('window')
      await machine.rest()
      /** The planned times, and those that were reached while their call was planned. */
      const planned = new Map<number, number>()
      const reached = new Set<string>()
      const noteReached = () => {
        for (const [n, at] of planned) if (at <= machine.now) reached.add(`${idOf(n)} ${at}`)
      }
      const announced = () =>
        machine.shown.flatMap(({ at, calls, title }) => {
          const isSoon = title.startsWith('Call in')
          return isSoon ? [] : calls.map((id) => ({ id, at }))
        })
      for (const each of steps) {
        if (each.kind === 'pass') {
          // In ticks, so that a call that is settled later was reached before.
          await machine.pass(each.ms)
          await machine.pass(REMINDER_TICK)
        } else if (each.kind === 'sleep') {
          machine.sleep(each.ms)
          await machine.pass(REMINDER_TICK)
        } else if (each.kind === 'set') {
          machine.setClock(each.ms)
          await machine.pass(REMINDER_TICK)
        } else if (each.kind === 'plan') {
          planned.set(each.n, machine.now + each.ms)
          await machine.plan(each.n, machine.now + each.ms)
        } else if (each.kind === 'settle') {
          planned.delete(each.n)
          await machine.settle(each.n)
        } else if (each.kind === 'reload') {
          close()
          close = machine.window('window')
        } else machine.signIn('window', BEN, each.isLocked)
        await machine.rest()
        noteReached()
        // Of the calls that are planned now and whose time has come, each was announced at or after its time.
        for (const [n, at] of planned) {
          const times = announced().filter(({ id, at: when }) => id === idOf(n) && when >= at)
          if (at <= machine.now - REMINDER_TICK) expect(times.length, `call ${n} at ${at}`).toBeGreaterThan(0)
        }
      }
      // A combined announcement may also contain calls that are due soon; alone, each is announced once.
      const alone = machine.shown.filter(({ calls, title }) => calls.length === 1 && !title.startsWith('Call in'))
      expect(alone.length).toBeLessThanOrEqual(reached.size)
    }),
    { numRuns: 150 },
  )
})
