import type { Page } from '@playwright/test'
import { fillCalls, prospectNumber } from './support/fill-calls.ts'
import { callCount, callRows, callsGrid, goTo } from './support/screens.ts'
import { expect, test } from './support/test.ts'

/** `CALLS=1000000 npx playwright test large-list` for the full size. */
const CALLS = Number(process.env.CALLS ?? 50_000)
const shown = (count: number) => new Intl.NumberFormat('en').format(count)

/** Rows in view that have nothing in them yet, and whether any row is in view at all. */
function look(page: Page): Promise<{ rows: number; waiting: number }> {
  return callsGrid(page).evaluate((grid) => {
    const view = grid.getBoundingClientRect()
    const rows = [...grid.querySelectorAll('[role=row][aria-selected]')].filter((row) => {
      const { top, bottom } = row.getBoundingClientRect()
      return bottom > view.top && top < view.bottom
    })
    return { rows: rows.length, waiting: rows.filter((row) => row.querySelector('[aria-label="Loading"]') !== null).length }
  })
}

test(`a list of ${shown(CALLS)} calls is scrolled, jumped and paged through like a short one`, async ({ team, windowOf }) => {
  test.setTimeout(60_000 + CALLS)
  await fillCalls(team, CALLS)
  const page = await windowOf(team.lead)
  await goTo(page, 'Calls')
  await expect(callCount(page)).toHaveText(`${shown(CALLS)} calls`)
  const grid = callsGrid(page)
  const inView = (n: number) => expect(callRows(page, prospectNumber(n))).toBeInViewport()
  const isFull = () => expect.poll(() => look(page)).toMatchObject({ waiting: 0 })
  await inView(0)
  expect(await callRows(page).count(), 'only what is in view is in the page').toBeLessThan(100)

  await grid.focus()
  await page.keyboard.press('End')
  await inView(CALLS - 1)
  await isFull()
  await page.keyboard.press('Home')
  await inView(0)
  await expect(callRows(page).first()).toHaveAttribute('aria-selected', 'true')
  for (let n = 0; n < 20; n++) await page.keyboard.press('PageDown')
  const selected = grid.locator('[role=row][aria-selected=true]')
  await expect(selected).toBeInViewport()
  const at = Number(await selected.getAttribute('aria-rowindex')) - 2
  await expect(selected).toContainText(prospectNumber(at))
  expect(at).toBeGreaterThan(300)

  // The scroll bar dragged to a third, a half and the end: never an empty screen, and soon every row is there.
  for (const share of [1 / 3, 0.5, 0.999, 0.1]) {
    await grid.evaluate((element, to) => (element.scrollTop = (element.scrollHeight - element.clientHeight) * to), share)
    expect((await look(page)).rows, 'rows in view right after the jump').toBeGreaterThan(10)
    await isFull()
    const first = Number(await callRows(page).nth(10).getAttribute('aria-rowindex')) - 2
    await expect(callRows(page).nth(10)).toContainText(prospectNumber(first))
    expect(Math.abs(first / CALLS - share)).toBeLessThan(0.01)
  }

  // The wheel turns row by row, wherever one pixel of the scroll bar stands for several.
  await grid.hover()
  const before = Number(await callRows(page).nth(10).getAttribute('aria-rowindex'))
  await page.mouse.wheel(0, 320)
  await expect.poll(async () => Number(await callRows(page).nth(10).getAttribute('aria-rowindex'))).toBeGreaterThan(before)
  const after = Number(await callRows(page).nth(10).getAttribute('aria-rowindex'))
  expect(after - before).toBeLessThanOrEqual(12)
  await isFull()

  // A filter that leaves half, the search for one, and back.
  await page.getByRole('searchbox', { name: 'Search calls' }).fill(prospectNumber(CALLS - 3))
  await expect(callCount(page)).toHaveText('1 call')
  await expect(callRows(page)).toHaveCount(1)
  await page.getByRole('button', { name: 'Clear search' }).click()
  await expect(callCount(page)).toHaveText(`${shown(CALLS)} calls`)
  await inView(0)
})
