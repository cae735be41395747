import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { callRows, details, fromUserMenu, goTo, signIn } from './support/screens.ts'
import { codeOf, createTeam, someCall } from './support/team.ts'
import { expect, test } from './support/test.ts'
import { BrowserSession } from './support/browser-session.ts'

test('no screen of one client shows data of another client on the device', async ({ app, team, page, windowOf }) => {
  const other = await createTeam(app, 'Zebra Verlag', 'zebra.test')
  await other.api.users.update({ id: other.agent.id, patch: { name: 'Zoe Zebra' } })
  await other.api.lossReasons.create({ name: 'Zebra reason' })
  const [reason] = (await other.api.lossReasons.list()).filter(({ name }) => name === 'Zebra reason')
  await other.api.calls.create(
    someCall(other.agent, {
      prospectName: 'Zebra Prospect',
      outcome: 'lost',
      lossReasonId: reason?.id ?? null,
      notes: 'Zebra note',
    }),
  )
  await team.api.calls.create(someCall(team.agent))
  const nothingOfTheirs = () => expect(page.locator('body')).not.toContainText(/zebra/i)

  // Every screen shows only the client of the person who signs in.
  await page.goto(await app.launchUrl())
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
  await nothingOfTheirs()
  await signIn(page, team.admin.email)
  await expect(page.getByRole('button', { name: /^Calls \d/ })).toHaveText('1')
  await nothingOfTheirs()
  await goTo(page, 'Calls')
  await callRows(page, 'Jo Smith').click()
  await expect(details(page)).toContainText('History')
  await nothingOfTheirs()
  await page.getByRole('button', { name: 'Loss reason', exact: true }).click()
  await expect(page.getByRole('option', { name: 'Price too high' })).toBeVisible()
  await nothingOfTheirs()
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Agent', exact: true }).click()
  await expect(page.getByRole('option', { name: 'Ben Berg' })).toBeVisible()
  await nothingOfTheirs()
  await page.keyboard.press('Escape')
  await page.getByRole('searchbox', { name: 'Search calls' }).fill('zebra')
  await expect(page.getByText('No calls match')).toBeVisible()
  await page.getByRole('button', { name: 'Clear search' }).click()
  for (const section of ['Users', 'Loss reasons', 'Audit trail', 'Settings'] as const) {
    await goTo(page, section)
    await expect(page.getByRole('main')).toContainText(section === 'Settings' ? 'Audit trail lines' : /Ben Berg|Price too high/)
    await nothingOfTheirs()
  }

  // Changes of one client appear only in its own windows.
  const zebra = await windowOf(other.admin)
  await goTo(zebra, 'Calls')
  await expect(callRows(zebra)).toHaveCount(1)
  await team.api.calls.create(someCall(team.agent, { prospectName: 'Acme Only' }))
  await goTo(page, 'Calls')
  await expect(callRows(page)).toHaveCount(2)
  await expect(callRows(zebra)).toHaveCount(1)
  await expect(zebra.locator('body')).not.toContainText('Acme')

  // Changing the client keeps nothing of the previous one.
  await callRows(page, 'Acme Only').click()
  await fromUserMenu(page, 'Sign out')
  await signIn(page, other.agent.email)
  await goTo(page, 'Calls')
  await expect(callRows(page)).toHaveText([/Zebra Prospect/])
  await expect(page.locator('body')).not.toContainText(/acme/i)
  await page.keyboard.press('Control+z')
  await expect(callRows(page)).toHaveText([/Zebra Prospect/])
  other.visitor.close()
})

test('ids of one client are unknown in the other, and each client has its own file', async ({ app, team, windowOf }) => {
  const other = await createTeam(app, 'Zebra Verlag', 'zebra.test')
  const call = await other.api.calls.create(someCall(other.agent, { prospectName: 'Zebra Prospect' }))
  const [reason] = await other.api.lossReasons.list()
  const page = await windowOf(team.admin)
  const visitor = await BrowserSession.of(page.context(), app.origin)
  const { api } = visitor
  const mine = await api.calls.create(someCall(team.agent))
  const lossReasonId = reason?.id ?? null

  expect(await codeOf(api.calls.get({ id: call.id }))).toBe('NOT_FOUND')
  expect(await codeOf(api.calls.history({ id: call.id }))).toBe('NOT_FOUND')
  expect(await codeOf(api.calls.update({ id: call.id, patch: { notes: 'x' } }))).toBe('NOT_FOUND')
  expect(await codeOf(api.calls.delete({ id: call.id }))).toBe('NOT_FOUND')
  expect(await codeOf(api.users.update({ id: other.agent.id, patch: { name: 'x' } }))).toBe('NOT_FOUND')
  expect(await codeOf(api.users.setPassword({ id: other.admin.id, password: 'correct horse' }))).toBe('NOT_FOUND')
  expect(await codeOf(api.calls.create(someCall(other.agent)))).toBe('INVALID')
  expect(await codeOf(api.calls.update({ id: mine.id, patch: { userId: other.agent.id } }))).toBe('INVALID')
  expect(await codeOf(api.calls.update({ id: mine.id, patch: { outcome: 'lost', lossReasonId } }))).toBe('INVALID')
  expect((await api.calls.list({ filter: { userIds: [other.agent.id] } })).rows).toEqual([])
  expect((await api.audit.list({ recordId: call.id })).rows).toEqual([])
  visitor.close()
  other.visitor.close()
  // An open window would log an error when its application stops.
  await page.close()

  await app.stop()
  const folders = readdirSync(join(app.home, 'workspaces'))
  expect(folders.toSorted()).toEqual([team.clientId, other.clientId].toSorted())
  const file = (id: string) => readFileSync(join(app.home, 'workspaces', id, 'workspace.db')).toString('latin1')
  expect(file(team.clientId)).not.toContain('Zebra')
  expect(file(other.clientId)).not.toContain('Acme')
  expect(file(other.clientId), 'the name is found where it should be').toContain('Zebra Prospect')
})
