import type { Page } from '@playwright/test'
import { DateTime } from 'luxon'
import type { NewCall } from '../core/model/call.ts'
import { callCount, callRows, callsGrid, choosePeriod, details, filterBy, goTo } from './support/screens.ts'
import { someCall, type Team } from './support/team.ts'
import { expect, test } from './support/test.ts'

const ZONE = 'Europe/Berlin'
const today = DateTime.now().setZone(ZONE).set({ hour: 0, minute: 5, second: 0, millisecond: 0 })
const lastMonth = today.minus({ months: 1 }).set({ day: 10, hour: 9 })

/** Twelve calls with different values in all columns for filters and sorting. */
async function writeDozen({ api, agent, colleague }: Team): Promise<void> {
  const reasons = await api.lossReasons.list()
  const price = reasons.find(({ name }) => name === 'Price too high')?.id ?? null
  const timing = reasons.find(({ name }) => name === 'Bad timing')?.id ?? null
  const open = { outcome: null, completedAt: null } as const
  const dozen: readonly NewCall[] = [
    someCall(agent, { prospectName: 'Anna Adler', completedAt: today.toMillis(), callDuration: 60 }),
    someCall(agent, {
      prospectName: 'Bernd Bauer',
      completedAt: today.toMillis(),
      outcome: 'lost',
      lossReasonId: price,
      callDuration: 600,
    }),
    someCall(colleague, {
      prospectName: 'Clara Conrad',
      completedAt: today.toMillis(),
      outcome: 'lost',
      lossReasonId: timing,
      callDuration: 30,
    }),
    someCall(colleague, { prospectName: 'Dörte Dürr', completedAt: today.toMillis(), outcome: 'lost', callDuration: null }),
    someCall(agent, {
      prospectName: 'Emil Ernst',
      completedAt: today.toMillis(),
      outcome: 'undecided',
      callType: 'inbound',
      callDuration: 7_200,
    }),
    someCall(agent, {
      prospectName: 'Fritz Falk',
      ...open,
      status: 'no_show',
      scheduledAt: today.toMillis(),
      callDuration: null,
    }),
    someCall(colleague, {
      prospectName: 'Greta Groß',
      ...open,
      status: 'rescheduled',
      scheduledAt: today.toMillis(),
      callDuration: null,
    }),
    someCall(agent, {
      prospectName: 'Hanna Haas',
      ...open,
      status: 'cancelled',
      scheduledAt: today.toMillis(),
      callDuration: null,
    }),
    someCall(agent, {
      prospectName: 'Ida Imhof',
      ...open,
      status: 'scheduled',
      scheduledAt: today.plus({ days: 3 }).toMillis(),
      callDuration: null,
    }),
    someCall(agent, { prospectName: 'Jo Jansen', completedAt: lastMonth.toMillis(), prospectEmail: 'jo@jansen.example' }),
    someCall(colleague, {
      prospectName: 'Karl Kern',
      completedAt: lastMonth.plus({ hours: 1 }).toMillis(),
      notes: 'Wants a quote by Friday',
    }),
    someCall(colleague, {
      prospectName: 'Lisa Lang',
      completedAt: lastMonth.plus({ hours: 2 }).toMillis(),
      prospectPhone: '+49 89 778899',
    }),
  ]
  for (const call of dozen) await api.calls.create(call)
}

test('filters narrow the list alone and together, and the address restores them', async ({ team, windowOf }) => {
  await writeDozen(team)
  const page = await windowOf(team.lead)
  await goTo(page, 'Calls')
  const names = async () => (await callRows(page).locator('[role=gridcell]:nth-child(2)').allTextContents()).toSorted()
  const shows = async (...expected: readonly string[]) => {
    await expect(callRows(page)).toHaveCount(expected.length)
    await expect.poll(async () => (await names()).map((name) => name.split(' ')[0])).toEqual([...expected].toSorted())
    await expect(callCount(page)).toHaveText(expected.length === 1 ? '1 call' : `${expected.length} calls`)
  }
  const reset = () => page.getByRole('button', { name: 'Reset filters' }).click()
  await expect(callRows(page)).toHaveCount(11)

  await filterBy(page, 'Agent', 'Cleo Calm')
  await shows('Clara', 'Dörte', 'Greta', 'Karl', 'Lisa')
  await filterBy(page, 'Status', 'Completed')
  await shows('Clara', 'Dörte', 'Karl', 'Lisa')
  await filterBy(page, 'Outcome', 'Won', 'Lost')
  await choosePeriod(page, 'Today')
  await shows('Clara', 'Dörte')
  await page.reload()
  await shows('Clara', 'Dörte')
  await expect(page.getByRole('button', { name: 'Agent: Cleo Calm' })).toBeVisible()
  await reset()
  await expect(callRows(page)).toHaveCount(11)

  await filterBy(page, 'Loss reason', 'Price too high', 'No reason')
  await shows('Bernd', 'Dörte')
  await reset()
  await filterBy(page, 'Type', 'Inbound')
  await shows('Emil')
  await reset()
  await filterBy(page, 'Status', 'No-show', 'Rescheduled', 'Cancelled', 'Scheduled')
  await shows('Fritz', 'Greta', 'Hanna')
  await choosePeriod(page, 'Any time')
  await shows('Fritz', 'Greta', 'Hanna', 'Ida')
  await reset()
  const day = lastMonth.toISODate() ?? ''
  await choosePeriod(page, { from: day, to: day })
  await shows('Jo', 'Karl', 'Lisa')
  await reset()

  const search = page.getByRole('searchbox', { name: 'Search calls' })
  for (const [text, expected] of [
    ['jansen', 'Jo'],
    ['jo@jan', 'Jo'],
    ['778899', 'Lisa'],
    ['quote frid', 'Karl'],
    ['DÜRR', 'Dörte'],
    ['imhof', 'Ida'],
  ] as const) {
    await search.fill(text)
    await shows(expected)
  }
  await search.fill('nobody by that name')
  await expect(page.getByText('No calls match')).toBeVisible()
  await page.getByRole('button', { name: 'Clear search' }).click()
  await expect(callRows(page)).toHaveCount(11)
  await page.keyboard.press('/')
  await expect(search).toBeFocused()
  for (const key of ['Enter', 'ArrowDown']) {
    await search.fill('jansen')
    await page.keyboard.press(key)
    await expect(callsGrid(page)).toBeFocused()
    await shows('Jo')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await expect(details(page).getByRole('heading', { name: /^Jo/ })).toBeVisible()
    await page.keyboard.press('Escape')
    await page.keyboard.press('/')
  }
})

test('the list is sorted by time, name and length, both ways', async ({ team, windowOf }) => {
  await writeDozen(team)
  const page = await windowOf(team.lead)
  await goTo(page, 'Calls')
  const sortBy = (column: string) => callsGrid(page).getByRole('columnheader', { name: column }).getByRole('button').click()
  const header = (column: string) => callsGrid(page).getByRole('columnheader', { name: column })

  await sortBy('When')
  await expect(header('When')).toHaveAttribute('aria-sort', 'ascending')
  await expect(callRows(page).first()).toContainText('Jo Jansen')
  await sortBy('Prospect')
  await expect(header('Prospect')).toHaveAttribute('aria-sort', 'ascending')
  await expect(callRows(page).first()).toContainText('Anna Adler')
  await expect(callRows(page).nth(10)).toContainText('Lisa Lang')
  await sortBy('Prospect')
  await expect(callRows(page).first()).toContainText('Lisa Lang')
  await sortBy('Duration')
  await expect(callRows(page).first()).toContainText('2:00:00')
  await sortBy('Duration')
  await expect(header('Duration')).toHaveAttribute('aria-sort', 'ascending')
  await page.reload()
  await expect(header('Duration'), 'the address keeps the order').toHaveAttribute('aria-sort', 'ascending')
})

test('moving through the list changes the call in the open details', async ({ team, windowOf }) => {
  await writeDozen(team)
  const page = await windowOf(team.lead)
  await goTo(page, 'Calls')
  await choosePeriod(page, 'Any time')
  await expect(callRows(page)).toHaveCount(12)
  await callRows(page, 'Jo Jansen').click()
  const panel = details(page)
  await expect(panel.getByRole('heading', { name: 'Jo Jansen' })).toBeVisible()
  await expect(panel.getByRole('definition').filter({ hasText: 'jo@jansen.example' })).toBeVisible()
  await callsGrid(page).focus()
  await page.keyboard.press('ArrowUp')
  await expect(panel.getByRole('heading', { name: 'Karl Kern' })).toBeVisible()
  await expect(panel).toContainText('Wants a quote by Friday')
  await page.keyboard.press('Home')
  await expect(panel.getByRole('heading', { name: 'Ida Imhof' })).toBeVisible()
  await page.keyboard.press('End')
  await expect(panel.getByRole('heading', { name: 'Jo Jansen' })).toBeVisible()
})

test('the list starts with the latest work; upcoming calls are counted next to it and can be shown with one click', async ({
  team,
  windowOf,
}) => {
  const scheduled = (prospectName: string, days: number) =>
    someCall(team.agent, {
      prospectName,
      status: 'scheduled',
      outcome: null,
      completedAt: null,
      callDuration: null,
      scheduledAt: today.plus({ days }).toMillis(),
    })
  await team.api.calls.create(scheduled('Later Call', 9))
  await team.api.calls.create(scheduled('Next Call', 2))
  const page = await windowOf(team.agent)
  await goTo(page, 'Calls')
  await expect(page.getByText('No calls up to today')).toBeVisible()
  await team.api.calls.create(someCall(team.agent, { prospectName: 'Done Call', completedAt: today.toMillis() }))
  await team.api.calls.create(scheduled('Due Today', 0))
  await expect(callRows(page)).toHaveCount(2)
  await expect(page.getByRole('button', { name: 'Period: Up to today' })).toBeVisible()

  await page.getByRole('button', { name: '2 upcoming' }).click()
  await expect(callRows(page)).toHaveCount(2)
  await expect(callRows(page).first(), 'the next call is first').toContainText('Next Call')
  await expect(page.getByRole('button', { name: 'Period: Upcoming' })).toBeVisible()
  await page.getByRole('button', { name: 'Reset filters' }).click()
  await expect(callRows(page, 'Done Call')).toBeVisible()
  await choosePeriod(page, 'Any time')
  await expect(callRows(page)).toHaveCount(4)
  await expect(callRows(page).first()).toContainText('Later Call')
})

test('a filter is chosen by typing: the first match is marked, and Enter selects it', async ({ team, windowOf }) => {
  await writeDozen(team)
  const page = await windowOf(team.lead)
  const { keyboard } = page
  await goTo(page, 'Calls')
  const button = page.getByRole('button', { name: /^Status/ })
  await button.focus()
  await keyboard.press('Enter')
  const list = page.getByRole('listbox', { name: 'Status' })
  const marked = list.locator('[data-combobox-selected]')
  await expect(marked, 'the first is marked when the list opens').toHaveText('Scheduled')
  await keyboard.type('no')
  await expect(marked).toHaveText('No-show')
  await keyboard.press('Enter')
  await expect(list.getByRole('option', { name: 'No-show' })).toHaveAttribute('aria-selected', 'true')
  await keyboard.press('Escape')
  await expect(list).toBeHidden()
  await expect(button).toBeFocused()
  await expect(callRows(page)).toHaveCount(1)
})

for (const width of [1440, 1000])
  test.describe(`${width} pixels wide`, () => {
    test.use({ viewport: { width, height: 800 } })

    test('nothing moves when filters change', async ({ team, windowOf }) => {
      await writeDozen(team)
      const page = await windowOf(team.lead)
      await page.setViewportSize({ width, height: 800 })
      await goTo(page, 'Calls')
      const places = async () => ({
        list: (await callsGrid(page).boundingBox())?.y,
        filters: await page
          .getByRole('search')
          .getByRole('button')
          .evaluateAll((all) => all.map((one) => JSON.stringify(one.getBoundingClientRect()))),
      })
      await expect(callRows(page)).toHaveCount(11)
      const before = await places()
      await filterBy(page, 'Status', 'Completed')
      await expect(page.getByRole('button', { name: 'Reset filters' })).toBeVisible()
      await filterBy(page, 'Agent', 'Ben Berg', 'Cleo Calm')
      await filterBy(page, 'Outcome', 'Lost', 'Undecided')
      await filterBy(page, 'Loss reason', 'No reason')
      await choosePeriod(page, { from: today.minus({ years: 1 }).toISODate() ?? '', to: today.toISODate() ?? '' })
      expect(await places()).toEqual(before)

      // All values of a call are left-aligned, and a calendar button does not cut the text of a time.
      await page.getByRole('button', { name: 'Reset filters' }).click()
      await expect(callRows(page)).toHaveCount(11)
      await callRows(page, 'Anna Adler').click()
      const values = details(page).getByRole('definition').or(details(page).getByRole('cell'))
      await expect(details(page).getByRole('cell', { name: 'Anna Adler' })).toBeVisible()
      const lefts = await values.evaluateAll((all) => all.map((one) => one.getBoundingClientRect().left))
      expect(new Set(lefts).size).toBe(1)
      await page.keyboard.press('e')
      const isCut = (field: HTMLElement) => field.scrollWidth > field.clientWidth
      expect(await page.getByLabel('Completed at').evaluate(isCut)).toBe(false)
      expect(await page.getByLabel('Duration').evaluate(isCut)).toBe(false)
    })
  })

test('a search shows the best matches first, marks what it found, and finds a name with a typing error', async ({
  team,
  windowOf,
}) => {
  const at = (minutes: number) => today.minus({ minutes }).toMillis()
  const given: readonly Partial<NewCall>[] = [
    { prospectName: 'Eva Roth', completedAt: at(1), notes: 'Ask for José in May, he decides.' },
    { prospectName: 'Josephine Berg', completedAt: at(2) },
    { prospectName: 'José Weber', completedAt: at(3), prospectPhone: '+49 30 5551234' },
    { prospectName: 'Anna Schmidt', completedAt: at(4) },
  ]
  for (const call of given) await team.api.calls.create(someCall(team.agent, { prospectPhone: null, ...call }))
  const page = await windowOf(team.agent)
  await goTo(page, 'Calls')
  const search = page.getByRole('searchbox', { name: 'Search calls' })
  const names = () => callRows(page).locator('[role=gridcell]:nth-child(2)').allTextContents()
  const marks = () => callsGrid(page).locator('mark').allTextContents()

  await search.fill('jose')
  await expect.poll(names).toEqual(['José Weber', 'Josephine Berg', 'Eva Roth'])
  await expect.poll(marks).toEqual(expect.arrayContaining(['José', 'Jose']))
  await callRows(page, 'Eva Roth').click()
  await expect(details(page).locator('mark')).toHaveText('José')

  await search.fill('0049 30 555')
  await expect.poll(names).toEqual(['José Weber'])
  await callRows(page).click()
  await expect(details(page).locator('mark')).toHaveText('49 30 555')

  await search.fill('scmidt')
  await expect.poll(names).toEqual(['Anna Schmidt'])
  await expect.poll(marks).toEqual(['Schmidt'])

  // A chosen order stays; without a search there is nothing to mark.
  await search.fill('jose')
  await expect.poll(names).toHaveLength(3)
  await callsGrid(page).getByRole('button', { name: 'When' }).click()
  await expect.poll(names).toEqual(['Eva Roth', 'Josephine Berg', 'José Weber'])
  await page.getByRole('button', { name: 'Clear search' }).click()
  await expect.poll(names).toHaveLength(4)
  await expect(page.locator('mark')).toHaveCount(0)
})

test('the list shows near days, and no column that is the same in every call of the person', async ({ team, windowOf }) => {
  const yesterday = today.minus({ days: 1 }).set({ hour: 17, minute: 9 })
  for (const [prospectName, completedAt] of [
    ['Anna Adler', today],
    ['Ben Bauer', yesterday],
    ['Cora Conrad', today.minus({ days: 9 })],
  ] as const)
    await team.api.calls.create(someCall(team.agent, { prospectName, completedAt: completedAt.toMillis() }))
  const headers = (page: Page) => callsGrid(page).getByRole('columnheader').allTextContents()
  const agent = await windowOf(team.agent)
  await agent.setViewportSize({ width: 1_600, height: 900 })
  await goTo(agent, 'Calls')
  const time = (name: string) => callRows(agent, name).locator('time')
  await expect(time('Anna Adler')).toContainText('Today 00:05')
  await expect(time('Ben Bauer')).toContainText('Yesterday 17:09')
  await expect(time('Ben Bauer')).toHaveAttribute('title', yesterday.toFormat('yyyy-MM-dd HH:mm'))
  await expect(time('Cora Conrad')).toContainText(today.minus({ days: 9 }).setLocale('en-GB').toFormat('ccc d LLL'))
  await expect.poll(() => headers(agent)).toEqual(['When', 'Prospect', 'Phone', 'Status', 'Outcome', 'Duration', 'Notes'])

  const lead = await windowOf(team.lead)
  await lead.setViewportSize({ width: 1_600, height: 900 })
  await goTo(lead, 'Calls')
  await expect.poll(() => headers(lead)).toContain('Agent')
  expect(await headers(lead)).not.toContain('Type')
  // A filter changes no column; the first inbound call does.
  await team.api.calls.create(someCall(team.colleague, { prospectName: 'Dora Dorn', callType: 'inbound' }))
  await expect.poll(() => headers(lead)).toContain('Type')
  await filterBy(lead, 'Type', 'Inbound')
  await expect(callRows(lead)).toHaveCount(1)
  expect(await headers(lead)).toContain('Type')
})
