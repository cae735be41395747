import { expect, test } from 'vitest'
import { actionSettingKey, readPreference, templateSettingKey } from './preferences.ts'
import { isUserSettingKey } from './user-settings.ts'

const ID = '01999999-0000-7000-8000-00000000000a'

test('an action and a template have keys of settings, and are read back', () => {
  for (const key of [actionSettingKey('call.new'), templateSettingKey(ID)]) expect(isUserSettingKey(key)).toBe(true)
  expect(readPreference(actionSettingKey('call.new'), '["n","alt+n"]')).toEqual({
    kind: 'keys',
    action: 'call.new',
    keys: ['n', 'alt+n'],
  })
  expect(readPreference(templateSettingKey(ID), '{"name":"A","text":"B","colour":"red"}')).toEqual({
    kind: 'template',
    id: ID,
    stored: { name: 'A', text: 'B', colour: 'red' },
  })
})

test.each([
  ['key:call.new', 'null'],
  ['key:call.new', '{'],
  ['key:call.new', '"n"'],
  ['key:call.new', '["a b c"]'],
  [`note_template:${ID}`, 'null'],
  [`note_template:${ID}`, '{"name":"A"}'],
  ['note_template:first', '{"name":"A","text":"B"}'],
  [`view:${ID}`, '{"name":"A","text":"B"}'],
  ['report.default_view', '["n"]'],
])('a removed, unreadable or other setting is no preference: %s %s', (key, json) => {
  expect(readPreference(key, json)).toBeUndefined()
})
