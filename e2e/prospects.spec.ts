import type { Page } from '@playwright/test'
import { findings } from './support/axe.ts'
import { callRows, callsGrid, details, goTo, notice } from './support/screens.ts'
import { someCall } from './support/team.ts'
import { expect, test } from './support/test.ts'

const HOUR = 3_600_000
const card = (page: Page) => details(page)

test('the card of a prospect opens with a key, shows all calls of one number, and has its own address', async ({
  team,
  windowOf,
}) => {
  const { api, agent, colleague } = team
  const name = 'Ann 🙂 ' + 'Long'.repeat(40)
  await api.calls.create(
    someCall(agent, { prospectName: name, prospectPhone: '+351 21 234 5678', outcome: 'lost', notes: 'x '.repeat(5_000).trim() }),
  )
  await api.calls.create(
    someCall(colleague, {
      prospectName: 'محمد علي',
      prospectPhone: '+351 212 345 678',
      prospectEmail: 'ann@acme.test',
      completedAt: Date.now() - 5 * HOUR,
    }),
  )
  const planned = await api.calls.create(
    someCall(agent, {
      prospectName: 'Ann',
      prospectPhone: null,
      prospectEmail: 'ANN@acme.test',
      status: 'scheduled',
      outcome: null,
      callDuration: null,
      completedAt: null,
      scheduledAt: Date.now() - 3 * HOUR,
    }),
  )
  await api.calls.create(
    someCall(agent, { prospectName: 'Other', prospectPhone: '+49 30 5550000', completedAt: Date.now() - 9 * HOUR }),
  )
  const page = await windowOf(team.lead)
  const { keyboard } = page
  await goTo(page, 'Calls')
  await callsGrid(page).focus()
  await keyboard.press('Home')
  await expect(callRows(page).first()).toHaveAttribute('aria-selected', 'true')
  await expect(callRows(page).first()).toContainText('Ann')
  await keyboard.press('p')

  await expect(card(page).getByRole('heading', { level: 2 })).toBeFocused()
  await expect(card(page).getByRole('heading', { name: 'Calls (3)' })).toBeVisible()
  await expect(card(page).getByRole('region', { name: 'Next step' })).toContainText('· missed')
  await expect(card(page).getByRole('link', { name: '+351 21 234 5678' })).toHaveAttribute('href', 'tel:+351212345678')
  await expect(card(page).getByRole('link', { name: 'ann@acme.test' })).toHaveAttribute('href', 'mailto:ANN@acme.test')
  await expect(card(page).getByText(/^(⚠ )?It is .*there \(Lisbon\)/)).toBeVisible()
  await expect(card(page).getByRole('region', { name: 'Results' })).toContainText('Won 1')
  await expect(card(page).getByText('Other')).toBeHidden()
  const fits = await card(page).evaluate((panel) => panel.scrollWidth <= panel.clientWidth)
  expect(fits, 'long texts do not widen the panel').toBe(true)
  expect(await findings(page)).toEqual([])
  expect(page.url()).toMatch(/[?&]prospect=[0-9a-f-]{36}$/)

  // A scheduled call opens above the card; Back returns to the card and then closes it.
  await keyboard.press('Tab')
  await card(page).getByRole('region', { name: 'Next step' }).getByRole('button').press('Enter')
  await expect(card(page).getByRole('button', { name: 'Edit' })).toBeVisible()
  await keyboard.press('Alt+ArrowLeft')
  await expect(card(page).getByRole('heading', { name: 'Calls (3)' })).toBeVisible()
  await page.reload()
  await expect(card(page).getByRole('heading', { name: 'Calls (3)' })).toBeVisible()
  await keyboard.press('Escape')
  await expect(card(page)).toBeHidden()
  expect(page.url()).not.toContain('prospect=')

  // From the open call, and Back to it.
  await callRows(page).first().click()
  await expect(card(page).getByRole('button', { name: 'Edit' })).toBeVisible()
  await keyboard.press('p')
  await expect(card(page).getByRole('heading', { name: 'Calls (3)' })).toBeVisible()
  await page.goBack()
  await expect(card(page).getByRole('button', { name: 'Edit' })).toBeVisible()

  // A second call above the card, and a second card above that call: Back returns through all of them to the first call.
  const first = callRows(page, 'Long').first()
  await first.click()
  await expect(card(page).getByRole('heading', { level: 2, name: /Long/ })).toBeVisible()
  await keyboard.press('p')
  const planStep = card(page).getByRole('region', { name: 'Next step' }).getByRole('button')
  await planStep.click()
  await expect(card(page).getByRole('heading', { level: 2, name: 'Ann', exact: true })).toBeVisible()
  await keyboard.press('p')
  await expect(planStep).toBeVisible()
  await page.goBack()
  await expect(card(page).getByRole('button', { name: 'Edit' })).toBeVisible()
  await expect(card(page).getByRole('heading', { level: 2, name: 'Ann', exact: true })).toBeVisible()
  await page.goBack()
  await expect(planStep).toBeVisible()
  await page.goBack()
  await expect(card(page).getByRole('button', { name: 'Edit' })).toBeVisible()
  await expect(card(page).getByRole('heading', { level: 2, name: /Long/ })).toBeVisible()
  await keyboard.press('Escape')

  // Without a call below it, Back closes the card.
  await first.click()
  await keyboard.press('Escape')
  await callsGrid(page).focus()
  await keyboard.press('p')
  await planStep.click()
  await expect(card(page).getByRole('button', { name: 'Edit' })).toBeVisible()
  await page.goBack()
  await expect(planStep).toBeVisible()
  await page.goBack()
  await expect(card(page)).toBeHidden()

  // A call that another person may not read.
  const ofAgent = await windowOf(team.colleague)
  await ofAgent.goto(`${ofAgent.url().split('#')[0] ?? ''}#/calls?prospect=${planned.id}`)
  await expect(card(ofAgent).getByRole('alert')).toContainText('you don’t have access')
})

test('a call is logged and a follow-up is scheduled from the card', async ({ team, windowOf }) => {
  const { id } = await team.api.calls.create(someCall(team.agent, { prospectEmail: 'jo@acme.test' }))
  const page = await windowOf(team.agent)
  const { keyboard } = page
  await goTo(page, 'Calls')
  await callRows(page, 'Jo Smith').click()
  await keyboard.press('p')
  await card(page).getByRole('button', { name: 'Follow-up' }).press('Enter')
  await expect(card(page).getByLabel('Prospect name')).toBeFocused()
  await expect(card(page).getByLabel('Prospect name')).toHaveValue('Jo Smith')
  await expect(card(page).getByLabel('Phone')).toHaveValue('+49 30 5551234')
  await expect(card(page).getByLabel('E-mail')).toHaveValue('jo@acme.test')
  await card(page).getByLabel('Scheduled for').fill('+3d 10:00')
  await keyboard.press('Control+Enter')
  await expect(notice(page, /scheduled/)).toBeVisible()
  await expect(card(page), 'the form is closed').toBeHidden()
  const { openFollowUp, calls } = await team.api.prospects.card({ of: { callId: id } })
  expect(calls).toBe(2)
  expect(openFollowUp?.scheduledAt).toBeGreaterThan(Date.now())
})

test('another name for a known number is a note in the form, and the call can still be saved', async ({ team, windowOf }) => {
  await team.api.settings.update({ calling_hours: { from: '00:00', to: '00:01', days: [1] } })
  await team.api.calls.create(someCall(team.agent))
  const page = await windowOf(team.agent)
  const { keyboard } = page
  await goTo(page, 'Calls')
  await keyboard.press('n')
  await keyboard.type('Bert')
  await keyboard.press('Tab')
  await keyboard.type('0049 30 / 555 1234')
  const hint = card(page).getByRole('status', { name: 'About the prospect' })
  await expect(hint).toBeHidden()
  await page.getByLabel('Phone').fill('+49 (30) 555-1234')
  await expect(hint).toContainText('1 call with this phone number or e-mail address has another name: Jo Smith')
  await expect(hint).toContainText('there (Berlin) – outside calling hours')
  expect(await findings(page)).toEqual([])
  await hint.getByRole('button', { name: 'Show prospect' }).press('Enter')
  await expect(card(page).getByRole('heading', { level: 2, name: 'Jo Smith' })).toBeVisible()
  await page.goBack()
  await expect(card(page).getByLabel('Prospect name')).toHaveValue('Bert')
  await keyboard.press('Alt+1')
  await keyboard.press('Control+Enter')
  await expect(callRows(page, 'Bert')).toHaveCount(1)
})

test('an admin sets the calling hours, and undo restores them', async ({ team, windowOf }) => {
  const page = await windowOf(team.admin)
  await goTo(page, 'Settings')
  const hours = page.getByRole('group', { name: 'Calling hours' })
  await hours.getByLabel('From').fill('9')
  await page.getByRole('button', { name: 'Save settings' }).click()
  await expect(hours).toContainText('Enter a time of day, for example 08:00')
  await hours.getByLabel('From').fill('09:30')
  await hours.getByText('Sat').click()
  await page.getByRole('button', { name: 'Save settings' }).click()
  const saved = async () => (await team.api.settings.get()).calling_hours
  await expect.poll(saved).toEqual({ from: '09:30', to: '20:00', days: [1, 2, 3, 4, 5] })
  await expect(notice(page, 'Settings changed')).toBeVisible()
  await page.keyboard.press('Control+z')
  await expect.poll(saved).toEqual({ from: '08:00', to: '20:00', days: [1, 2, 3, 4, 5, 6] })
})
