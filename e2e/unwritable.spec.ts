import { goTo, notice, signIn } from './support/screens.ts'
import { someCall } from './support/team.ts'
import { expect, REFUSED, test } from './support/test.ts'

test.use({ expectedComplaints: REFUSED })

test('with a read-only home a person can sign in and see calls; the window shows that nothing can be saved, why, and what to do', async ({
  app,
  team,
  page,
}) => {
  await team.api.calls.create(someCall(team.agent, { prospectName: 'Greta Neumann' }))
  team.visitor.close()
  await app.stop()
  await app.start('read-only')
  await page.goto(await app.launchUrl())
  await signIn(page, team.agent.email, 'wrong horse')
  await expect(notice(page, 'E-mail or password is wrong')).toBeVisible()
  await signIn(page, team.agent.email)
  await goTo(page, 'Calls')
  await expect(page.getByText('Greta Neumann')).toBeVisible()
  const banner = page.getByRole('status').filter({ hasText: 'Nothing can be saved' })
  await expect(banner).toContainText('The disk or the folder of the data is read-only.')
  await expect(banner).toContainText('You can read everything that is stored. Make it writable; then saving works again.')

  await page.keyboard.press('n')
  await page.getByLabel('Prospect name').fill('Not Saved')
  await page.keyboard.press('Alt+1')
  await page.keyboard.press('Control+Enter')
  await expect(notice(page, 'The disk is read-only')).toContainText('Nothing was saved; make it writable and try again.')
  await expect(page.getByLabel('Prospect name'), 'the typed value is kept').toHaveValue('Not Saved')

  await app.stop()
  await app.start()
  await page.goto(await app.launchUrl())
  await signIn(page, team.agent.email)
  await expect(page.getByRole('navigation', { name: 'Sections' })).toBeVisible()
  await expect(banner).toBeHidden()
})
