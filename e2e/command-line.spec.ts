import { run } from './support/command-line.ts'
import { callRows, details, goTo } from './support/screens.ts'
import { someCall } from './support/team.ts'
import { expect, test } from './support/test.ts'

test('no command gives an agent access to another person’s calls', async ({ app, team }) => {
  const theirs = await team.api.calls.create(someCall(team.colleague, { prospectName: 'Theirs Thoma' }))
  await team.api.calls.create(someCall(team.agent, { prospectName: 'Mine Meyer' }))
  const asAgent = (...args: readonly string[]) => run(app, team.agent, ...args)
  // Two at a time, because each is a complete application.
  const list = await asAgent('call', 'list', '--all')
  expect(list.code).toBe(0)
  expect(JSON.parse(list.stdout)).toMatchObject({ rows: [{ prospectName: 'Mine Meyer' }] })
  for (const commands of [
    [
      ['call', 'show', theirs.id],
      ['call', 'edit', theirs.id, '--notes', 'Mine now'],
    ],
    [
      ['call', 'delete', theirs.id],
      ['call', 'history', theirs.id],
    ],
  ])
    for (const refused of await Promise.all(commands.map(async (command) => asAgent(...command)))) {
      expect(refused.code).toBe(5)
      expect(JSON.parse(refused.stderr)).toMatchObject({ error: { code: 'NOT_FOUND' } })
      expect(refused.stdout + refused.stderr).not.toContain('Theirs')
    }
  const [given, trail] = await Promise.all([
    asAgent('call', 'add', '--prospect', 'For Cleo', '--user', 'Cleo Calm'),
    asAgent('audit', 'list'),
  ])
  expect(given.code).toBe(4)
  expect(JSON.parse(given.stderr)).toMatchObject({ error: { code: 'FORBIDDEN' } })
  expect(trail.stdout).toContain('Mine Meyer')
  expect(trail.stdout).not.toContain('Theirs')
  expect(await team.api.calls.get({ id: theirs.id })).toEqual(theirs)
})

test('changes by a command appear in an open window, and changes in the window appear in commands', async ({
  app,
  team,
  windowOf,
}) => {
  const page = await windowOf(team.agent)
  await goTo(page, 'Calls')
  await expect(page.getByText('No calls yet')).toBeVisible()
  const added = await run(
    app,
    team.agent,
    ...['call', 'add', '--prospect', 'Jo Smith', '--phone', '+49 30 5551234', '--type', 'outbound', '--status', 'completed'],
    ...['--outcome', 'won', '--duration', '180', '--completed-at', '2026-11-02T10:00:00Z'],
  )
  expect(added.stderr).toBe('')
  const row = callRows(page, 'Jo Smith')
  await expect(row).toContainText('2026-11-02 11:00')
  await expect(row).toContainText('3:00')
  await row.click()
  await expect(details(page).getByRole('region', { name: 'History' })).toContainText('Created by Ben Berg')
  await details(page).getByRole('button', { name: 'Delete call' }).click()
  await expect(page.getByText('No calls yet')).toBeVisible()
  const list = await run(app, team.agent, 'call', 'list')
  expect(JSON.parse(list.stdout)).toMatchObject({ rows: [] })
})
