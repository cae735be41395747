import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isRpcMessage } from './rpc-message.ts'

test('requests, stream events and aborts are messages, as text or before a file’s bytes', () => {
  expect(isRpcMessage('{"i":"1","p":{"u":"/session/get"}}')).toBe(true)
  expect(isRpcMessage('{"i":"1","p":{"u":"/session/get","m":"GET","h":{"a":"b"}}}')).toBe(true)
  expect(isRpcMessage('{"i":"1","t":3,"p":{"e":"done"}}')).toBe(true)
  expect(isRpcMessage('{"i":"1","t":4}')).toBe(true)
  expect(isRpcMessage(Buffer.from('{"i":"1","p":{"u":"/imports/inspect"}}\xff\x00\xff', 'latin1'))).toBe(true)
})

test('values that a port can carry beside text and bytes are none', () => {
  for (const value of [undefined, null, 1, {}, [], { i: '1', p: { u: '/session/get' } }, new Map()])
    expect(isRpcMessage(value)).toBe(false)
})

test('whatever else is said is no message, and never throws', () => {
  const almost = fc.record(
    {
      i: fc.oneof(fc.constant('1'), fc.jsonValue()),
      t: fc.oneof(fc.constantFrom(1, 2, 3, 4), fc.jsonValue()),
      p: fc.oneof(
        fc.record({ u: fc.oneof(fc.webPath(), fc.jsonValue()), h: fc.jsonValue(), m: fc.jsonValue() }, { requiredKeys: [] }),
        fc.jsonValue(),
      ),
    },
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json(),
        almost.map((value) => JSON.stringify(value)),
      ),
      (text) => {
        const verdict = isRpcMessage(text)
        if (!verdict) return
        const { i, t = 1, p } = JSON.parse(text) as { i: unknown; t?: unknown; p?: { u?: unknown } }
        expect(typeof i).toBe('string')
        if (t === 1) expect(String(p?.u)).toMatch(/^\//)
      },
    ),
    { numRuns: 500 },
  )
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(isRpcMessage(Buffer.from(bytes))).toBe(false)
    }),
  )
})
