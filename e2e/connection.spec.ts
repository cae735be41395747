import { callRows, details, draftKept, goTo, pick, sections, signIn } from './support/screens.ts'
import { fillCalls } from './support/fill-calls.ts'
import { tamper } from './support/tamper.ts'
import { expect, REFUSED, test } from './support/test.ts'

test.describe('a lost connection', () => {
  test.use({ expectedComplaints: REFUSED })

  test('is shown, keeps the typed values, refuses to save, and is restored automatically', async ({ app, team, windowOf }) => {
    const page = await windowOf(team.agent)
    const banner = page.getByRole('status').filter({ hasText: 'Connection lost.' })
    await goTo(page, 'Calls')
    await expect(page.getByText('No calls yet')).toBeVisible()
    await page.keyboard.press('n')
    await page.getByLabel('Prospect name').fill('Jo Smith')
    const before = await page.getByRole('heading', { level: 1, name: 'Calls' }).boundingBox()

    await app.cut()
    await expect(banner).toContainText('What you typed is kept.')
    await expect(banner, 'a new attempt every few seconds at least').toContainText(/Next try in [1-8] s\.|Trying to reconnect/)
    await expect(page.getByRole('status', { name: 'Sync' })).toHaveText('Connection lost')
    expect(await page.getByRole('heading', { level: 1, name: 'Calls' }).boundingBox(), 'nothing moves').toEqual(before)
    await page.getByLabel('Notes').fill('Typed while disconnected')
    await pick(details(page), 'Outcome', 'Won')
    await page.getByRole('button', { name: 'Save call' }).click()
    await expect(details(page).getByRole('alert')).toContainText('There is no connection to the application')
    await expect(page.getByLabel('Notes')).toHaveValue('Typed while disconnected')

    await app.mend()
    await expect(banner).toBeHidden()
    await draftKept(page, 'Typed while disconnected')
    await page.getByRole('button', { name: 'Save call' }).click()
    await expect(callRows(page, 'Jo Smith')).toContainText('Typed while disconnected')
  })

  test('a window that missed changes shows them after reconnecting; a button reconnects immediately', async ({
    app,
    team,
    windowOf,
  }) => {
    const page = await windowOf(team.lead)
    await goTo(page, 'Calls')
    await expect(page.getByText('No calls yet')).toBeVisible()
    const { path } = await team.api.workspace.status()
    await app.cut()
    const banner = page.getByRole('status').filter({ hasText: 'Connection lost.' })
    await expect(banner).toBeVisible()
    await fillCalls(team, 3, path)
    await expect(banner, 'after some attempts the banner shows the possible cause').toContainText('start it again')
    await app.mend()
    await banner.getByRole('button', { name: 'Try now' }).click()
    await expect(banner).toBeHidden()
    await expect(callRows(page)).toHaveCount(3)
  })

  test('after a restart on the same address the window reports it, and continues with the new address and all typed values', async ({
    app,
    team,
    windowOf,
  }) => {
    const page = await windowOf(team.agent)
    await goTo(page, 'Calls')
    await page.keyboard.press('n')
    await page.getByLabel('Prospect name').fill('Jo Smith')
    await draftKept(page, 'Jo Smith')
    await app.kill()
    await expect(page.getByRole('status').filter({ hasText: 'Connection lost.' })).toBeVisible()
    await page.getByLabel('Notes').fill('Typed when nobody was there any more')
    await app.start()
    const banner = page.getByRole('status').filter({ hasText: 'The application was restarted' })
    await expect(banner).toContainText('open the address that the application printed last')
    await page.getByLabel('Phone').fill('+49 30 5551234')

    await page.goto(await app.launchUrl())
    await signIn(page, team.agent.email)
    await expect(sections(page)).toBeVisible()
    await draftKept(page, 'Typed when nobody was there any more')
    const kept = await page.evaluate(() => Object.keys(sessionStorage))
    expect(kept, 'once confirmed, the tab keeps nothing of the draft').toEqual(['propaganda-signed-in'])
    await page.keyboard.press('n')
    await expect(page.getByLabel('Prospect name')).toHaveValue('Jo Smith')
    await expect(page.getByLabel('Notes')).toHaveValue('Typed when nobody was there any more')
    await expect(page.getByLabel('Phone')).toHaveValue('+49 30 5551234')
  })

  test('after a restart a window continues when another tab got access to the new application', async ({
    app,
    team,
    windowOf,
  }) => {
    const page = await windowOf(team.agent)
    await page.keyboard.press('n')
    await page.getByLabel('Prospect name').fill('Jo Smith')
    await app.kill()
    await app.start()
    await expect(page.getByRole('status').filter({ hasText: 'The application was restarted' })).toBeVisible()
    const other = await page.context().newPage()
    await other.goto(await app.launchUrl())
    await signIn(other, team.agent.email)
    await expect(sections(other)).toBeVisible()
    await expect(page.getByRole('status').filter({ hasText: 'The application was restarted' })).toBeHidden()
    await expect(sections(page)).toBeVisible()
    // The form may still be open, if the window got access before it requested the session; then N is typed as a letter.
    await page.keyboard.press('Alt+n')
    await expect(page.getByLabel('Prospect name')).toHaveValue('Jo Smith')
  })

  test('reloading after a restart shows which address to open', async ({ app, team, windowOf }) => {
    const page = await windowOf(team.agent)
    await app.stop()
    await app.start()
    await page.reload()
    await expect(page.getByRole('heading', { name: 'The application was restarted' })).toBeVisible()
    await page.goto(await app.launchUrl())
    await signIn(page, team.agent.email)
    await expect(sections(page)).toBeVisible()
  })
})

test.describe('a screen that fails', () => {
  // React logs the error; the person gets the error page.
  test.use({ expectedComplaints: /TypeError|The above error occurred/ })

  test('does not affect the rest of the window, and can be loaded again', async ({ team, windowOf }) => {
    let broken = true
    const page = await windowOf(team.agent, (opened) =>
      tamper(opened, (procedure) => (broken && procedure === 'reports.page' ? { counts: null } : undefined)),
    )
    await expect(page.getByRole('alert').filter({ hasText: 'This screen stopped working' })).toBeVisible()
    await page.keyboard.press('n')
    await page.getByLabel('Prospect name').fill('Jo Smith')
    await goTo(page, 'Calls')
    await expect(page.getByLabel('Prospect name')).toHaveValue('Jo Smith')
    broken = false
    await sections(page).getByRole('link', { name: 'Dashboard' }).click()
    await page.getByRole('button', { name: 'Reload' }).click()
    await expect(page.getByRole('region', { name: 'Show rate' })).toBeVisible()
  })

  test('a form that fails keeps the typed values', async ({ team, windowOf }) => {
    let broken = false
    const page = await windowOf(team.admin, (opened) =>
      tamper(opened, (procedure) => (broken && procedure === 'users.names' ? { not: 'a list' } : undefined)),
    )
    await page.keyboard.press('n')
    await page.getByLabel('Prospect name').fill('Jo Smith')
    await page.getByLabel('Notes').fill('Not to be lost')
    await draftKept(page, 'Not to be lost')
    broken = true
    await team.api.users.update({ id: team.viewer.id, patch: { name: 'Vera Viewer' } })
    const failed = details(page).getByRole('alert')
    await expect(failed).toContainText('This screen stopped working')
    await expect(failed).toContainText('Your draft is kept')
    broken = false
    await failed.getByRole('button', { name: 'Reload' }).click()
    await expect(sections(page)).toBeVisible()
    await page.keyboard.press('n')
    await expect(page.getByLabel('Prospect name')).toHaveValue('Jo Smith')
    await expect(page.getByLabel('Notes')).toHaveValue('Not to be lost')
  })
})
