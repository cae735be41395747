import fc from 'fast-check'
import { expect, test } from 'vitest'
import { REMINDER_GRACE, ReminderSchedule, type Upcoming } from './reminders.ts'

const MINUTE = 60_000
const LEAD = 5 * MINUTE
const START = Date.UTC(2026, 10, 25, 9)

const idOf = (n: number) => `0198c0de-0000-7000-8000-${String(n).padStart(12, '0')}`
const call = (n: number, minutes: number): Upcoming => ({ id: idOf(n), prospectName: `P${n}`, at: START + minutes * MINUTE })

function started(entries: readonly Upcoming[], leadMs = LEAD, now = START) {
  const schedule = new ReminderSchedule(now)
  schedule.set(entries, leadMs, now)
  return schedule
}
const taken = (schedule: ReminderSchedule, minutes: number) =>
  schedule.take(START + minutes * MINUTE).map(({ id, kind }) => `${kind} ${Number(id.slice(-12))}`)

test('a call has one reminder at its lead time and one at its time', () => {
  const schedule = started([call(1, 30)])
  expect(schedule.next()).toBe(START + 25 * MINUTE)
  expect(taken(schedule, 24)).toEqual([])
  expect(taken(schedule, 25)).toEqual(['soon 1'])
  expect(schedule.next()).toBe(START + 30 * MINUTE)
  expect(taken(schedule, 26)).toEqual([])
  expect(taken(schedule, 30)).toEqual(['due 1'])
  expect(schedule.next()).toBeNull()
  expect(taken(schedule, 31)).toEqual([])
})

test('without a lead time, a call has a reminder only at its time', () => {
  const schedule = started([call(1, 30)], 0)
  expect(schedule.next()).toBe(START + 30 * MINUTE)
  expect(taken(schedule, 29)).toEqual([])
  expect(taken(schedule, 30)).toEqual(['due 1'])
})

test('after a sleep each missed call is taken once, as due', () => {
  const schedule = started([call(1, 10), call(2, 20), call(3, 100), call(4, 300)])
  expect(taken(schedule, 97)).toEqual(['due 1', 'due 2', 'soon 3'])
  expect(taken(schedule, 98)).toEqual([])
})

test('a clock that is set back repeats nothing', () => {
  const schedule = started([call(1, 10), call(2, 60)])
  expect(taken(schedule, 10)).toEqual(['due 1'])
  expect(taken(schedule, -30)).toEqual([])
  expect(taken(schedule, 10)).toEqual([])
  expect(taken(schedule, 60)).toEqual(['due 2'])
})

test('a clock that was ahead and is set right loses no reminder', () => {
  const schedule = started([call(1, 10), call(2, 100)])
  expect(schedule.from).toBe(START)
  expect(taken(schedule, -120)).toEqual([])
  expect(schedule.from).toBe(START - 120 * MINUTE)
  schedule.set([call(3, -60), call(1, 10)], LEAD, START - 120 * MINUTE)
  expect(taken(schedule, -60)).toEqual(['due 3'])
  expect(taken(schedule, 10)).toEqual(['due 1'])
})

test('a settled call gets no reminder, and no second one if it returns to the agenda', () => {
  const schedule = started([call(1, 10), call(2, 20)])
  expect(taken(schedule, 10)).toEqual(['due 1'])
  schedule.set([], LEAD, START + 11 * MINUTE)
  expect(schedule.next()).toBeNull()
  expect(taken(schedule, 25)).toEqual([])
  schedule.set([call(1, 10)], LEAD, START + 26 * MINUTE)
  expect(taken(schedule, 27)).toEqual([])
})

test('a call that is moved to another time gets another reminder', () => {
  const schedule = started([call(1, 10)])
  expect(taken(schedule, 10)).toEqual(['due 1'])
  schedule.set([call(1, 60)], LEAD, START + 11 * MINUTE)
  expect(taken(schedule, 55)).toEqual(['soon 1'])
  expect(taken(schedule, 60)).toEqual(['due 1'])
})

test('a call that is scheduled within its lead time has a reminder only at its time', () => {
  const schedule = started([])
  schedule.set([call(1, 3)], LEAD, START)
  expect(taken(schedule, 0)).toEqual([])
  expect(taken(schedule, 3)).toEqual(['due 1'])
})

test('calls before the start are left to the agenda; one that arrives a little late has a reminder', () => {
  const schedule = started([call(1, -1), call(2, 60)])
  expect(taken(schedule, 0)).toEqual([])
  const graceMinutes = REMINDER_GRACE / MINUTE
  schedule.set([call(3, 100), call(4, 110)], LEAD, START + (100 + graceMinutes + 1) * MINUTE)
  expect(taken(schedule, 100 + graceMinutes + 1)).toEqual(['due 4'])
})

test('a longer lead time adds no reminders for calls that are already within it', () => {
  const schedule = started([call(1, 20), call(2, 40)])
  schedule.set([call(1, 20), call(2, 40)], 30 * MINUTE, START + MINUTE)
  expect(taken(schedule, 1)).toEqual([])
  expect(taken(schedule, 10)).toEqual(['soon 2'])
})

/** What happens between two looks at the clock. The clock moves by `pass`, which is negative if it is set back. */
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('pass' as const), minutes: fc.integer({ min: 0, max: 15 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('jump' as const), minutes: fc.integer({ min: -300, max: 900 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('settle' as const), which: fc.nat(5) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('plan' as const), which: fc.nat(5), minutes: fc.integer({ min: -20, max: 200 }) }),
  },
)

test('every due call has exactly one reminder, never early, and never later than the first look after its time', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), fc.constantFrom(0, 1, 5, 30), (steps, lead) => {
      const schedule = started([], lead * MINUTE)
      let now = START
      let earliest = START
      /** The time of each call on the agenda, in minutes. */
      const agenda = new Map<number, number>()
      const reminded: string[] = []
      const expected = new Set<string>()
      const look = () => {
        for (const [n, minutes] of agenda) {
          const at = START + minutes * MINUTE
          // Not expected: calls before the start, and calls that were scheduled for a time long past.
          if (at <= now && !late.has(`${n} ${at}`)) expected.add(`${n} ${at}`)
        }
        for (const { id, at, kind } of schedule.take(now)) {
          expect(at - now, 'never early').toBeLessThanOrEqual(kind === 'soon' ? lead * MINUTE : 0)
          if (kind === 'soon') expect(at).toBeGreaterThan(now)
          else reminded.push(`${Number(id.slice(-12))} ${at}`)
        }
        expect(new Set(reminded), 'nothing is left, and nothing else is taken').toEqual(expected)
        expect(reminded, 'nothing is repeated').toHaveLength(expected.size)
      }
      const late = new Set<string>()
      const save = () =>
        schedule.set(
          [...agenda].map(([n, minutes]) => call(n, minutes)),
          lead * MINUTE,
          now,
        )
      for (const each of steps) {
        if (each.kind === 'pass' || each.kind === 'jump') {
          now += each.minutes * MINUTE
          earliest = Math.min(earliest, now)
          // The passed times are in the future again.
          if (each.minutes < 0) for (const key of late) if (Number(key.split(' ')[1]) >= now) late.delete(key)
        } else if (each.kind === 'settle') agenda.delete(each.which)
        else {
          const minutes = Math.round((now - START) / MINUTE) + each.minutes
          const at = START + minutes * MINUTE
          const key = `${each.which} ${at}`
          agenda.set(each.which, minutes)
          if ((at < earliest || at < now - REMINDER_GRACE) && !expected.has(key)) late.add(key)
        }
        if (each.kind === 'settle' || each.kind === 'plan') save()
        look()
        const next = schedule.next()
        if (next !== null) expect(next, 'the next look is in time').toBeGreaterThan(now)
      }
    }),
    { numRuns: 500 },
  )
})
