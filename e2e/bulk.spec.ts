import type { Page } from '@playwright/test'
import { fillCalls, prospectNumber } from './support/fill-calls.ts'
import { corner, expect, test } from './support/synced.ts'
import { Keyboard } from './support/keyboard.ts'
import { callCount, callRows, callsGrid, choose, details, filterBy, goTo, notice } from './support/screens.ts'
import { someCall, type Team } from './support/team.ts'

const selected = (page: Page) => page.getByRole('status', { name: 'Selection' })
const bar = (page: Page) => page.getByRole('toolbar', { name: 'Selected calls' })
const marked = (page: Page) => callsGrid(page).locator('[role=row][aria-selected=true]')

/** Creates calls whose prospects are named by letters, newest first: A is at the top. */
async function writeCalls({ api, agent, colleague, lead }: Team, letters: string): Promise<void> {
  for (const [index, letter] of letters.split('').entries())
    await api.calls.create(
      someCall([agent, colleague, lead][index % 3] ?? agent, {
        prospectName: `${letter} Prospect`,
        completedAt: Date.now() - (index + 1) * 3_600_000,
        outcome: index % 2 === 0 ? 'lost' : 'won',
      }),
    )
}

test('a lead reassigns all calls of an agent with only the keyboard and undoes it; both screens agree', async ({
  installation,
  windowOn,
}) => {
  const { acme } = installation
  const lead = await windowOn(installation.lead, acme.lead)
  const agent = await windowOn(installation.agent, acme.agent)
  for (let n = 0; n < 12; n++) await installation.agent.api.calls.create(someCall(acme.agent, { prospectName: `Sick Day ${n}` }))
  await installation.lead.api.calls.create(someCall(acme.lead, { prospectName: 'Not Concerned' }))
  await expect(callRows(lead, 'Sick Day')).toHaveCount(12, { timeout: 30_000 })
  await expect(callRows(agent, 'Sick Day')).toHaveCount(12)

  const { keyboard } = lead
  await keyboard.press('/')
  await keyboard.press('Tab')
  await keyboard.press('Tab')
  await expect(lead.getByRole('button', { name: /^Agent/ })).toBeFocused()
  await keyboard.press('Enter')
  await keyboard.type('Ben')
  await keyboard.press('Enter')
  await keyboard.press('Escape')
  await expect(callCount(lead)).toHaveText('12 calls')
  await keyboard.press('/')
  await keyboard.press('Enter')
  await expect(callsGrid(lead)).toBeFocused()
  await keyboard.press('Control+a')
  await expect(selected(lead)).toHaveText('12 calls selected')
  await keyboard.press('Tab')
  await expect(lead.getByRole('button', { name: 'Reassign…' })).toBeFocused()
  await keyboard.press('Enter')
  await expect(details(lead).getByRole('combobox', { name: 'New agent' })).toBeFocused()
  await keyboard.type('Cleo')
  await keyboard.press('Enter')
  await keyboard.press('Enter')

  await expect(notice(lead, '12 calls reassigned to Cleo Calm')).toBeVisible()
  await expect(lead.getByText('No calls match')).toBeVisible()
  await expect(agent.getByText('No calls yet')).toBeVisible({ timeout: 30_000 })
  await keyboard.press('Control+z')
  await expect(notice(lead, '12 calls restored')).toBeVisible()
  for (const page of [lead, agent]) {
    await expect(callRows(page, 'Sick Day')).toHaveCount(12, { timeout: 30_000 })
    await expect(corner(page)).toHaveText('Up to date with the server', { timeout: 30_000 })
  }
  await expect(callRows(lead, 'Ben Berg')).toHaveCount(12)
})

test('calls are selected by click, Ctrl and Shift; Escape clears; the count is announced', async ({ team, windowOf }) => {
  await writeCalls(team, 'ABCDEFGH')
  const page = await windowOf(team.lead)
  await goTo(page, 'Calls')
  await expect(callsGrid(page)).toHaveAttribute('aria-multiselectable', 'true')
  await callRows(page, 'B Prospect').click()
  await expect(bar(page), 'no bar for a single call').toBeHidden()
  await callRows(page, 'D Prospect').click({ modifiers: ['ControlOrMeta'] })
  await callRows(page, 'F Prospect').click({ modifiers: ['ControlOrMeta'] })
  await expect(selected(page)).toHaveText('3 calls selected')
  await expect(marked(page)).toContainText(['B Prospect', 'D Prospect', 'F Prospect'])
  await expect(details(page).getByRole('heading', { name: 'B Prospect' }), 'the open call stays').toBeVisible()
  await callRows(page, 'D Prospect').click({ modifiers: ['ControlOrMeta'] })
  await expect(marked(page)).toContainText(['B Prospect', 'F Prospect'])
  await callRows(page, 'G Prospect').click({ modifiers: ['Shift'] })
  await expect(marked(page), 'from the last selected call').toContainText(['D', 'E', 'F', 'G'])
  await expect(marked(page)).toHaveCount(4)
  await page.keyboard.press('Escape')
  await expect(selected(page)).toHaveText('')
  await expect(details(page), 'the panel closes with the next Escape').toBeVisible()
  await page.keyboard.press('Escape')
  await expect(details(page)).toBeHidden()

  await page.keyboard.press('Home')
  for (let n = 0; n < 3; n++) await page.keyboard.press('Shift+ArrowDown')
  await expect(selected(page)).toHaveText('4 calls selected')
  await page.keyboard.press('Shift+ArrowUp')
  await expect(selected(page)).toHaveText('3 calls selected')
  await page.keyboard.press('Control+ArrowDown')
  await page.keyboard.press('Control+ArrowDown')
  await page.keyboard.press('Space')
  await expect(marked(page)).toContainText(['A', 'B', 'C', 'E'])
  await page.keyboard.press('ArrowDown')
  await expect(selected(page), 'moving on without Shift or Ctrl selects one row').toHaveText('')
})

test('calls that a rule refuses are listed with the cause; the others are changed, and Undo restores them', async ({
  team,
  windowOf,
}) => {
  await writeCalls(team, 'ABCDEF')
  const page = await windowOf(team.lead)
  await goTo(page, 'Calls')
  await expect(callCount(page)).toHaveText('6 calls')
  await callsGrid(page).focus()
  await page.keyboard.press('Control+a')
  await expect(selected(page)).toHaveText('6 calls selected')
  await bar(page).getByRole('button', { name: 'Set loss reason…' }).click()
  await choose(details(page), 'Loss reason', 'Price too high')
  await details(page).getByRole('button', { name: 'Set loss reason for 6 calls' }).click()
  const listed = details(page).getByRole('table', { name: 'Calls not changed' })
  await expect(details(page).getByRole('heading', { name: '3 of 6 calls changed' })).toBeVisible()
  await expect(listed.getByRole('row')).toHaveCount(3)
  await expect(listed).toContainText('Only a lost call has a loss reason.')
  await expect(callRows(page, 'Lost · Price too high')).toHaveCount(3)
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(callRows(page, 'Price too high')).toHaveCount(0)
  await expect(details(page)).toBeHidden()

  await callsGrid(page).focus()
  await page.keyboard.press('Control+a')
  await page.keyboard.press('Delete')
  await expect(details(page).getByRole('heading', { name: '2 of 6 calls changed' })).toBeVisible()
  await expect(listed).toContainText('Your role allows deleting your own calls only.')
  await expect(callCount(page)).toHaveText('4 calls')
  await page.keyboard.press('Control+z')
  await expect(callCount(page)).toHaveText('6 calls')
})

test('typing over a choice discards it: nothing is reassigned until another is chosen', async ({ team, windowOf }) => {
  await writeCalls(team, 'ABC')
  const page = await windowOf(team.lead)
  await goTo(page, 'Calls')
  await expect(callCount(page)).toHaveText('3 calls')
  await callsGrid(page).focus()
  await page.keyboard.press('Control+a')
  await bar(page).getByRole('button', { name: 'Reassign…' }).click()
  const field = details(page).getByRole('combobox', { name: 'New agent' })
  await expect(field).toBeFocused()
  await page.keyboard.type('Cleo')
  await page.keyboard.press('Enter')
  await field.fill('no one by that name')
  await page.keyboard.press('Enter')
  await expect(details(page)).toContainText('“no one by that name” is not in the list. Choose one from the list.')
  expect((await team.api.calls.list({ filter: { userIds: [team.colleague.id] } })).rows).toHaveLength(1)
})

test.describe('700 pixels wide', () => {
  test('the selection and its actions are visible in a narrow window', async ({ team, windowOf }) => {
    await writeCalls(team, 'ABCD')
    const page = await windowOf(team.lead)
    await page.setViewportSize({ width: 700, height: 700 })
    await goTo(page, 'Calls')
    await expect(callCount(page)).toHaveText('4 calls')
    await callsGrid(page).focus()
    await page.keyboard.press('Control+a')
    await expect(bar(page)).toBeVisible()
    for (const button of await bar(page).getByRole('button').all()) await expect(button).toBeInViewport({ ratio: 1 })
    await bar(page).getByRole('button', { name: 'Reassign…' }).click()
    const panel = page.getByRole('dialog', { name: 'Details' })
    await choose(panel, 'New agent', 'Cleo Calm')
    await panel.getByRole('button', { name: 'Reassign 4 calls' }).click()
    await expect(notice(page, '3 calls reassigned to Cleo Calm')).toBeVisible()
    expect((await team.api.calls.list({ filter: { userIds: [team.colleague.id] } })).rows).toHaveLength(4)
  })
})

/** `CALLS=1000000 npx playwright test bulk` for the full size. */
const CALLS = Number(process.env.CALLS ?? 12_000)
const shown = (count: number) => new Intl.NumberFormat('en').format(count)

test(`all of ${shown(CALLS)} calls, and spans whose middle is not loaded, are selected and changed`, async ({
  team,
  windowOf,
}, testInfo) => {
  test.setTimeout(90_000 + CALLS * 2)
  await fillCalls(team, CALLS)
  const page = await windowOf(team.lead)
  await goTo(page, 'Calls')
  await expect(callCount(page)).toHaveText(`${shown(CALLS)} calls`)
  const { keyboard } = page
  await callsGrid(page).focus()
  await keyboard.press('Home')
  await keyboard.press('ArrowDown')
  await keyboard.press('Shift+End')
  await expect(selected(page)).toHaveText(`${shown(CALLS - 1)} calls selected`)
  // A call that arrives at the top moves the span down and is not part of it.
  await team.api.calls.create(someCall(team.agent, { prospectName: 'Just Logged', completedAt: Date.now() }))
  await expect(callCount(page)).toHaveText(`${shown(CALLS + 1)} calls`)
  await expect(selected(page)).toHaveText(`${shown(CALLS - 1)} calls selected`)
  await keyboard.press('Control+Home')
  await expect(callRows(page, 'Just Logged')).toHaveAttribute('aria-selected', 'false')
  await expect(callRows(page, prospectNumber(0))).toHaveAttribute('aria-selected', 'false')
  await expect(callRows(page, prospectNumber(1))).toHaveAttribute('aria-selected', 'true')

  await filterBy(page, 'Agent', 'Ben Berg')
  await expect(callCount(page)).toHaveText(`${shown(CALLS / 2 + 1)} calls`)
  await expect(selected(page), 'another list has its own selection').toHaveText('')
  await callsGrid(page).focus()
  await keyboard.press('Control+a')
  await callRows(page, 'Just Logged').click({ modifiers: ['ControlOrMeta'] })
  await expect(selected(page)).toHaveText(`${shown(CALLS / 2)} calls selected`)
  await bar(page).getByRole('button', { name: 'Reassign…' }).click()
  await choose(details(page), 'New agent', 'Cleo Calm')
  const started = Date.now()
  await details(page)
    .getByRole('button', { name: `Reassign ${shown(CALLS / 2)} calls` })
    .click()
  await expect(notice(page, `${shown(CALLS / 2)} calls reassigned to Cleo Calm`)).toBeVisible({ timeout: 60_000 + CALLS })
  testInfo.annotations.push({ type: 'measured', description: `Reassigned ${CALLS / 2} calls in ${Date.now() - started} ms` })
  await expect(callCount(page)).toHaveText('1 call')

  await keyboard.press('Control+z')
  await expect(callCount(page)).toHaveText(`${shown(CALLS / 2 + 1)} calls`, { timeout: 60_000 + CALLS })
})

test('the new agent is chosen by typing: Tab and Ctrl+Enter use the only match, and a text without a match is kept', async ({
  team,
  windowOf,
}) => {
  for (const prospectName of ['One', 'Two']) await team.api.calls.create(someCall(team.agent, { prospectName }))
  const page = await windowOf(team.lead)
  const keyboard = await Keyboard.of(page)
  await goTo(page, 'Calls')
  await expect(callRows(page)).toHaveCount(2)
  await callsGrid(page).focus()
  await keyboard.rush('<ctrl+a>')
  await expect(page.getByRole('status', { name: 'Selection' })).toHaveText('2 calls selected')
  await page.getByRole('button', { name: 'Reassign…' }).click()
  const field = details(page).getByRole('combobox', { name: 'New agent' })
  await expect(field).toBeFocused()
  await keyboard.rush('xyz<Tab>')
  await expect(field).toHaveValue('xyz')
  await expect(details(page).getByText('“xyz” is not in the list.')).toBeVisible()
  await field.fill('cle')
  await keyboard.rush('<Tab>')
  await expect(field).toHaveValue('Cleo Calm')
  await field.fill('lena')
  await keyboard.rush('<ctrl+Enter>')
  await expect(notice(page, '2 calls reassigned to Lena Lead')).toBeVisible()
  await expect(callRows(page, 'Lena Lead')).toHaveCount(2)
})

test('keys after opening an action are typed into its form and do not act as shortcuts', async ({ team, windowOf }) => {
  await team.api.calls.create(someCall(team.agent, { prospectName: 'Lost', outcome: 'lost' }))
  const page = await windowOf(team.agent)
  const keyboard = await Keyboard.of(page)
  await goTo(page, 'Calls')
  await expect(callRows(page)).toHaveCount(1)
  await callsGrid(page).focus()
  await keyboard.rush('<ctrl+a>')
  await expect(selected(page)).toHaveText('1 call selected')
  await expect(bar(page).getByRole('button', { name: 'Set loss reason…' })).toBeEnabled()
  await keyboard.busy()
  await keyboard.rush('<Tab><Enter>bad timing<ctrl+Enter>')
  await keyboard.idle()
  await expect(notice(page, /Bad timing/)).toBeVisible()
  await expect(details(page)).toBeHidden()
})
