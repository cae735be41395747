import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Call } from '../../../core/model/call.ts'
import { ALL, isMarked, moved, oneByOne, range, selectionOf, settled, size, toggled, type Marks } from './marks.ts'

const list = { filter: { text: 'jo' }, sort: { by: 'eventAt', direction: 'desc' } } as const
const id = (index: number) => `row ${index}`
const place = (index: number) => ({ index, id: id(index) })
/** A list of which only some rows are loaded. */
const loaded = (from: number, to: number, isFresh = true) => ({
  isFresh: () => isFresh,
  rowAt: (index: number) => (index >= from && index <= to ? ({ id: id(index) } as Call) : undefined),
})

test('after any toggles in any part exactly the expected rows are selected', () => {
  const part = fc.oneof(
    fc.constant({ marks: ALL, has: () => true }),
    fc.constant({ marks: oneByOne([]), has: () => false }),
    fc.tuple(fc.nat(50), fc.nat(50)).map(([one, other]) => ({
      marks: range(place(one), place(other)),
      has: (index: number) => index >= Math.min(one, other) && index <= Math.max(one, other),
    })),
  )
  const property = fc.property(part, fc.array(fc.nat(50)), ({ marks: start, has }, presses) => {
    let marks: Marks = start
    const expected = new Set(Array.from({ length: 51 }, (_, index) => index).filter((index) => has(index)))
    for (const index of presses) {
      marks = toggled(marks, place(index)) ?? oneByOne([])
      if (!expected.delete(index)) expected.add(index)
    }
    expect(size(marks, 51)).toBe(expected.size)
    for (let index = 0; index <= 50; index++) expect(isMarked(marks, place(index))).toBe(expected.has(index))
  })
  fc.assert(property)
})

test('deselecting the last row ends the selection', () => {
  expect(toggled(oneByOne([id(3)]), place(3))).toBeNull()
})

test('a selection holds a bounded number of single calls', () => {
  const full = oneByOne(Array.from({ length: 1_000 }, (_, index) => id(index)))
  expect(toggled(full, place(2_000))).toBe(full)
})

test('a short span whose rows are loaded becomes its calls, a span with unloaded rows stays one', () => {
  const short = settled(range(place(9), place(3)), loaded(0, 99))
  expect(selectionOf(short, list)).toEqual({ ids: [3, 4, 5, 6, 7, 8, 9].map(id) })
  const part = settled(range(place(3), place(900)), loaded(0, 99))
  expect(selectionOf(part, list)).toEqual({
    list: { filter: list.filter, span: { sort: list.sort, first: id(3), last: id(900) }, except: [] },
    ids: [],
  })
  const long = settled(range(place(0), place(5_000)), loaded(0, 5_000))
  expect(selectionOf(long, list)).toMatchObject({ list: { span: { first: id(0), last: id(5_000) } } })
})

test('rows of an earlier count are not used for a span, because they may be at other positions', () => {
  const marks = range(place(3), { index: 9, id: null })
  expect(settled(marks, loaded(0, 99, false))).toBe(marks)
  const shifted = range({ index: 4, id: id(3) }, { index: 10, id: id(9) })
  expect(selectionOf(settled(shifted, loaded(0, 99)), list)).toMatchObject({ list: { span: { first: id(3), last: id(9) } } })
})

test('an end that is not loaded is unknown until its page arrives', () => {
  const marks = range(place(3), { index: 900_000, id: null })
  const before = settled(marks, loaded(0, 99))
  expect(selectionOf(before, list)).toBeNull()
  expect(isMarked(before, { index: 500_000, id: null })).toBe(true)
  const after = settled(before, loaded(899_950, 900_000))
  expect(selectionOf(after, list)).toMatchObject({ list: { span: { first: id(3), last: id(900_000) } } })
})

test('a span follows its rows when calls arrive above or within it', () => {
  const marks = toggled(range(place(10), place(2_000)), place(500)) as Marks
  const after = moved(marks, { from: 12, total: 1_991 })
  expect(isMarked(after, { index: 11, id: null })).toBe(false)
  expect(isMarked(after, { index: 12, id: null })).toBe(true)
  expect(isMarked(after, { index: 2_003, id: null })).toBe(true)
  expect(isMarked(after, { index: 2_004, id: null })).toBe(false)
  expect(moved(after, { from: 12, total: 1_991 })).toBe(after)
})

test('the whole list is named by its filter, however long it is', () => {
  const marks = toggled(ALL, place(7)) as Marks
  expect(selectionOf(marks, list)).toEqual({ list: { filter: list.filter, except: [id(7)] }, ids: [] })
})
