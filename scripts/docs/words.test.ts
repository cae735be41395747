import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ROOMS } from '../lint/rooms.mjs'
import { TREE } from '../tree.ts'
import { BANNED_WORDS, bannedWords } from './words.ts'

/** The text of a migration never changes, and this rule names the words. */
const EXEMPT = /^db\/migrations\/\d|^scripts\/docs\/words/

test('pages, comments and test names use plain words', () => {
  const code = `{${Object.keys(ROOMS).join(',')}}/**/*.{ts,tsx,mjs}`
  const files = globSync(['*.md', 'docs/**/*.md', code], { cwd: TREE })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => !EXEMPT.test(path))
  const found = files.flatMap((path) =>
    bannedWords(path, readFileSync(join(TREE, path), 'utf8')).map(
      ({ line, word, instead }) => `${path}:${line} “${word}”: write ${instead}`,
    ),
  )
  expect(files.length).toBeGreaterThan(500)
  expect(found).toEqual([])
})

test('a banned word is found in a comment, a test name and a page, and not in code', () => {
  const code =
    "const nobody = 'nobody' // for nobody\n/** Whoever asks. */\ntest('a stranger is refused', () => {})\nit.begun('x') // `begun`"
  expect(bannedWords('a.ts', code).map(({ line, word }) => [line, word])).toEqual([
    [1, 'nobody'],
    [2, 'Whoever'],
    [3, 'stranger'],
  ])
  expect(bannedWords('a.md', 'It says so.\n`replicate` is a column')).toMatchObject([{ line: 1, word: 'says so' }])
  for (const { instead } of BANNED_WORDS) expect(instead).not.toBe('')
})
