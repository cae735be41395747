import type { Page } from '@playwright/test'
import { findings } from './support/axe.ts'
import { details } from './support/screens.ts'
import { PASSWORD, someCall, type Team } from './support/team.ts'
import { expect, test } from './support/test.ts'

/** More people than fit on the screen. */
const PEOPLE = 25

async function addPeople({ api }: Team): Promise<void> {
  const reasons = await Promise.all(['Price', 'Timing'].map((name) => api.lossReasons.create({ name })))
  for (let n = 0; n < PEOPLE; n++) {
    const name = `Person ${String(n).padStart(2, '0')}`
    const person = await api.users.create({ name, role: 'agent', email: `person${n}@acme.test`, password: PASSWORD })
    for (let call = 0; call <= n; call++)
      await api.calls.create(
        someCall(person, call % 3 === 2 ? { outcome: 'lost', lossReasonId: reasons[call % 2]?.id ?? null } : {}),
      )
  }
}

const CARDS = ['Show rate', 'Close rate', 'Win rate', 'Calls', 'Talk time', 'Undecided'] as const

const agents = (page: Page) => page.getByRole('grid', { name: 'Agents' })

/** Returns the text and the region of the focused element, and the width of its outline in pixels. */
async function focused(page: Page) {
  return page.evaluate(() => {
    const element = document.activeElement
    if (!(element instanceof HTMLElement)) return { text: '', outline: 0, region: '' }
    const { outlineStyle, outlineWidth } = getComputedStyle(element)
    return {
      text: element.ariaLabel ?? element.textContent,
      outline: outlineStyle === 'none' ? 0 : parseFloat(outlineWidth),
      region: element.closest('section')?.ariaLabel ?? '',
    }
  })
}

test('each part of the dashboard has few Tab stops, and the arrow keys move in the tables', async ({ team, windowOf }) => {
  await addPeople(team)
  const page = await windowOf(team.lead)
  await expect(agents(page).getByRole('row')).toHaveCount(PEOPLE + 1)
  for (const name of ['Calls by day', 'Loss reasons'])
    await page.getByRole('region', { name, exact: true }).getByText('Table', { exact: true }).click()

  const stops = new Map<string, number>()
  await page.getByRole('button', { name: /^Period/ }).focus()
  for (let presses = 0; presses < 150; presses++) {
    await page.keyboard.press('Tab')
    const { region, outline, text } = await focused(page)
    if (region === '') continue
    stops.set(region, (stops.get(region) ?? 0) + 1)
    expect(outline, `the focus on ${text} is visible`).toBeGreaterThan(0)
    if (region === 'Agents' && (stops.get(region) ?? 0) > 1) break
  }
  for (const name of CARDS) expect(stops.get(name), name).toBe(1)
  // One stop is the choice of the ranking, and one is the table.
  expect(stops.get('Agents')).toBe(2)
  expect(Math.max(...stops.values())).toBeLessThanOrEqual(8)

  const pressIn = async (part: string, keys: readonly string[]) => {
    for (const key of keys) await page.keyboard.press(key)
    const { text, outline, region } = await focused(page)
    expect(region).toBe(part)
    expect(outline, `the focus on ${text} is visible`).toBeGreaterThan(0)
    return text
  }
  const press = (...keys: string[]) => pressIn('Agents', keys)
  expect(await press('Control+Home')).toMatch(/^Rank/)
  expect(await press('ArrowRight', 'ArrowRight')).toBe('Calls')
  await page.keyboard.press('Enter')
  await expect(agents(page).getByRole('columnheader', { name: /^Calls/ })).toHaveAttribute('aria-sort', 'descending')
  expect(await press('ArrowDown')).toMatch(/^Person 24: all calls, 25/)
  expect(await press('ArrowRight')).toMatch(/^Person 24: won, /)
  // The numerator and the denominator are in one cell.
  expect(await press('ArrowRight', 'ArrowRight', 'ArrowRight')).toMatch(/^Person 24: completed, 25/)
  expect(await press('PageDown')).toMatch(/^Person 14: completed, 15/)
  expect(await press('ArrowUp', 'Home')).toBe('—')
  expect(await press('ArrowRight')).toBe('Person 15: show the calls')
  expect(await press('Control+End', 'Home', 'ArrowRight')).toBe('Person 00: show the calls')
  const last = agents(page).getByRole('button', { name: 'Person 00: show the calls' })
  await expect(last).toBeInViewport()
  await page.keyboard.press('Enter')
  await expect(details(page).getByRole('grid')).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(last).toBeFocused()

  // After the focus leaves the table, Tab returns it to the same cell.
  await page.keyboard.press('Shift+Tab')
  await page.keyboard.press('Tab')
  await expect(last).toBeFocused()

  // A card contains the button of the explanation, the value and its parts. The links of an open explanation have their own Tab stops.
  const card = (...keys: string[]) => pressIn('Show rate', keys)
  await page.getByRole('button', { name: /^Show rate [\d.]+%: show the calls/ }).focus()
  expect(await card('ArrowRight')).toMatch(/^Show rate: \d+ completed: show/)
  expect(await card('ArrowRight')).toMatch(/^Show rate: \d+ completed, no-show, rescheduled: show/)
  expect(await card('ArrowRight')).toMatch(/^Show rate: \d+ completed, no-show, rescheduled: show/)
  expect(await card('Home')).toBe('How is Show rate computed?')
  await page.keyboard.press('Enter')
  expect(await card('Tab')).toBe('Proof: the calls counted and left out')
  await page.keyboard.press('Escape')
  expect(await card()).toBe('How is Show rate computed?')

  expect(await findings(page)).toEqual([])
})
