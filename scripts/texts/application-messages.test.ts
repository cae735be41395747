import { setupI18n, type Messages } from '@lingui/core'
import { compileMessage } from '@lingui/message-utils/compileMessage'
import fc from 'fast-check'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { MESSAGES, sentenceOf } from '../../core/messages/sentence.ts'
import { sentenceIn, type Language, type Text } from '../../core/messages/text.ts'
import { ruleSentence } from '../../core/plain-errors.ts'
import { TREE } from '../tree.ts'
import { windowTexts } from './window-texts.ts'

/** The names of the values of a message, and whether each is a number. */
function valuesOf(message: string): Map<string, boolean> {
  const flat = message.replaceAll(/, plural, one \{[^{}]*\} other \{[^{}]*\}\}/g, ', plural}')
  const found = [...flat.matchAll(/\{(\w+)(?:, (number|plural))?\}/g)]
  return new Map(found.map(([, name = '', type]) => [name, type !== undefined]))
}

let german: Language
const english = languageOf('en', Object.fromEntries(MESSAGES.map(({ id, message }) => [id, compileMessage(message)])))

function languageOf(locale: string, messages: Messages): Language {
  return setupI18n({ locale, messages: { [locale]: messages } })
}

beforeAll(async () => {
  const [, application] = await windowTexts()
  const catalogue = (await application.read('de')) ?? {}
  const translations = Object.entries(catalogue).map(([id, { translation }]) => [id, compileMessage(translation ?? '')] as const)
  german = languageOf('de', Object.fromEntries(translations))
})

/** Any values: names with braces and signs of ICU, and numbers of every plural form. */
function anyText({ id, message }: (typeof MESSAGES)[number]): fc.Arbitrary<Text> {
  const word = fc.oneof(fc.constantFrom('{name}', '{', "it's", '#', '$&', '“Jo”', '<0>'), fc.string())
  const entries = [...valuesOf(message)].map(
    ([name, isNumber]) => [name, isNumber ? fc.oneof(fc.constantFrom(0, 1, 2, 1_000), fc.nat(2_000_000)) : word] as const,
  )
  return fc.record(Object.fromEntries(entries)).map((values) => ({ id, values }))
}

test('each message has its own id and a German text', () => {
  expect(new Set(MESSAGES.map(({ id }) => id)).size).toBe(MESSAGES.length)
  expect(MESSAGES.filter(({ id }) => german.messages[id] === undefined)).toEqual([])
})

describe.each(MESSAGES)('$id', (entry) => {
  const { id, message } = entry

  test('the English of the application is that of ICU', () => {
    const texts = anyText(entry)
    fc.assert(
      fc.property(texts, (text) => {
        expect(sentenceOf(text).message).toBe(sentenceIn({ message: 'missing', text }, english))
      }),
      { numRuns: valuesOf(message).size === 0 ? 1 : 50 },
    )
  })

  test('both languages use every value', () => {
    const values = [...valuesOf(message)].map(
      ([name, isNumber], index) => [name, isNumber ? 7_001 + index : `«${name}»`] as const,
    )
    const shown = (other: Readonly<Record<string, number>> = {}) => {
      const given = sentenceOf({ id, values: { ...Object.fromEntries(values), ...other } })
      return { en: given.message, de: sentenceIn(given, german) }
    }
    const { en, de } = shown()
    for (const text of [en, de]) expect(text).not.toMatch(/undefined|[{}]/)
    // A message that is only values is the same in both languages.
    if (/\p{L}{3}/u.test(message.replaceAll(/\{\w+\}/g, ''))) expect(de).not.toBe(en)
    for (const [name, value] of values) {
      if (typeof value === 'string') for (const text of [en, de]) expect(text).toContain(value)
      else if (message.includes('#') || message.includes(`{${name}, number}`)) {
        expect(en).toContain(value.toLocaleString('en'))
        expect(de).toContain(value.toLocaleString('de'))
      } else {
        // The number only decides between the words for one and for several.
        expect(shown({ [name]: 1 }).en).not.toBe(en)
        expect(shown({ [name]: 1 }).de).not.toBe(de)
      }
    }
  })
})

test('a message and the message within it are in one language: in English if one of them is from another release', () => {
  const unsaved = (rule: Text) => ({ message: 'English', text: { id: 'rule.unsaved', values: { rule } } })
  expect(sentenceIn(unsaved({ id: 'rule.no-person', values: {} }), german)).toBe(
    'Diese Person gibt es nicht. Es wurde nichts gespeichert.',
  )
  expect(sentenceIn(unsaved({ id: 'rule.of-another-release', values: {} }), german)).toBe('English')
})

/** Rules of values that people do not type. */
const INTERNAL = [
  /^Not a (?:UUIDv7|bcrypt hash|column name|hybrid time)$/,
  /^Not the (?:hash|id|key|name) of /,
  /^Not 32 bytes/,
  /^A lifted entry /,
]

test('every rule of a schema is a message', () => {
  const found = globSync('core/{contract,model,sync,time}/**/*.ts', {
    cwd: TREE,
    exclude: ['**/*.test.ts', '**/testing/**'],
  }).flatMap((file) => {
    const source = readFileSync(join(TREE, file), 'utf8')
    const given = source.matchAll(
      /(?:\b(?:message|error): |\.(?:regex|refine|min|max|email)\((?:[^()\n]|\([^()\n]*\))*, |z\.email\()(['"])([A-Z].*?)\1/g,
    )
    const nouns = source.matchAll(/requiredText\([\d_]+, (['"])(.*?)\1\)/g)
    return [...[...given].map(([, , rule = '']) => rule), ...[...nouns].map(([, , noun = '']) => `${noun} is required`)]
  })
  expect(found.length).toBeGreaterThan(20)
  const shown = found.filter((rule) => !INTERNAL.some((pattern) => pattern.test(rule)))
  expect(shown.filter((rule) => ruleSentence(rule).text === undefined)).toEqual([])
})

test('only the command line makes errors that are in English only', () => {
  const files = globSync('{app,db,electron,platform}/**/*.ts', { cwd: TREE, exclude: ['**/*.test.ts', '**/testing/**'] })
  const found = files.filter((file) => /inEnglish\(|\{ message: [`'"]/.test(readFileSync(join(TREE, file), 'utf8')))
  // The words of the server, with a translation by its code.
  expect(found).toEqual([join('app', 'sync', 'transport', 'network.ts')])
})
