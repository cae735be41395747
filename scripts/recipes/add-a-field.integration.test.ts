import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { must } from '../../core/assert.ts'
import { TREE } from '../tree.ts'
import { ADD_A_FIELD, PROTOCOL_TEST, UNKNOWN_FINGERPRINT, apply } from './add-a-field.ts'
import { ROUND_TRIP } from './round-trip.ts'

const LEFT_OUT = new Set(['.cache', '.git', 'node_modules', 'dist', 'docs', 'test-results'])
const copy = mkdtempSync(join(tmpdir(), 'propaganda-recipe-'))
const options = { cwd: copy, encoding: 'utf8', stdio: 'pipe', timeout: 240_000 } as const
const run = (...args: readonly string[]) => execFileSync(process.execPath, args, options)
const VITEST = 'node_modules/vitest/vitest.mjs'

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

/** Returns the fingerprint that the failure of the protocol's test shows. */
function newFingerprint(): string {
  const { stdout, stderr } = spawnSync(process.execPath, [VITEST, 'run', '--project', 'unit', PROTOCOL_TEST], options)
  const [, found] = /expected '([0-9a-f]{16})' to be/.exec(stderr) ?? []
  return must(found, `The test shows the new fingerprint: ${stdout}${stderr}`)
}

test('a field added by the recipe compiles, and reaches devices, command line, import and form', { timeout: 300_000 }, () => {
  for (const edit of ADD_A_FIELD) apply(copy, edit)
  run('scripts/commands/migration.ts', 'follow-up-note')
  apply(copy, { file: PROTOCOL_TEST, text: UNKNOWN_FINGERPRINT, by: newFingerprint() })
  // The rooms that read a call's fields. Vitest loads the server's.
  run('node_modules/typescript/bin/tsc', '-b', 'app', 'cli', 'renderer')
  writeFileSync(join(copy, 'app/sync/added-field.integration.test.ts'), ROUND_TRIP)
  const output = run(
    VITEST,
    'run',
    '-t',
    'migrated file|new field|protocol has|has a fingerprint',
    PROTOCOL_TEST,
    'db/schema.integration.test.ts',
    'app/sync/added-field.integration.test.ts',
  )
  expect(output).toContain('7 passed')
})
