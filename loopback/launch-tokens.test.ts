import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { SteadyClock } from '../core/steady-clock.ts'
import { LaunchTokens } from './launch-tokens.ts'

const tokens = (clock = () => 0) => new LaunchTokens(new SteadyClock(clock, () => 0), (length) => randomBytes(length), 1_000)

test('a token of 32 random bytes is accepted once', () => {
  const all = tokens()
  const [one, two] = [all.issue(), all.issue()]
  expect(Buffer.from(one, 'base64url')).toHaveLength(32)
  expect(one).not.toBe(two)
  expect(all.redeem(one)).toEqual({ kind: 'accepted', cookie: undefined })
  expect(all.redeem(one)).toEqual({ kind: 'used' })
  expect(all.redeem(two)).toMatchObject({ kind: 'accepted' })
})

test('a token expires after exactly its lifetime, and setting the clock back does not make it valid again', () => {
  let now = 0
  const all = tokens(() => now)
  const [early, late] = [all.issue('cookie'), all.issue()]
  now = 999
  expect(all.redeem(early)).toEqual({ kind: 'accepted', cookie: 'cookie' })
  now = 1_000
  expect(all.redeem(late)).toEqual({ kind: 'expired' })
  now = 0
  expect(all.redeem(late)).toEqual({ kind: 'expired' })
})

test('neither a part of a token nor a longer text is accepted', () => {
  const all = tokens()
  const token = all.issue()
  for (const odd of ['', token.slice(1), token.slice(0, -1), `${token}A`, token.toLowerCase().toUpperCase()])
    expect(all.redeem(odd)).toEqual({ kind: 'unknown' })
})

test('the number of remembered tokens is bounded', () => {
  const all = tokens()
  const first = all.issue()
  all.redeem(first)
  for (let n = 0; n < 100; n++) all.issue()
  expect(all.redeem(first)).toEqual({ kind: 'unknown' })
})
