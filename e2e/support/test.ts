import { test as base, expect, type BrowserContext, type Page } from '@playwright/test'
import { AppProcess } from './app-process.ts'
import { PASSWORD, type Person, type Team } from './team.ts'
import { copyTeam } from './team-template.ts'

type Fixtures = {
  /** Errors of the browser that a test expects. Any other error fails the test, for example an uncaught exception or a policy violation. */
  readonly expectedComplaints: RegExp
  /** The application on its own home. */
  readonly app: AppProcess
  /** A client with people in it. */
  readonly team: Team
  /** A window in which `person` is signed in. `prepare` runs before it opens. */
  readonly windowOf: (person: Person, prepare?: (page: Page) => Promise<void>) => Promise<Page>
  readonly quiet: (context: BrowserContext) => void
}

/** Errors that the browser logs when the application does not answer. */
const APP_GONE =
  /^WebSocket connection to 'ws:\/\/127\.0\.0\.1:\d+\/api' failed|^Failed to load resource: net::ERR_(?:CONNECTION|EMPTY|SOCKET)_/
/** The same errors, and those of a refused address. */
export const REFUSED = new RegExp(`${APP_GONE.source}|^Failed to load resource: the server responded with a status of 4\\d\\d`)
const NONE = /^(?!)/

export const test = base.extend<Fixtures>({
  expectedComplaints: [NONE, { option: true }],

  // eslint-disable-next-line eslint/no-empty-pattern -- the pattern names the fixtures that this one needs: none
  app: async ({}, use, testInfo) => {
    const app = await AppProcess.start()
    await use(app)
    await app.dispose()
    if (app.output !== '') await testInfo.attach('application', { body: app.output })
    expect(app.output, 'the application writes nothing to its terminal').toBe('')
  },

  team: async ({ app }, use) => {
    const team = await copyTeam(app)
    await use(team)
    team.visitor.close()
  },

  quiet: [
    async ({ context, expectedComplaints }, use) => {
      const complaints: string[] = []
      const listen = (watched: BrowserContext) => {
        watched.on('weberror', (webError) => complaints.push(String(webError.error().stack ?? webError.error())))
        watched.on('console', (message) => {
          if (message.type() === 'error') complaints.push(message.text())
        })
      }
      listen(context)
      await use(listen)
      const unexpected = complaints.filter((text) => !expectedComplaints.test(text))
      expect(unexpected, 'errors of the browser').toEqual([])
    },
    { auto: true },
  ],

  windowOf: async ({ app, browser, quiet }, use) => {
    const opened: BrowserContext[] = []
    await use(async (person, prepare) => {
      const visitor = await app.visit()
      await visitor.api.session.signIn({ email: person.email, password: PASSWORD })
      visitor.close()
      const context = await browser.newContext()
      quiet(context)
      opened.push(context)
      await visitor.hand(context)
      const page = await context.newPage()
      await prepare?.(page)
      await page.goto(app.origin)
      await expect(page.getByRole('navigation', { name: 'Sections' })).toBeVisible()
      return page
    })
    for (const context of opened) await context.close()
  },
})

export { expect }
