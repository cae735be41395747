import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isRpcMessage, MAX_JSON_BYTES } from './rpc-message.ts'

/** Returns a message as the RPC client encodes it: JSON, then the form with the file. */
async function upload(
  made: FormData,
  change: (body: Buffer, type: string) => readonly [Buffer, string] = (body, type) => [body, type],
) {
  const response = new Response(made)
  const [body, type] = change(Buffer.from(await response.arrayBuffer()), response.headers.get('content-type') ?? '')
  const json = JSON.stringify({ i: '1', p: { u: '/imports/inspect', h: { 'content-type': type } } })
  return Buffer.concat([Buffer.from(json), Buffer.from([0xff]), body])
}

function form(data: string, ...files: File[]): FormData {
  const made = new FormData()
  made.set('data', data)
  for (const [index, file] of files.entries()) made.set(String(index), file)
  return made
}

const csv = new File(['Call Id,Agent\r\n1,"--Ben"\n'], 'Anrufe "März".csv', { type: 'text/csv' })
const data = '{"json":{},"meta":[],"maps":[["file"]]}'

test('requests and aborts are accepted, as text or before a form with a file', async () => {
  expect(isRpcMessage('{"i":"1","p":{"u":"/session/get"}}')).toBe(true)
  expect(isRpcMessage('{"i":"1","p":{"u":"/session/get","m":"POST","h":{"a":"b"},"b":{"json":{}}}}')).toBe(true)
  expect(isRpcMessage('{"i":"1","t":4}')).toBe(true)
  expect(isRpcMessage(await upload(form(data, csv)))).toBe(true)
  expect(isRpcMessage(await upload(form(data, csv, new File([], 'empty'))))).toBe(true)
  const large = new File([new Uint8Array(2 * MAX_JSON_BYTES).fill(0x5b)], 'brackets.csv')
  expect(isRpcMessage(await upload(form(data, large))), 'a file may be larger than JSON').toBe(true)
})

test('the form of a browser is accepted', () => {
  const body = [
    '------WebKitFormBoundary7MA4YWxkTrZu0gW',
    'Content-Disposition: form-data; name="data"',
    '',
    data,
    '------WebKitFormBoundary7MA4YWxkTrZu0gW',
    'Content-Disposition: form-data; name="0"; filename="calls.csv"',
    'Content-Type: text/csv',
    '',
    'a,b',
    '------WebKitFormBoundary7MA4YWxkTrZu0gW--',
    '',
  ].join('\r\n')
  const type = 'multipart/form-data; boundary=----WebKitFormBoundary7MA4YWxkTrZu0gW'
  const json = JSON.stringify({ i: '1', p: { u: '/imports/inspect', h: { 'content-type': type } } })
  const message = (text: string) => Buffer.concat([Buffer.from(json), Buffer.from([0xff]), Buffer.from(text)])
  expect(isRpcMessage(message(body))).toBe(true)
  // A message that is cut off anywhere is refused.
  for (let length = 0; length < body.length - 2; length += 7)
    expect(isRpcMessage(message(body.slice(0, length))), `${length}`).toBe(false)
  expect(isRpcMessage(message(body.replace('; name="data"', '; name="other"'))), 'another part is first').toBe(false)
  expect(isRpcMessage(message(body.replace(data, 'no JSON')))).toBe(false)
  expect(isRpcMessage(message(body.replace('filename="calls.csv"\r\nContent-Type: text/csv', 'x'))), 'an unknown header').toBe(
    false,
  )
})

test.each([
  ['100 MB of brackets', '['.repeat(100 * 1024 * 1024)],
  ['nested arrays within the size', `{"i":"1","p":{"u":"/drafts/put","b":{"json":${'['.repeat(33)}${']'.repeat(33)}}}}`],
  ['nested objects within the size', `{"i":"1","p":{"u":"/drafts/put","b":{"json":${'{"a":'.repeat(40)}1${'}'.repeat(40)}}}}`],
  ['a megabyte of brackets', `{"i":"1","p":{"u":"/drafts/put","b":${'['.repeat(1024 * 1024)}`],
  ['a long text', JSON.stringify({ i: '1', p: { u: '/drafts/put', b: { json: 'x'.repeat(MAX_JSON_BYTES) } } })],
  ['JSON in the address', '{"i":"1","p":{"u":"/session/get?data=%5B%5B%5B","m":"GET"}}'],
  ['an event of a stream', '{"i":"1","t":3,"p":{"e":"message","d":1}}'],
  ['a stream as input', '{"i":"1","p":{"u":"/session/get","h":{"content-type":"text/event-stream"}}}'],
  ['a form without a body', '{"i":"1","p":{"u":"/imports/inspect","h":{"content-type":"multipart/form-data; boundary=x"}}}'],
  ['a form in the address', '{"i":"1","p":{"u":"/x","b":"a=b","h":{"content-type":"application/x-www-form-urlencoded"}}}'],
  ['a bare file', '{"i":"1","p":{"u":"/x","h":{"content-disposition":"attachment; filename=\\"a\\""}}}'],
  ['a header that is not text', '{"i":"1","p":{"u":"/x","h":{"content-type":5}}}'],
])('%s is refused', (_name, text) => {
  expect(isRpcMessage(text)).toBe(false)
  expect(isRpcMessage(Buffer.from(text))).toBe(false)
  expect(isRpcMessage(Buffer.concat([Buffer.from(text), Buffer.from([0xff]), Buffer.from('file')]))).toBe(false)
})

test.each([
  ['brackets in the form’s data', form('['.repeat(1024 * 1024), csv)],
  ['nested data', form(`{"json":${'['.repeat(40)}${']'.repeat(40)}}`, csv)],
  ['a long text in the form’s data', form(JSON.stringify({ json: 'x'.repeat(MAX_JSON_BYTES) }), csv)],
  ['a form with many parts', form(data, ...Array.from({ length: 20 }, () => csv))],
])('%s is refused', async (_name, made) => {
  expect(isRpcMessage(await upload(made))).toBe(false)
})

test('a form whose type does not match its body is refused', async () => {
  const types = [
    'multipart/form-data',
    'multipart/form-data; boundary=x',
    'multipart/form-data; boundary=x; boundary=y',
    'text/plain',
  ]
  for (const type of types) expect(isRpcMessage(await upload(form(data, csv), (body) => [body, type])), type).toBe(false)
  const noise = await upload(form(data, csv), (body, type) => [Buffer.concat([Buffer.from('\r\n'), body]), type])
  expect(isRpcMessage(noise)).toBe(false)
})

test('values that are neither text nor bytes are refused', () => {
  for (const value of [undefined, null, 1, {}, [], { i: '1', p: { u: '/session/get' } }, new Map()])
    expect(isRpcMessage(value)).toBe(false)
})

test('any other text or bytes are refused without an exception', () => {
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
        expect([1, 4]).toContain(t)
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

test('every changed form that is accepted can be parsed by the RPC handler', async () => {
  const whole = await upload(form(data, csv))
  const start = whole.indexOf(0xff) + 1
  await fc.assert(
    fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(255), async (at, byte) => {
      const changed = Buffer.from(whole)
      changed[at] = byte
      if (!isRpcMessage(changed) || at < start) return
      const type =
        (JSON.parse(changed.toString('utf8', 0, start - 1)) as { p: { h: Record<string, string> } }).p.h['content-type'] ?? ''
      const parsed = await new Response(new Uint8Array(changed.subarray(start)), { headers: { 'content-type': type } }).formData()
      expect(typeof parsed.get('data')).toBe('string')
    }),
    { numRuns: 500 },
  )
})
