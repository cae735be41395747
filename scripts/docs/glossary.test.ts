import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ROOMS } from '../lint/rooms.mjs'
import { TREE } from '../tree.ts'

const GLOSSARY = 'docs/glossary.md'
const page = readFileSync(join(TREE, GLOSSARY), 'utf8')

/** Returns the terms of each part, in the order of the page. A row can have several terms. */
function termsByPart(): string[][] {
  return page
    .split(/^## /m)
    .slice(1)
    .map((part) =>
      [...part.matchAll(/^\| (\*\*.+?\*\*) +\|/gm)].flatMap(([, cell = '']) =>
        [...cell.matchAll(/\*\*(.+?)\*\*/g)].map(([, term = '']) => term),
      ),
    )
}

/** Finds a term in text, in a file name and in an identifier, such as “loss reason”, `loss-reason`, `loss_reason` and `lossReason`. */
function uses(term: string): RegExp {
  return new RegExp(String.raw`(?<![a-z])${term.replaceAll(' ', '[ _-]?')}`, 'i')
}

test('the terms of each part are in alphabetical order', () => {
  for (const terms of termsByPart()) {
    expect(terms.length).toBeGreaterThan(5)
    expect(terms).toEqual(terms.toSorted())
  }
})

test('the code or another page uses every term', () => {
  const files = globSync(['*.md', 'docs/**/*.md', `{${Object.keys(ROOMS).join(',')}}/**/*.{ts,tsx}`], { cwd: TREE })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path !== GLOSSARY && !path.startsWith('scripts/docs/'))
  let missing = termsByPart().flat()
  for (const path of files) {
    const text = readFileSync(join(TREE, path), 'utf8')
    missing = missing.filter((term) => !uses(term).test(text))
  }
  expect(missing).toEqual([])
})
