import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Api } from '../core/contract/contract.ts'
import type { Id } from '../core/id.ts'
import { MOST_NOTE_TEMPLATES } from '../core/model/preferences.ts'
import { codeOf, TestApplication } from './testing/test-application.ts'

const app = new TestApplication()
let admin: Api
let agent: { api: Api; id: Id }
let viewer: { api: Api; id: Id }

const FIRST = '01999999-0000-7000-8000-00000000000a'
const SECOND = '01999999-0000-7000-8000-00000000000b'

beforeAll(async () => {
  admin = (await app.workspace('admin', 'Acme', 'ada@acme.test')).api
  agent = await app.member(admin, 'agent', 'ben@acme.test')
  viewer = await app.member(admin, 'viewer', 'vic@acme.test')
})
afterAll(() => app.dispose())

const lineCount = async (api: Api) => (await api.audit.list({ tableName: 'user_settings' })).rows.length

test('a person’s keys are their own, and a change leaves the other actions as they are', async () => {
  expect(await agent.api.preferences.get()).toEqual({ keys: {}, note_templates: [] })
  await agent.api.preferences.set({ keys: { 'call.new': ['b', 'alt+b'], 'app.lock': [] } })
  expect(await agent.api.preferences.set({ keys: { 'edit.undo': ['g z'] } })).toEqual({
    keys: { 'call.new': ['b', 'alt+b'], 'app.lock': [], 'edit.undo': ['g z'] },
    note_templates: [],
  })
  expect((await agent.api.preferences.set({ keys: { 'app.lock': null } })).keys).toEqual({
    'call.new': ['b', 'alt+b'],
    'edit.undo': ['g z'],
  })
  await viewer.api.preferences.set({ keys: { 'call.new': ['v'] } })
  expect((await agent.api.preferences.get()).keys['call.new']).toEqual(['b', 'alt+b'])
  expect((await viewer.api.preferences.get()).keys).toEqual({ 'call.new': ['v'] })
  expect((await admin.preferences.get()).keys).toEqual({})
})

test('templates are saved, changed and removed one by one, and are listed by name', async () => {
  const templates = {
    [FIRST]: { name: 'Voicemail', text: 'Left a message.\nTry again.' },
    [SECOND]: { name: 'budget', text: 'No' },
  }
  await agent.api.preferences.set({ note_templates: templates })
  await agent.api.preferences.set({ note_templates: { [SECOND]: { name: 'Budget', text: 'No budget' } } })
  expect((await agent.api.preferences.get()).note_templates).toEqual([
    { id: SECOND, name: 'Budget', text: 'No budget' },
    { id: FIRST, ...templates[FIRST] },
  ])
  expect((await agent.api.preferences.set({ note_templates: { [FIRST]: null } })).note_templates.map(({ id }) => id)).toEqual([
    SECOND,
  ])
  expect((await viewer.api.preferences.get()).note_templates).toEqual([])
})

test('a name that is taken and one template too many are refused, and nothing is saved', async () => {
  const before = await agent.api.preferences.get()
  const set = (templates: Record<string, { name: string; text: string }>) =>
    codeOf(agent.api.preferences.set({ keys: { 'call.new': ['x'] }, note_templates: templates }))
  expect(await set({ [FIRST]: { name: 'BUDGET', text: 'x' } })).toBe('CONFLICT')
  const ids = Array.from(
    { length: MOST_NOTE_TEMPLATES },
    (_, n) => `01999999-0000-7000-8000-1000000000${n.toString().padStart(2, '0')}`,
  )
  expect(await set(Object.fromEntries(ids.map((id, n) => [id, { name: `Template ${n}`, text: 'x' }])))).toBe('CONFLICT')
  for (const wrong of [
    { name: ' ', text: 'x' },
    { name: 'x', text: '' },
    { name: 'x', text: 'x'.repeat(10_001) },
  ])
    expect(await set({ [FIRST]: wrong })).not.toBe('ok')
  expect(await agent.api.preferences.get()).toEqual(before)
  // The longest text fits into a row, whatever its characters are.
  expect(await set({ [FIRST]: { name: 'Long', text: `x${'\u0001'.repeat(9_998)}x` } })).toBe('ok')
})

test.each([
  [{ 'Call.new': ['x'] }],
  [{ 'call.new': ['a b c'] }],
  [{ 'call.new': [''] }],
  [{ 'call.new': ['a', 'b', 'c', 'd', 'e'] }],
  [{ ['x'.repeat(57)]: ['a'] }],
])('keys without a valid form are refused: %j', async (keys) => {
  expect(await codeOf(agent.api.preferences.set({ keys }))).not.toBe('ok')
})

test('each change has a line in the person’s own trail; what has the value already, or never existed, has none', async () => {
  const before = await lineCount(agent.api)
  await agent.api.preferences.set({ keys: { 'calls.open': ['o'] } })
  await agent.api.preferences.set({ keys: { 'calls.open': ['o'], 'calls.never': null } })
  await agent.api.preferences.set({ keys: { 'calls.open': null } })
  expect((await lineCount(agent.api)) - before).toBe(2)
  const record = `${agent.id}:key:calls.open`
  const lines = async (api: Api) => (await api.audit.list({ tableName: 'user_settings', recordId: record })).rows
  expect((await lines(agent.api)).map(({ newValues }) => newValues?.['value'])).toEqual(['null', '["o"]'])
  expect(await lines(admin)).toEqual([])
})
