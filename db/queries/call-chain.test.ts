import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { must } from '../../core/assert.ts'
import type { CallId } from '../../core/id.ts'
import type { Call } from '../../core/model/call.ts'
import { deleteCall, insertCall } from '../commands/calls.ts'
import { TestWorkspace } from '../testing/test-workspace.ts'
import { callChain, MOST_OF_CHAIN } from './call-chain.ts'
import { getCall } from './calls.ts'

let workspace: TestWorkspace
beforeEach(() => {
  workspace = new TestWorkspace()
})
afterEach(() => workspace.dispose())

const everything = () => true

function callAfter(followsCallId: CallId | null, over: Partial<Call> = {}): Call {
  return workspace.write(() => insertCall(workspace.db, { ...workspace.newCall(), ...over, followsCallId }))
}

function idsOfChain(id: CallId, isVisible: (call: Call) => boolean = everything): CallId[] {
  const { db, clientId } = workspace
  return callChain(db, must(getCall(db, clientId, id), 'The call exists'), isVisible).map((call) => call.id)
}

test('a chain is the same from each of its calls, in order', () => {
  const first = callAfter(null)
  const second = callAfter(first.id)
  const third = callAfter(second.id)
  callAfter(null)
  for (const { id } of [first, second, third]) expect(idsOfChain(id)).toEqual([first.id, second.id, third.id])
})

test('two calls may continue the same one', () => {
  const first = callAfter(null)
  const [one, other] = [callAfter(first.id), callAfter(first.id)]
  const last = callAfter(one.id)
  expect(idsOfChain(last.id)).toEqual([first.id, one.id, other.id, last.id])
})

test('deleting a call of a chain keeps the others, and ends the chain there', () => {
  const first = callAfter(null)
  const second = callAfter(first.id)
  const third = callAfter(second.id)
  workspace.write(() => deleteCall(workspace.db, second.id))
  expect(idsOfChain(first.id)).toEqual([first.id])
  expect(idsOfChain(third.id)).toEqual([third.id])
  expect(getCall(workspace.db, workspace.clientId, third.id)?.followsCallId).toBe(second.id)
})

test('calls that are not visible are not listed, nor are the calls behind them', () => {
  const own = callAfter(null)
  const theirs = callAfter(own.id, { userId: workspace.adminId })
  const behind = callAfter(theirs.id)
  const isOwn = ({ userId }: Call) => userId === workspace.agentId
  expect(idsOfChain(own.id, isOwn)).toEqual([own.id])
  expect(idsOfChain(behind.id, isOwn)).toEqual([behind.id])
})

test('[S14] the link of a call whose predecessor is not on the device is only an id', () => {
  const elsewhere = workspace.newId()
  const call = callAfter(elsewhere)
  expect(call.followsCallId).toBe(elsewhere)
  expect(idsOfChain(call.id)).toEqual([call.id])
})

test('a cycle ends, and lists each of its calls once', () => {
  const ids = Array.from({ length: 5 }, () => workspace.newId())
  for (const [at, id] of ids.entries()) {
    const followsCallId = must(ids[(at + 1) % ids.length], 'The next of the cycle')
    workspace.write(() => insertCall(workspace.db, { ...workspace.newCall(), id, followsCallId }))
  }
  for (const id of ids) expect(idsOfChain(id).toSorted()).toEqual(ids.toSorted())
  const self = workspace.newId()
  workspace.write(() => insertCall(workspace.db, { ...workspace.newCall(), id: self, followsCallId: self }))
  expect(idsOfChain(self)).toEqual([self])
})

test('a chain has at most 200 calls, and contains the one that was asked for', () => {
  const ids = Array.from({ length: MOST_OF_CHAIN + 60 }, () => workspace.newId())
  workspace.write(() => {
    for (const [at, id] of ids.entries())
      insertCall(workspace.db, { ...workspace.newCall(), id, followsCallId: ids[at - 1] ?? null })
  })
  for (const at of [0, 130, ids.length - 1]) {
    const id = must(ids[at], 'A call of the chain')
    const chain = idsOfChain(id)
    expect(chain.length).toBeLessThanOrEqual(MOST_OF_CHAIN)
    expect(chain).toContain(id)
  }
})

test('any links: each call is listed once, after the call that it continues', () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.nat(14)), { minLength: 1, maxLength: 15 }), fc.nat(14), (links, from) => {
      const ids = links.map(() => workspace.newId())
      const followed = links.map((to) => (to === null ? null : (ids[to] ?? workspace.newId())))
      workspace.write(() => {
        for (const [at, id] of ids.entries())
          insertCall(workspace.db, { ...workspace.newCall(), id, followsCallId: followed[at] ?? null })
      })
      const chain = idsOfChain(must(ids[from % ids.length], 'A call'))
      expect(new Set(chain).size).toBe(chain.length)
      for (const [place, id] of chain.entries()) {
        const before = followed[ids.indexOf(id)] ?? null
        if (place > 0) expect(chain.slice(0, place)).toContain(before)
      }
    }),
    { numRuns: 60 },
  )
})
