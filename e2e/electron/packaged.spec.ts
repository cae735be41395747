import { expect, test, type Page } from '@playwright/test'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import readWorkbook from 'read-excel-file/universal'
import { extractText } from 'unpdf'
import { ServerProcess, PUBLISH_KEY } from '../../app/sync/testing/server-process.ts'
import { must } from '../../core/assert.ts'
import { describeRuntime, findRuntime } from '../../scripts/electron-runtime/runtime.ts'
import { missingSystemPackages } from '../../scripts/electron-runtime/system-packages.ts'
import { packageForTests } from '../../scripts/packaging/package-for-tests.ts'
import { DesktopProcess } from '../support/desktop-process.ts'
import { OrdinaryUser } from '../support/ordinary-user.ts'
import { callRows, details, goTo, pick, sections, signIn } from '../support/screens.ts'
import { corner } from '../support/synced.ts'
import { PASSWORD } from '../support/team.ts'
import { XDisplay } from '../support/x-display.ts'

const runtime = findRuntime()
const isReady = runtime !== undefined && missingSystemPackages().length === 0
const WHY = 'Electron is not here for tests: npm run electron-runtime obtains it (Linux)'

test.skip(!isReady, WHY)
// Printed outside of the tests, so that it is visible.
console.log(isReady ? `electron: the packaged product runs in ${describeRuntime(runtime)}` : `electron: skipped. ${WHY}`)

// The tests follow the day of one installation, one after the other.
test.describe.configure({ mode: 'serial' })

let folder = ''
let program = ''
let user: OrdinaryUser
let display: XDisplay
const server = new ServerProcess()
const running: DesktopProcess[] = []

test.beforeAll(async () => {
  test.setTimeout(300_000)
  folder = mkdtempSync(join(tmpdir(), 'propaganda-packaged-'))
  // The ordinary user starts the program.
  chmodSync(folder, 0o755)
  program = await packageForTests(must(runtime, 'The tests are skipped without a runtime'), folder)
  user = new OrdinaryUser()
  display = await XDisplay.start(user)
  await server.start()
})

test.afterAll(async () => {
  await Promise.all(running.map((desktop) => desktop.dispose()))
  await server.dispose()
  display?.stop()
  user?.dispose()
  if (folder !== '') rmSync(folder, { recursive: true, force: true })
})

function launch(home: string): DesktopProcess {
  const desktop = new DesktopProcess({ program, home, user, display })
  running.push(desktop)
  return desktop
}

/** The database files in a home that still have changes in their write-ahead log. */
function openLogs(home: string): string[] {
  return readdirSync(home, { recursive: true, encoding: 'utf8' }).filter(
    (path) => path.endsWith('.db-wal') && statSync(join(home, path)).size > 0,
  )
}

const createdHome: { path: string } = { path: '' }
let desktop: DesktopProcess
let page: Page

test('first start: a workspace is created, a call is logged, and the page has no access to Node', async () => {
  createdHome.path = user.newFolder('home')
  desktop = launch(createdHome.path)
  page = await desktop.page()
  await expect(page.getByRole('heading', { name: 'Create a workspace' })).toBeVisible()
  expect(new URL(page.url()).protocol).toBe('app:')
  expect(await page.evaluate(() => ['require', 'process', 'module'].filter((name) => name in globalThis))).toEqual([])

  await page.getByLabel('Client name').fill('Acme')
  await page.getByLabel('Your name').fill('Ada Admin')
  await page.getByRole('textbox', { name: 'E-mail' }).fill('ada@acme.test')
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await page.getByLabel('Confirm password').fill(PASSWORD)
  await page.getByRole('button', { name: 'Create workspace' }).click()
  await goTo(page, 'Calls')
  await logCall('Jo Smith')
})

async function logCall(prospect: string): Promise<void> {
  await page.keyboard.press('n')
  await page.getByLabel('Prospect name').fill(prospect)
  await pick(details(page), 'Outcome', 'Won')
  await page.getByRole('button', { name: 'Save call' }).click()
  await expect(callRows(page, prospect)).toBeVisible()
}

test('the dashboard is exported as PDF and workbook through the system’s dialog', async () => {
  await page.screenshot({ path: '/tmp/mendb-nah/calls.png' })
  await goTo(page, 'Dashboard')
  await expect(page.getByRole('region', { name: 'Win rate', exact: true })).toContainText('100')
  await page.screenshot({ path: '/tmp/mendb-nah/dash.png' })
  await desktop.saveByDialog()
  await page.getByRole('button', { name: 'Export', exact: true }).click()
  await page.getByRole('menuitem', { name: /^PDF/ }).click()
  await page.waitForTimeout(5000)
  console.log(display.windows('.'), display.windows('').map((w) => display.title(w)))
  const { execFileSync } = await import('node:child_process')
  execFileSync('sh', ['-c', `import -display ${display.name} -window root /tmp/mendb-nah/root.png || true`])
  console.log(desktop.output, desktop.complaints, readdirSync(user.folder, {recursive: true}).length)
})
