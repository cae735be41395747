import type { Page } from '@playwright/test'
import { findings } from './support/axe.ts'
import { draftKept, fromUserMenu } from './support/screens.ts'
import { expect, test } from './support/test.ts'

const inGerman = async (page: Page) => {
  await expect(page.locator('html')).toHaveAttribute('lang', 'de')
  await expect(
    page.getByRole('navigation', { name: 'Bereiche' }).getByRole('link', { name: 'Anrufe', exact: true }),
  ).toBeVisible()
}
const inEnglish = async (page: Page) => {
  await expect(page.locator('html')).toHaveAttribute('lang', 'en')
  await expect(page.getByRole('navigation', { name: 'Sections' }).getByRole('link', { name: 'Calls', exact: true })).toBeVisible()
}
const fromGermanMenu = async (page: Page, item: string) => {
  await page.getByRole('button', { name: /^Benutzermenü/ }).click()
  await page.getByRole('menu').getByText(item, { exact: true }).click()
}

test('a person chooses German: the window, the sign-in and the next person’s window are German; a draft is kept', async ({
  team,
  windowOf,
}) => {
  const page = await windowOf(team.agent)
  await inEnglish(page)
  await page.keyboard.press('n')
  await page.getByLabel('Prospect name').fill('Jo Schmidt')
  // The change writes the draft before it loads the window again.
  await fromUserMenu(page, 'Deutsch')
  await inGerman(page)
  await draftKept(page, 'Jo Schmidt')
  await page.keyboard.press('n')
  await expect(page.getByLabel('Name des Interessenten')).toHaveValue('Jo Schmidt')
  expect(await findings(page)).toEqual([])
  await page.keyboard.press('Escape')

  await page.getByRole('button', { name: /^Benutzermenü/ }).click()
  await expect(page.getByRole('menuitemradio', { name: 'Deutsch' })).toBeChecked()
  expect(await findings(page)).toEqual([])
  await page.keyboard.press('Escape')

  await fromGermanMenu(page, 'Abmelden')
  await expect(page.getByRole('heading', { level: 1, name: 'Anmelden' })).toBeVisible()
  await expect(page.locator('html')).toHaveAttribute('lang', 'de')
  await page.getByRole('button', { name: 'Anmelden', exact: true }).click()
  await expect(page.getByText('Das Passwort fehlt')).toBeVisible()
  await expect(page.getByText('Keine E-Mail-Adresse')).toBeVisible()
  expect(await findings(page)).toEqual([])
})

test('the language of the system is used again after it is chosen', async ({ team, windowOf }) => {
  const page = await windowOf(team.agent)
  await fromUserMenu(page, 'Deutsch')
  await inGerman(page)
  await page.reload()
  await inGerman(page)
  await fromGermanMenu(page, 'Systemsprache')
  await inEnglish(page)
  await page.reload()
  await inEnglish(page)
})

test.describe('on a German system', () => {
  test.use({ locale: 'de-DE' })

  test('the window is German without a choice, and English if English is chosen', async ({ app, page }) => {
    await page.goto(await app.launchUrl())
    await expect(page.getByRole('heading', { level: 1, name: 'Arbeitsbereich anlegen' })).toBeVisible()
    await expect(page.locator('html')).toHaveAttribute('lang', 'de')
    expect(await findings(page)).toEqual([])
    await page.evaluate(() => {
      document.cookie = 'propaganda-language=en; Path=/; SameSite=Strict'
    })
    await page.reload()
    await expect(page.getByRole('heading', { level: 1, name: 'Create a workspace' })).toBeVisible()
  })
})
