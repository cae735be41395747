import { callRows, choose, goTo } from './support/screens.ts'
import { expect, test } from './support/test.ts'

test('planning a call with a prospect on the do-not-call list asks first, and a second save plans it', async ({
  team,
  windowOf,
}) => {
  await team.api.doNotCall.add({ phone: '+49 30 5551234', reason: 'Asked in writing' })
  const page = await windowOf(team.agent)
  await goTo(page, 'Calls')
  await page.keyboard.press('n')
  await page.getByLabel('Prospect name').fill('Jo Smith')
  await page.getByLabel('Phone').fill('+49 (30) 555-1234')
  await choose(page, 'Status', 'Scheduled')
  await page.getByRole('textbox', { name: 'Scheduled for' }).fill('2099-01-01 10:00')
  await page.keyboard.press('Control+Enter')

  const question = page.getByRole('alert').filter({ hasText: 'does not want to be called' })
  await expect(question).toContainText('Asked in writing')
  await expect(question).toContainText('Nothing was saved')
  await expect(callRows(page)).toHaveCount(0)

  await page.getByRole('button', { name: 'Plan the call anyway' }).click()
  await expect(page.getByLabel('Prospect name'), 'the form is empty again').toHaveValue('')
  await expect(page.getByRole('button', { name: 'Save call' })).toBeVisible()
  await page.getByRole('button', { name: 'Show 1 upcoming call' }).click()
  await expect(callRows(page, 'Jo Smith')).toContainText('Scheduled')
})
