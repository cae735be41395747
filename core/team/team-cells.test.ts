import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { NO_CALLS } from '../metrics/metrics.ts'
import { CALL_TYPES } from '../model/call-fields.ts'
import type { CallType } from '../model/call.ts'
import { isFinal, publishDay, type PersonCounts, type PublishedCell } from './team-cells.ts'
import { soleValues, type Equation } from './testing/attacker.ts'

const calls = (userId: string, completed: number, callType: CallType = 'inbound'): PersonCounts => ({
  userId,
  callType,
  counts: { ...NO_CALLS, completed },
})
const typesOf = (cells: readonly PublishedCell[]) => cells.map(({ callType }) => callType).toSorted()

describe('a day is published', () => {
  test('if it has at least three people', () => {
    expect(publishDay([calls('a', 1), calls('b', 1)], [], true)).toEqual([])
    expect(publishDay([calls('a', 1), calls('b', 1), calls('c', 1)], [], false)).toHaveLength(1)
  })

  test('by type if each part has three people, else as a whole', () => {
    const inbound = ['a', 'b', 'c'].map((who) => calls(who, 1))
    const outbound = ['c', 'd'].map((who) => calls(who, 1, 'outbound'))
    expect(typesOf(publishDay([...inbound, ...outbound], [], false))).toEqual([''])
    expect(typesOf(publishDay([...inbound, ...outbound, calls('e', 1, 'outbound')], [], false))).toEqual(['inbound', 'outbound'])
    expect(typesOf(publishDay(inbound, [], false))).toEqual(['inbound'])
  })

  test('always as a whole if it was published as a whole, and always by type if it was split', () => {
    const people = ['a', 'b', 'c', 'd']
    const inbound = people.map((who) => calls(who, 1))
    const whole = publishDay([...inbound, calls('a', 1, 'outbound')], [], false)
    const split = publishDay(inbound, [], false)
    const both = [...people.map((who) => calls(who, 2)), ...people.map((who) => calls(who, 1, 'outbound'))]
    expect(typesOf(publishDay(both, whole, true))).toEqual([''])
    expect(typesOf(publishDay(both, split, true))).toEqual(['inbound', 'outbound'])
  })

  test('a second time only when it is settled, if three people changed, and never a third time', () => {
    const first = publishDay([calls('a', 1), calls('b', 1), calls('c', 1), calls('d', 1)], [], false)
    const two = [calls('a', 2), calls('b', 2), calls('c', 1), calls('d', 1)]
    const three = [calls('a', 2), calls('b', 2), calls('c', 2), calls('d', 1)]
    expect(publishDay(two, first, true)).toEqual([])
    expect(publishDay(three, first, false)).toEqual([])
    const second = publishDay(three, first, true)
    expect(second).toMatchObject([{ publications: 2 }])
    expect(publishDay([calls('a', 9), calls('b', 9), calls('c', 9)], second, true)).toEqual([])
    expect([isFinal(first), isFinal([])]).toEqual([false, false])
  })

  test('not again if fewer than three people are left', () => {
    const first = publishDay(
      ['a', 'b', 'c', 'd'].map((who) => calls(who, 1)),
      [],
      false,
    )
    expect(publishDay([calls('d', 1)], first, true)).toEqual([])
  })
})

/**
 * The attacker has every published sum, knows who made calls, whose figures changed and whose did not, and their own figures. The unknown are
 * the other people's figures. They succeed if a combination of the sums depends on one colleague only.
 */
describe('an attacker derives no figure of a single colleague', () => {
  const PEOPLE = ['a', 'b', 'c', 'd', 'e', 'f']
  /** The number of calls of each person and type; 0 and repeated values are frequent, so that people appear, disappear and return. */
  const state = fc.array(fc.constantFrom(0, 0, 1, 2), { minLength: PEOPLE.length * 2, maxLength: PEOPLE.length * 2 })
  const history = fc.array(fc.record({ state, isSettled: fc.boolean() }), { minLength: 1, maxLength: 8 })

  const countsOf = (numbers: readonly number[]): PersonCounts[] =>
    PEOPLE.flatMap((who, index) =>
      CALL_TYPES.map((type, place) => calls(who, numbers[2 * index + place] ?? 0, type)).filter(
        ({ counts }) => counts.completed > 0,
      ),
    )

  /** The sum of a cell, as an equation over the figures of people. */
  const equationOf = ({ callType }: PublishedCell, current: readonly PersonCounts[]): Equation =>
    current
      .filter((each) => callType === '' || each.callType === callType)
      .map((each) => ({ person: each.userId, value: `${each.callType} ${each.counts.completed}` }))

  const winners = (equations: readonly Equation[]) => PEOPLE.filter((who) => soleValues(equations, who).length > 0)

  test('from all publications of a day', () => {
    fc.assert(
      fc.property(history, (moments) => {
        let published: readonly PublishedCell[] = []
        const equations: Equation[] = []
        for (const { state: numbers, isSettled } of moments) {
          const current = countsOf(numbers)
          const next = publishDay(current, published, isSettled)
          for (const cell of next)
            if (published.find(({ callType }) => callType === cell.callType)?.publications !== cell.publications)
              equations.push(equationOf(cell, current))
          if (next.length > 0) published = next
        }
        expect(winners(equations)).toEqual([])
      }),
      { numRuns: 1_000 },
    )
  })

  test('but would succeed against a total that includes each call at once', () => {
    const states = [
      [1, 0, 1, 0, 1, 0, 1, 0, 0, 0, 0, 0],
      [2, 0, 1, 0, 1, 0, 1, 0, 0, 0, 0, 0],
    ]
    const equations = states.map((numbers) => equationOf({ callType: '', publications: 1, people: new Map() }, countsOf(numbers)))
    expect(winners(equations)).not.toEqual([])
  })

  test('but would succeed against a day that is published both as a whole and by type', () => {
    const current = [calls('a', 1), calls('b', 1), calls('c', 1), calls('d', 1, 'outbound')]
    const cell = (callType: PublishedCell['callType']) => ({ callType, publications: 1, people: new Map() })
    expect(winners([equationOf(cell(''), current), equationOf(cell('inbound'), current)])).not.toEqual([])
  })

  test('but would succeed if overlapping days were published after a change of the zone', () => {
    const before: Equation = ['a', 'b', 'c'].map((person) => ({ person, value: 'day' }))
    const after: Equation = [...before, { person: 'd', value: 'midnight' }]
    expect(winners([before, after])).not.toEqual([])
  })
})
