import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findChromium, hasDisplay } from './chromium.ts'

const machine = (platform: NodeJS.Platform, present: string[], env: Record<string, string> = {}) => ({
  platform,
  env,
  isExecutable: (path: string) => present.includes(path),
})

test('CHROMIUM_PATH has priority, and a wrong path in it is not replaced by another browser', () => {
  const present = ['/opt/my/chrome', '/usr/bin/chromium']
  expect(findChromium(machine('linux', present, { CHROMIUM_PATH: '/opt/my/chrome' }))).toBe('/opt/my/chrome')
  expect(findChromium(machine('linux', present, { CHROMIUM_PATH: '/gone' }))).toBeUndefined()
  expect(findChromium(machine('linux', present, { CHROMIUM_PATH: '' }))).toBe('/usr/bin/chromium')
})

test('browsers are found in the usual places of each system', () => {
  expect(findChromium(machine('linux', [join('/home/a/bin', 'google-chrome')], { PATH: '/home/a/bin' }))).toBe(
    '/home/a/bin/google-chrome',
  )
  const mac = '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge'
  expect(findChromium(machine('darwin', [mac]))).toBe(mac)
  const edge = 'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe'
  expect(findChromium(machine('win32', [edge], { 'PROGRAMFILES(X86)': 'C:\\Program Files (x86)' }))).toBe(edge)
  expect(findChromium(machine('linux', []))).toBeUndefined()
})

test('only on Linux a window needs a display', () => {
  expect(hasDisplay('darwin', {})).toBe(true)
  expect(hasDisplay('linux', {})).toBe(false)
  expect(hasDisplay('linux', { DISPLAY: '' })).toBe(false)
  expect(hasDisplay('linux', { DISPLAY: ':0' })).toBe(true)
  expect(hasDisplay('linux', { WAYLAND_DISPLAY: 'wayland-0' })).toBe(true)
})
