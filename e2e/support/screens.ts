import { expect, type Locator, type Page } from '@playwright/test'
import { PASSWORD } from './team.ts'
import { BrowserSession } from './browser-session.ts'

export type Section = 'Today' | 'Dashboard' | 'Calls' | 'Import' | 'Users' | 'Loss reasons' | 'Audit trail' | 'Settings'

export const sections = (page: Page): Locator => page.getByRole('navigation', { name: 'Sections' })
export const details = (page: Page): Locator => page.getByRole('complementary', { name: 'Details' })
export const callsGrid = (page: Page): Locator => page.getByRole('grid', { name: 'Calls' })

/** Returns the rows of the list of calls, without the header. */
export function callRows(page: Page, text?: string | RegExp): Locator {
  const rows = callsGrid(page).locator('[role=row][aria-selected]')
  return text === undefined ? rows : rows.filter({ hasText: text })
}

export async function goTo(page: Page, section: Section): Promise<void> {
  await sections(page).getByRole('link', { name: section, exact: true }).click()
  await expect(page.getByRole('heading', { level: 1, name: section, exact: true })).toBeVisible()
}

export async function signIn(page: Page, email: string, password = PASSWORD): Promise<void> {
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
  await page.getByRole('textbox', { name: 'E-mail' }).fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

/** Creates a workspace on a device that has none, and signs its admin in. */
export async function createWorkspace(page: Page, email: string): Promise<void> {
  await expect(page.getByRole('heading', { name: 'Create a workspace' })).toBeVisible()
  await page.getByLabel('Client name').fill('Acme')
  await page.getByLabel('Your name').fill('Ada Admin')
  await page.getByRole('textbox', { name: 'E-mail' }).fill(email)
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await page.getByLabel('Confirm password').fill(PASSWORD)
  await page.getByRole('button', { name: 'Create workspace' }).click()
}

export async function fromUserMenu(page: Page, item: string): Promise<void> {
  await page.getByRole('button', { name: /^User menu/ }).click()
  await page.getByRole('menu').getByText(item, { exact: true }).click()
}

/** Chooses an option of a select. */
export async function choose(where: Page | Locator, label: string, option: string): Promise<void> {
  const field = where.getByRole('combobox', { name: label, exact: true })
  await field.click()
  await field.page().getByRole('option', { name: option, exact: true }).click()
}

/** Chooses one of a few values that are all visible. */
export async function pick(where: Page | Locator, label: string, choice: string): Promise<void> {
  await where.getByRole('radiogroup', { name: label }).getByText(choice, { exact: true }).click()
}

/** Selects values of one filter in a bar and closes its list. */
export async function filterBy(page: Page, label: string, ...values: readonly string[]): Promise<void> {
  await page.getByRole('button', { name: new RegExp(`^${label}(:|$)`) }).click()
  const list = page.getByRole('listbox', { name: label })
  for (const value of values) {
    await list.getByRole('option', { name: value, exact: true }).click()
    await expect(list.getByRole('option', { name: value, exact: true })).toHaveAttribute('aria-selected', 'true')
  }
  await page.keyboard.press('Escape')
  await expect(list).toBeHidden()
}

/** Chooses a named period, or two days. */
export async function choosePeriod(page: Page, period: string | { readonly from: string; readonly to: string }): Promise<void> {
  await page.getByRole('button', { name: /^Period:/ }).click()
  const dialog = page.getByRole('dialog', { name: 'Period' })
  if (typeof period === 'string') await dialog.getByRole('button', { name: period, exact: true }).click()
  else {
    for (const [field, day] of [
      ['From', period.from],
      ['To', period.to],
    ] as const) {
      await dialog.getByRole('textbox', { name: field, exact: true }).fill(day)
      await page.keyboard.press('Tab')
    }
    await dialog.getByRole('button', { name: 'Apply' }).click()
  }
  await expect(dialog).toBeHidden()
}

/** Returns the number of calls that the list shows. */
export const callCount = (page: Page): Locator => page.getByRole('status', { name: 'Number of calls' })

export const notice = (page: Page, text: string | RegExp): Locator => page.getByRole('alert').filter({ hasText: text })

/** Resolves when the stored draft of the new call in `page` contains `text`. */
export async function draftKept(page: Page, text: string, form = 'call:new'): Promise<void> {
  const visitor = await BrowserSession.of(page.context(), new URL(page.url()).origin)
  await expect.poll(async () => JSON.stringify(await visitor.api.drafts.get({ form }))).toContain(text)
  visitor.close()
}
