import { lingui } from '@lingui/vite-plugin'
import { defineConfig } from 'vitest/config'
import { LongestFirst } from './scripts/testing/longest-first.ts'

/**
 * `x.test.ts` is a unit test: quick, and part of `npm run check`. A test that starts processes, builds, kills or takes seconds is
 * `x.integration.test.ts`. A long random test is `x.fuzz.test.ts`. Both run in `npm test`.
 */
const slow = ['**/*.integration.test.ts', '**/*.fuzz.test.ts']
/**
 * Random tests are repeatable: `npm test` always uses the same seed, so that a change fails only by its own faults.
 * `PROPAGANDA_FUZZ_SEED=random` explores; the workflow "fuzz" does so every night.
 */
const given = process.env['PROPAGANDA_FUZZ_SEED'] ?? '1'
const seed = given === 'random' ? String(Date.now() % 1_000_000) : given
if (given === 'random') process.stdout.write(`Random values: PROPAGANDA_FUZZ_SEED=${seed} repeats this run.\n`)
const outside = ['**/node_modules/**', 'dist/**', 'e2e/**']

export default defineConfig({
  // The window's texts are macros.
  plugins: [lingui({ macroTransform: true })],
  test: {
    env: { PROPAGANDA_FUZZ_SEED: seed },
    setupFiles: ['./scripts/testing/repeatable-properties.ts', './scripts/testing/english-texts.ts'],
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['**/*.test.ts', '**/*.test.tsx'],
          exclude: [...outside, ...slow],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // Unit tests leave no state in the modules that they share. Loading the modules once for all tests halves the time.
          isolate: false,
          // The global object is shared too, so each test's stubs of it are removed.
          unstubGlobals: true,
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: slow,
          exclude: outside,
          globalSetup: './scripts/testing/build-for-tests.ts',
          testTimeout: 900_000,
          hookTimeout: 900_000,
        },
      },
    ],
  },
})
