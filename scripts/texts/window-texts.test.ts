import { describe, expect, test } from 'vitest'
import { faultsOf, faultText, textsOfSource, windowTexts } from './window-texts.ts'

const [window, application] = await windowTexts()

describe.each([
  ['the window', window, /^renderer\/.+\.tsx?:\d+.*: “.+” is not in the catalogue: run npm run texts$/],
  ['the application', application, /^core\/messages\/.+\.ts:\d+.*: “.+” is not in the catalogue: run npm run texts$/],
] as const)('%s', (_, texts, fault) => {
  const collected = textsOfSource(texts)

  test('a text that a catalogue lacks is reported with its place in the source', async () => {
    const [id, message] = Object.entries(await collected)[0] ?? []
    if (id === undefined || message === undefined) throw new Error('No text was found in the source')
    const [first] = faultsOf({ [id]: message }, {}, 'de').map(faultText)
    expect(first).toMatch(fault)
  })

  test('the English catalogue has exactly the texts of the source', async () => {
    const messages = await collected
    const english = (await texts.read('en')) ?? {}
    const stored = Object.keys(english).filter((id) => english[id]?.obsolete !== true)
    expect(Object.keys(messages).length).toBeGreaterThan(20)
    expect(stored.toSorted()).toEqual(Object.keys(messages).toSorted())
  })

  test('the English of a text with an id of its own is that of the source', async () => {
    const english = (await texts.read('en')) ?? {}
    const withId = Object.entries(await collected).filter(([id, { message }]) => message !== undefined && message !== id)
    const differing = withId.flatMap(([id, { message }]) => (english[id]?.translation === message ? [] : [id]))
    expect(withId.length).toBeGreaterThan(20)
    expect(differing).toEqual([])
  })

  test('the German catalogue has every text of the source, with its values and its plural forms', async () => {
    const german = (await texts.read('de')) ?? {}
    expect(faultsOf(await collected, german, 'de').map(faultText)).toEqual([])
  })
})
