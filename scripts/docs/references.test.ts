import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { TREE } from '../tree.ts'
import { brokenReferences, pages } from './references.ts'

test.each(pages())('%s names only files, pages and headings that exist', (page) => {
  expect(brokenReferences(page, readFileSync(join(TREE, page), 'utf8'))).toEqual([])
})

test('a path, a page or a heading that does not exist is found', () => {
  const text =
    '`core/id.ts` `core/none.ts` [a](sync.md) [b](none.md) [c](sync.md#merge) [d](sync.md#none) [e](#here)\n## Here\n[f](https://example.test/none)'
  expect(brokenReferences('docs/page.md', text)).toEqual(['core/none.ts', 'none.md', 'sync.md#none'])
})
