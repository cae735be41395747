import { ServerTransport } from '../app/sync/transport/server-transport.ts'
import { corner, expect, reconnect, test } from './support/synced.ts'
import { callRows, choose, details, goTo, pick } from './support/screens.ts'
import { PASSWORD, someCall } from './support/team.ts'

const RECONNECTED = { timeout: 120_000 }
const BARRIER = 'This can be changed only while connected to the server. The server is not reached at the moment.'

test('a refused change can be opened in the form, corrected and saved as a new edit; others can be sent again or discarded [S12]', async ({
  installation,
  windowOn,
}) => {
  const { office, lead, acme } = installation
  const page = await windowOn(lead, acme.lead)
  const standing = await lead.api.calls.create(someCall(acme.lead, { prospectName: 'Sven Standing' }))
  await lead.api.sync.now()

  // While the lead is offline, their role becomes agent, which may not add loss reasons. The server refuses the new reason and the calls
  // with it.
  lead.line.cut()
  await office.api.lossReasons.create({ name: 'Holidays' })
  await office.api.users.update({ id: acme.lead.id, patch: { role: 'agent' } })
  await office.api.sync.now()
  const { id: lossReasonId } = await lead.api.lossReasons.create({ name: 'Too far away' })
  const lost = { outcome: 'lost', lossReasonId } as const
  await lead.api.calls.create(someCall(acme.lead, { prospectName: 'Nora New', notes: 'Off to the sea', ...lost }))
  await lead.api.calls.update({ id: standing.id, patch: lost })
  await reconnect([lead, page])
  await expect(corner(page)).toHaveText('Needs attention: 3 refusals, 0 conflicts', RECONNECTED)
  await corner(page).getByRole('link').click()

  const form = details(page)
  const made = page.getByRole('article', { name: /^New call/ })
  await expect(made).toContainText('Nora New')
  await made.getByRole('button', { name: 'Edit' }).click()
  await expect(form.getByRole('note')).toContainText('New call: a value is not valid')
  await expect(form.getByLabel('Prospect name')).toHaveValue('Nora New')
  await expect(form.getByLabel('Notes')).toHaveValue('Off to the sea')
  await choose(form, 'Loss reason', 'Holidays')
  await form.getByRole('button', { name: 'Save call' }).click()
  await expect(made).toBeHidden()
  await expect(form).toBeHidden()

  const changed = page.getByRole('article', { name: /^Changed call/ })
  await changed.getByRole('button', { name: 'Edit' }).click()
  await expect(form.getByLabel('Prospect name')).toHaveValue('Sven Standing')
  await choose(form, 'Loss reason', 'Holidays')
  await form.getByRole('button', { name: 'Save changes' }).click()
  await expect(changed).toBeHidden()

  const reason = page.getByRole('article', { name: /^New loss reason/ })
  await expect(reason.getByRole('button')).toHaveText(['Try again', 'Discard'])
  await reason.getByRole('button', { name: 'Discard' }).click()
  await expect(page.getByText('Nothing was refused')).toBeVisible()
  await expect(corner(page)).toHaveText('Up to date with the server')

  await office.api.sync.now()
  const there = (await office.api.calls.list({ filter: {} })).rows
  const holidays = (await office.api.lossReasons.list()).find(({ name }) => name === 'Holidays')?.id
  for (const name of ['Nora New', 'Sven Standing'])
    expect(there.find(({ prospectName }) => prospectName === name)).toMatchObject({ outcome: 'lost', lossReasonId: holidays })
  await office.api.users.update({ id: acme.lead.id, patch: { role: 'team_lead' } })
  await lead.api.sync.now()
})

test('changes of roles and access wait for the server, which the screen shows; a name does not', async ({
  installation,
  windowOn,
}) => {
  const { office, acme } = installation
  const page = await windowOn(office, acme.admin)
  await goTo(page, 'Users')
  await page.getByRole('row', { name: /Vera View/ }).click()
  const panel = details(page)
  const role = panel.getByRole('combobox', { name: 'Role' })
  const deactivate = panel.getByRole('button', { name: 'Deactivate' })
  await expect(role).toBeEnabled()
  await expect(deactivate).toBeEnabled()
  await expect(panel.getByText('only while connected to the server')).toHaveCount(0)

  office.line.cut()
  await office.api.sync.nudge()
  await expect(role).toBeDisabled()
  await expect(role).toHaveAccessibleDescription(BARRIER)
  await expect(panel.getByLabel('New password')).toBeDisabled()
  await expect(deactivate).toBeDisabled()
  await expect(panel.getByText(BARRIER)).toHaveCount(3)
  await panel.getByRole('textbox', { name: 'Name' }).fill('Vera Quiet')
  await panel.getByRole('button', { name: 'Save changes' }).click()
  await expect(panel.getByRole('heading', { name: 'Vera Quiet' })).toBeVisible()

  await reconnect([office, page])
  await expect(role).toBeEnabled(RECONNECTED)
  await deactivate.click()
  await expect(panel.getByRole('button', { name: 'Activate', exact: true })).toBeVisible()
  await panel.getByRole('button', { name: 'Activate', exact: true }).click()
  await expect(deactivate).toBeVisible()
})

test('a person whose device the server no longer accepts signs in again from the corner, and waiting changes are sent', async ({
  installation,
  windowOn,
}) => {
  const { server, agent, lead, acme } = installation
  const page = await windowOn(agent, acme.agent)
  const leadWindow = await windowOn(lead, acme.lead)
  // There is one token per person and device, so enrolling the device again makes the other token invalid.
  const device = { id: agent.deviceId(acme.clientId), name: 'e2e' }
  const elsewhere = new ServerTransport({ url: server.url, fetch, userAgent: 'test' })
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
