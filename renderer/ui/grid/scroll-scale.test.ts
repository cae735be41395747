import fc from 'fast-check'
import { expect, test } from 'vitest'
import { clampOffset, offsetShowing, ROW_HEIGHT, rowsInView, scrollScale } from './scroll-scale.ts'

const rows = fc.integer({ min: 0, max: 20_000_000 })
const viewHeight = fc.integer({ min: ROW_HEIGHT, max: 4_000 })

test('no element is taller than browsers can draw, and a list of half a million rows is not scaled', () => {
  expect(scrollScale(500_000, 800)).toMatchObject({ height: 16_000_000, ratio: 1 })
  expect(scrollScale(1_000_000, 800).height).toBe(16_000_000)
  expect(scrollScale(1_000_000, 800).ratio).toBeGreaterThan(2)
})

test('the end of the scroll bar is the end of the list', () => {
  fc.assert(
    fc.property(rows, viewHeight, (count, view) => {
      const scale = scrollScale(count, view)
      const lowest = Math.max(0, scale.height - view)
      expect(clampOffset(lowest * scale.ratio, scale)).toBeCloseTo(scale.lastOffset, 3)
      expect(rowsInView(scale.lastOffset, view, count, 0).last).toBe(count - 1)
    }),
  )
})

test('a row is scrolled completely into view, and the list moves no further than needed', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 20_000_000 }),
      viewHeight,
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (count, view, where, from) => {
        const index = Math.floor(where * (count - 1))
        const scale = scrollScale(count, view)
        const offset = Math.floor(from * scale.lastOffset)
        const shown = clampOffset(offsetShowing(index, offset, view), scale)
        expect(shown).toBeLessThanOrEqual(index * ROW_HEIGHT)
        expect(shown + view).toBeGreaterThanOrEqual(Math.min((index + 1) * ROW_HEIGHT, count * ROW_HEIGHT))
        if (index * ROW_HEIGHT >= offset && (index + 1) * ROW_HEIGHT <= offset + view) expect(shown).toBe(offset)
      },
    ),
  )
})

test('an empty list has no rows in view', () => {
  const { first, last } = rowsInView(0, 800, 0, 8)
  expect(last).toBeLessThan(first)
})
