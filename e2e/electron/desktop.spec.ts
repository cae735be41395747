import { _electron, expect, test } from '@playwright/test'
import { electronBuild, rendererBuild } from '../../scripts/building/builds.ts'
import { buildIfStale } from '../../scripts/building/stale-build.ts'
import { electronPlace, findElectron } from '../../scripts/start/electron-binary.ts'
import { TREE } from '../../scripts/tree.ts'
import { callRows, createWorkspace, details, goTo, pick, sections, signIn } from '../support/screens.ts'

const program = findElectron(electronPlace(TREE))
const WHY = 'Electron’s program is not here: npm start -- --shell=electron fetches it, or ELECTRON_OVERRIDE_DIST_PATH names one'

test.skip(program === undefined, WHY)
// Printed outside of the test, so that the reason is visible.
if (program === undefined) console.log(`electron: skipped. ${WHY}`)

test.beforeAll(async () => {
  test.setTimeout(180_000)
  await buildIfStale(rendererBuild)
  await buildIfStale(electronBuild)
})

// eslint-disable-next-line eslint/no-empty-pattern -- the pattern names the fixtures that the test needs: none
test('the desktop application: first start, a call, a restart; the page has no access to Node', async ({}, testInfo) => {
  const home = testInfo.outputPath('home')
  const launch = () => _electron.launch({ executablePath: program ?? '', args: [TREE, `--home=${home}`] })

  const first = await launch()
  const page = await first.firstWindow()
  await createWorkspace(page, 'ada@acme.test')
  expect(new URL(page.url()).protocol).toBe('app:')
  expect(await page.evaluate(() => ['require', 'process', 'module'].filter((name) => name in globalThis))).toEqual([])
  await goTo(page, 'Calls')
  await page.keyboard.press('n')
  await page.getByLabel('Prospect name').fill('Jo Smith')
  await pick(details(page), 'Outcome', 'Won')
  await page.getByRole('button', { name: 'Save call' }).click()
  await expect(callRows(page, 'Jo Smith')).toBeVisible()
  await first.close()

  const second = await launch()
  const again = await second.firstWindow()
  await signIn(again, 'ada@acme.test')
  await expect(sections(again)).toBeVisible()
  await goTo(again, 'Calls')
  await expect(callRows(again, 'Jo Smith')).toBeVisible()
  await second.close()
})
