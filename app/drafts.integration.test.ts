import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Api } from '../core/contract/contract.ts'
import { MAX_DRAFT_LENGTH } from '../core/model/draft.ts'
import { MAX_DRAFTS } from '../db/commands/drafts.ts'
import { TestApplication } from './testing/test-application.ts'

const app = new TestApplication()
let api: Api
beforeAll(async () => {
  api = (await app.workspace('window', 'Acme', 'ada@acme.test')).api
})
afterAll(() => app.dispose())

const put = (value: unknown, form = 'call') => api.drafts.put({ form, value: value as never })

function nested(levels: number, kind: 'array' | 'object'): unknown {
  let value: unknown = 'x'
  for (let level = 0; level < levels; level++) value = kind === 'array' ? [value] : { a: value }
  return value
}

test('a draft of any form is read back unchanged', async () => {
  const value = { notes: '漢字'.repeat(5_000), outcome: null, tags: ['a', { b: [1, true] }], empty: {} }
  await put(value)
  expect((await api.drafts.get({ form: 'call' }))?.value).toEqual(value)
  await put(nested(16, 'array'), 'nested')
  expect((await api.drafts.get({ form: 'nested' }))?.value).toEqual(nested(16, 'array'))
})

test.each([
  ['nested arrays', nested(17, 'array'), /nests at most 16 levels/],
  ['nested objects', nested(40, 'object'), /nests at most 16 levels/],
  ['deeper than any stack', nested(200_000, 'array'), /nests at most 16 levels/],
  ['wide', Array.from({ length: 500_000 }, () => 0), /at most 256 kB/],
  ['a long text', 'x'.repeat(MAX_DRAFT_LENGTH), /at most 256 kB/],
  ['no JSON', { at: Number.NaN }, /must be JSON/],
])('a draft that exceeds a limit is refused, and the previous draft is kept: %s', async (_name, value, message) => {
  await put('kept', 'other')
  const refused = put(value, 'other')
  await expect(refused).rejects.toMatchObject({ code: 'INVALID', data: { issues: [{ path: 'value' }] } })
  await expect(refused).rejects.toThrow(message)
  expect((await api.drafts.get({ form: 'other' }))?.value).toBe('kept')
})

test('drafts are listed by the beginning of their form, the newest first', async () => {
  for (const [form, value] of [
    ['aside:1', 'first'],
    ['aside:2', 'second'],
    ['aside', 'without the colon'],
    ['asides:3', 'another form'],
  ] as const) {
    app.offset += 1_000
    await put(value, form)
  }
  const listed = await api.drafts.list({ prefix: 'aside:' })
  expect(listed.map(({ form, value }) => [form, value])).toEqual([
    ['aside:2', 'second'],
    ['aside:1', 'first'],
  ])
  expect(listed[0]?.updatedAt).toBeGreaterThan(listed[1]?.updatedAt ?? Infinity)
})

test('a draft beyond the limit per person removes the oldest draft', async () => {
  for (let n = 0; n < MAX_DRAFTS + 3; n++) {
    app.offset += 1_000
    await put(n, `call:${n}`)
  }
  const kept = async (form: string) => (await api.drafts.get({ form }))?.value
  expect(await kept('call:2')).toBeUndefined()
  expect(await kept('call:3')).toBe(3)
  expect(await kept(`call:${MAX_DRAFTS + 2}`)).toBe(MAX_DRAFTS + 2)
  // Writing an old draft again makes it the newest.
  app.offset += 1_000
  await put('again', 'call:3')
  app.offset += 1_000
  await put('one more', 'call:more')
  expect(await kept('call:3')).toBe('again')
  expect(await kept('call:4')).toBeUndefined()
})
