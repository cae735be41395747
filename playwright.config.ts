import { defineConfig } from '@playwright/test'
import { findChromium } from './loopback/chromium.ts'
import { CHROMIUM_ARGUMENTS } from './scripts/testing/chromium-arguments.ts'

const ci = process.env.CI !== undefined && process.env.CI !== ''
const executablePath = findChromium()

/** Every spec starts its own application on its own folder, so that specs run in parallel and in any order. */
export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results/e2e',
  globalSetup: './e2e/support/global-setup.ts',
  fullyParallel: false,
  // A test waits for almost half of its time, so three keep two cores busy.
  workers: 3,
  forbidOnly: ci,
  retries: 0,
  // Limits against hanging, not measurements of speed.
  timeout: 600_000,
  expect: { timeout: 60_000 },
  reporter: process.env.SUMMARY_FILE === undefined ? 'list' : [['list'], ['./scripts/testing/playwright-summary.ts']],
  use: {
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    viewport: { width: 1440, height: 900 },
    actionTimeout: 30_000,
    // Recording doubles the time of a test with many screens; `--trace retain-on-failure` enables it.
    trace: 'off',
    screenshot: 'only-on-failure',
  },
  projects: [
    {
      name: 'chromium',
      testIgnore: 'electron/**',
      use: {
        browserName: 'chromium',
        ...(executablePath === undefined ? {} : { launchOptions: { executablePath, args: CHROMIUM_ARGUMENTS } }),
      },
    },
    // Linux has a display without a screen, on which the packaged product runs.
    { name: 'electron', testMatch: `electron/${process.platform === 'linux' ? 'packaged' : 'desktop'}.spec.ts` },
  ],
})
