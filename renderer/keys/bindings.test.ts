import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ACTION_IDS, actionOf, isFixed, type ActionId } from './actions.ts'
import {
  bindingsOf,
  holdersOf,
  patchedKeys,
  reset,
  shownKeys,
  swapped,
  withKey,
  type KeysPatch,
  type OwnKeys,
} from './bindings.ts'

const FREE = ACTION_IDS.filter((id) => !isFixed(id))
const anyAction = fc.constantFrom(...FREE)
const anyKey = fc.constantFrom('a', 'b', 'g', 'n', 'e', 'g d', 'g x', 'ctrl+k', 'alt+1', 'Delete')
const anyOwn = fc.dictionary(anyAction, fc.array(anyKey, { maxLength: 3 }), { maxKeys: 8 }) as fc.Arbitrary<OwnKeys>

test('without own keys every action has its default keys', () => {
  expect(bindingsOf({})).toEqual(Object.fromEntries(ACTION_IDS.map((id) => [id, actionOf(id).keys])))
})

test('no key belongs to two actions, whatever keys two devices have stored', () => {
  fc.assert(
    fc.property(anyOwn, (own) => {
      const bindings = bindingsOf(own)
      for (const id of ACTION_IDS)
        for (const key of bindings[id]) {
          expect(holdersOf(key, id, bindings), `${key} of ${id}`).toEqual([])
        }
    }),
  )
})

test('an own key is taken from the default keys of another action, and from an own key of a later one', () => {
  expect(bindingsOf({ 'app.lock': ['n'] })['call.new']).toEqual(['alt+n', 'ctrl+n'])
  const both = bindingsOf({ 'app.lock': ['b', 'x'], 'call.new': ['b'] })
  expect([both['call.new'], both['app.lock']]).toEqual([['b'], ['x']])
  expect(bindingsOf({ 'call.edit': ['Enter'] })['call.edit'], 'the list needs it').toEqual([])
  expect(bindingsOf({ 'of.another.release': ['n'] })['call.new']).toEqual(['n', 'alt+n', 'ctrl+n'])
})

test('after a swap the action has the key, and every other action keeps the keys that it had, except this one', () => {
  fc.assert(
    fc.property(anyOwn, anyAction, anyKey, fc.nat(3), (own, id, key, at) => {
      const bindings = bindingsOf(own)
      const holders = holdersOf(key, id, bindings)
      const old = bindings[id][at] ?? null
      const next = bindingsOf(patchedKeys(own, swapped(own, id, old, key)))
      expect(next[id]).toContain(key)
      for (const other of ACTION_IDS)
        if (other !== id && !holders.includes(other)) expect(next[other]).toEqual(expect.arrayContaining([...bindings[other]]))
      expect(holdersOf(key, id, next)).toEqual([])
    }),
  )
})

test('swapped keys change places; an added key, or the first key of several pairs, is only taken', () => {
  const after = (patch: KeysPatch) => bindingsOf(patchedKeys({}, patch))
  expect(after(swapped({}, 'call.edit', 'e', 'n'))).toMatchObject({ 'call.edit': ['n'], 'call.new': ['e', 'alt+n', 'ctrl+n'] })
  expect(after(swapped({}, 'call.edit', null, 'n'))).toMatchObject({ 'call.edit': ['e', 'n'], 'call.new': ['alt+n', 'ctrl+n'] })
  expect(after(swapped({}, 'call.edit', 'e', 'g'))).toMatchObject({ 'call.edit': ['g'], 'go.calls': [], 'go.dashboard': [] })
})

test('keys are changed, added, removed and reset one by one', () => {
  const after = (patch: KeysPatch, id: ActionId) => bindingsOf(patchedKeys({}, patch))[id]
  expect(after(withKey({}, 'edit.redo', 'ctrl+y', 'ctrl+u'), 'edit.redo')).toEqual(['ctrl+shift+z', 'ctrl+u'])
  expect(after(withKey({}, 'edit.redo', null, 'alt+y'), 'edit.redo')).toEqual(['ctrl+shift+z', 'ctrl+y', 'alt+y'])
  expect(after(withKey({}, 'edit.redo', 'ctrl+y', null), 'edit.redo')).toEqual(['ctrl+shift+z'])
  expect(withKey({}, 'call.edit', 'e', 'e'), 'the default is not stored').toEqual({ 'call.edit': null })
  const own = { 'call.edit': ['x'], 'call.new': ['e', 'b'] }
  expect(bindingsOf(patchedKeys(own, reset(own, 'call.edit')))).toMatchObject({ 'call.edit': ['e'], 'call.new': ['b'] })
})

test('a reset action has all its default keys', () => {
  fc.assert(
    fc.property(anyOwn, anyAction, (own, id) => {
      expect(bindingsOf(patchedKeys(own, reset(own, id)))[id]).toEqual(actionOf(id).keys)
    }),
  )
})

test('the window shows the keys that work in it', () => {
  expect(shownKeys(['n', 'alt+n', 'ctrl+n'], 'browser')).toEqual(['n', 'alt+n'])
  expect(shownKeys(['n', 'alt+n', 'ctrl+n'], 'desktop')).toEqual(['n', 'alt+n', 'ctrl+n'])
  expect(shownKeys(['alt+1', 'ctrl+1'], 'browser'), 'some browsers change tabs with Ctrl and a digit').toEqual(['alt+1'])
  expect(shownKeys(['ctrl+1'], 'browser')).toEqual(['ctrl+1'])
  expect(shownKeys(['ctrl+t'], 'browser')).toEqual([])
})
