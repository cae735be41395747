import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { PROBLEMS } from '../../core/sync/problems.ts'
import { TREE } from '../tree.ts'

test('the operator guide explains every problem of sync once', () => {
  const page = readFileSync(join(TREE, 'docs/operator-guide.md'), 'utf8')
  const part = page.split('### Problems that a device shows\n')[1]?.split(/^##/m)[0] ?? ''
  const codes = Array.from(part.matchAll(/^\| (`.+?`) +\|/gm)).flatMap(([, cell = '']) => cell.replaceAll('`', '').split(', '))
  expect(codes.toSorted()).toEqual(Object.keys(PROBLEMS).toSorted())
})
