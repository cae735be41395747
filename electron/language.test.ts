import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sentence } from '../core/messages/sentence.ts'
import { menuLabels, ShellLanguage } from './language.ts'
import { menuTemplate } from './menu.ts'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'language-'))
  path = join(folder, 'language')
})
afterEach(() => rmSync(folder, { recursive: true }))
const missed = sentence('reminder.missed')

test('the first language is that of the system, then that of the last window', () => {
  expect(new ShellLanguage(path, 'de-AT').textOf(missed)).toBe('Sie haben einen Anruf verpasst')
  expect(new ShellLanguage(path, 'fr').textOf(missed)).toBe('You missed a call')
  const first = new ShellLanguage(path, 'en-US')
  expect([first.use('de'), first.use('de'), first.textOf(missed)]).toEqual([true, false, 'Sie haben einen Anruf verpasst'])
  expect(new ShellLanguage(path, 'en-US').textOf(missed)).toBe('Sie haben einen Anruf verpasst')
})

test('a language that the shell does not have is ignored', () => {
  writeFileSync(path, 'constructor')
  const language = new ShellLanguage(path, '')
  for (const sent of ['constructor', 'fr', '', null, undefined, { de: 1 }]) expect(language.use(sent)).toBe(false)
  expect(language.textOf(missed)).toBe('You missed a call')
})

test('a sentence of another release stays in English', () => {
  const language = new ShellLanguage(path, 'de')
  expect(language.textOf({ message: 'News', text: { id: 'of-another-release', values: {} } })).toBe('News')
  expect(language.textOf({ message: 'News' })).toBe('News')
})

test.each(['darwin', 'linux', 'win32'] as const)('%s: every item of the menu is in the language of the window', (platform) => {
  const labels = (language: string): string[] => {
    const items = menuTemplate(platform, true, menuLabels(new ShellLanguage(path, language), 'Propaganda'))
    const nested = items.flatMap(({ submenu }) => (Array.isArray(submenu) ? submenu : []))
    return [...items, ...nested].flatMap(({ label, role, type }) =>
      type === 'separator' || role === 'appMenu' ? [] : [label ?? `no label: ${role}`],
    )
  }
  const [english, german] = [labels('en'), labels('de')]
  expect(english.length).toBeGreaterThan(15)
  expect(german).toHaveLength(english.length)
  for (const [index, label] of german.entries()) expect(label).not.toBe(english[index])
  expect(german).toContain('Rückgängig')
})
