import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { filterBy, notice } from './support/screens.ts'
import { someCall } from './support/team.ts'
import { expect, test } from './support/test.ts'

const views = (page: Page, name?: string) =>
  page.getByRole('button', { name: name === undefined ? 'Saved views' : `Saved views: ${name}`, exact: true })
const targets = (page: Page) => page.getByRole('region', { name: 'Targets' })

async function fromViews(page: Page, item: string, opened?: string): Promise<void> {
  await views(page, opened).click()
  await page.getByRole('menuitem', { name: item }).click()
}

async function saveView(page: Page, name: string): Promise<void> {
  await fromViews(page, 'Save as new view…')
  await page.getByLabel('Name of the view').fill(name)
  await page.keyboard.press('Enter')
}

test('a lead saves a view of one agent and shares it; an agent opens it with a note, and the lead deletes it for everyone', async ({
  team,
  windowOf,
}) => {
  await team.api.calls.create(someCall(team.agent))
  await team.api.calls.create(someCall(team.colleague, { outcome: 'lost' }))
  const page = await windowOf(team.lead)
  const calls = page.getByRole('region', { name: 'Calls', exact: true })
  await expect(calls.getByRole('button', { name: /^Calls 2:/ })).toBeVisible()
  await filterBy(page, 'Agent', 'Ben Berg')
  await expect(calls.getByRole('button', { name: /^Calls 1:/ })).toBeVisible()
  await saveView(page, '')
  await expect(page.getByText('A name is required')).toBeVisible()
  await page.getByLabel('Name of the view').fill('About Ben')
  await page.keyboard.press('Enter')
  await expect(views(page, 'About Ben')).toBeVisible()

  await fromViews(page, 'Share with everyone', 'About Ben')
  await filterBy(page, 'Type', 'Inbound')
  await expect(views(page, 'About Ben')).toHaveText('About Ben (changed)')
  await fromViews(page, 'Open by default', 'About Ben')

  // Opened by everyone, and by the lead after a restart of the window.
  await page.goto('about:blank')
  const again = await windowOf(team.lead)
  await expect(views(again, 'About Ben')).toHaveText('About Ben')
  await expect(again.getByRole('region', { name: 'Calls', exact: true }).getByRole('button', { name: /^Calls 1:/ })).toBeVisible()

  const agents = await windowOf(team.colleague)
  await fromViews(agents, 'About Ben')
  await expect(agents.getByRole('status').filter({ hasText: 'This view filters by other people' })).toBeVisible()
  await expect(
    agents.getByRole('region', { name: 'Calls', exact: true }).getByRole('button', { name: /^Calls 1:/ }),
  ).toBeVisible()
  await views(agents, 'About Ben').click()
  await expect(agents.getByRole('menuitem', { name: 'Open by default' })).toBeVisible()
  await expect(agents.getByRole('menuitem', { name: /Delete|Rename|sharing/ })).toHaveCount(0)
  await agents.keyboard.press('Escape')

  await fromViews(again, 'Delete for 5 people', 'About Ben')
  await expect(notice(again, 'View “About Ben” deleted for 5 people')).toBeVisible()
  await views(agents).click()
  await expect(agents.getByText('No saved views yet')).toBeVisible()
  await notice(again, 'deleted for 5 people').getByRole('button', { name: 'Undo' }).click()
  await expect(agents.getByRole('menuitem', { name: 'About Ben' })).toBeVisible()
})

test('a lead sets targets with the keyboard, and the dashboard shows them; an agent sees their own and the team’s', async ({
  team,
  windowOf,
}) => {
  for (let n = 0; n < 3; n++) await team.api.calls.create(someCall(team.agent))
  const page = await windowOf(team.lead)
  await expect(targets(page)).toContainText('No targets for this period')
  await targets(page).getByRole('link', { name: 'Edit targets' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Targets' })).toBeVisible()
  const field = (label: string) => page.getByRole('textbox', { name: label, exact: true })
  await field('Won, Team').fill('1.5')
  await page.keyboard.press('Enter')
  await expect(page.getByText('Enter a whole number from 0 to 1,000,000')).toBeVisible()
  await field('Won, Team').fill('1,000')
  // Down a column: the team, then the people by name.
  await page.keyboard.press('ArrowDown')
  await expect(field('Won, Ada Admin')).toBeFocused()
  await page.keyboard.press('ArrowDown')
  await expect(field('Won, Ben Berg')).toBeFocused()
  await page.keyboard.type('30')
  await page.keyboard.press('Enter')
  await field('Show rate (%), Team').fill('62,5 %')
  await page.keyboard.press('Enter')
  await expect(field('Show rate (%), Team')).toHaveValue('62.5')
  await expect(field('Won, Team')).toHaveValue('1000')
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([])

  await page.getByRole('button', { name: 'Next month' }).click()
  await page.getByRole('button', { name: /^Copy from/ }).click()
  await expect(notice(page, '3 targets copied from')).toBeVisible()
  await expect(field('Won, Ben Berg')).toHaveValue('30')
  await notice(page, '3 targets copied from').getByRole('button', { name: 'Undo' }).click()
  await expect(field('Won, Ben Berg')).toHaveValue('')

  await page.getByRole('link', { name: 'Back to the dashboard' }).click()
  const row = (within: Page, table: string, name: string) =>
    within.getByRole('table', { name: table, exact: true }).getByRole('row').filter({ hasText: name })
  await expect(row(page, 'Targets', 'Won')).toContainText('1,000')
  await expect(page.getByRole('region', { name: 'Show rate', exact: true })).toContainText(
    'Target 62.5% · 37.5 points above target',
  )
  await filterBy(page, 'Agent', 'Ben Berg')
  await expect(row(page, 'Targets', 'Won')).toContainText('30')
  const ofTargets = new AxeBuilder({ page }).include('section[aria-label="Targets"]')
  expect((await ofTargets.analyze()).violations).toEqual([])

  const agents = await windowOf(team.agent)
  await expect(row(agents, 'Targets', 'Won')).toContainText('30')
  await expect(row(agents, 'Team targets', 'Won')).toContainText('1,000')
  await expect(targets(agents).getByRole('link', { name: 'Edit targets' })).toHaveCount(0)
  const colleagues = await windowOf(team.colleague)
  await expect(row(colleagues, 'Team targets', 'Won')).toContainText('1,000')
  await expect(colleagues.getByRole('table', { name: 'Targets', exact: true })).toHaveCount(0)
})
