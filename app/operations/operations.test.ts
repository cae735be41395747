import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { PROCEDURE_PATHS } from '../../core/contract/procedures.ts'
import { OPERATION_NAMES } from './operations.ts'

const HERE = import.meta.dirname
const CONTRACT = join(HERE, '../../core/contract')

/** Returns the file name of an area: `lossReasons.list` → `loss-reasons`, `calls.bulk.run` → `bulk`. */
function areaOf(path: string): string {
  const area = path.split('.').at(-2) ?? ''
  return area.replaceAll(/[A-Z]/gu, (letter) => `-${letter.toLowerCase()}`)
}

test('an operation is in the file of its area', async () => {
  const found: string[] = []
  for (const file of readdirSync(HERE).filter((name) => name.endsWith('.ts') && !name.includes('.test.'))) {
    if (file === 'operations.ts') continue
    const exported = (await import(/* @vite-ignore */ join(HERE, file))) as Readonly<Record<string, object>>
    for (const [name, value] of Object.entries(exported)) {
      if (!name.endsWith('Operations')) continue
      for (const operation of Object.keys(value)) {
        // A large area has several files, such as `engine-state.ts`.
        expect(`${file.replace('.ts', '')}-`, operation).toMatch(new RegExp(`^${areaOf(operation)}-`, 'u'))
        found.push(operation)
      }
    }
  }
  expect(found.toSorted()).toEqual(OPERATION_NAMES.toSorted())
})

test('an area of the contract has a file of its name', () => {
  const areas = [...new Set(PROCEDURE_PATHS.map(areaOf))]
  expect(areas.filter((area) => !existsSync(join(CONTRACT, `${area}.ts`)))).toEqual([])
})
