import { chromium, type Browser, type Page } from '@playwright/test'
import { randomBytes } from 'node:crypto'
import { cpSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { createApplication, type Application } from '../../app/application.ts'
import { defaultWorkers } from '../../app/default-workers.ts'
import { findChromium } from '../../loopback/chromium.ts'
import { startLoopback, type Loopback } from '../../loopback/server.ts'
import { rendererBuild } from '../building/builds.ts'
import { buildIfStale } from '../building/stale-build.ts'
import {
  AGENT_SCREENS,
  DOOR_SCREENS,
  EMPTY_SCREENS,
  FIRST_SCREENS,
  SCREENS,
  signInToDemo,
  type Screen,
} from '../screenshots/screens.ts'
import { say } from '../start/report.ts'
import { productVersion, TREE } from '../tree.ts'

const FOLDER = join(TREE, 'docs', 'screenshots')
const THEMES = ['light', 'dark'] as const
type Theme = (typeof THEMES)[number]
type Size = { readonly width: number; readonly height: number }

const DESKTOP: Size = { width: 1440, height: 900 }
/** Other sizes, for the screens that change most with them; in light only. */
const OTHER_SIZES: readonly Size[] = [
  { width: 1000, height: 700 },
  { width: 700, height: 800 },
]
const IN_OTHER_SIZES = new Set(['dashboard', 'calls', 'call', 'call-new', 'import-columns', 'settings'])

/** Most bytes of one file, and of all files. */
const LIMIT = 150_000
const TOTAL_LIMIT = 5_000_000

class Camera {
  readonly folder = mkdtempSync(join(tmpdir(), 'propaganda-pictures-'))
  readonly #browser: Browser
  readonly #files: string[] = []

  constructor(browser: Browser) {
    this.#browser = browser
  }

  /** Opens a new window on `url`, in one theme and size. */
  async open(url: string, colorScheme: Theme, viewport: Size): Promise<Page> {
    const context = await this.#browser.newContext({ colorScheme, viewport, locale: 'en-GB', timezoneId: 'Europe/Berlin' })
    const page = await context.newPage()
    await page.goto(url)
    return page
  }

  async take(page: Page, origin: string, screens: readonly Screen[], folder: string): Promise<void> {
    mkdirSync(join(this.folder, folder), { recursive: true })
    for (const { name, open } of screens) {
      await open(page, origin)
      // No element may show its hover style.
      await page.mouse.move(600, 22)
      await neutralise(page)
      const path = join(this.folder, folder, `${name}.png`)
      // 256 colours, which is a third of the browser's size. Dithering would add noise that does not compress.
      await sharp(await page.screenshot({ animations: 'disabled', caret: 'hide' }))
        .removeAlpha()
        .png({ palette: true, dither: 0, effort: 10, compressionLevel: 9 })
        .toFile(path)
      this.#files.push(path)
    }
  }

  /** Returns one line for each file that is too large. */
  complaints(): string[] {
    const sizes = this.#files.map((path) => ({ path, bytes: statSync(path).size }))
    const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0)
    say(`${sizes.length} pictures, ${Math.round(total / 1000)} kB`)
    return [
      ...sizes
        .filter(({ bytes }) => bytes > LIMIT)
        .map(({ path, bytes }) => `${path} has ${bytes} bytes; at most ${LIMIT} are allowed.`),
      ...(total > TOTAL_LIMIT ? [`All files have ${total} bytes; at most ${TOTAL_LIMIT} are allowed.`] : []),
    ]
  }
}

/** Replaces the temporary folder of this run in the path that is shown. */
async function neutralise(page: Page): Promise<void> {
  const path = page.getByRole('definition').filter({ hasText: 'workspace.db' })
  if ((await path.count()) === 0) return
  await path.evaluate((element) => {
    element.textContent = `…/propaganda-dashboard/workspaces/${(element.textContent ?? '').split('/').slice(-2).join('/')}`
  })
}

type Running = { readonly application: Application; readonly loopback: Loopback }

/** Starts the application as loopback/main.ts does, on a device with an invented name and address. */
async function withApp(work: (app: Running) => Promise<void>): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'propaganda-screenshots-'))
  const clock = Date.now
  const random = (length: number) => randomBytes(length)
  const log = () => {}
  const device = { name: 'front-desk', os: 'Linux', version: productVersion(), address: '192.0.2.10' }
  const application = createApplication({ home, clock, random, device, workers: defaultWorkers, log })
  const loopback = await startLoopback({
    application,
    rendererRoot: join(TREE, rendererBuild.output),
    port: 0,
    clock,
    random,
    log,
  })
  try {
    await work({ application, loopback })
  } finally {
    await loopback.close()
    await application.close()
    rmSync(home, { recursive: true, force: true })
  }
}

/** Takes the screens of a new workspace. */
async function takeEmpty(camera: Camera, { loopback, application }: Running): Promise<void> {
  for (const theme of THEMES) {
    const page = await camera.open(loopback.launchUrl(), theme, DESKTOP)
    await camera.take(page, loopback.origin, FIRST_SCREENS, theme)
    await page.context().close()
  }
  const { url, connection } = loopback.reserve()
  await application.apiOf(application.openConnection(connection)).workspace.create({
    clientName: 'Acme',
    timeZone: 'Europe/Berlin',
    adminName: 'Ada Admin',
    adminEmail: 'ada@acme.example',
    adminPassword: 'correct horse',
  })
  const page = await camera.open(url, 'light', DESKTOP)
  for (const theme of THEMES) {
    await page.emulateMedia({ colorScheme: theme })
    await camera.take(page, loopback.origin, EMPTY_SCREENS, theme)
  }
  await page.context().close()
}

/** Takes the screens of the demo: signed in as its admin, as an agent, and signed out. */
async function takeDemo(camera: Camera, { loopback, application }: Running): Promise<void> {
  const { origin } = loopback
  const { connection } = loopback.reserve()
  for await (const event of await application.apiOf(application.openConnection(connection)).workspace.createDemo())
    if (event.kind === 'ready') break

  const taken = async (theme: Theme, size: Size, folder: string, screens: readonly Screen[], email?: string) => {
    const page = await camera.open(loopback.launchUrl(), theme, size)
    await signInToDemo(page, email)
    await camera.take(page, origin, screens, folder)
    await page.context().close()
  }
  for (const theme of THEMES) {
    say(`The demo, ${theme} …`)
    await taken(theme, DESKTOP, theme, [...SCREENS, ...DOOR_SCREENS])
    await taken(theme, DESKTOP, theme, AGENT_SCREENS, 'ben@nordlicht.example')
  }
  for (const size of OTHER_SIZES) {
    const folder = `${size.width}x${size.height}`
    say(`The demo, ${folder} …`)
    await taken(
      'light',
      size,
      folder,
      SCREENS.filter(({ name }) => IN_OTHER_SIZES.has(name)),
    )
  }
}

await buildIfStale(rendererBuild, () => say('Building the window …'))
const executablePath = findChromium()
const browser = await chromium.launch(executablePath === undefined ? {} : { executablePath })
try {
  const camera = new Camera(browser)
  await withApp((app) => takeEmpty(camera, app))
  await withApp((app) => takeDemo(camera, app))
  const complaints = camera.complaints()
  for (const complaint of complaints) say(complaint)
  process.exitCode = complaints.length === 0 ? 0 : 1
  // A run that fails before this line leaves the old pictures.
  rmSync(FOLDER, { recursive: true, force: true })
  cpSync(camera.folder, FOLDER, { recursive: true })
  rmSync(camera.folder, { recursive: true, force: true })
} finally {
  await browser.close()
}
