import { expect, test } from 'vitest'
import { TREE } from '../tree.ts'
import { closingCrossings, crossings } from './folder-cycles.ts'

test('no folders of the product import each other in a cycle', () => {
  const all = crossings(TREE)
  expect(all.length).toBeGreaterThan(1_000)
  expect(closingCrossings(all)).toEqual([])
})

test('finds a cycle of three folders with the imports that close it, and no folder outside it', () => {
  const circle = [
    { from: 'a/one.ts', to: 'b/two.ts' },
    { from: 'b/two.ts', to: 'c/deep/three.ts' },
    { from: 'c/deep/three.ts', to: 'a/four.ts' },
  ]
  expect(closingCrossings([...circle, { from: 'd/five.ts', to: 'a/one.ts' }, { from: 'a/one.ts', to: 'e/six.ts' }])).toEqual(
    circle,
  )
  expect(closingCrossings(circle.slice(1))).toEqual([])
})
