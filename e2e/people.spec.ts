import { callRows, choose, details, fromUserMenu, goTo, notice, pick, sections, signIn } from './support/screens.ts'
import { PASSWORD, someCall } from './support/team.ts'
import { expect, test } from './support/test.ts'

test('an admin adds a person, who signs in; a changed role takes effect immediately; a deactivation ends the session', async ({
  app,
  team,
  page,
  windowOf,
}) => {
  const admin = await windowOf(team.admin)
  await goTo(admin, 'Users')
  await admin.getByRole('button', { name: 'Add user' }).click()
  const panel = details(admin)
  await panel.getByLabel('Name').fill('Dora Dorn')
  await panel.getByLabel('E-mail').fill('BEN@acme.test')
  await panel.getByRole('textbox', { name: 'Password' }).fill(PASSWORD)
  await panel.getByRole('button', { name: 'Add user' }).click()
  await expect(panel.getByRole('alert')).toContainText('This e-mail address already exists')
  await panel.getByLabel('E-mail').fill('dora@acme.test')
  await panel.getByRole('button', { name: 'Add user' }).click()
  const users = admin.getByRole('table', { name: 'Users' })
  const dora = users.getByRole('row').filter({ hasText: 'Dora Dorn' })
  await expect(dora).toContainText('Never')

  await page.goto(await app.launchUrl())
  await signIn(page, 'dora@acme.test')
  await goTo(page, 'Calls')
  await expect(page.getByRole('button', { name: 'New call' }).first()).toBeVisible()
  await expect(sections(page).getByRole('link', { name: 'Users' })).toBeHidden()

  await users.getByRole('button', { name: 'Dora Dorn' }).click()
  await choose(panel, 'Role', 'Viewer')
  await panel.getByRole('button', { name: 'Save changes' }).click()
  await expect(dora).toContainText('Viewer')
  await expect(page.getByRole('button', { name: 'New call' })).toBeHidden()
  await choose(panel, 'Role', 'Team lead')
  await panel.getByRole('button', { name: 'Save changes' }).click()
  await expect(sections(page).getByRole('link', { name: 'Users' })).toBeVisible()

  await panel.getByRole('button', { name: 'Deactivate' }).click()
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
  await signIn(page, 'dora@acme.test')
  await expect(notice(page, 'This account was deactivated')).toBeVisible()
  await expect(users).toContainText('Dora Dorn (inactive)')
  await notice(admin, 'Dora Dorn deactivated').getByRole('button', { name: 'Undo' }).click()
  await expect(users).not.toContainText('(inactive)')
})

test('the last admin can neither change their role nor be deactivated', async ({ team, windowOf }) => {
  const page = await windowOf(team.admin)
  await goTo(page, 'Users')
  await page.getByRole('button', { name: 'Ada Admin', exact: true }).click()
  const panel = details(page)
  await choose(panel, 'Role', 'Agent')
  await panel.getByRole('button', { name: 'Save changes' }).click()
  await expect(panel).toContainText('This is the last active admin')
  await panel.getByRole('button', { name: 'Deactivate' }).click()
  await expect(panel.getByRole('alert').filter({ hasText: 'This is the last active admin' }).last()).toBeVisible()
  await page.reload()
  await expect(page.getByRole('table', { name: 'Users' }).getByRole('row').filter({ hasText: 'Ada Admin' })).toContainText(
    'Admin',
  )
})

test('a lead adds, renames and deactivates a loss reason; old calls keep it, and it is not offered for new ones', async ({
  team,
  windowOf,
}) => {
  const page = await windowOf(team.lead)
  await goTo(page, 'Loss reasons')
  await page.getByRole('button', { name: 'Add loss reason' }).click()
  await page.getByLabel('Name').fill('price TOO high')
  await details(page).getByRole('button', { name: 'Add loss reason' }).click()
  await expect(details(page).getByRole('alert')).toBeVisible()
  await page.getByLabel('Name').fill('Too far')
  await page.getByLabel('Description').fill('More than an hour away')
  await details(page).getByRole('button', { name: 'Add loss reason' }).click()
  const table = page.getByRole('table', { name: 'Loss reasons' })
  await expect(table.getByRole('row').filter({ hasText: 'Too far' })).toContainText('More than an hour away')

  await page.keyboard.press('n')
  await page.getByLabel('Prospect name').fill('Jo Smith')
  await pick(details(page), 'Outcome', 'Lost')
  await choose(details(page), 'Loss reason', 'Too far')
  await page.getByRole('button', { name: 'Save call' }).click()
  await expect(notice(page, 'Call with Jo Smith logged')).toBeVisible()

  await table.getByRole('button', { name: 'Too far' }).click()
  await page.getByLabel('Name').fill('Too far away')
  await page.getByRole('button', { name: 'Save changes' }).click()
  await expect(table).toContainText('Too far away')
  await page.getByRole('button', { name: 'Deactivate' }).click()
  await expect(table.getByRole('row').filter({ hasText: 'Too far away' })).toContainText('Inactive')

  await goTo(page, 'Calls')
  await expect(callRows(page, 'Jo Smith')).toContainText('Lost · Too far away (inactive)')
  await page.keyboard.press('n')
  await pick(details(page), 'Outcome', 'Lost')
  await details(page).getByRole('combobox', { name: 'Loss reason' }).click()
  await expect(page.getByRole('option', { name: 'Price too high' })).toBeVisible()
  await expect(page.getByRole('option', { name: /Too far/ })).toBeHidden()
  await page.keyboard.press('Escape')
  await goTo(page, 'Dashboard')
  await page.getByRole('radiogroup', { name: 'Loss reasons: chart or table' }).getByText('Table').click()
  await expect(page.getByRole('grid', { name: 'Loss reasons' })).toContainText('Too far away (inactive)')
})

test('settings: the client’s name, time zone and week start apply to everyone and are in the audit trail', async ({
  team,
  windowOf,
}) => {
  await team.api.calls.create(someCall(team.agent, { completedAt: Date.UTC(2026, 0, 15, 10) }))
  const [page, agent] = [await windowOf(team.admin), await windowOf(team.agent)]
  await goTo(agent, 'Calls')
  await expect(callRows(agent, 'Jo Smith')).toContainText('2026-01-15 11:00')
  await goTo(page, 'Settings')
  await expect(page.getByRole('region', { name: 'On this device' })).toContainText('workspace.db')
  await page.getByLabel('Client name').fill('Acme & Sons')
  const zone = page.getByRole('combobox', { name: 'Time zone' })
  await zone.fill('Kolkata')
  await page.getByRole('option', { name: 'Asia/Kolkata' }).click()
  await choose(page, 'Week start', 'Sunday')
  await page.getByLabel('Lock after (minutes)').fill('30')
  await page.getByRole('button', { name: 'Save settings' }).click()
  await expect(page.getByRole('button', { name: /^User menu/ })).toContainText('Acme & Sons')
  await expect(agent.getByRole('button', { name: /^User menu/ })).toContainText('Acme & Sons')
  await expect(callRows(agent, 'Jo Smith')).toContainText('2026-01-15 15:30')

  await notice(page, 'Settings changed').getByRole('button', { name: 'Undo' }).click()
  await expect(page.getByRole('button', { name: /^User menu/ })).not.toContainText('& Sons')
  await expect(callRows(agent, 'Jo Smith')).toContainText('2026-01-15 11:00')
  await goTo(page, 'Audit trail')
  const row = (text: string) => page.getByRole('grid', { name: 'Audit trail' }).getByRole('row').filter({ hasText: text })
  await expect(row('Asia/Kolkata → Europe/Berlin')).toBeVisible()
  await expect(row('Europe/Berlin → Asia/Kolkata')).toBeVisible()
  await row('Name: Acme → Acme & Sons').click()
  await expect(details(page)).toContainText('Propaganda/0.0.0 (test) e2e')
})

test('typed values of a form are kept when another window changes the same row; a save does not replace a change that was not seen', async ({
  team,
  windowOf,
}) => {
  const page = await windowOf(team.admin)
  const panel = details(page)
  const save = panel.getByRole('button', { name: 'Save changes' })

  await goTo(page, 'Users')
  await page.getByRole('row', { name: /Vera View/ }).click()
  await panel.getByRole('textbox', { name: 'Name' }).fill('Vera Vogel')
  await team.api.users.update({ id: team.viewer.id, patch: { email: 'vogel@acme.test' } })
  await expect(panel.getByRole('textbox', { name: 'E-mail' })).toHaveValue('vogel@acme.test')
  await expect(panel.getByRole('textbox', { name: 'Name' })).toHaveValue('Vera Vogel')
  await team.api.users.update({ id: team.viewer.id, patch: { name: 'Vera Other' } })
  await expect(panel.getByRole('heading', { name: 'Vera Other' })).toBeVisible()
  await save.click()
  await expect(panel.getByRole('alert')).toContainText('Someone else has changed this since you opened it.')
  await expect(panel.getByRole('textbox', { name: 'Name' })).toHaveValue('Vera Vogel')

  await goTo(page, 'Loss reasons')
  await page.getByRole('table', { name: 'Loss reasons' }).getByRole('button', { name: 'Price too high' }).click()
  await panel.getByLabel('Description').fill('More than their budget')
  const reason = (await team.api.lossReasons.list()).find(({ name }) => name === 'Price too high')
  if (reason === undefined) throw new Error('No loss reason')
  await team.api.lossReasons.update({ id: reason.id, patch: { name: 'Too expensive' } })
  await expect(panel.getByLabel('Name')).toHaveValue('Too expensive')
  await expect(panel.getByLabel('Description')).toHaveValue('More than their budget')
  await save.click()
  await expect
    .poll(async () => (await team.api.lossReasons.list()).find(({ id }) => id === reason.id))
    .toMatchObject({ name: 'Too expensive', description: 'More than their budget' })

  await goTo(page, 'Settings')
  await page.getByLabel('Client name').fill(' Acme Sales ')
  await team.api.settings.update({ idle_lock_minutes: 33 })
  await expect(page.getByLabel('Lock after (minutes)')).toHaveValue('33')
  await expect(page.getByLabel('Client name')).toHaveValue(' Acme Sales ')
  await page.getByRole('button', { name: 'Save settings' }).click()
  await expect(page.getByLabel('Client name')).toHaveValue('Acme Sales')
  await expect(page.getByRole('button', { name: 'Save settings' })).toBeDisabled()
})

test('the audit trail can be filtered and read line by line, and its lines link to their calls', async ({ team, windowOf }) => {
  const call = await team.api.calls.create(someCall(team.agent))
  await team.api.calls.update({ id: call.id, patch: { notes: 'Later' } })
  const page = await windowOf(team.lead)
  await goTo(page, 'Audit trail')
  const grid = page.getByRole('grid', { name: 'Audit trail' })
  await choose(page, 'Record type', 'Call')
  await expect(grid.getByRole('row')).toHaveCount(3)
  await grid.focus()
  await page.keyboard.press('Enter')
  await expect(details(page).getByRole('heading', { name: 'Call changed' })).toBeFocused()
  await expect(details(page)).toContainText('— → Later')
  await details(page).getByRole('button', { name: 'Open call' }).click()
  await expect(details(page).getByRole('heading', { name: 'Jo Smith' })).toBeVisible()
  await choose(page, 'User', 'Vera View')
  await expect(page.getByText('No entries match')).toBeVisible()
  await page.getByRole('button', { name: 'Reset filters' }).first().click()
  await expect(grid.getByRole('row').filter({ hasText: 'Signed in' }).first()).toBeVisible()
})

test('people who may edit a call restore it from the line of its deletion', async ({ team, windowOf }) => {
  const call = await team.api.calls.create(someCall(team.agent, { notes: 'Kept' }))
  await team.api.calls.delete({ id: call.id })
  const page = await windowOf(team.lead)
  await goTo(page, 'Audit trail')
  await choose(page, 'Record type', 'Call')
  const rows = page.getByRole('grid', { name: 'Audit trail' }).getByRole('row')
  // The header and two entries. A click during the loading of the list could hit another row.
  await expect(rows).toHaveCount(3)
  const deletion = rows.filter({ hasText: 'Call deleted' })
  await deletion.click()
  await details(page).getByRole('button', { name: 'Restore call' }).click()
  await expect(details(page).getByRole('heading', { name: 'Jo Smith' })).toBeVisible()
  await expect(details(page)).toContainText('Kept')
  await expect(rows).toHaveCount(4)
  await deletion.click()
  await expect(details(page).getByRole('heading', { name: 'Call deleted' })).toBeVisible()
  await expect(details(page).getByRole('button', { name: 'Restore call' })).toBeHidden()
})

test('the theme is chosen in the user menu and kept', async ({ team, windowOf }) => {
  const page = await windowOf(team.agent)
  const dark = page.locator('html[data-mantine-color-scheme=dark]')
  await expect(dark).toHaveCount(0)
  await page.getByRole('button', { name: /^User menu/ }).click()
  await page.getByRole('menuitemradio', { name: 'Dark theme' }).click()
  await expect(dark).toHaveCount(1)
  await page.keyboard.press('Escape')
  // Like a start on another port, which has other storage.
  await page.evaluate(() => localStorage.clear())
  await page.reload()
  await expect(sections(page)).toBeVisible()
  await expect(dark).toHaveCount(1)
  await fromUserMenu(page, 'Keyboard shortcuts')
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible()
})
