import type { Page } from '@playwright/test'
import { periodRange } from '../core/time/time-range.ts'
import { watchMovements } from './support/movements.ts'
import { callCount, details } from './support/screens.ts'
import { expect, seen, test, type Installation, type SyncedDevice } from './support/synced.ts'
import { someCall, type Person } from './support/team.ts'

const card = (page: Page, name: string) => page.getByRole('region', { name, exact: true })
const callsOf = (page: Page, { name }: Person) =>
  page.getByRole('grid', { name: 'Agents' }).getByRole('button', { name: new RegExp(`^${name}: all calls, `) })
const log = (device: SyncedDevice, person: Person, prospectName: string) =>
  device.api.calls.create(someCall(person, { prospectName, completedAt: Date.now() }))

/** Returns the numbers of completed calls of this month on the lead’s device: of all people, of the agent and of the colleague. */
async function counts({ lead, acme }: Installation): Promise<readonly [all: number, agent: number, colleague: number]> {
  const { counts: all, people } = await lead.api.reports.page({
    range: periodRange('this_month', Date.now(), 'Europe/Berlin', 1),
  })
  const of = ({ id }: Person) => people.find(({ userId }) => userId === id)?.counts.completed ?? 0
  return [all.completed, of(acme.agent), of(acme.colleague)]
}

/** Opens the dashboard of the lead. The agent has twelve calls, so that further calls add no digit. The colleague has eleven. */
async function openDashboard(
  installation: Installation,
  windowOn: (device: SyncedDevice, person: Person) => Promise<Page>,
): Promise<Page> {
  const { agent, office, lead, acme } = installation
  for (let n = (await counts(installation))[1]; n < 12; n++) await log(agent, acme.agent, `Agent ${n}`)
  for (let n = (await counts(installation))[2]; n < 11; n++) await log(office, acme.colleague, `Colleague ${n}`)
  await expect.poll(async () => (await counts(installation)).slice(1)).toEqual([12, 11])
  const page = await windowOn(lead, acme.lead)
  await page.goto(`${lead.app.origin}/#/`)
  await expect(callsOf(page, acme.agent)).toHaveText('12')
  await expect(card(page, 'No-shows')).toBeVisible()
  return page
}

test('a call of another device updates the cards, the open list and the agents’ table in place; the focus and an open menu do not change', async ({
  installation,
  windowOn,
}, testInfo) => {
  const { agent, office, acme } = installation
  const page = await openDashboard(installation, windowOn)
  const all = card(page, 'Calls').getByRole('button', { name: /^Calls \d/ })
  const [before] = await counts(installation)

  await all.press('Enter')
  const list = details(page).getByRole('grid')
  await expect(callCount(page)).toHaveText(`${before} calls`)
  await list.press('End')
  await callsOf(page, acme.agent).scrollIntoViewIfNeeded()
  await list.focus()
  const listAt = await list.evaluate((element) => element.scrollTop)
  const movements = await watchMovements(page)
  const shown = seen(page, `${before + 1} calls`)
  const started = Date.now()
  await log(agent, acme.agent, 'Livia Live')
  await expect(callCount(page)).toHaveText(`${before + 1} calls`)
  await expect(all).toHaveText(String(before + 1))
  await expect(callsOf(page, acme.agent)).toHaveText('13')
  await expect(list).toBeFocused()
  expect(await movements()).toEqual([])
  // The new call is above the rows in view, so the rows in view do not move.
  expect(await list.evaluate((element) => element.scrollTop)).toBeGreaterThanOrEqual(listAt)
  // The time has no limit, because other programs may use the machine.
  const report = `From the other device’s save to the figures: ${(await shown) - started} ms`
  console.log(report)
  testInfo.annotations.push({ type: 'measured', description: report })
  await page.keyboard.press('Escape')
  await expect(details(page)).toBeHidden()

  await page.getByRole('button', { name: 'Export', exact: true }).press('Enter')
  const item = page.getByRole('menuitem', { name: /^PDF/ })
  await expect(item).toBeFocused()
  await log(agent, acme.agent, 'Mona Menu')
  await expect(all).toHaveText(String(before + 2))
  await expect(item).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('button', { name: 'Export', exact: true })).toBeFocused()

  // The colleague’s row moves above the agent’s, whose cell has the focus.
  await page.getByRole('grid', { name: 'Agents' }).getByRole('button', { name: 'Calls', exact: true }).press('Enter')
  const names = page.getByRole('grid', { name: 'Agents' }).getByRole('row')
  await expect(names.nth(1)).toContainText(acme.agent.name)
  const focused = callsOf(page, acme.agent)
  await focused.focus()
  const tableAt = await page.getByRole('grid', { name: 'Agents' }).evaluate((element) => element.getBoundingClientRect().top)
  for (let n = 0; n < 4; n++) await log(office, acme.colleague, `Carla ${n}`)
  await expect(callsOf(page, acme.colleague)).toHaveText('15')
  await expect(names.nth(1)).toContainText(acme.colleague.name)
  await expect(focused).toBeFocused()
  expect(await page.getByRole('grid', { name: 'Agents' }).evaluate((element) => element.getBoundingClientRect().top)).toBe(
    tableAt,
  )
  await page.keyboard.press('ArrowUp')
  await expect(callsOf(page, acme.colleague)).toBeFocused()
})
