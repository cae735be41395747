import { expect, test } from 'vitest'
import { preferencesPatchSchema } from '../../core/model/preferences.ts'
import { OUTCOME_LABELS, STATUS_LABELS } from '../../core/model/call-labels.ts'
import { ACTION_IDS, ACTIONS, actionOf, isFixed, keyActionLabel, scopeOf, type ActionId } from './actions.ts'
import { bindingsOf, holdersOf } from './bindings.ts'
import { takenBy, whyNotUsable } from './taken-keys.ts'

/** Returns what is wrong with the default keys of an action. */
function faults(id: ActionId): string[] {
  const { keys, group } = actionOf(id)
  const defaults = Object.fromEntries(ACTION_IDS.map((each) => [each, actionOf(each).keys])) as Record<
    ActionId,
    readonly string[]
  >
  const clashes = keys.flatMap((key) => {
    return holdersOf(key, id, defaults).map((other) => `${key} is also a key of ${other}`)
  })
  const taken = keys.flatMap((key) => (takenBy(key, 'desktop') === undefined ? [] : [`the system takes ${key}`]))
  const inBrowser = keys.filter((key) => takenBy(key, 'browser') === undefined)
  const dead = keys.length > 0 && inBrowser.length === 0 ? ['it has no key in a browser'] : []
  const unusable = isFixed(id) ? [] : inBrowser.flatMap((key) => whyNotUsable(key, group, 'desktop') ?? [])
  return [...clashes, ...taken, ...dead, ...unusable]
}

test.each(ACTION_IDS)('the default keys of %s work in every window and belong to no other action of their scope', (id) => {
  expect(faults(id)).toEqual([])
})

test('an equal key in another scope is found if both can be pressed in the same place', () => {
  const bindings = { ...bindingsOf({}), 'call.edit': ['n'], 'form.won': ['alt+n'] }
  expect(holdersOf('n', 'call.new', bindings)).toEqual(['call.edit'])
  expect(holdersOf('alt+n', 'call.new', bindings)).toEqual(['form.won'])
  expect(holdersOf('g', 'call.edit', bindings), 'the first key of a pair').toHaveLength(8)
  expect(holdersOf('n d', 'go.dashboard', bindings)).toEqual(['call.new', 'call.edit'])
  expect(holdersOf('x', 'call.edit', bindings)).toEqual([])
})

test('keys that open and close tabs work in the application’s own window only', () => {
  for (const key of ['ctrl+t', 'ctrl+w', 'ctrl+n', 'ctrl+shift+t', 'ctrl+shift+n', 'ctrl+Tab']) {
    expect([takenBy(key, 'browser'), takenBy(key, 'desktop')], key).toEqual(['browser', undefined])
    expect(whyNotUsable(key, 'everywhere', 'browser')).toContain('The browser uses')
  }
  for (const key of ['alt+F4', 'ctrl+alt+Delete', 'alt+ ']) expect(takenBy(key, 'desktop')).toBe('system')
})

test.each([
  ['Enter', 'everywhere', 'is used to move in the window'],
  ['shift+ArrowUp', 'everywhere', 'is used to move in the window'],
  ['g ArrowUp', 'everywhere', 'is used to move in the window'],
  [' ', 'list', 'is used to move in the window'],
  ['ctrl+c', 'everywhere', 'is used to edit text'],
  ['alt+ArrowLeft', 'everywhere', 'is used to edit text'],
  ['s', 'form', 'types text in the form'],
  ['g s', 'form', 'types text in the form'],
  ['g e', 'list', 'need a single key'],
] as const)('%s cannot be a key in %s: it %s', (key, group, why) => {
  expect(whyNotUsable(key, group, 'desktop')).toContain(why)
})

test.each([
  ['s', 'everywhere'],
  ['g x', 'sections'],
  ['ctrl+shift+s', 'form'],
  ['F2', 'form'],
  ['ctrl+ö', 'form'],
  ['ctrl++', 'everywhere'],
  ['ы', 'list'],
  ['Delete', 'list'],
] as const)('%s can be a key in %s', (key, group) => {
  expect(whyNotUsable(key, group, 'browser')).toBeUndefined()
})

test('every action and its keys can be stored', () => {
  const keys = Object.fromEntries(ACTION_IDS.map((id) => [id, [...actionOf(id).keys].filter((key) => !key.startsWith(' '))]))
  expect(preferencesPatchSchema.safeParse({ keys }).error).toBeUndefined()
})

test('actions of one group have different names', () => {
  const names = ACTION_IDS.map((id) => `${actionOf(id).group} ${keyActionLabel(id)}`)
  expect(new Set(names).size).toBe(names.length)
  expect(ACTION_IDS.filter((id) => scopeOf(id) === 'figures').every(isFixed)).toBe(true)
  expect(Object.keys(ACTIONS)).toEqual(ACTION_IDS)
})

test('the ways in which a call ends have the names that they have in lists and exports', () => {
  for (const [id, name] of [
    ['form.won', OUTCOME_LABELS.won],
    ['form.lost', OUTCOME_LABELS.lost],
    ['form.undecided', OUTCOME_LABELS.undecided],
    ['form.no_show', STATUS_LABELS.no_show],
    ['form.rescheduled', STATUS_LABELS.rescheduled],
    ['form.cancelled', STATUS_LABELS.cancelled],
  ] as const)
    expect(keyActionLabel(id)).toBe(name)
})
