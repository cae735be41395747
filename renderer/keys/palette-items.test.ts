import { expect, test } from 'vitest'
import type { ActionId } from './actions.ts'
import { actionGroups, foundGroups, used } from './palette-items.ts'

const nothing = () => {}
const handlers = Object.fromEntries(
  (['call.new', 'app.palette', 'app.lock', 'panel.close', 'go.calls', 'go.settings', 'form.won', 'list.reset'] as ActionId[]).map(
    (id) => [id, nothing],
  ),
)
const groups = actionGroups(handlers, (id) => (id === 'app.lock' ? 'until the password is entered' : undefined))
const ids = (typed: string, recent: readonly string[] = []) =>
  foundGroups(groups, typed, recent).map(({ label, items }) => [label, items.map(({ id }) => id)])

test('possible actions are listed, those of the screen first; the palette and fixed keys are left out', () => {
  expect(ids('')).toEqual([
    ['On this screen', ['list.reset', 'form.won']],
    ['Everywhere', ['call.new', 'app.lock']],
    ['Sections', ['go.calls', 'go.settings']],
  ])
  expect(
    foundGroups(
      actionGroups({}, () => undefined),
      '',
      [],
    ),
  ).toEqual([])
})

test('words are found by their beginnings, without case and accents, also in the description', () => {
  expect(ids('CALL n')).toEqual([['Everywhere', ['call.new']]])
  expect(ids('pàss lock')).toEqual([['Everywhere', ['app.lock']]])
  expect(ids('all')).toEqual([])
})

test('the line whose name is typed is the first, also before recently used ones', () => {
  const all = actionGroups({ 'call.delete': nothing, 'call.new': nothing, 'go.calls': nothing }, () => undefined)
  const first = (typed: string) => foundGroups(all, typed, ['call.delete'])[0]?.items[0]?.id
  expect(first('calls')).toBe('go.calls')
  expect(first('Call')).toBe('go.calls')
  expect(first('new')).toBe('call.new')
  expect(first('the call')).toBe('call.delete')
})

test('recently used lines come first, and are not listed twice', () => {
  const recent = ['go.settings', 'app.lock', 'of.another.release']
  expect(ids('', recent)).toEqual([
    ['Recently used', ['go.settings', 'app.lock']],
    ['On this screen', ['list.reset', 'form.won']],
    ['Everywhere', ['call.new']],
    ['Sections', ['go.calls']],
  ])
  expect(ids('c', ['form.won', 'go.calls'])).toEqual([
    ['Sections', ['go.calls']],
    ['Everywhere', ['call.new']],
  ])
  expect(used(['a', 'b', 'c'], 'b')).toEqual(['b', 'a', 'c'])
  expect(
    used(
      Array.from({ length: 20 }, (_, n) => `${n}`),
      'new',
    ),
  ).toHaveLength(20)
})
