import type { Page } from '@playwright/test'
import { callRows, details, filterBy } from './support/screens.ts'
import { corner, expect, reconnect, test } from './support/synced.ts'
import { someCall } from './support/team.ts'

/** The server is stopped during a test; on a busy machine its restart takes long. */
const RECONNECTED = { timeout: 120_000 }

const lines = (page: Page) => page.getByRole('grid', { name: 'Audit trail' }).getByRole('row')
const note = (page: Page) => page.getByRole('status', { name: 'Coverage of the trail' })

test('a lead’s audit trail shows a deletion by an agent on another device under the agent’s name', async ({
  installation,
  windowOn,
}) => {
  const { agent, lead, acme } = installation
  const { id } = await agent.api.calls.create(someCall(acme.agent, { prospectName: 'Delia Deleted' }))
  const page = await windowOn(lead, acme.lead)
  await expect(callRows(page, 'Delia Deleted')).toBeVisible(RECONNECTED)
  await agent.api.calls.delete({ id })
  await expect(callRows(page, 'Delia Deleted')).toHaveCount(0, RECONNECTED)

  await page.goto(`${lead.app.origin}/#/audit`)
  const deletion = lines(page).filter({ hasText: 'Delia Deleted' }).filter({ hasText: 'Call deleted' })
  await expect(deletion).toHaveCount(1)
  await expect(deletion).toContainText(acme.agent.name)
  await expect(note(page)).toBeHidden()
  await page.goto(`${lead.app.origin}/#/audit?table=calls&actions=DELETE`)
  await expect(deletion).toHaveCount(1)
  await expect(lines(page).filter({ hasText: 'created' })).toHaveCount(0)
})

test('without the server the trail shows this device’s lines and a note; with the server it is complete again', async ({
  installation,
  windowOn,
}) => {
  const { agent, lead, acme } = installation
  const { id } = await lead.api.calls.create(someCall(acme.agent, { prospectName: 'Willa Waiting' }))
  await agent.api.calls.create(someCall(acme.agent, { prospectName: 'Elsa Elsewhere' }))
  const page = await windowOn(lead, acme.lead)
  await expect(callRows(page, 'Elsa Elsewhere')).toBeVisible(RECONNECTED)
  await page.goto(`${lead.app.origin}/#/audit`)
  await expect(lines(page).filter({ hasText: 'Elsa Elsewhere' })).toHaveCount(1)

  lead.line.cut()
  await lead.api.sync.nudge()
  await expect(corner(page)).toContainText('Server not reached')
  await lead.api.calls.update({ id, patch: { notes: 'Typed without the server' } })
  await expect(note(page)).toHaveText('Offline: only changes recorded on this device. Connect to see the full trail.')
  const typed = lines(page).filter({ hasText: 'Typed without the server' })
  await expect(typed).toContainText('waiting to be sent')
  await expect(lines(page).filter({ hasText: 'Elsa Elsewhere' })).toHaveCount(0)
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme })
    await page.screenshot({ path: test.info().outputPath(`offline-${scheme}.png`) })
  }

  await page.goto(`${lead.app.origin}/#/calls`)
  await callRows(page, 'Willa Waiting').click()
  await expect(details(page).getByRole('region', { name: 'History' })).toContainText('waiting to be sent')
  await expect(note(page)).toBeVisible()
  await page.screenshot({ path: test.info().outputPath('history-dark.png') })

  await reconnect([lead, page])
  await expect(corner(page)).toHaveText('Up to date with the server', RECONNECTED)
  await expect(note(page)).toBeHidden()
  await expect(details(page).getByRole('region', { name: 'History' })).not.toContainText('waiting to be sent')
  await page.goto(`${lead.app.origin}/#/audit`)
  await expect(lines(page).filter({ hasText: 'Elsa Elsewhere' })).toHaveCount(1)
  await expect(typed).toHaveCount(1)
  await expect(typed).not.toContainText('waiting to be sent')
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme })
    await page.screenshot({ path: test.info().outputPath(`whole-${scheme}.png`) })
  }
})

test('a scrolled audit trail keeps its position and its active line when lines arrive, and a new filter shows its first line', async ({
  installation,
  windowOn,
}) => {
  const { lead, acme } = installation
  const page = await windowOn(lead, acme.lead)
  // Long ago, so that these calls do not hide the newest calls of other tests of the same devices.
  const completedAt = Date.now() - 7 * 86_400_000
  const create = (name: string) => lead.api.calls.create(someCall(acme.agent, { prospectName: name, completedAt }))
  for (let n = 0; n < 60; n++) await create(`Trail ${String(n).padStart(2, '0')}`)
  await expect(corner(page)).toHaveText('Up to date with the server', RECONNECTED)
  await page.goto(`${lead.app.origin}/#/audit`)
  const grid = page.getByRole('grid', { name: 'Audit trail' })
  const active = grid.locator('[data-active]')
  await expect(lines(page).nth(1)).toContainText('Trail 59')
  await expect(lines(page).filter({ hasText: 'waiting to be sent' })).toHaveCount(0)

  await grid.hover()
  await page.mouse.wheel(0, 800)
  const line = lines(page).filter({ hasText: 'Trail 25' })
  await expect(line).toBeInViewport()
  await line.click()
  await page.keyboard.press('Escape')
  await expect(details(page)).toBeHidden()
  await expect(active).toContainText('Trail 25')
  const [position, place, text] = [await line.getAttribute('aria-rowindex'), await line.boundingBox(), await active.innerText()]

  await create('Trail newest')
  await expect(line).toHaveAttribute('aria-rowindex', String(Number(position) + 1))
  await expect.poll(async () => (await line.boundingBox())?.y, 'no line moves under the pointer').toBe(place?.y)
  await expect(active).toHaveCount(1)
  expect(await active.innerText(), 'the same entry is active').toBe(text)

  await expect(lines(page).filter({ hasText: 'Trail newest' }), 'the list is scrolled').not.toBeInViewport()
  await filterBy(page, 'Action', 'Created')
  await expect(grid).toHaveAttribute('aria-busy', 'false')
  const first = grid.locator('[role=row][aria-rowindex="2"]')
  await expect(first).toContainText('Trail newest')
  await expect(first, 'the new list is shown from its top').toBeInViewport()
})
