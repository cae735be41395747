import { expect, test } from 'vitest'
import type { Id } from '../../core/id.ts'
import { Names } from './resolve-names.ts'

const CLIENT = '00000000-0000-7000-8000-00000000000c' as Id
const HELD = '00000000-0000-7000-8000-000000000001' as Id
const agents = (name: string) =>
  new Names(
    { kind: 'user', maxLength: 200, whyNot: null },
    CLIENT,
    [{ id: HELD, name, isActive: true }],
    () => [],
    (id) => id,
  )

test.each([
  ['Çiğdem Işık', 'ÇİĞDEM IŞIK'],
  ['ÇİĞDEM IŞIK', 'Çiğdem Işık'],
  ['Γιώργος', 'ΓΙΩΡΓΟΣ'],
  ['Ben Berg', 'Ben\u200b Berg'],
  ['Ben Berg', '\ufeffBen\u00a0Berg\u200e'],
  ['Ben\u00ad Berg', 'ben berg'],
])('the agent %j is found by the name %j in a file', (held, inFile) => {
  expect(agents(held).resolve(inFile)).toEqual({ id: HELD, create: null })
})

test('a file that spells a new agent in several ways creates one agent', () => {
  const names = agents('Someone else')
  const found = ['Ben', 'Ben\u200b', '\u2060BEN'].map((name) => names.resolve(name))
  for (const each of found) if ('create' in each) names.require(each)
  expect(names.created).toHaveLength(1)
})

test('a name without a visible character is refused', () => {
  expect(agents('Ben').resolve('\u200b\u00ad')).toMatchObject({ refusal: { message: 'The agent has no visible character' } })
})
