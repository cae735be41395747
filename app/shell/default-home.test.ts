import { expect, test } from 'vitest'
import { defaultHome } from './default-home.ts'

const at = (platform: NodeJS.Platform, env: Record<string, string> = {}) => defaultHome({ platform, env, userHome: '/u/ada' })

test('PROPAGANDA_HOME takes precedence, unless it is empty', () => {
  expect(at('linux', { PROPAGANDA_HOME: '/srv/calls', XDG_DATA_HOME: '/data' })).toBe('/srv/calls')
  expect(at('linux', { PROPAGANDA_HOME: '' })).toBe('/u/ada/.local/share/propaganda-dashboard')
})

test('the default is the folder of the system for application data', () => {
  expect(at('darwin')).toBe('/u/ada/Library/Application Support/Propaganda Dashboard')
  expect(at('win32', { APPDATA: '/u/ada/Roaming' })).toBe('/u/ada/Roaming/Propaganda Dashboard')
  expect(at('linux', { XDG_DATA_HOME: '/data' })).toBe('/data/propaganda-dashboard')
})

test('a relative XDG_DATA_HOME is ignored', () => {
  expect(at('linux', { XDG_DATA_HOME: 'data' })).toBe('/u/ada/.local/share/propaganda-dashboard')
})
