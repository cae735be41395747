import type { Page } from '@playwright/test'
import {
  AGENT_SCREENS,
  DOOR_SCREENS,
  EMPTY_SCREENS,
  FIRST_SCREENS,
  SCREENS,
  signInToDemo,
  unlock,
  type Screen,
} from '../scripts/screenshots/screens.ts'
import { findings } from './support/axe.ts'
import { PASSWORD, type Person } from './support/team.ts'
import { copyTeam } from './support/team-template.ts'
import { expect, REFUSED, test } from './support/test.ts'
import type { AppProcess } from './support/app-process.ts'

/** The rules whose result depends on the theme. */
const COLOUR_RULES = ['color-contrast', 'link-in-text-block']

/** Checks a screen in both themes: with all rules in light, and with the rules for colours in dark. */
async function expectAccessible(page: Page, screen: Screen, origin: string): Promise<void> {
  await test.step(screen.name, async () => {
    await page.emulateMedia({ colorScheme: 'light' })
    await screen.open(page, origin)
    expect.soft(await findings(page), `${screen.name}, light`).toEqual([])
    await page.emulateMedia({ colorScheme: 'dark' })
    await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark')
    expect.soft(await findings(page, COLOUR_RULES), `${screen.name}, dark`).toEqual([])
  })
}

async function enter(app: AppProcess, page: Page, person: Person): Promise<void> {
  const visitor = await app.visit()
  await visitor.api.session.signIn({ email: person.email, password: PASSWORD })
  visitor.close()
  await visitor.hand(page.context())
}

async function demo(app: AppProcess, page: Page): Promise<void> {
  const visitor = await app.visit()
  for await (const event of await visitor.api.workspace.createDemo()) if (event.kind === 'ready') break
  visitor.close()
  await visitor.hand(page.context())
}

test('first start', async ({ app, page }) => {
  await page.goto(await app.launchUrl())
  for (const screen of FIRST_SCREENS) await expectAccessible(page, screen, app.origin)
})

test('a new workspace, and sections to which a role has no access', async ({ app, page }) => {
  const team = await copyTeam(app)
  await enter(app, page, team.agent)
  for (const screen of [...EMPTY_SCREENS, ...AGENT_SCREENS]) await expectAccessible(page, screen, app.origin)
  team.visitor.close()
})

// In parts, so that they run on several processors.
const HALF = Math.ceil(SCREENS.length / 2)
for (const [part, screens] of [SCREENS.slice(0, HALF), SCREENS.slice(HALF)].entries())
  test(`every screen of a workspace with calls (${part + 1} of 2)`, async ({ app, page }) => {
    test.setTimeout(900_000)
    await demo(app, page)
    for (const screen of screens) await expectAccessible(page, screen, app.origin)
    if (await page.getByRole('heading', { name: 'Locked' }).isVisible()) {
      await unlock(page)
      for (const screen of DOOR_SCREENS) await expectAccessible(page, screen, app.origin)
      await signInToDemo(page)
    }
  })

test.describe('errors', () => {
  test.use({ expectedComplaints: REFUSED })
  test('a lost connection and a refused address', async ({ app, page }) => {
    const team = await copyTeam(app)
    await enter(app, page, team.agent)
    await expectAccessible(
      page,
      {
        name: 'connection lost',
        open: async () => {
          await page.goto(app.origin)
          await expect(page.getByText('No calls in this period')).toBeVisible()
          await app.cut()
          await expect(page.getByText('Connection lost.')).toBeVisible()
        },
      },
      app.origin,
    )
    await app.mend()
    await page.goto(`${app.origin}/launch`)
    await expect(page.getByRole('heading', { name: 'This address is incomplete' })).toBeVisible()
    expect(await findings(page)).toEqual([])
    team.visitor.close()
  })
})
