import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ServerProcess } from '../app/sync/testing/server-process.ts'
import { RecordingProxy } from './support/recording-proxy.ts'
import { corner, expect, SyncedDevice, test } from './support/synced.ts'
import { callRows, details, goTo, pick, signIn } from './support/screens.ts'
import { PASSWORD, someCall } from './support/team.ts'

const RECONNECTED = { timeout: 120_000 }

test('the form in the settings checks the new address of a server, shows errors, and waiting changes are sent', async ({
  installation,
  windowOn,
}) => {
  const { server, agent, lead, acme } = installation
  const page = await windowOn(agent, acme.agent)
  const leadWindow = await windowOn(lead, acme.lead)
  // The same server answers at a second address; the first one no longer answers.
  const moved = await RecordingProxy.start(server.url)
  const closed = await RecordingProxy.start(server.url)
  const nothingThere = closed.url
  await closed.close()
  agent.line.cut()
  await agent.api.calls.create(someCall(acme.agent, { prospectName: 'Mona Moved' }))
  await agent.api.sync.nudge()
  await expect(corner(page)).toContainText('Server not reached')

  await goTo(page, 'Settings')
  const section = page.getByRole('region', { name: 'Server' })
  await section.getByRole('button', { name: 'Change address' }).click()
  const form = page.getByRole('form', { name: 'Change the server’s address' })
  const address = form.getByLabel('New address')
  const submit = form.getByRole('button', { name: 'Check and change' })
  await address.fill('sync.acme.test')
  await submit.click()
  await expect(form).toContainText('an address that begins with https://')
  await address.fill(nothingThere)
  await submit.click()
  await expect(form.getByRole('alert')).toContainText('The server was not reached')
  await expect(address).toHaveValue(nothingThere)
  await address.fill(lead.app.origin)
  await submit.click()
  await expect(form.getByRole('alert')).toContainText('answered instead of the sync server')

  await address.fill(moved.url)
  await submit.click()
  await expect(form).toBeHidden()
  await expect(section).toContainText(moved.url)
  await expect(corner(page)).toHaveText('Up to date with the server', RECONNECTED)
  await expect(callRows(leadWindow, 'Mona Moved')).toBeVisible(RECONNECTED)

  agent.line.mend()
  await agent.api.sync.moveServer({ serverUrl: agent.line.url })
  await moved.close()
})

test('a deactivated person sees why the session ended and, after the right password, what to do; after activation they can sign in', async ({
  installation,
  windowOn,
}) => {
  const { office, agent, acme } = installation
  const page = await windowOn(agent, acme.agent)
  await office.api.users.setActive({ id: acme.agent.id, isActive: false })
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
  await expect(page.getByRole('alert')).toContainText('your account was deactivated')
  await expect(page.getByRole('alert')).toContainText('Ask an admin')
  await signIn(page, acme.agent.email, 'not the password')
  await expect(page.getByRole('alert')).toContainText('E-mail or password is wrong')
  await signIn(page, acme.agent.email)
  await expect(page.getByRole('alert')).toContainText('This account was deactivated')
  await expect(page.getByRole('alert')).toContainText('is kept. Ask an admin to activate the account')
  await office.api.users.setActive({ id: acme.agent.id, isActive: true })
  await signIn(page, acme.agent.email)
  await expect(page.getByRole('navigation', { name: 'Sections' })).toBeVisible()
  // The deactivation ended every session of the person on this device.
  await agent.api.session.signIn({ email: acme.agent.email, password: PASSWORD })
})

test('a deleted call can be restored from its line in the audit trail, for every device', async ({ installation, windowOn }) => {
  const { agent, lead, acme } = installation
  const { id } = await agent.api.calls.create(someCall(acme.agent, { prospectName: 'Rita Restored', notes: 'As it was' }))
  const page = await windowOn(agent, acme.agent)
  const leadWindow = await windowOn(lead, acme.lead)
  await expect(callRows(leadWindow, 'Rita Restored')).toBeVisible(RECONNECTED)
  await agent.api.calls.delete({ id })
  await expect(callRows(leadWindow, 'Rita Restored')).toHaveCount(0, RECONNECTED)

  await goTo(leadWindow, 'Audit trail')
  const line = leadWindow.getByRole('grid', { name: 'Audit trail' }).getByRole('row').filter({ hasText: 'Call deleted' })
  await line.filter({ hasText: 'Rita Restored' }).click()
  const panel = details(leadWindow)
  await panel.getByRole('button', { name: 'Restore call' }).click()
  await expect(panel.getByRole('heading', { name: 'Rita Restored' })).toBeVisible()
  await expect(panel).toContainText('As it was')
  await expect(callRows(page, 'Rita Restored')).toBeVisible(RECONNECTED)
  await goTo(leadWindow, 'Audit trail')
  await line.filter({ hasText: 'Rita Restored' }).click()
  await expect(panel.getByRole('button', { name: 'Restore call' }), 'the call exists').toHaveCount(0)
})

test('after the server was restored from an older copy, the corner and the settings show it, and work can continue', async ({
  windowOn,
}) => {
  const server = new ServerProcess()
  await server.start()
  const [office, lead] = await Promise.all([SyncedDevice.start(server), SyncedDevice.start(server)])
  const backup = mkdtempSync(join(tmpdir(), 'propaganda-backup-'))
  try {
    const acme = await office.publish('Acme', 'acme.test')
    await lead.join(acme.lead)
    await server.stop()
    cpSync(server.dataDir, backup, { recursive: true })
    await server.start()
    const page = await windowOn(lead, acme.lead)
    await lead.api.calls.create(someCall(acme.agent, { prospectName: 'Lea Lacking' }))
    await lead.api.sync.now()
    await server.stop()
    rmSync(server.dataDir, { recursive: true })
    cpSync(backup, server.dataDir, { recursive: true })
    await server.start()

    await lead.api.sync.nudge()
    await expect(corner(page)).toContainText('The server was restored from a backup or replaced', RECONNECTED)
    await page.keyboard.press('n')
    await details(page).getByLabel('Prospect name').fill('Wanda Working')
    await pick(details(page), 'Outcome', 'Won')
    await page.keyboard.press('Control+Enter')
    await expect(callRows(page, 'Wanda Working')).toBeVisible()
    await expect(callRows(page, 'Lea Lacking')).toBeVisible()
    await corner(page).getByRole('link').click()
    const section = page.getByRole('region', { name: 'Server' })
    await expect(section.getByRole('alert')).toContainText('Everything on this device is kept; ask an admin')
    await page.context().close()
  } finally {
    await Promise.all([office.dispose(), lead.dispose()])
    await server.dispose()
    rmSync(backup, { recursive: true, force: true })
  }
})
