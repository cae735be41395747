import { expect, test, type Page } from '@playwright/test'
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
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
import { callRows, createWorkspace, details, fromUserMenu, goTo, pick, sections, signIn } from '../support/screens.ts'
import { corner } from '../support/synced.ts'
import { PASSWORD } from '../support/team.ts'
import { XDisplay } from '../support/x-display.ts'

const runtime = findRuntime()
const isReady = runtime !== undefined && missingSystemPackages().length === 0
const WHY = 'Electron or a package that it needs is missing. On Linux, run npm run electron-runtime.'

test.skip(!isReady, WHY)
// Printed outside of the tests, so that it is visible.
if (process.env.TEST_WORKER_INDEX === undefined)
  console.log(isReady ? `electron: the packaged product runs in ${describeRuntime(runtime)}` : `electron: skipped. ${WHY}`)

// Each test continues with the installation of the previous one.
test.describe.configure({ mode: 'serial', timeout: 240_000 })

let folder = ''
let program = ''
let user: OrdinaryUser
let display: XDisplay
const server = new ServerProcess()
const running: DesktopProcess[] = []

test.beforeAll(async () => {
  test.setTimeout(300_000)
  folder = mkdtempSync(join(tmpdir(), 'propaganda-packaged-'))
  // The ordinary user needs to read the program.
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

function launch(at: string): DesktopProcess {
  const desktop = new DesktopProcess({ program, home: at, user, display })
  running.push(desktop)
  return desktop
}

/** Returns the write-ahead logs in a home with changes that are not in the database file. */
function logsWithChanges(at: string): string[] {
  return readdirSync(at, { recursive: true, encoding: 'utf8' }).filter(
    (path) => path.endsWith('.db-wal') && statSync(join(at, path)).size > 0,
  )
}

/** The home of the first device. */
let home = ''
let desktop: DesktopProcess
let page: Page

test('first start: a workspace is created, a call is logged, and the page has no access to Node', async () => {
  home = user.newFolder('home')
  desktop = launch(home)
  page = await desktop.page()
  await createWorkspace(page, 'ada@acme.test')
  expect(new URL(page.url()).protocol).toBe('app:')
  expect(await page.evaluate(() => ['require', 'process', 'module'].filter((name) => name in globalThis))).toEqual([])
  await goTo(page, 'Calls')
  await logCall(page, 'Jo Smith')
  expect(logsWithChanges(home), 'the call is in the write-ahead log').not.toEqual([])
})

async function logCall(window: Page, prospect: string): Promise<void> {
  await window.keyboard.press('n')
  await window.getByLabel('Prospect name').fill(prospect)
  await pick(details(window), 'Outcome', 'Won')
  await window.getByRole('button', { name: 'Save call' }).click()
  await expect(callRows(window, prospect)).toBeVisible()
}

test('a draft survives a crash of the renderer process', async () => {
  await page.getByLabel('Prospect name').fill('Dora Draft')
  await expect.poll(() => contains(home, 'Dora Draft')).toBe(true)
  desktop.killRenderer()
  await expect(async () => {
    page = await desktop.page()
    await expect(sections(page)).toBeVisible({ timeout: 5_000 })
  }).toPass()
  await goTo(page, 'Calls')
  await page.keyboard.press('n')
  await expect(page.getByLabel('Prospect name')).toHaveValue('Dora Draft')
  await page.getByRole('button', { name: 'Discard draft' }).click()
  await page.getByRole('button', { name: 'Close', exact: true }).click()
})

// eslint-disable-next-line eslint/no-empty-pattern -- the pattern names the fixtures that the test needs: none
test('the dashboard is exported as PDF and workbook through the system’s dialog', async ({}, testInfo) => {
  await goTo(page, 'Dashboard')
  await expect(page.getByRole('region', { name: 'Win rate', exact: true })).toContainText('100.0%')
  await page.screenshot({ path: testInfo.outputPath('dashboard.png') })
  await desktop.saveByDialog()

  expect(await textOf(await exported(/^PDF/))).toContain('Winrate100.0%')
  const book = await readWorkbook(new Uint8Array(await exported(/^Excel/)).buffer)
  const figures = book.find(({ sheet }) => sheet === 'Figures')?.data ?? []
  expect(figures.find(([label]) => label === 'Win rate')).toContain(1)
})

test('the dashboard is printed through the system’s dialog, without notices and controls', async () => {
  const before = display.titles()
  await page.getByRole('button', { name: 'Export', exact: true }).click()
  // The click resolves only after the dialog is closed, so it is awaited at the end.
  const printing = page.getByRole('menuitem', { name: 'Print' }).click()
  const dialog = await newWindow(before)
  const path = join(user.folder, 'output.pdf')
  await expect(async () => {
    // The only printer in the list prints to a file.
    display.press(dialog, 'Down', 'alt+p')
    await expect.poll(() => existsSync(path), { timeout: 5_000 }).toBe(true)
  }).toPass()
  await expect.poll(() => isWhole(readFileSync(path))).toBe(true)
  await printing
  // A printed PDF has no text for tabular digits.
  const letters = (await textOf(readFileSync(path))).replaceAll(/[^a-z]/gi, '')
  expect(letters).toContain('Winrate')
  expect(letters).not.toMatch(/Reportexported|Edittargets/)
})

/** Returns the text of a PDF without spaces. */
async function textOf(pdf: Buffer): Promise<string> {
  const { text } = await extractText(new Uint8Array(pdf), { mergePages: true })
  return text.replaceAll(/\s/g, '')
}

/** Exports the dashboard in a format, confirms the system's dialog, and returns the file that was saved. */
async function exported(format: RegExp): Promise<Buffer> {
  const before = display.titles()
  const files = readdirSync(user.folder)
  await page.getByRole('button', { name: 'Export', exact: true }).click()
  await page.getByRole('menuitem', { name: format }).click()
  display.press(await newWindow(before), 'Return')
  const file = () => readdirSync(user.folder).find((name) => name.startsWith('report-') && !files.includes(name))
  await expect.poll(file).toBeDefined()
  const path = join(user.folder, must(file(), 'The file was saved'))
  // The name appears before the content is complete.
  await expect.poll(() => isWhole(readFileSync(path))).toBe(true)
  return readFileSync(path)
}

/** Returns the id of the window that appears. @param before the windows that were open */
async function newWindow(before: ReadonlyMap<string, string>): Promise<string> {
  const find = () => [...display.titles().keys()].find((id) => !before.has(id))
  await expect.poll(find).toBeDefined()
  return must(find(), 'The window is open')
}

/** Returns whether a PDF or a ZIP archive has its end. */
function isWhole(file: Buffer): boolean {
  return file.subarray(-1_024).includes('%%EOF') || file.subarray(-22).readUInt32LE(0) === 0x06054b50
}

/** Returns whether a database in the home contains the text. */
function contains(at: string, text: string): boolean {
  const files = readdirSync(at, { recursive: true, encoding: 'utf8' }).filter((path) => /\.db(-wal)?$/.test(path))
  return files.some((path) => readFileSync(join(at, path)).includes(text))
}

test('the window is loaded again in a chosen language, and the choice is kept without cookies', async () => {
  await fromUserMenu(page, 'Deutsch')
  page = await desktop.page()
  await expect(page.locator('html')).toHaveAttribute('lang', 'de')
  await expect(page.getByRole('navigation', { name: 'Bereiche' }).getByRole('link', { name: 'Anrufe' })).toBeVisible()
  expect(await page.evaluate(() => document.cookie)).toBe('')
  const ofShell = () => readFileSync(join(home, 'desktop', 'language'), 'utf8')
  await expect.poll(ofShell, 'the menu and the notifications have the language of the window').toBe('de')
  await page.getByRole('button', { name: /^Benutzermenü/ }).click()
  await page.getByRole('menu').getByText('English', { exact: true }).click()
  page = await desktop.page()
  await expect(page.locator('html')).toHaveAttribute('lang', 'en')
  await expect(sections(page)).toBeVisible()
  await expect.poll(ofShell).toBe('en')
})

test('the page cannot open other addresses, and the developer tools are absent', async () => {
  expect(desktop.errors, 'errors of the page, including violations of the Content-Security-Policy').toEqual([])
  const outside = `${server.url}/ready`
  const before = page.url()
  expect(await page.evaluate((url) => window.open(url) === null, outside)).toBe(true)
  expect(
    await page.evaluate(
      (url) =>
        fetch(url).then(
          (answer) => answer.status,
          () => 'refused',
        ),
      outside,
    ),
  ).toBe('refused')
  await page.evaluate((url) => {
    window.location.href = url
  }, outside)
  for (const url of [outside, 'file:///etc/passwd'])
    await page.evaluate((to) => Object.assign(document.createElement('a'), { href: to }).click(), url)
  // Playwright waits for the end of a refused navigation, so the next steps need a new connection.
  page = await desktop.page()
  expect(page.url()).toBe(before)
  await expect(sections(page)).toBeVisible()

  const width = () => page.evaluate(() => window.innerWidth)
  const usual = await width()
  display.press(mainWindow(), 'F12', 'ctrl+shift+i', 'ctrl+shift+j', 'ctrl+plus')
  // Ctrl+Plus is the last key. Its effect shows that the keys before it were handled.
  await expect.poll(width).toBeLessThan(usual)
  display.press(mainWindow(), 'ctrl+0')
  await expect.poll(width).toBe(usual)
  expect(desktop.errors.join('\n'), 'the Content-Security-Policy refuses the request before the session’s filter').toMatch(
    /connect-src 'self'/,
  )
  expect((await desktop.targets()).map((url) => new URL(url).protocol)).toEqual(['app:'])
})

function mainWindow(): string {
  const [id] = [...display.titles()].find(([, title]) => title === 'Propaganda Dashboard') ?? []
  return must(id, 'The application has a window')
}

test('a second process on the same home ends, and the first one continues', async () => {
  const second = launch(home)
  expect(await second.exit).toEqual({ code: 0, signal: null })
  expect(second.output).not.toContain('ready at')
  await expect(sections(page)).toBeVisible()
})

test('the workspace is published to a server; SIGTERM writes all changes to the database file and ends the application', async () => {
  await goTo(page, 'Settings')
  const section = page.getByRole('region', { name: 'Server' })
  await section.getByLabel('Server address').fill(server.url)
  await section.getByLabel('Publish key').fill(PUBLISH_KEY)
  await section.getByRole('button', { name: 'Publish workspace' }).click()
  await expect(corner(page)).toHaveText('Up to date with the server')
  desktop.signal('SIGTERM')
  expect(await desktop.exit).toEqual({ code: 0, signal: null })
  expect(logsWithChanges(home)).toEqual([])
})

test('another device joins; calls arrive on both; Ctrl+Q writes all changes to the database file and ends the application', async () => {
  desktop = launch(home)
  page = await desktop.page()
  await signIn(page, 'ada@acme.test')
  await goTo(page, 'Calls')
  await expect(callRows(page, 'Jo Smith')).toBeVisible()

  const laptop = launch(user.newFolder('laptop'))
  const other = await laptop.page()
  await other.getByRole('button', { name: 'Join a workspace' }).click()
  await other.getByRole('textbox', { name: 'Server' }).fill(server.url)
  await other.getByRole('textbox', { name: 'E-mail' }).fill('ada@acme.test')
  await other.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await other.getByRole('button', { name: 'Join', exact: true }).click()
  await goTo(other, 'Calls')
  await expect(callRows(other, 'Jo Smith')).toBeVisible()
  await logCall(page, 'Olga Office')
  await expect(callRows(other, 'Olga Office')).toBeVisible()
  await logCall(other, 'Lea Laptop')
  await expect(callRows(page, 'Lea Laptop')).toBeVisible()
  expect([...desktop.errors, ...laptop.errors]).toEqual([])

  await laptop.dispose()
  display.press(mainWindow(), 'ctrl+q')
  expect(await desktop.exit).toEqual({ code: 0, signal: null })
  expect(logsWithChanges(home)).toEqual([])
})
