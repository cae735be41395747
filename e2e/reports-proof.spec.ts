import { readFileSync } from 'node:fs'
import { DateTime } from 'luxon'
import { details } from './support/screens.ts'
import { someCall } from './support/team.ts'
import { expect, test } from './support/test.ts'

const DAY = 86_400_000

test('a lead opens the proof of a figure, its corrections, and the dashboard as known on an earlier day', async ({
  app,
  team,
  windowOf,
}) => {
  const { api, agent, colleague } = team
  // The calls took place last month and are entered today.
  const at = DateTime.now().minus({ months: 1 }).set({ day: 12, hour: 12 }).toMillis()
  const past = (name: string, over: Parameters<typeof someCall>[1]) =>
    api.calls.create(someCall(agent, { prospectName: name, completedAt: at, prospectPhone: null, ...over }))
  const open = { outcome: null, callDuration: null, completedAt: null, scheduledAt: at } as const
  await past('Won One', {})
  await past('Won Two', { userId: colleague.id })
  const lost = await past('Lost One', { outcome: 'lost' })
  await past('Cancelled One', { ...open, status: 'cancelled' })
  await past('Missed Once', { ...open, status: 'no_show', prospectPhone: '+49 30 5551234' })
  await past('Missed Twice', { ...open, status: 'no_show', prospectPhone: '+49 30 5559999' })
  await past('Missed Once', { completedAt: at + 2 * DAY, prospectPhone: '+49 (30) 555-1234', outcome: 'undecided' })

  const page = await windowOf(team.lead)
  await page.goto(`${app.origin}/#/?period=last_month`)
  await expect(page.getByRole('region', { name: 'Close rate' })).toContainText('50.0%')

  // No-shows: one was called again after two days, one was not.
  const noShows = page.getByRole('region', { name: 'No-shows' })
  await expect(noShows).toContainText('2 days')
  await noShows.getByRole('link').last().click()
  await expect(page.getByRole('heading', { level: 1, name: 'Proof: No-shows' })).toBeVisible()
  await expect(page.getByRole('grid', { name: 'No-shows: Not called again' })).toContainText('Missed Twice')
  await page.getByRole('link', { name: 'Back to the dashboard' }).click()

  // The proof, by keyboard.
  await page.getByRole('button', { name: 'How is Close rate computed?' }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('link', { name: 'Proof: the calls counted and left out' }).press('Enter')
  await expect(page.getByRole('status', { name: 'Figure' })).toHaveText('50.0% = 2 ÷ 4')
  const rules = page.getByRole('navigation', { name: 'Rules' })
  await expect(rules.getByRole('button')).toHaveText([
    'Numerator2',
    'Denominator only2',
    'No-show2',
    'Cancelled1',
    'Outside the period0',
  ])
  await rules.getByRole('button', { name: 'Cancelled' }).press('Enter')
  const grid = page.getByRole('grid', { name: 'Close rate: Cancelled' })
  await expect(grid).toContainText('Cancelled One')
  await expect(page.getByText('Rates do not include cancelled calls.')).toBeVisible()
  // A call is corrected in the panel, and the proof follows.
  await rules.getByRole('button', { name: 'Denominator only' }).click()
  await page.getByRole('grid').getByText('Lost One').click()
  await expect(details(page)).toContainText('Lost One')
  await api.calls.update({ id: lost.id, patch: { outcome: 'won' } })
  await expect(page.getByRole('status', { name: 'Figure' })).toHaveText('75.0% = 3 ÷ 4')
  await page.keyboard.press('Escape')

  // The corrections since the period ended.
  await page.getByRole('link', { name: 'Back to the dashboard' }).click()
  await page.getByRole('button', { name: 'How is Close rate computed?' }).click()
  await page.getByRole('link', { name: 'Changed since the period ended: +3 / +4' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Corrections: Close rate' })).toBeVisible()
  await expect(page.getByRole('status', { name: 'Figure then and now' })).toContainText(
    '75.0% (3 ÷ 4) as known today. 5 corrections.',
  )
  const newest = page.getByRole('grid', { name: 'Corrections' }).getByRole('row').nth(1)
  await expect(newest).toContainText('Ada Admin')
  await expect(newest).toContainText('Outcome: Lost → Won')
  await expect(newest).toContainText('+1 / 0')
  await newest.getByRole('button', { name: 'Lost One' }).click()
  await expect(details(page)).toContainText('Lost One')
  await page.keyboard.press('Escape')

  // The dashboard of yesterday has none of these calls.
  await page.getByRole('link', { name: 'Dashboard as known today' }).click()
  await page.getByRole('button', { name: 'As known today' }).click()
  await page.getByLabel('End of day').fill('yesterday')
  await page.getByRole('button', { name: 'Apply' }).click()
  await expect(page.getByRole('alert').filter({ hasText: 'As known on' })).toContainText('Show the corrections')
  await expect(page.getByRole('region', { name: 'Close rate' })).toContainText('—')
  await page.getByRole('button', { name: /^As known on/ }).click()
  await page.getByRole('button', { name: 'Today' }).click()
  await expect(page.getByRole('region', { name: 'Close rate' })).toContainText('75.0%')
})

test('all corrections are listed page by page, and the dashboard of an earlier day is exported with its numbers', async ({
  app,
  team,
  windowOf,
}) => {
  const { api, agent } = team
  const at = DateTime.now().minus({ months: 1 }).set({ day: 12, hour: 12 }).toMillis()
  for (let n = 1; n <= 203; n++)
    await api.calls.create(someCall(agent, { prospectName: `Call ${n}`, completedAt: at, prospectPhone: null }))
  const page = await windowOf(team.lead)
  await page.goto(`${app.origin}/#/corrections?period=last_month&figure=calls`)
  await expect(page.getByRole('status', { name: 'Figure then and now' })).toContainText('203 corrections.')
  const rows = page.getByRole('grid', { name: 'Corrections' }).getByRole('row')
  const listed = page.getByRole('status', { name: 'Listed corrections' })
  await expect(listed).toHaveText('100 of 203 shown, newest first.')
  await expect(rows).toHaveCount(1 + 100)
  await page.getByRole('button', { name: 'Show 100 more' }).press('Enter')
  await expect(listed).toHaveText('200 of 203 shown, newest first.')
  await page.getByRole('button', { name: 'Show 3 more' }).click()
  await expect(rows).toHaveCount(1 + 203)
  await expect(rows.nth(1)).toContainText('Call 203')
  await expect(rows.last()).toContainText('Call 1')
  await expect(listed).toBeHidden()
  // A change reloads the list with the same number of pages.
  await api.calls.create(someCall(agent, { prospectName: 'One More', completedAt: at, prospectPhone: null }))
  await expect(rows.nth(1)).toContainText('One More')
  await expect(page.getByRole('status', { name: 'Figure then and now' })).toContainText('204 corrections.')

  const yesterday = DateTime.now().minus({ days: 1 }).toISODate()
  await page.goto(`${app.origin}/#/?period=last_month&known=${yesterday}`)
  await expect(page.getByRole('alert').filter({ hasText: `As known on ${yesterday}` })).toContainText('Show the corrections')
  const downloaded = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Export', exact: true }).click()
  await page.getByRole('menuitem', { name: 'CSV' }).click()
  const file = await downloaded
  expect(file.suggestedFilename()).toContain(`-known-on-${yesterday}`)
  const text = readFileSync(await file.path(), 'utf8')
  expect(text).toMatch(new RegExp(`^report,known_on,As known on,value,[^,]*,${yesterday}`, 'm'))
  expect(text).toMatch(/^figures,calls,[^,]*,value,[^,]*,0,/m)
})

test('an agent’s proof contains only their own calls', async ({ app, team, windowOf }) => {
  const { api, agent, colleague } = team
  await api.calls.create(someCall(agent, { prospectName: 'Mine' }))
  await api.calls.create(someCall(colleague, { prospectName: 'Theirs' }))
  const page = await windowOf(agent)
  await page.goto(`${app.origin}/#/proof?period=this_year&figure=calls`)
  await expect(page.getByRole('navigation', { name: 'Rules' }).getByRole('button').first()).toHaveText('Counted1')
  await expect(page.getByRole('grid')).toContainText('Mine')
  await expect(page.getByText('Theirs')).toBeHidden()
})
