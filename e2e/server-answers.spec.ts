import { ServerConnection } from '../app/sync/server-connection.ts'
import { corner, expect, reconnect, test } from './support/replicated.ts'
import { callRows, details, goTo, pick } from './support/screens.ts'
import { PASSWORD } from './support/team.ts'

const RECONNECTED = { timeout: 30_000 }

test('roles and access wait for the server and say so; a name does not', async ({ world, windowOn }) => {
  const { office, acme } = world
  const page = await windowOn(office, acme.admin)
  await goTo(page, 'Users')
  await page.getByRole('row', { name: /Cleo Calm/ }).click()
  const panel = details(page)
  const role = panel.getByRole('combobox', { name: 'Role' })
  const deactivate = panel.getByRole('button', { name: 'Deactivate' })
  await expect(role).toBeEnabled()
  await expect(deactivate).toBeEnabled()
  await expect(panel.getByText('The server decides this')).toHaveCount(0)

  office.line.cut()
  await office.api.replication.nudge()
  await expect(role).toBeDisabled()
  await expect(role).toHaveAccessibleDescription('The server decides this, and it is not reached at the moment.')
  await expect(panel.getByLabel('New password')).toBeDisabled()
  await expect(deactivate).toBeDisabled()
  await expect(panel.getByText('The server decides this, and it is not reached at the moment.')).toHaveCount(3)
  await panel.getByRole('textbox', { name: 'Name' }).fill('Cleo Quiet')
  await panel.getByRole('button', { name: 'Save changes' }).click()
  await expect(panel.getByRole('heading', { name: 'Cleo Quiet' })).toBeVisible()

  await reconnect([office, page])
  await expect(role).toBeEnabled(RECONNECTED)
  await deactivate.click()
  await expect(panel.getByRole('button', { name: 'Activate' })).toBeVisible()
  await panel.getByRole('button', { name: 'Activate' }).click()
  await expect(deactivate).toBeVisible()
})

test('a person whose device the server knows no more signs in again from the corner, and what waited is sent', async ({
  world,
  windowOn,
}) => {
  const { server, agent, lead, acme } = world
  const page = await windowOn(agent, acme.agent)
  const leadWindow = await windowOn(lead, acme.lead)
  // One token a person and device: whoever enrols the device once more takes the other one's.
  const device = { id: agent.deviceId(acme.clientId), name: 'e2e' }
  const elsewhere = new ServerConnection({ url: server.url, fetch, userAgent: 'test' })
  await elsewhere.enrol({ email: acme.agent.email, password: PASSWORD, device })

  await page.keyboard.press('n')
  await details(page).getByLabel('Prospect name').fill('Wilma Waiting')
  await pick(details(page), 'Outcome', 'Won')
  await page.keyboard.press('Control+Enter')
  await expect(corner(page)).toHaveText(/^Sign in to the server again · \d+ changes? kept$/)
  await expect(callRows(leadWindow, 'Wilma Waiting')).toHaveCount(0)

  await corner(page).getByRole('link').click()
  const form = page.getByRole('form', { name: 'Sign in to the server again' })
  await expect(form.getByLabel('E-mail')).toHaveValue(acme.agent.email)
  await form.getByLabel('Password on the server').fill('not the password')
  await form.getByRole('button', { name: 'Sign in to the server' }).click()
  await expect(form.getByRole('alert')).toContainText('E-mail or password is wrong')
  await form.getByLabel('Password on the server').fill(PASSWORD)
  await form.getByRole('button', { name: 'Sign in to the server' }).click()
  await expect(form).toBeHidden()
  await expect(corner(page)).toHaveText('Up to date with the server')
  await expect(callRows(leadWindow, 'Wilma Waiting')).toBeVisible()
})
