import type { Page } from '@playwright/test'
import { DateTime } from 'luxon'
import type { NewCall } from '../core/model/call.ts'
import { NO_OPTIONAL_FIELDS } from '../core/model/call.ts'
import { findings } from './support/axe.ts'
import { details, filterBy, goTo, notice, sections } from './support/screens.ts'
import { someCall, type Person, type Team } from './support/team.ts'
import { expect, test } from './support/test.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

function scheduled(person: Person, prospectName: string, scheduledAt: number, over: Partial<NewCall> = {}): NewCall {
  const fields = { prospectName, scheduledAt, prospectPhone: '+49 30 5551234' }
  return { ...NO_OPTIONAL_FIELDS, userId: person.id, callType: 'outbound', status: 'scheduled', ...fields, ...over }
}

const undecided = (person: Person, prospectName: string, daysAgo: number, prospectPhone: string) =>
  someCall(person, { prospectName, prospectPhone, outcome: 'undecided', completedAt: Date.now() - daysAgo * DAY })

const group = (page: Page, name: string) => page.getByRole('grid', { name, exact: true })
const rows = (page: Page, name: string) => group(page, name).getByRole('row')
const entry = (page: Page, prospect: string) => page.getByRole('main').getByRole('button', { name: prospect, exact: true })

/** Records the numbers that a page dials. A real browser asks first whether it may open the phone program, and takes no keys until then. */
async function recordDialled(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const dialled: string[] = []
    Object.assign(window, { dialled })
    window.addEventListener('click', (event) => {
      const link = event.target instanceof Element ? event.target.closest('a') : null
      if (link?.href.startsWith('tel:') !== true) return
      dialled.push(link.href)
      event.preventDefault()
    })
  })
}
const dialled = (page: Page) => page.evaluate(() => (window as unknown as { dialled: string[] }).dialled)

async function agenda(team: Team): Promise<void> {
  const { agent, colleague, api } = team
  const now = Date.now()
  await api.calls.create(scheduled(agent, 'Late Lena', now - 3 * DAY))
  await api.calls.create(scheduled(agent, 'Just Jim', now - 5 * MINUTE))
  await api.calls.create(scheduled(agent, 'Next year Nora', now + 300 * DAY))
  await api.calls.create(scheduled(colleague, 'Theirs Thoma', now - HOUR))
}

test('with nothing scheduled, Today shows how to schedule a call', async ({ team, windowOf }) => {
  const page = await windowOf(team.agent)
  await page.keyboard.press('g')
  await page.keyboard.press('t')
  await expect(page.getByRole('heading', { level: 1, name: 'Today' })).toBeVisible()
  await expect(page.getByText('Nothing is scheduled this week', { exact: true })).toBeVisible()
  await expect(page.getByText('To schedule a call, press N')).toBeVisible()
  await expect(page.getByRole('group', { name: 'Completed calls' })).toHaveText('0 calls')
  await expect(page.getByText('They need 3 such days and have none so far.')).toBeVisible()
  await expect(page.getByRole('region', { name: 'No next step' })).toContainText('There are none.')
})

test('missed calls come first and stay until they are settled, by keyboard alone', async ({ app, team, windowOf }) => {
  await agenda(team)
  const page = await windowOf(team.agent, recordDialled)
  await expect(sections(page).getByRole('link').first()).toHaveText('Today')
  await page.keyboard.press('g')
  await page.keyboard.press('t')
  await expect(rows(page, 'Missed')).toHaveCount(2)
  await expect(rows(page, 'Missed').nth(0)).toContainText('missed 3 days ago')
  await expect(rows(page, 'Missed').nth(1)).toContainText(/missed \d minutes ago/)
  await expect(page.getByText('1 call is scheduled after this week')).toBeVisible()
  await expect(page.locator('body')).not.toContainText('Theirs')

  await page.keyboard.press('j')
  await expect(entry(page, 'Just Jim')).toBeFocused()
  await page.keyboard.press('k')
  await expect(entry(page, 'Late Lena')).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(details(page).getByRole('heading', { name: 'Late Lena' })).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(entry(page, 'Late Lena')).toBeFocused()

  await page.keyboard.press('c')
  await expect(details(page).getByLabel('Prospect name')).toHaveValue('Late Lena')
  expect(await dialled(page)).toEqual(['tel:+49305551234'])
  await expect(details(page).getByLabel('Prospect name')).toBeFocused()
  await page.keyboard.press('Alt+1')
  await page.keyboard.press('Control+Enter')
  await expect(rows(page, 'Missed')).toHaveCount(1)
  await expect(entry(page, 'Just Jim'), 'the nearest row gets the focus').toBeFocused()
  const { rows: calls } = await team.api.calls.list({ filter: { text: 'Late Lena' } })
  expect(calls, 'the scheduled call itself was finished').toMatchObject([{ status: 'completed', outcome: 'won' }])

  await page.keyboard.press('Control+z')
  await expect(rows(page, 'Missed')).toHaveCount(2)

  // Time alone settles nothing. The session ends meanwhile.
  await app.advance(2 * 24 * 60)
  const later = await windowOf(team.agent)
  await goTo(later, 'Today')
  await expect(rows(later, 'Missed')).toHaveCount(2)
  await expect(rows(later, 'Missed').nth(0)).toContainText('missed 5 days ago')
})

test('one key moves a missed call, and Ctrl+Z moves it back', async ({ team, windowOf }) => {
  await agenda(team)
  const page = await windowOf(team.agent)
  await goTo(page, 'Today')
  await page.keyboard.press('ArrowDown')
  await entry(page, 'Late Lena').focus()
  // Keys of the form of a call. If it is not open, they do nothing.
  for (const key of ['Alt+1', 'Control+3']) await page.keyboard.press(key)
  await page.keyboard.press('1')
  await expect(rows(page, 'Tomorrow')).toHaveText([/Late Lena/])
  await expect(rows(page, 'Missed')).toHaveText([/Just Jim/])
  await page.keyboard.press('Control+z')
  await expect(rows(page, 'Missed')).toHaveCount(2)
  const { rows: calls } = await team.api.calls.list({ filter: { text: 'Lena' } })
  const [call] = calls
  const lines = await team.api.audit.list({ tableName: 'calls', recordId: call?.id ?? '' })
  expect(lines.rows, 'created, moved by one key, moved back').toHaveLength(3)
})

test('`g` `c` opens the calls, also from a row of the agenda', async ({ team, windowOf }) => {
  await agenda(team)
  const page = await windowOf(team.agent)
  await goTo(page, 'Today')
  await entry(page, 'Just Jim').focus()
  await page.keyboard.press('g')
  await page.keyboard.press('c')
  await expect(page.getByRole('heading', { level: 1, name: 'Calls' })).toBeVisible()
  await expect(details(page)).toBeHidden()
})

test('a call becomes missed while the page is open, and disappears when another window settles it', async ({
  app,
  team,
  windowOf,
}) => {
  const call = await team.api.calls.create(scheduled(team.agent, 'Soon Sam', Date.now() + 8 * MINUTE))
  const page = await windowOf(team.agent, (opened) => opened.clock.install())
  await goTo(page, 'Today')
  await expect(entry(page, 'Soon Sam')).toBeVisible()
  await expect(group(page, 'Missed')).toBeHidden()
  await app.advance(12)
  await page.clock.fastForward('01:00')
  await expect(rows(page, 'Missed')).toContainText([/missed [34] minutes ago/])
  await page.clock.resume()
  await team.api.calls.update({ id: call.id, patch: { status: 'no_show' } })
  await expect(page.getByText('Nothing is scheduled this week', { exact: true })).toBeVisible()
})

test('prospects without a next step are listed, and one key schedules one', async ({ team, windowOf }) => {
  const { api, agent } = team
  await api.calls.create(undecided(agent, 'Open Otto', 8, '+49 30 5550001'))
  await api.calls.create(undecided(agent, 'New Nick', 2, '+49 30 5550002'))
  const page = await windowOf(agent, recordDialled)
  await goTo(page, 'Today')
  const section = page.getByRole('region', { name: 'No next step' })
  await expect(rows(page, 'No next step')).toHaveText([/8 days ago.*Open Otto/])
  await expect(section).toContainText('at least 5 days ago')
  await entry(page, 'Open Otto').focus()
  await page.keyboard.press('1')
  await expect(section).toContainText('There are none.')
  await expect(rows(page, 'Tomorrow')).toHaveText([/Any time.*Open Otto/])
  await page.keyboard.press('Control+z')
  await expect(group(page, 'Tomorrow')).toBeHidden()
  await expect(rows(page, 'No next step')).toHaveCount(1)
  await entry(page, 'Open Otto').focus()
  await page.keyboard.press('c')
  await expect(details(page).getByLabel('Prospect name')).toHaveValue('Open Otto')
  await page.keyboard.press('Alt+1')
  await page.keyboard.press('Control+Enter')
  await expect(section).toContainText('There are none.')
  await expect(notice(page, 'Call with Open Otto logged')).toBeVisible()
})

test('the figures of the day are compared with the usual ones', async ({ team, windowOf }) => {
  const { api, agent } = team
  const midnight = DateTime.now().setZone('Europe/Berlin').startOf('day')
  for (const weeks of [0, 1, 2, 3])
    for (let n = 0; n < 3 - (weeks % 2); n++)
      await api.calls.create(someCall(agent, { completedAt: midnight.minus({ weeks }).toMillis(), callDuration: 600 }))
  // It would make three calls usual, but it took place later in the day than now.
  const late = midnight.minus({ weeks: 1 }).endOf('day')
  await api.calls.create(someCall(agent, { completedAt: late.toMillis(), callDuration: 600 }))
  const page = await windowOf(agent)
  await goTo(page, 'Today')
  await expect(page.getByRole('group', { name: 'Completed calls' })).toHaveText('3 calls, usually 2 by now')
  await expect(page.getByRole('group', { name: 'Talk time' })).toHaveText(/usually 20:00 by now$/)
  await expect(page.getByText('(3 days).')).toBeVisible()
})

test('a lead sees everyone’s agenda and can restrict it; a viewer cannot change it', async ({ team, windowOf }) => {
  await agenda(team)
  const page = await windowOf(team.lead)
  await goTo(page, 'Today')
  await expect(rows(page, 'Missed')).toHaveCount(3)
  await filterBy(page, 'Agent', team.colleague.name)
  await expect(rows(page, 'Missed')).toHaveText([/Theirs Thoma.*Cleo Calm/])

  // Undo would delete a call of the agent, which a lead may not do.
  await entry(page, 'Theirs Thoma').click()
  await details(page).getByRole('button', { name: 'Reschedule' }).click()
  await details(page).getByRole('textbox', { name: 'New date' }).fill('+1d 10:00')
  await page.keyboard.press('Enter')
  const rescheduled = notice(page, 'Call with Theirs Thoma rescheduled')
  await expect(rescheduled).toBeVisible()
  await expect(rescheduled.getByRole('button', { name: 'Undo' })).toHaveCount(0)
  await page.keyboard.press('Escape')

  const viewers = await windowOf(team.viewer)
  await goTo(viewers, 'Today')
  await expect(rows(viewers, 'Missed')).toHaveCount(2)
  await expect(viewers.getByRole('button', { name: /^Move the call/ })).toHaveCount(0)
  await entry(viewers, 'Just Jim').focus()
  await viewers.keyboard.press('1')
  await viewers.keyboard.press('c')
  await expect(details(viewers)).toBeHidden()
  await expect(rows(viewers, 'Missed')).toHaveCount(2)
})

test('Today is accessible, also in a narrow window', async ({ team, windowOf }) => {
  await agenda(team)
  await team.api.calls.create(undecided(team.agent, 'Open Otto', 8, '+49 30 5550001'))
  const page = await windowOf(team.agent)
  await goTo(page, 'Today')
  await expect(rows(page, 'No next step')).toHaveCount(1)
  expect(await findings(page)).toEqual([])
  await page.setViewportSize({ width: 700, height: 700 })
  await expect(entry(page, 'Just Jim')).toBeVisible()
  expect(await findings(page)).toEqual([])
  const { scroll, client } = await page.evaluate(() => {
    const main = document.querySelector('main') ?? document.body
    return { scroll: main.scrollWidth, client: main.clientWidth }
  })
  expect(scroll, 'nothing is cut on the right').toBeLessThanOrEqual(client)
})
