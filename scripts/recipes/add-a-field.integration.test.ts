import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { TREE } from '../tree.ts'
import { ADD_A_FIELD, apply } from './add-a-field.ts'
import { ROUND_TRIP } from './round-trip.ts'

const LEFT_OUT = new Set(['.git', 'node_modules', 'dist', 'docs', 'test-results'])
const copy = mkdtempSync(join(tmpdir(), 'propaganda-recipe-'))
const run = (...args: readonly string[]) =>
  execFileSync(process.execPath, args, { cwd: copy, encoding: 'utf8', stdio: 'pipe', timeout: 240_000 })

beforeAll(() => {
  for (const name of readdirSync(TREE)) if (!LEFT_OUT.has(name)) cpSync(join(TREE, name), join(copy, name), { recursive: true })
  symlinkSync(join(TREE, 'node_modules'), join(copy, 'node_modules'), 'junction')
})
afterAll(() => rmSync(copy, { recursive: true, force: true }))

test('the recipe "Add a field" names the files that it needs', () => {
  const guide = readFileSync(join(TREE, 'CONTRIBUTING.md'), 'utf8')
  const recipe = guide.slice(guide.indexOf('### Add a field'), guide.indexOf('### Add a procedure'))
  for (const { file } of ADD_A_FIELD) expect(recipe).toContain(`\`${file}\``)
  expect(recipe).toContain('npm run migration')
})

test('a field added by the recipe compiles, and travels from one device to another', { timeout: 300_000 }, () => {
  for (const edit of ADD_A_FIELD) apply(copy, edit)
  run('scripts/commands/migration.ts', 'follow-up-note')
  // The rooms that read a call's fields. Vitest loads the server's.
  run('node_modules/typescript/bin/tsc', '-b', 'app', 'cli', 'renderer')
  writeFileSync(join(copy, 'app/sync/added-field.integration.test.ts'), ROUND_TRIP)
  const tests = ['db/schema.integration.test.ts', 'app/sync/added-field.integration.test.ts']
  const output = run(
    'node_modules/vitest/vitest.mjs',
    'run',
    '--project',
    'integration',
    '-t',
    'migrated file|new field',
    ...tests,
  )
  expect(output).toContain('2 passed')
})
