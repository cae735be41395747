import { expect, test } from 'vitest'
import { menuLabels, ShellLanguage } from './language.ts'
import { menuTemplate } from './menu.ts'

const english = menuLabels(new ShellLanguage('/no/such/folder/language', 'en'), 'Propaganda')
const roles = (platform: NodeJS.Platform, devTools: boolean) => JSON.stringify(menuTemplate(platform, devTools, english))

test('each system has its usual menu', () => {
  expect(roles('darwin', false)).toContain('appMenu')
  expect(roles('win32', false)).toContain('"quit"')
  expect(roles('linux', false)).toContain('editMenu')
})

test('developer tools and reload are only for development', () => {
  expect(roles('linux', true)).toMatch(/toggleDevTools/)
  expect(roles('linux', false)).not.toMatch(/toggleDevTools|reload/i)
})
