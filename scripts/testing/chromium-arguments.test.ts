import { chromium } from '@playwright/test'
import { expect, test } from 'vitest'
import { CHROMIUM_ARGUMENTS, PLAYWRIGHT_DISABLES } from './chromium-arguments.ts'

/** Returns the arguments with which Playwright starts a browser. Node is no browser, and Playwright's error names them. */
async function argumentsOf(args: string[]): Promise<string[]> {
  const failure = await chromium.launch({ executablePath: process.execPath, args }).then(
    () => '',
    (error: Error) => error.message,
  )
  return /<launching> (.*)/.exec(failure)?.[1]?.split(' ') ?? []
}

const PREFIX = '--disable-features='
const disabled = (args: readonly string[]) => args.filter((arg) => arg.startsWith(PREFIX)).map((arg) => arg.slice(PREFIX.length))

test('the tests disable every feature that this version of Playwright disables', async () => {
  expect(disabled(await argumentsOf([]))).toEqual([PLAYWRIGHT_DISABLES.join(',')])
})

test('the last list of disabled features, which Chromium uses, is the one of the tests', async () => {
  expect(disabled(await argumentsOf(CHROMIUM_ARGUMENTS)).at(-1)).toMatch(/^AvoidUnnecessary.*,WebUIOmniboxPopup/)
})
