import {
  callCount,
  callRows,
  callsGrid,
  choose,
  details,
  filterBy,
  goTo,
  pick,
  sections,
  type Section,
} from './support/screens.ts'
import { codeOf, someCall, type Team } from './support/team.ts'
import { expect, test } from './support/test.ts'
import { BrowserSession } from './support/browser-session.ts'

/** The navigation of each role. Repeated here on purpose. */
const SECTIONS: readonly (readonly [keyof Pick<Team, 'agent' | 'lead' | 'admin' | 'viewer'>, readonly Section[]])[] = [
  ['agent', ['Today', 'Dashboard', 'Calls', 'Loss reasons', 'Audit trail', 'Settings']],
  ['lead', ['Today', 'Dashboard', 'Calls', 'Import', 'Users', 'Loss reasons', 'Audit trail', 'Settings']],
  ['admin', ['Today', 'Dashboard', 'Calls', 'Import', 'Users', 'Loss reasons', 'Audit trail', 'Settings']],
  ['viewer', ['Today', 'Dashboard', 'Calls', 'Loss reasons', 'Audit trail', 'Settings']],
]
const ADDRESSES: Readonly<Record<Section, string>> = {
  Today: '#/today',
  Dashboard: '#/',
  Calls: '#/calls',
  Import: '#/import',
  Users: '#/users',
  'Loss reasons': '#/loss-reasons',
  'Audit trail': '#/audit',
  Settings: '#/settings',
}

for (const [role, expected] of SECTIONS)
  test(`${role}: sections to which the role has no access are not shown, and their addresses show the reason`, async ({
    app,
    team,
    windowOf,
  }) => {
    const page = await windowOf(team[role])
    await expect(sections(page).getByRole('link')).toHaveText([...expected])
    for (const [section, address] of Object.entries(ADDRESSES) as [Section, string][]) {
      await page.goto(`${app.origin}/${address}`)
      await expect(page.getByRole('heading', { level: 1, name: section, exact: true })).toBeVisible()
      const refused = page.getByText(/^You don’t have access to /)
      if (expected.includes(section)) await expect(refused).toBeHidden()
      else {
        await expect(refused).toBeVisible()
        await page.getByRole('main').getByRole('link', { name: 'go to the dashboard' }).click()
        await expect(page.getByRole('heading', { level: 1, name: 'Dashboard' })).toBeVisible()
      }
    }
    await page.goto(`${app.origin}/#/nowhere`)
    await expect(page.getByText('This screen does not exist')).toBeVisible()
  })

test('no screen shows an agent another person’s calls', async ({ app, team, windowOf }) => {
  await team.api.calls.create(someCall(team.agent, { prospectName: 'Mine Meyer' }))
  const theirs = await team.api.calls.create(someCall(team.colleague, { prospectName: 'Theirs Thoma', outcome: 'lost' }))
  const page = await windowOf(team.agent)
  const nothingOfTheirs = () => expect(page.locator('body')).not.toContainText('Theirs')

  await goTo(page, 'Calls')
  await expect(callRows(page)).toHaveCount(1)
  await nothingOfTheirs()
  await expect(page.getByRole('button', { name: 'Agent', exact: true }), 'there is no other person to filter by').toBeHidden()
  await page.getByRole('searchbox', { name: 'Search calls' }).fill('Theirs')
  await expect(page.getByText('No calls match')).toBeVisible()
  await page.goto(`${app.origin}/#/calls?agents=${team.colleague.id}`)
  await expect(page.getByText('No calls match')).toBeVisible()

  await goTo(page, 'Dashboard')
  await expect(page.getByText('Your own calls', { exact: true })).toBeVisible()
  const calls = page.getByRole('region', { name: 'Calls', exact: true })
  await expect(calls.getByRole('button', { name: /^Calls \d/ })).toHaveText('1')
  await expect(calls, 'two people are too few for a team average').not.toContainText('Team')
  await expect(page.getByRole('region', { name: 'Close rate' })).toContainText('100.0%')
  await expect(page.getByText('No lost calls in this period.')).toBeVisible()
  await page.goto(`${app.origin}/#/?agents=${team.colleague.id}`)
  await expect(calls.getByRole('button', { name: /^Calls \d/ }), 'other people in the address are ignored').toHaveText('1')
  await nothingOfTheirs()

  await goTo(page, 'Audit trail')
  await expect(page.getByRole('grid', { name: 'Audit trail' }).getByRole('row', { name: /Mine Meyer/ })).toBeVisible()
  await nothingOfTheirs()
  await page.goto(`${app.origin}/#/audit?record=${theirs.id}`)
  await expect(page.getByRole('grid', { name: 'Audit trail' })).toBeVisible()
  await nothingOfTheirs()
  await page.keyboard.press('n')
  await expect(details(page).getByRole('combobox', { name: 'Agent' }), 'an agent logs only their own calls').toBeHidden()
})

test('an agent gets no data of another person’s calls over the window’s connection either', async ({ app, team, windowOf }) => {
  const mine = await team.api.calls.create(someCall(team.agent, { prospectName: 'Mine Meyer' }))
  const theirs = await team.api.calls.create(
    someCall(team.colleague, { prospectName: 'Theirs Thoma', notes: 'Secret of theirs' }),
  )
  const gone = await team.api.calls.create(someCall(team.colleague, { prospectName: 'Theirs Gone' }))
  await team.api.calls.delete({ id: gone.id })
  const page = await windowOf(team.agent)
  const visitor = await BrowserSession.of(page.context(), app.origin)
  const { api } = visitor
  const { id } = theirs

  const answers = await Promise.all([
    api.calls.list({}),
    api.calls.list({ filter: { userIds: [team.colleague.id] } }),
    api.calls.list({ filter: { text: 'theirs' } }),
    api.calls.list({ sort: { by: 'prospectName', direction: 'desc' }, skip: 1 }),
    api.audit.list({}),
    api.audit.list({ recordId: id }),
    api.audit.list({ userId: team.colleague.id }),
    api.users.names(),
    api.lossReasons.list(),
    api.reports.summary({ range: { from: 0, to: Date.now() } }),
  ])
  expect(JSON.stringify(answers)).not.toMatch(/theirs/i)
  expect(JSON.stringify(answers), 'own calls are in the answers').toContain('Mine Meyer')
  expect(JSON.stringify(answers), 'no e-mail address of a colleague').not.toContain(team.colleague.email)
  expect((await api.calls.count({ filter: { userIds: [team.colleague.id] } })).total).toBe(0)
  const refusals = {
    get: codeOf(api.calls.get({ id })),
    history: codeOf(api.calls.history({ id })),
    update: codeOf(api.calls.update({ id, patch: { notes: 'Mine now' } })),
    take: codeOf(api.calls.update({ id, patch: { userId: team.agent.id } })),
    give: codeOf(api.calls.update({ id: mine.id, patch: { userId: team.colleague.id } })),
    delete: codeOf(api.calls.delete({ id })),
    restore: codeOf(api.calls.restore({ id: gone.id })),
    'history of the deleted': codeOf(api.calls.history({ id: gone.id })),
    create: codeOf(api.calls.create(someCall(team.colleague))),
    report: codeOf(api.reports.summary({ range: { from: 0, to: 1 }, userIds: [team.colleague.id] })),
    users: codeOf(api.users.list()),
    promote: codeOf(api.users.update({ id: team.agent.id, patch: { role: 'admin' } })),
    'new user': codeOf(api.users.create({ email: 'x@acme.test', name: 'X', role: 'admin', password: 'correct horse' })),
    'set password': codeOf(api.users.setPassword({ id: team.admin.id, password: 'correct horse' })),
    reason: codeOf(api.lossReasons.create({ name: 'Mine' })),
    settings: codeOf(api.settings.update({ idle_lock_minutes: 480 })),
    import: codeOf(api.imports.inspect({ file: new File(['a,b\n1,2\n'], 'a.csv') })),
  }
  const codes = await Promise.all(Object.entries(refusals).map(async ([what, code]) => [what, await code] as const))
  visitor.close()
  expect(Object.fromEntries(codes)).toEqual({
    get: 'NOT_FOUND',
    history: 'NOT_FOUND',
    update: 'NOT_FOUND',
    take: 'NOT_FOUND',
    give: 'FORBIDDEN',
    delete: 'NOT_FOUND',
    restore: 'NOT_FOUND',
    'history of the deleted': 'NOT_FOUND',
    create: 'FORBIDDEN',
    report: 'FORBIDDEN',
    users: 'FORBIDDEN',
    promote: 'FORBIDDEN',
    'new user': 'FORBIDDEN',
    'set password': 'FORBIDDEN',
    reason: 'FORBIDDEN',
    settings: 'FORBIDDEN',
    import: 'FORBIDDEN',
  })
  expect(await team.api.calls.get({ id })).toEqual(theirs)
})

test('a lead edits everyone’s calls and reassigns one; it moves from one person’s list to the other’s', async ({
  team,
  windowOf,
}) => {
  await team.api.calls.create(someCall(team.agent))
  const [lead, from, to] = [await windowOf(team.lead), await windowOf(team.agent), await windowOf(team.colleague)]
  for (const page of [lead, from, to]) await goTo(page, 'Calls')
  await expect(callRows(from)).toHaveCount(1)
  await callRows(from, 'Jo Smith').click()
  await expect(to.getByText('No calls yet')).toBeVisible()

  await callRows(lead, 'Jo Smith').click()
  await expect(
    details(lead).getByRole('button', { name: 'Delete call' }),
    'a lead cannot delete another person’s call',
  ).toBeHidden()
  await details(lead).getByRole('button', { name: 'Edit' }).click()
  await choose(details(lead), 'Agent', 'Cleo Calm')
  await pick(details(lead), 'Outcome', 'Undecided')
  await lead.getByRole('button', { name: 'Save changes' }).click()
  await expect(callRows(lead, 'Jo Smith')).toContainText('Cleo Calm')
  await expect(details(lead).getByRole('region', { name: 'History' })).toContainText('Ben Berg → Cleo Calm')

  await expect(callRows(to, 'Jo Smith')).toContainText('Undecided')
  await expect(from.getByText('No calls yet')).toBeVisible()
  await expect(details(from)).toContainText('This record does not exist')
  await expect(from.locator('body'), 'nothing of the call stays on the screen').not.toContainText('Jo Smith')
})

test('a viewer reads everything and changes nothing', async ({ app, team, windowOf }) => {
  const call = await team.api.calls.create(someCall(team.agent, { outcome: 'lost' }))
  const page = await windowOf(team.viewer)
  await goTo(page, 'Calls')
  await expect(page.getByRole('button', { name: 'New call' })).toBeHidden()
  await callRows(page, 'Jo Smith').click()
  const panel = details(page)
  await expect(panel.getByRole('region', { name: 'History' })).toContainText('Created by Ada Admin')
  await expect(panel.getByRole('button', { name: 'Edit' })).toBeHidden()
  await expect(panel.getByRole('button', { name: 'Delete call' })).toBeHidden()
  await callsGrid(page).focus()
  for (const key of ['e', 'Delete', 'n', 'Control+n']) await page.keyboard.press(key)
  await expect(panel.getByRole('heading', { name: 'Jo Smith' })).toBeVisible()
  await expect(page.getByLabel('Prospect name')).toBeHidden()
  await filterBy(page, 'Agent', 'Ben Berg')
  await expect(callCount(page)).toHaveText('1 call')

  await goTo(page, 'Loss reasons')
  await expect(page.getByRole('table', { name: 'Loss reasons' })).toContainText('Price too high')
  await expect(page.getByRole('button', { name: 'Add loss reason' })).toBeHidden()
  await goTo(page, 'Settings')
  await expect(page.getByText('Only an admin can change the client’s settings.')).toBeVisible()
  await expect(page.getByLabel('Client name')).toBeDisabled()
  await expect(page.getByRole('button', { name: 'Save settings' })).toBeHidden()
  await goTo(page, 'Audit trail')
  await expect(page.getByRole('grid', { name: 'Audit trail' }).getByRole('row', { name: /Jo Smith/ })).toBeVisible()

  const visitor = await BrowserSession.of(page.context(), app.origin)
  const { api } = visitor
  const attempts = [
    api.calls.create(someCall(team.viewer)),
    api.calls.update({ id: call.id, patch: { notes: 'x' } }),
    api.calls.delete({ id: call.id }),
    api.lossReasons.create({ name: 'x' }),
    api.settings.update({ week_start: 7 }),
    api.imports.inspect({ file: new File(['a,b\n1,2\n'], 'a.csv') }),
  ]
  expect(await Promise.all(attempts.map(codeOf))).toEqual(attempts.map(() => 'FORBIDDEN'))
  visitor.close()
  expect(await team.api.calls.get({ id: call.id })).toEqual(call)
})
