import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatHybridTime } from '../hybrid-clock.ts'
import { callIssues } from '../model/call.ts'
import { decide, merge, type Author, type Edit, type Values } from './merge.ts'
import { fieldVersion, type FieldVersions } from './field-versions.ts'

const author = (name: string, deviceSeq: number, millis: number, deviceId = name): Author => ({
  opId: `op-${name}-${String(deviceSeq).padStart(3, '0')}`,
  deviceId,
  deviceSeq,
  userId: `user-${name}`,
  clock: formatHybridTime(millis, 0),
})

/** A row and the server's order. Merges edits one after the other. */
class Bench {
  values: Values
  versions: FieldVersions = { base: 1, overrides: null }
  seq = 1
  readonly authors = new Map<number, Author>([[1, author('origin', 1, 0)]])

  constructor(values: Values) {
    this.values = values
  }

  apply(by: Author, values: Values, base: number | null = null, yields = false) {
    const seq = ++this.seq
    this.authors.set(seq, by)
    const bases = Object.fromEntries(
      Object.keys(values).map((name) => [name, base ?? fieldVersion(this.versions, 'calls', name)]),
    )
    const edit: Edit = { seq, author: by, values, bases, yields }
    const merged = merge('calls', this, edit, (version) => this.authors.get(version) as Author)
    this.values = { ...this.values, ...merged.changed }
    this.versions = merged.versions
    return merged
  }
}

const WON = { status: 'completed', outcome: 'won', loss_reason_id: null, completed_at: 5 }
const LOST = { status: 'completed', outcome: 'lost', loss_reason_id: 'r1', completed_at: 5 }
const NO_SHOW = { status: 'no_show', outcome: null, loss_reason_id: null, completed_at: null }
const OPEN = { status: 'scheduled', outcome: null, loss_reason_id: null, completed_at: null }
const START: Values = { ...OPEN, notes: null, prospect_name: 'Jo', prospect_phone: null }

test('[S7] an edit made on the current version applies, with any clocks', () => {
  fc.assert(
    fc.property(fc.nat(1_000), fc.nat(1_000), (first, second) => {
      const bench = new Bench(START)
      bench.apply(author('a', 1, first), { notes: 'first' })
      const merged = bench.apply(author('b', 1, second), { notes: 'second' })
      expect(bench.values['notes']).toBe('second')
      expect(merged).toMatchObject({ whole: true, conflicts: [] })
    }),
  )
})

test('[S7] edits of different fields of one row both stay', () => {
  const bench = new Bench(START)
  bench.apply(author('a', 1, 10), { notes: 'of a' }, 1)
  const merged = bench.apply(author('b', 1, 5), { prospect_phone: '030 1' }, 1)
  expect(bench.values).toMatchObject({ notes: 'of a', prospect_phone: '030 1' })
  expect(merged).toMatchObject({ whole: true, conflicts: [] })
})

test('[S8] of concurrent edits the one with the later clock wins, in any order of arrival', () => {
  for (const [first, second] of [
    [10, 20],
    [20, 10],
  ] as const) {
    const bench = new Bench(START)
    bench.apply(author('a', 1, first), { notes: `at ${first}` }, 1)
    bench.apply(author('b', 1, second), { notes: `at ${second}` }, 1)
    expect(bench.values['notes']).toBe('at 20')
  }
})

test('[S8] if the clocks are equal, the operation’s id decides', () => {
  const [a, b] = [author('a', 1, 10), author('b', 1, 10)]
  expect(decide(1, b, { seq: 2, ...a })).toBe('wins')
  expect(decide(1, a, { seq: 2, ...b })).toBe('loses')
})

test('[S7] two edits of one device are never concurrent, even if its clock was set back', () => {
  const bench = new Bench(START)
  bench.apply(author('a', 1, 1_000), { notes: 'first' }, 1)
  const merged = bench.apply(author('a', 2, 10), { notes: 'second' }, 1)
  expect(bench.values['notes']).toBe('second')
  expect(merged.conflicts).toEqual([])
})

test('a device’s earlier edit that arrives late changes nothing', () => {
  const bench = new Bench(START)
  bench.apply(author('a', 2, 20), { notes: 'second' }, 1)
  const merged = bench.apply(author('a', 1, 10), { notes: 'first' }, 1)
  expect(bench.values['notes']).toBe('second')
  expect(merged).toMatchObject({ whole: false, conflicts: [], changed: {} })
})

test('[S10] the losing value is kept with the authors of both values, in any order of arrival', () => {
  const bench = new Bench(START)
  bench.apply(author('a', 1, 10), { notes: 'early' }, 1)
  const won = bench.apply(author('b', 1, 20), { notes: 'late' }, 1)
  expect(won.conflicts).toEqual([
    {
      columns: ['notes'],
      winning: { notes: 'late' },
      losing: { notes: 'early' },
      winner: expect.objectContaining({ userId: 'user-b' }),
      loser: expect.objectContaining({ userId: 'user-a' }),
      version: 3,
    },
  ])
  const lost = bench.apply(author('c', 1, 15), { notes: 'between' }, 1)
  expect(lost.conflicts).toMatchObject([{ winning: { notes: 'late' }, losing: { notes: 'between' }, version: 3 }])
  expect(lost.whole).toBe(false)
})

test('[S10] the same value from two devices is not a conflict', () => {
  const bench = new Bench(START)
  bench.apply(author('a', 1, 10), { notes: 'same' }, 1)
  expect(bench.apply(author('b', 1, 20), { notes: 'same' }, 1)).toMatchObject({ conflicts: [], whole: true, changed: {} })
  // The edit with the earlier clock leaves the field's version, so that the order of arrival has no effect.
  expect(bench.apply(author('c', 1, 5), { notes: 'same' }, 1)).toMatchObject({ conflicts: [], whole: false, changed: {} })
})

test('[S9] the outcome of a call is one value: the later one wins as a whole', () => {
  for (const [first, second, standing] of [
    [10, 20, NO_SHOW],
    [20, 10, LOST],
  ] as const) {
    const bench = new Bench({ ...START, ...WON })
    bench.apply(author('a', 1, first), LOST, 1)
    bench.apply(author('b', 1, second), NO_SHOW, 1)
    expect(bench.values).toMatchObject(standing)
  }
})

const unit = fc.constantFrom(
  WON,
  LOST,
  NO_SHOW,
  OPEN,
  { ...WON, outcome: 'undecided' },
  { ...WON, completed_at: 9 },
  { ...OPEN, status: 'cancelled' },
)
const fields = fc.oneof(
  unit,
  fc.record({ notes: fc.constantFrom('x', 'y', null) }),
  fc.record({ prospect_name: fc.constantFrom('Jo', 'Jan') }),
  fc.tuple(unit, fc.record({ notes: fc.constantFrom('x', 'z') })).map(([a, b]) => ({ ...a, ...b })),
)

test('[S9] no merge of valid edits of a call makes it invalid', () => {
  const step = fc.record({ device: fc.constantFrom('a', 'b', 'c'), clock: fc.nat(50), base: fc.nat(12), values: fields })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      const bench = new Bench(START)
      for (const [index, { device, clock, base, values }] of steps.entries()) {
        bench.apply(author(device, index + 1, clock), values, Math.min(base, bench.seq))
        const { status, outcome, loss_reason_id: lossReasonId, completed_at: completedAt } = bench.values
        expect(callIssues({ status, outcome, lossReasonId, completedAt } as Parameters<typeof callIssues>[0])).toEqual([])
      }
    }),
  )
})

test('[S8] the row does not depend on the order in which devices’ edits arrive', () => {
  // The edits of each device in its own order, all made on version 1. A device's effective clock never goes back (effective-clock.ts).
  const edits = fc.array(fc.record({ values: fields, step: fc.nat(20) }), { maxLength: 4 })
  fc.assert(
    fc.property(
      edits,
      edits,
      edits,
      fc.array(fc.nat(2), { maxLength: 30 }),
      fc.array(fc.nat(2), { maxLength: 30 }),
      (a, b, c, one, other) => {
        const run = (picks: readonly number[]) => {
          const bench = new Bench(START)
          const queues = [a, b, c].map((list, device) => {
            let clock = 0
            return list.map(({ values, step }, index) => ({
              by: author('abc'[device] ?? '', index + 1, (clock += step)),
              values: values as Values,
            }))
          })
          for (const pick of [...picks, ...Array.from({ length: 12 }, (_, index) => index % 3)]) {
            const next = queues[pick]?.shift()
            if (next !== undefined) bench.apply(next.by, next.values, 1)
          }
          for (const queue of queues) for (const { by, values } of queue) bench.apply(by, values, 1)
          return bench.values
        }
        expect(run(one)).toEqual(run(other))
      },
    ),
    { numRuns: 500 },
  )
})

test('[S8] a device with a false clock has no advantage over one that edited at the moment of arrival', () => {
  const bench = new Bench(START)
  // Both clocks are limited to the arrival, so the edit that arrived first counts as earlier.
  bench.apply(author('liar', 1, 100), { notes: 'from the year 3000' }, 1)
  bench.apply(author('honest', 1, 150), { notes: 'honest' }, 1)
  expect(bench.values['notes']).toBe('honest')
})

test('[S8] an INSERT of an existing row undoes no edit, with any clock, and sets fields that no one has edited', () => {
  fc.assert(
    fc.property(fc.nat(1_000), fc.nat(1_000), (edited, imported) => {
      const bench = new Bench(START)
      bench.apply(author('a', 1, edited), { notes: 'corrected' })
      const merged = bench.apply(
        author('b', 1, imported + 1),
        { ...START, notes: 'as in the file', prospect_phone: '+49 30 1' },
        0,
        true,
      )
      expect(bench.values).toMatchObject({ notes: 'corrected', prospect_phone: '+49 30 1' })
      const ofNotes = merged.conflicts.filter(({ columns }) => columns.includes('notes'))
      expect(ofNotes).toMatchObject([{ winning: { notes: 'corrected' }, losing: { notes: 'as in the file' } }])
    }),
  )
})
