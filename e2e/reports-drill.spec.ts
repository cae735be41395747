import type { Locator, Page } from '@playwright/test'
import { DateTime } from 'luxon'
import { run } from './support/command-line.ts'
import { callCount, callRows, details, filterBy } from './support/screens.ts'
import { watchMovements } from './support/movements.ts'
import { someCall, type Team } from './support/team.ts'
import { expect, test } from './support/test.ts'

const ZONE = 'Europe/Berlin'
const card = (page: Page, name: string) => page.getByRole('region', { name, exact: true })
const panelRows = (page: Page) => details(page).locator('[role=grid] [role=row][aria-selected]')
const panelGrid = (page: Page) => details(page).getByRole('grid')

/** Returns the number of calls of a mark. A bar and a cell have it in their name. */
async function countOf(mark: Locator): Promise<number> {
  const name = (await mark.getAttribute('aria-label')) ?? ''
  const shown = (await mark.textContent()) ?? ''
  const digits = /^[\d,]+$/.test(shown.trim()) ? shown : (/([\d,]+) calls?\b/.exec(name)?.[1] ?? '')
  return Number(digits.replaceAll(',', ''))
}

/** Opens a mark, and expects as many rows and the same number above them. */
async function expectOpened(page: Page, mark: Locator, count: number): Promise<void> {
  await mark.focus()
  await page.keyboard.press('Enter')
  await expect(callCount(page)).toHaveText(count === 1 ? '1 call' : `${count} calls`)
  await expect(panelRows(page)).toHaveCount(count)
  await page.keyboard.press('Escape')
  await expect(details(page)).toBeHidden()
  await expect(mark, 'the focus returns to the mark').toBeFocused()
}

/** Twelve calls of two agents this week, in two hours of one day, and one future call. */
async function addCalls({ api, agent, colleague }: Team): Promise<void> {
  const at = (hour: number) =>
    DateTime.now().setZone(ZONE).minus({ days: 1 }).set({ hour, minute: 59, second: 59, millisecond: 999 }).toMillis()
  const reason = await api.lossReasons.create({ name: 'Price', description: null })
  for (const [index, person] of [agent, colleague, agent].entries()) {
    await api.calls.create(someCall(person, { prospectName: `Won ${index}`, completedAt: at(9) }))
    await api.calls.create(
      someCall(person, {
        prospectName: `Lost ${index}`,
        outcome: 'lost',
        lossReasonId: index === 0 ? null : reason.id,
        completedAt: at(9),
      }),
    )
    await api.calls.create(
      someCall(person, { prospectName: `Open ${index}`, outcome: 'undecided', callDuration: null, completedAt: at(14) }),
    )
    await api.calls.create(
      someCall(person, {
        prospectName: `Away ${index}`,
        status: 'no_show',
        outcome: null,
        completedAt: null,
        callDuration: null,
        scheduledAt: at(14),
      }),
    )
  }
  await api.calls.create(
    someCall(agent, {
      prospectName: 'Later today',
      status: 'scheduled',
      outcome: null,
      completedAt: null,
      callDuration: null,
      scheduledAt: Date.now() + 60_000,
    }),
  )
}

/** Yesterday and today, with the future call. */
const openDashboard = async (page: Page, origin: string) => {
  const today = DateTime.now().setZone(ZONE)
  await page.goto(`${origin}/#/?period=${today.minus({ days: 1 }).toISODate()}..${today.toISODate()}`)
  await expect(card(page, 'Funnel')).toBeVisible()
}

test('lead: every kind of mark opens exactly the calls that it counts, and the calls list shows the same', async ({
  app,
  team,
  windowOf,
}) => {
  await addCalls(team)
  const page = await windowOf(team.lead)
  await openDashboard(page, app.origin)

  const marks: readonly (readonly [Locator, number])[] = [
    [card(page, 'Calls').getByRole('button', { name: /^Calls \d/ }), 12],
    [card(page, 'Show rate').getByRole('button', { name: /^Show rate: \d+ completed:/ }), 9],
    [card(page, 'Show rate').getByRole('button', { name: /completed, no-show, rescheduled:/ }), 12],
    [card(page, 'Close rate').getByRole('button', { name: /^Close rate: \d+ won:/ }), 3],
    [card(page, 'Win rate').getByRole('button', { name: /won, lost:/ }), 6],
    [card(page, 'Talk time').getByRole('button', { name: /with a duration:/ }), 6],
    [card(page, 'Undecided').getByRole('button', { name: /^Undecided \d/ }), 3],
    [card(page, 'Funnel').getByRole('button', { name: /^Decided/ }), 6],
    [card(page, 'Loss reasons').getByRole('button', { name: /^Price/ }), 2],
    [card(page, 'Loss reasons').getByRole('button', { name: /^\(none\)/ }), 1],
    [card(page, 'Hours of the week').getByRole('gridcell', { name: / 09:00: 6 calls/ }), 6],
    [card(page, 'Hours of the week').getByRole('gridcell', { name: / 14:00: 6 calls/ }), 6],
    [
      card(page, 'Agents')
        .getByRole('button', { name: /^Ben Berg: won, / })
        .first(),
      2,
    ],
    [card(page, 'Agents').getByRole('button', { name: /^Ben Berg: all calls, / }), 8],
    [
      card(page, 'Undecided calls')
        .getByRole('button', { name: /or longer/ })
        .first(),
      3,
    ],
  ]
  for (const [mark, count] of marks) {
    const shown = await countOf(mark)
    if (!Number.isNaN(shown) && shown > 0) expect(shown, String(mark)).toBe(count)
    await expectOpened(page, mark, count)
  }
  const bucket = card(page, 'Calls by day').getByRole('button', { name: /12 calls/ })
  await expectOpened(page, bucket, await countOf(bucket))

  // With filters: the panel keeps them, and the list of calls gets them.
  await filterBy(page, 'Agent', 'Ben Berg')
  const hour = card(page, 'Hours of the week').getByRole('gridcell', { name: / 14:00: 4 calls/ })
  await expectOpened(page, hour, 4)
  await hour.click()
  await expect(callCount(page)).toHaveText('4 calls')
  await page.getByRole('link', { name: 'Open in the calls list' }).click()
  await expect(details(page)).toBeHidden()
  await expect(callRows(page)).toHaveCount(4)
  await expect(page.getByRole('button', { name: 'Agent: Ben Berg' })).toBeVisible()
  await expect(page.getByRole('button', { name: /^Period: 20\d\d-\d\d-\d\d – .*\d\d:\d\d$/ })).toBeVisible()
  await page.getByRole('button', { name: /14:00–15:00: remove this filter/ }).click()
  await expect(callRows(page), 'the call that is still to come is not in the period').toHaveCount(8)
})

test('lead: a row is edited with the keyboard, and the figures and the rows follow in place', async ({ app, team, windowOf }) => {
  await addCalls(team)
  const page = await windowOf(team.lead)
  await openDashboard(page, app.origin)
  const undecided = card(page, 'Undecided').getByRole('button', { name: /^Undecided \d/ })
  await undecided.focus()
  await page.keyboard.press('Enter')
  await expect(panelRows(page)).toHaveCount(3)
  await expect(panelGrid(page)).toBeFocused()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('e')
  await expect(details(page).getByRole('heading', { name: /^Edit call with Open/ })).toBeVisible()
  await page.keyboard.press('Control+1')
  await page.keyboard.press('Control+Enter')
  await expect(details(page).getByRole('heading', { name: /^Open \d$/ })).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(panelGrid(page)).toBeFocused()
  await expect(panelRows(page)).toHaveCount(2)
  await expect(callCount(page)).toHaveText('2 calls')
  await expect(undecided).toHaveText('2')
  await expect(card(page, 'Close rate')).toContainText('4 / 9')
  await page.keyboard.press('Escape')
  await expect(details(page)).toBeHidden()
  await expect(undecided).toBeFocused()

  // Undo restores the figures.
  await page.keyboard.press('Control+z')
  await expect(undecided).toHaveText('3')
  await expect(undecided).toBeFocused()
})

test('figures follow another window and the command line in place', async ({ app, team, windowOf }) => {
  await addCalls(team)
  // With ten calls, the next one adds no digit to a number.
  await team.api.calls.create(someCall(team.agent, { completedAt: Date.now() }))
  const page = await windowOf(team.lead)
  await openDashboard(page, app.origin)
  const completed = card(page, 'Show rate').getByRole('button', { name: /^Show rate: \d+ completed:/ })
  await completed.focus()
  await page.keyboard.press('Enter')
  await expect(panelRows(page)).toHaveCount(10)
  await panelGrid(page).press('End')
  await page.evaluate(() => {
    const scroller = document.querySelector('main [aria-label="Funnel"]')?.closest('main')?.querySelector('div:last-child')
    if (scroller !== null && scroller !== undefined) scroller.scrollTop = 120
  })
  const movements = await watchMovements(page)

  await team.api.calls.create(someCall(team.agent, { prospectName: 'Just now', completedAt: Date.now() }))
  await expect(completed).toHaveText('11')
  await expect(callCount(page), 'the call that has just been logged is in the open list too').toHaveText('11 calls')
  await expect(panelRows(page)).toHaveCount(11)
  await expect(panelGrid(page)).toBeFocused()
  expect(await movements()).toEqual([])

  const added = await run(
    app,
    team.colleague,
    ...['call', 'add', '--prospect', 'From a terminal', '--type', 'inbound', '--status', 'completed', '--outcome', 'won'],
    ...['--completed-at', new Date().toISOString()],
  )
  expect(added.stderr).toBe('')
  await expect(completed).toHaveText('12')
  await expect(callCount(page)).toHaveText('12 calls')
  await expect(panelGrid(page)).toBeFocused()
})

test('agent: only own calls open, and a row can be edited', async ({ app, team, windowOf }) => {
  await addCalls(team)
  const page = await windowOf(team.agent)
  await openDashboard(page, app.origin)
  const all = card(page, 'Calls').getByRole('button', { name: /^Calls \d/ })
  await expect(all).toHaveText('8')
  await expectOpened(page, all, 8)
  await expectOpened(page, card(page, 'Close rate').getByRole('button', { name: /^Close rate: \d+ won:/ }), 2)
  await expectOpened(page, card(page, 'Hours of the week').getByRole('gridcell', { name: / 09:00: 4 calls/ }), 4)
  await all.click()
  await expect(panelRows(page)).toHaveCount(8)
  await panelRows(page).filter({ hasText: 'Open 0' }).click()
  await details(page).getByRole('button', { name: 'Edit' }).click()
  await page.keyboard.press('Control+1')
  await page.keyboard.press('Control+Enter')
  await expect(card(page, 'Close rate')).toContainText('3 / 6')
  await details(page).getByRole('button', { name: 'Back to Calls' }).click()
  await expect(panelRows(page)).toHaveCount(8)
})

test('viewer: the calls open, and no row can be edited', async ({ app, team, windowOf }) => {
  await addCalls(team)
  const page = await windowOf(team.viewer)
  await openDashboard(page, app.origin)
  const won = card(page, 'Close rate').getByRole('button', { name: /^Close rate: \d+ won:/ })
  await expectOpened(page, won, 3)
  await won.click()
  await expect(panelGrid(page)).toBeFocused()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('e')
  await page.keyboard.press('Delete')
  await expect(panelRows(page)).toHaveCount(3)
  await page.keyboard.press('Enter')
  await expect(details(page).getByRole('heading', { name: /^Won \d$/ })).toBeFocused()
  await expect(details(page).getByRole('button', { name: 'Edit' })).toBeHidden()
  await expect(details(page).getByRole('button', { name: 'Delete call' })).toBeHidden()
})
