import type { Page } from '@playwright/test'
import { fillCalls, prospectNumber } from './support/fill-calls.ts'
import { callCount, callRows, callsGrid, goTo } from './support/screens.ts'
import { expect, test } from './support/test.ts'

/** `CALLS=1000000 npx playwright test large-list` for the full size. */
const CALLS = Number(process.env.CALLS ?? 50_000)
const shown = (count: number) => new Intl.NumberFormat('en').format(count)

type Rows = { readonly rows: number; readonly waiting: number }

/**
 * Returns how many rows the next frame paints in view, and how many of these have no content yet. If `share` is given, the list first
 * scrolls to that share of its height. The browser sends the scroll event before the frame's animation callbacks and paints after them,
 * so the rows that the callback finds are the rows that the user sees in the first frame after the scroll.
 */
function paintedRows(page: Page, share?: number): Promise<Rows> {
  return callsGrid(page).evaluate(
    (grid, to) =>
      new Promise<Rows>((resolve) => {
        if (to !== undefined) grid.scrollTop = (grid.scrollHeight - grid.clientHeight) * to
        requestAnimationFrame(() => {
          const view = grid.getBoundingClientRect()
          const rows = [...grid.querySelectorAll('[role=row][aria-selected]')].filter((row) => {
            const { top, bottom } = row.getBoundingClientRect()
            return bottom > view.top && top < view.bottom
          })
          resolve({
            rows: rows.length,
            waiting: rows.filter((row) => row.querySelector('[aria-label="Loading"]') !== null).length,
          })
        })
      }),
    share,
  )
}

test(`a list of ${shown(CALLS)} calls is scrolled, jumped and paged through like a short one`, async ({ team, windowOf }) => {
  test.setTimeout(600_000 + CALLS)
  await fillCalls(team, CALLS)
  const page = await windowOf(team.lead)
  await goTo(page, 'Calls')
  await expect(callCount(page)).toHaveText(`${shown(CALLS)} calls`)
  const grid = callsGrid(page)
  const inView = (n: number) => expect(callRows(page, prospectNumber(n))).toBeInViewport()
  const isFull = () => expect.poll(() => paintedRows(page)).toMatchObject({ waiting: 0 })
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

  // After dragging the scroll bar to a third, a half and the end, no frame is empty, and every row is loaded soon.
  for (const share of [1 / 3, 0.5, 0.999, 0.1]) {
    expect((await paintedRows(page, share)).rows, 'rows in the first frame after the jump').toBeGreaterThan(10)
    await isFull()
    const first = Number(await callRows(page).nth(10).getAttribute('aria-rowindex')) - 2
    await expect(callRows(page).nth(10)).toContainText(prospectNumber(first))
    expect(Math.abs(first / CALLS - share)).toBeLessThan(0.01)
  }

  // The wheel scrolls row by row, although one pixel of the scroll bar corresponds to several rows.
  await grid.hover()
  const before = Number(await callRows(page).nth(10).getAttribute('aria-rowindex'))
  await page.mouse.wheel(0, 320)
  await expect.poll(async () => Number(await callRows(page).nth(10).getAttribute('aria-rowindex'))).toBeGreaterThan(before)
  const after = Number(await callRows(page).nth(10).getAttribute('aria-rowindex'))
  expect(after - before).toBeLessThanOrEqual(12)
  await isFull()

  // A filter that leaves half of the calls, a search for one call, and back.
  await page.getByRole('searchbox', { name: 'Search calls' }).fill(prospectNumber(CALLS - 3))
  await expect(callCount(page)).toHaveText('1 call')
  await expect(callRows(page)).toHaveCount(1)
  // A search with many results is counted up to a limit. The list grows at its end.
  await page.getByRole('searchbox', { name: 'Search calls' }).fill('prospect')
  await expect(callCount(page)).toHaveText('1,000+ calls')
  await inView(0)
  await grid.focus()
  await page.keyboard.press('End')
  await inView(999)
  await isFull()
  await expect(callCount(page)).toHaveText('1,101+ calls')
  await page.keyboard.press('End')
  await inView(1_100)
  await expect(callCount(page)).toHaveText('1,201+ calls')
  await page.getByRole('button', { name: 'Clear search' }).click()
  await expect(callCount(page)).toHaveText(`${shown(CALLS)} calls`)
  await inView(0)
})
