import { draftKept, fromUserMenu, goTo, notice, sections, signIn } from './support/screens.ts'
import { createTeam, PASSWORD } from './support/team.ts'
import { expect, REFUSED, test } from './support/test.ts'

const WRONG = 'E-mail or password is wrong'

test('signing in and out; nothing of the session is left for the next person', async ({ app, team, page }) => {
  await page.goto(await app.launchUrl())
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
  await expect(page.locator('body'), 'the client’s name is not shown before sign-in').not.toContainText(team.clientName)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByText('The password is required')).toBeVisible()

  await signIn(page, team.agent.email.toUpperCase())
  await expect(page.getByRole('button', { name: /^User menu/ })).toContainText('Ben Berg')
  await goTo(page, 'Calls')
  await page.getByRole('searchbox', { name: 'Search calls' }).fill('Meyer')
  await expect(page).toHaveURL(/text=Meyer/)
  await page.keyboard.press('Tab')
  await page.keyboard.press('n')
  await page.getByLabel('Prospect name').fill('Half a name')

  await fromUserMenu(page, 'Sign out')
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
  await expect(page, 'a filter may hold a prospect’s name').not.toHaveURL(/Meyer/)
  await signIn(page, team.colleague.email)
  await expect(page.getByRole('button', { name: /^User menu/ })).toContainText('Cleo Calm')
  await expect(page.getByRole('complementary', { name: 'Details' })).toBeHidden()
  await page.keyboard.press('n')
  await expect(page.getByLabel('Prospect name'), 'a draft is shown only to its writer').toHaveValue('')
})

test('a reload keeps the session; a second window of the same browser shares it', async ({ team, windowOf }) => {
  const page = await windowOf(team.agent)
  await page.reload()
  await expect(page.getByRole('button', { name: /^User menu/ })).toContainText('Ben Berg')
  const second = await page.context().newPage()
  await second.goto(page.url())
  await expect(second.getByRole('button', { name: /^User menu/ })).toContainText('Ben Berg')
  await fromUserMenu(second, 'Sign out')
  await expect(page.getByRole('heading', { name: 'Sign in' }), 'signing out ends the session in both').toBeVisible()
})

test.describe('across a restart', () => {
  test.use({ expectedComplaints: REFUSED })
  test('wrong passwords lead to a wait with a countdown, also after a restart, and are in the audit trail', async ({
    app,
    team,
    page,
    windowOf,
  }) => {
    await page.goto(await app.launchUrl())
    for (let n = 0; n < 2; n++) {
      await signIn(page, team.agent.email, 'wrong horse')
      await expect(notice(page, WRONG)).toBeVisible()
      await expect(page.getByRole('button', { name: 'Sign in', exact: true })).toBeEnabled()
    }
    await signIn(page, team.agent.email, 'wrong horse')
    await expect(notice(page, WRONG)).toBeVisible()
    // The fourth attempt is too early, right or wrong.
    await app.kill()
    await app.start()
    await page.goto(await app.launchUrl())
    for (let n = 3; n < 6; n++) {
      await app.advance(1)
      await signIn(page, team.agent.email, 'wrong horse')
      await expect(notice(page, WRONG)).toBeVisible()
    }
    await signIn(page, team.agent.email)
    await expect(notice(page, 'Too many wrong passwords')).toContainText(/Try again in \d+ s\. A restart does not end the wait\./)
    await expect(page.getByRole('button', { name: /^Sign in \(\d+ s\)$/ })).toBeDisabled()
    // Another person on the same device does not have to wait.
    const admin = await windowOf(team.admin)
    await goTo(admin, 'Audit trail')
    await expect(admin.getByRole('row').filter({ hasText: 'Failed sign-in' })).toHaveCount(6)
    await expect(admin.getByRole('row').filter({ hasText: 'Failed sign-in' }).first()).toContainText('Ben Berg')
  })
})

test('the countdown ends automatically, and the right password is then accepted', async ({ app, team, page }) => {
  await page.goto(await app.launchUrl())
  await page.clock.install()
  // Seven in a row cause a wait of 16 s, longer than a slow machine needs for the next attempt.
  for (let n = 0; n < 7; n++) {
    await app.advance(2)
    await page.clock.fastForward('02:00')
    await signIn(page, team.agent.email, 'wrong horse')
    await expect(notice(page, WRONG)).toBeVisible()
    await expect(page.getByLabel('Password', { exact: true })).toBeFocused()
  }
  await signIn(page, team.agent.email)
  const button = page.getByRole('button', { name: /^Sign in/ })
  await expect(notice(page, 'Too many wrong passwords')).toBeVisible()
  await expect(button).toBeDisabled()
  await app.advance(2)
  await page.clock.fastForward('02:00')
  await expect(button).toHaveText('Sign in')
  await expect(button).toBeEnabled()
  await button.click()
  await expect(sections(page)).toBeVisible()
})

test('locking keeps the screen and the draft; only the password unlocks it', async ({ team, windowOf }) => {
  const page = await windowOf(team.agent)
  await goTo(page, 'Calls')
  await page.keyboard.press('n')
  await page.getByLabel('Prospect name').fill('Jo Sm')
  await page.keyboard.press('Control+Shift+L')

  await expect(page.getByRole('heading', { name: 'Locked' })).toBeVisible()
  await expect(page.getByText('Ben Berg · Acme')).toBeVisible()
  await expect(page.locator('body')).not.toContainText('Jo Sm')
  await expect(page.getByLabel('Password')).toBeFocused()
  await page.keyboard.type('wrong horse')
  await page.keyboard.press('Enter')
  await expect(notice(page, 'Wrong password')).toBeVisible()
  await page.reload()
  await expect(page.getByRole('heading', { name: 'Locked' }), 'a reload does not unlock it').toBeVisible()
  await page.keyboard.type(PASSWORD)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1, name: 'Calls' })).toBeVisible()
  await page.keyboard.press('n')
  await expect(page.getByLabel('Prospect name')).toHaveValue('Jo Sm')

  await fromUserMenu(page, 'Lock')
  await page.getByRole('button', { name: 'Sign out' }).click()
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
})

test('an unlocked screen is unchanged, including an open form', async ({ team, windowOf }) => {
  const page = await windowOf(team.agent)
  await goTo(page, 'Calls')
  await page.keyboard.press('n')
  await page.getByLabel('Prospect name').fill('Jo Smith')
  await page.keyboard.press('Control+Shift+L')
  await page.getByLabel('Password').fill(PASSWORD)
  await page.getByRole('button', { name: 'Unlock' }).click()
  await expect(page.getByLabel('Prospect name')).toHaveValue('Jo Smith')
})

test('the session locks automatically after the client’s idle time', async ({ app, team, windowOf }) => {
  const admin = await windowOf(team.admin)
  await goTo(admin, 'Settings')
  await admin.getByLabel('Lock after (minutes)').fill('2')
  await admin.getByRole('button', { name: 'Save settings' }).click()
  await expect(admin.getByText('Settings changed')).toBeVisible()

  const page = await windowOf(team.agent)
  await goTo(page, 'Calls')
  await app.advance(1)
  await expect(page.getByRole('heading', { level: 1, name: 'Calls' })).toBeVisible()
  await page.keyboard.press('n')
  await page.getByLabel('Prospect name').fill('Jo Smith')
  await draftKept(page, 'Jo Smith')
  await app.advance(2)
  await expect(page.getByRole('heading', { name: 'Locked' })).toBeVisible()
  await page.getByLabel('Password').fill(PASSWORD)
  await page.getByRole('button', { name: 'Unlock' }).click()
  await expect(page.getByLabel('Prospect name')).toHaveValue('Jo Smith')
})

test('a person changes their own password with the old one', async ({ app, team, page, windowOf }) => {
  const own = await windowOf(team.agent)
  await fromUserMenu(own, 'Change password')
  await own.getByLabel('Current password').fill('wrong horse')
  await own.getByLabel('New password', { exact: true }).fill('battery staple')
  await own.getByLabel('Confirm new password').fill('battery staple')
  await own.getByRole('button', { name: 'Change password' }).click()
  await expect(notice(own, 'The current password is wrong')).toBeVisible()
  await own.getByLabel('Current password').fill(PASSWORD)
  await own.getByRole('button', { name: 'Change password' }).click()
  await expect(own.getByText('Password changed')).toBeVisible()

  await page.goto(await app.launchUrl())
  await signIn(page, team.agent.email)
  await expect(notice(page, WRONG)).toBeVisible()
  await signIn(page, team.agent.email, 'battery staple')
  await expect(sections(page)).toBeVisible()
})

test('a person with the same e-mail and password in two clients chooses one, and changes it by signing in again', async ({
  app,
  team,
  page,
}) => {
  const other = await createTeam(app, 'Beta GmbH', 'beta.test')
  await other.api.users.create({ name: 'Ben at Beta', email: team.agent.email, role: 'viewer', password: PASSWORD })
  other.visitor.close()
  await page.goto(await app.launchUrl())
  await signIn(page, team.agent.email)
  await expect(page.getByRole('heading', { name: 'Choose a client' })).toBeVisible()
  await page.getByLabel('Beta GmbH').check()
  await page.getByRole('button', { name: 'Open client' }).click()
  await expect(page.getByRole('button', { name: /^User menu/ })).toContainText('Ben at Beta')
  await expect(page.locator('body')).not.toContainText(team.clientName)
})
