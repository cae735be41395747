import { findings } from './support/axe.ts'
import { callRows, callsGrid, choose, details, goTo, notice } from './support/screens.ts'
import { someCall } from './support/team.ts'
import { expect, test } from './support/test.ts'

test('scheduling a call with a prospect on the do-not-call list asks first, and a second save schedules it', async ({
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
  await expect(question, 'next to the field that has the focus').toBeInViewport({ ratio: 1 })
  await expect(page.getByLabel('Prospect name')).toBeFocused()
  await expect(callRows(page)).toHaveCount(0)

  await page.getByRole('button', { name: 'Schedule the call anyway' }).click()
  await expect(page.getByLabel('Prospect name'), 'the form is empty again').toHaveValue('')
  await expect(page.getByRole('button', { name: 'Save call' })).toBeVisible()
  await page.getByRole('button', { name: 'Show 1 upcoming call' }).click()
  await expect(callRows(page, 'Jo Smith')).toContainText('Scheduled')
})

test('an agent puts a prospect on the list from the card, by keys only; a lead takes the prospect off', async ({
  team,
  windowOf,
}) => {
  await team.api.calls.create(someCall(team.agent, { prospectName: 'Nora Never', prospectPhone: '+49 30 5559876' }))
  const page = await windowOf(team.agent)
  await goTo(page, 'Calls')
  await expect(callRows(page, 'Nora Never')).toBeVisible()
  await callsGrid(page).focus()
  await page.keyboard.press('Home')
  await expect(callRows(page, 'Nora Never')).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('p')
  const panel = details(page)
  await expect(panel.getByRole('heading', { name: 'Nora Never' })).toBeVisible()
  await panel.getByRole('button', { name: 'Do not call' }).press('Enter')
  await page.keyboard.type('Asked by phone')
  await page.keyboard.press('Enter')
  const note = panel.getByRole('note', { name: 'Do not call' })
  await expect(note).toContainText('Added by Ben Berg')
  await expect(note, 'the focus stays in the panel').toBeFocused()
  await expect(note).toContainText('Reason: Asked by phone')
  await expect(note.getByRole('button')).toHaveCount(0)
  await expect(notice(page, 'Nora Never is on the do-not-call list. A team lead can take them off.')).toBeVisible()
  expect(await findings(page)).toEqual([])

  const lead = await windowOf(team.lead)
  await goTo(lead, 'Calls')
  await callRows(lead, 'Nora Never').click()
  await lead.keyboard.press('p')
  await details(lead).getByRole('button', { name: 'Take off the do-not-call list' }).click()
  await expect(details(lead).getByRole('button', { name: 'Do not call' })).toBeVisible()
  await expect(panel.getByRole('button', { name: 'Do not call' }), 'the agent’s window follows').toBeVisible()

  const theirs = details(lead).getByRole('note', { name: 'Do not call' })
  await lead.keyboard.press('Control+z')
  await expect(theirs, 'an undo adds the contact again, with its reason').toContainText('Reason: Asked by phone')
  await lead.keyboard.press('Control+Shift+z')
  await expect(theirs).toHaveCount(0)
  await details(lead).getByRole('button', { name: 'Do not call' }).click()
  await lead.keyboard.type('Asked again')
  await lead.keyboard.press('Enter')
  await expect(theirs).toContainText('Reason: Asked again')
  await lead.keyboard.press('Control+z')
  await expect(theirs).toHaveCount(0)
  await lead.keyboard.press('Control+Shift+z')
  await expect(theirs).toContainText('Reason: Asked again')
})

test('a text that is not an e-mail address does not keep a prospect’s number off the list; undo lifts the entries that are still active', async ({
  team,
  windowOf,
}) => {
  const { api, lead } = team
  const jo = { prospectName: 'Jo Typed', prospectPhone: '+49 30 5557777' }
  await api.calls.create(someCall(lead, { ...jo, prospectEmail: 'has none' }))
  await api.calls.create(someCall(lead, { ...jo, prospectEmail: 'jo@example.com\u200B' }))
  const page = await windowOf(lead)
  await goTo(page, 'Calls')
  await callRows(page, 'Jo Typed').first().click()
  await page.keyboard.press('p')
  await details(page).getByRole('button', { name: 'Do not call' }).click()
  await page.keyboard.press('Enter')
  await expect(notice(page, 'Jo Typed is on the do-not-call list')).toBeVisible()
  const note = details(page).getByRole('note', { name: 'Do not call' })
  await expect(note).toBeVisible()

  const { entry } = await api.doNotCall.check({ email: 'jo@example.com' })
  await api.doNotCall.lift({ id: entry?.id ?? '' })
  await page.keyboard.press('Control+z')
  await expect(note).toHaveCount(0)
  await expect(page.getByText('Not undone')).toHaveCount(0)
})

test('a call of Today with a prospect on the do-not-call list is moved after a confirmation', async ({ team, windowOf }) => {
  const { api, agent } = team
  await api.calls.create(
    someCall(agent, {
      prospectName: 'Nora Never',
      ...{ status: 'scheduled', outcome: null, callDuration: null, completedAt: null, scheduledAt: Date.now() - 3_600_000 },
    }),
  )
  await api.doNotCall.add({ phone: '+49 30 5551234', reason: 'Asked in writing' })
  const page = await windowOf(agent)
  await goTo(page, 'Today')
  await page.getByRole('main').getByRole('button', { name: 'Nora Never', exact: true }).focus()
  await page.keyboard.press('1')
  const question = notice(page, 'This prospect does not want to be called')
  await expect(question).toContainText('Asked in writing')
  await expect(page.getByRole('grid', { name: 'Missed' })).toContainText('Nora Never')
  expect(await findings(page)).toEqual([])
  await question.getByRole('button', { name: 'Schedule the call anyway' }).press('Enter')
  await expect(page.getByRole('grid', { name: 'Tomorrow' })).toContainText('Nora Never')
  await expect(question).toBeHidden()
})
