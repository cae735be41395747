import { defineConfig } from 'vitest/config'

/**
 * `x.test.ts` is a unit test: quick, and part of `npm run check`. A test that starts processes, builds, kills or takes seconds is
 * `x.integration.test.ts`. A long random test is `x.fuzz.test.ts`. Both run in `npm test`.
 */
const slow = ['**/*.integration.test.ts', '**/*.fuzz.test.ts']
const outside = ['**/node_modules/**', 'dist/**', 'e2e/**']

export default defineConfig({
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['**/*.test.ts', '**/*.test.tsx'],
          exclude: [...outside, ...slow],
          testTimeout: 60_000,
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
