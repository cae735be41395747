import fc from 'fast-check'
import { expect, test } from 'vitest'
import { contributions, isFigureBeyondChance } from './contributions.ts'
import { figure, METRIC_KEYS, NO_CALLS, type CallCounts } from './metrics.ts'

const count = fc.nat(400)
const counts: fc.Arbitrary<CallCounts> = fc
  .record({
    won: count,
    lost: count,
    undecided: count,
    noShow: count,
    rescheduled: count,
    cancelled: count,
    scheduled: count,
    timed: fc.double({ min: 0, max: 1, noNaN: true }),
    seconds: fc.nat(900),
  })
  .map(({ timed, seconds, ...rest }) => {
    const completed = rest.won + rest.lost + rest.undecided
    const talkCalls = Math.floor(timed * completed)
    return { ...rest, completed, talkCalls, talkSeconds: talkCalls * seconds }
  })

const add = (a: CallCounts, b: CallCounts): CallCounts => ({
  completed: a.completed + b.completed,
  noShow: a.noShow + b.noShow,
  rescheduled: a.rescheduled + b.rescheduled,
  cancelled: a.cancelled + b.cancelled,
  scheduled: a.scheduled + b.scheduled,
  won: a.won + b.won,
  lost: a.lost + b.lost,
  undecided: a.undecided + b.undecided,
  talkSeconds: a.talkSeconds + b.talkSeconds,
  talkCalls: a.talkCalls + b.talkCalls,
})

test('the contributions of all groups add up to the change of the figure', () => {
  const groups = fc.array(fc.record({ key: fc.nat(), counts, former: counts }), { minLength: 1, maxLength: 8 })
  fc.assert(
    fc.property(fc.constantFrom(...METRIC_KEYS), groups, (metric, list) => {
      const current = figure(metric, list.map((group) => group.counts).reduce(add, NO_CALLS)).value
      const former = figure(metric, list.map((group) => group.former).reduce(add, NO_CALLS)).value
      const parts = contributions(metric, list)
      if (current === null || former === null) {
        expect(parts).toEqual([])
        return
      }
      expect(parts).toHaveLength(list.length)
      const total = parts.reduce((sum, { value }) => sum + value, 0)
      expect(Math.abs(total - (current - former))).toBeLessThan(1e-9 * Math.max(1, Math.abs(current), Math.abs(former)))
    }),
  )
})

const closed = (won: number, completed: number): CallCounts => ({ ...NO_CALLS, won, completed, lost: completed - won })

test('a group whose rate fell comes first, and its fall is beyond chance', () => {
  const [first, second] = contributions('close_rate', [
    { key: 'same', counts: closed(100, 400), former: closed(101, 400) },
    { key: 'fell', counts: closed(40, 400), former: closed(120, 400) },
  ])
  expect(first).toMatchObject({ key: 'fell', isBeyondChance: true })
  expect(first?.value).toBeCloseTo(-0.1, 2)
  expect(second).toMatchObject({ key: 'same', isBeyondChance: false })
})

test('a rate falls although no group’s rate changed, because a weak group grows', () => {
  const parts = contributions('close_rate', [
    { key: 'weak', counts: closed(30, 300), former: closed(10, 100) },
    { key: 'strong', counts: closed(40, 100), former: closed(40, 100) },
  ])
  expect(parts.map(({ value }) => value < -0.01)).toEqual([true, true])
  expect(parts.map((part) => part.isBeyondChance)).toEqual([false, false])
})

test('there is no verdict about a rate without a value, nor about a number of calls', () => {
  const parts = contributions('close_rate', [
    { key: 'sold', counts: closed(10, 40), former: closed(30, 40) },
    { key: 'none', counts: NO_CALLS, former: closed(3, 40) },
  ])
  expect(parts.find(({ key }) => key === 'sold')?.isBeyondChance).toBe(true)
  expect(parts.find(({ key }) => key === 'none')?.isBeyondChance).toBeNull()
  const [few, many] = [closed(10, 40), closed(30, 40)]
  expect(isFigureBeyondChance(figure('calls', few), figure('calls', many))).toBeNull()
  expect(isFigureBeyondChance(figure('close_rate', few), figure('close_rate', many))).toBe(true)
  expect(isFigureBeyondChance(figure('close_rate', closed(10, 40)), figure('close_rate', closed(11, 40)))).toBe(false)
})
