import { callRows, choosePeriod, details, filterBy, fromUserMenu, goTo, notice } from './support/screens.ts'
import { someCall } from './support/team.ts'
import { expect, test } from './support/test.ts'

test('sections keep their filters, and the dashboard shows the period that was chosen for the calls', async ({
  team,
  windowOf,
}) => {
  await team.api.calls.create(someCall(team.agent))
  const page = await windowOf(team.lead)
  const period = page.getByRole('button', { name: /^Period:/ })
  await choosePeriod(page, 'Last month')
  await filterBy(page, 'Agent', 'Ben Berg')
  await goTo(page, 'Calls')
  await goTo(page, 'Dashboard')
  await expect(period).toHaveAccessibleName('Period: Last month')
  await expect(page.getByRole('button', { name: 'Agent: Ben Berg' })).toBeVisible()

  await goTo(page, 'Calls')
  await choosePeriod(page, 'This year')
  await filterBy(page, 'Status', 'Completed')
  await page.keyboard.press('g')
  await page.keyboard.press('d')
  await expect(period).toHaveAccessibleName('Period: This year')
  await goTo(page, 'Loss reasons')
  await goTo(page, 'Calls')
  await expect(page.getByRole('button', { name: 'Status: Completed' })).toBeVisible()
  await goTo(page, 'Calls')
  await expect(
    page.getByRole('button', { name: 'Status', exact: true }),
    'the section’s own link resets the filter',
  ).toBeVisible()
})

test('an invalid day is an error at the field and does not apply the old period', async ({ team, windowOf }) => {
  const page = await windowOf(team.agent)
  const period = page.getByRole('button', { name: /^Period:/ })
  await period.click()
  const dialog = page.getByRole('dialog', { name: 'Period' })
  const from = dialog.getByRole('textbox', { name: 'From' })
  await from.fill('2026-02-30')
  await from.press('Enter')
  await expect(dialog.getByText('Enter a day, for example 2026-11-02')).toBeVisible()
  await expect(from).toHaveValue('2026-02-30')
  await from.fill('2026-02-01')
  await dialog.getByRole('textbox', { name: 'To' }).fill('2026-2-28')
  await page.keyboard.press('Enter')
  await expect(dialog).toBeHidden()
  await expect(period).toHaveAccessibleName('Period: 2026-02-01 – 2026-02-28')
})

test('messages with a prospect’s name are removed when the session is locked or ends', async ({ team, windowOf }) => {
  const page = await windowOf(team.agent)
  await page.keyboard.press('n')
  await page.keyboard.type('Jo Smith')
  await page.keyboard.press('Control+1')
  await page.keyboard.press('Control+Enter')
  await expect(notice(page, 'Call with Jo Smith logged')).toBeVisible()
  await page.keyboard.press('Control+Shift+l')
  await expect(page.getByRole('heading', { name: 'Locked' })).toBeVisible()
  await expect(page.getByText('Jo Smith')).toHaveCount(0)
  await page.getByLabel('Password', { exact: true }).fill('correct horse')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('navigation', { name: 'Sections' })).toBeVisible()

  await expect(details(page)).toBeVisible()
  await page.getByLabel('Prospect name').fill('Ann Other')
  await page.keyboard.press('Control+1')
  await page.keyboard.press('Control+Enter')
  await expect(notice(page, 'Call with Ann Other logged')).toBeVisible()
  await fromUserMenu(page, 'Sign out')
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
  await expect(page.getByText('Ann Other')).toHaveCount(0)
})

test('after G C the arrow keys work in the list', async ({ team, windowOf }) => {
  await team.api.calls.create(someCall(team.agent))
  const page = await windowOf(team.agent)
  for (const [key, list] of [
    ['c', 'Calls'],
    ['a', 'Audit trail'],
  ] as const) {
    await page.keyboard.press('g')
    await page.keyboard.press(key)
    await expect(page.getByRole('grid', { name: list })).toBeFocused()
  }
  await page.keyboard.press('g')
  await page.keyboard.press('c')
  await expect(page.getByRole('grid', { name: 'Calls' })).toBeFocused()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(details(page).getByRole('heading', { name: 'Jo Smith' })).toBeFocused()
})

test('the list of calls has the focus after closing a form that was opened in another section', async ({ team, windowOf }) => {
  await team.api.calls.create(someCall(team.agent))
  const page = await windowOf(team.agent)
  await page.keyboard.press('n')
  await expect(page.getByLabel('Prospect name')).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(page.getByLabel('Prospect name')).toBeHidden()
  await page.keyboard.press('g')
  await page.keyboard.press('c')
  await expect(callRows(page)).toHaveCount(1)
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(details(page).getByRole('heading', { name: 'Jo Smith' })).toBeVisible()
})
