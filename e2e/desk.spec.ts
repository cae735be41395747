import type { Page } from '@playwright/test'
import type { Call } from '../core/model/call.ts'
import { findings } from './support/axe.ts'
import { Hands, watchMouse } from './support/hands.ts'
import { Keyboard } from './support/keyboard.ts'
import { callRows, details, draftKept, goTo, notice } from './support/screens.ts'
import { someCall, type Team } from './support/team.ts'
import { expect, test } from './support/test.ts'

const DAY = 86_400_000

const name = (page: Page) => page.getByLabel('Prospect name')
const known = (page: Page) => page.getByRole('listbox', { name: 'Known prospects' })
const notes = (page: Page) => page.getByRole('textbox', { name: 'Notes' })

/** A prospect with an earlier undecided call. */
const greta = (team: Team, over: Parameters<typeof someCall>[1] = {}) =>
  team.api.calls.create(
    someCall(team.agent, {
      prospectName: 'Greta Neumann',
      prospectPhone: '030 4711 22',
      prospectEmail: 'greta@neumann.test',
      outcome: 'undecided',
      completedAt: Date.now() - 3 * DAY,
      ...over,
    }),
  )

const planned = (team: Team) =>
  greta(team, { status: 'scheduled', outcome: null, completedAt: null, callDuration: null, scheduledAt: Date.now() - 3_600_000 })

/** Returns the finished call that was logged last. */
async function newest({ api }: Team): Promise<Call | undefined> {
  const { rows } = await api.calls.list({ filter: { statuses: ['completed', 'no_show', 'rescheduled', 'cancelled'] } })
  return rows.toSorted((a, b) => b.createdAt - a.createdAt)[0]
}

test('a finished call of a known prospect takes at most 12 keystrokes, and never the mouse', async ({ team, windowOf }) => {
  await greta(team)
  const page = await windowOf(team.agent)
  const mouse = await watchMouse(page)
  for (const [what, keys, expected] of [
    ['won', ['Alt+1'], { outcome: 'won' }],
    ['inbound', ['Alt+i', 'Alt+1'], { outcome: 'won', callType: 'inbound' }],
    ['lost, with its reason', ['Alt+2', '1'], { outcome: 'lost', lossReasonId: expect.any(String) as unknown }],
    ['no-show, with a follow-up', ['Alt+4', '3'], { status: 'no_show' }],
  ] as const) {
    const hands = new Hands(page)
    await hands.press('Alt+n')
    await hands.key('gre')
    await expect(known(page).getByRole('option')).toContainText('Greta Neumann')
    await hands.press('Enter', 'Alt+t', ...keys, 'Control+Enter')
    await expect(notice(page, 'Call with Greta Neumann logged').first()).toBeVisible()
    test.info().annotations.push({ type: 'keystrokes', description: `${what}: ${hands.keystrokes}` })
    expect(hands.keystrokes, what).toBeLessThanOrEqual(12)
    await expect.poll(() => newest(team), what).toMatchObject({ prospectPhone: '030 4711 22', ...expected })
    await page.keyboard.press('Escape')
    await expect(details(page)).toBeHidden()
    await page.getByRole('heading', { level: 1 }).waitFor()
    for (const message of await page.getByRole('button', { name: 'Dismiss' }).all()) await message.press('Enter')
  }
  expect(await mouse()).toBe(0)
})

test('a new prospect takes at most 12 keystrokes beyond the typed text', async ({ team, windowOf }) => {
  const page = await windowOf(team.agent)
  const mouse = await watchMouse(page)
  const hands = new Hands(page)
  await hands.press('Alt+n')
  await hands.type('Hanna Neu')
  await hands.press('Enter')
  await expect(page.getByLabel('Phone')).toBeFocused()
  await hands.type('030 5551234')
  await hands.press('Tab')
  await hands.type('hanna@neu.test')
  await hands.press('Alt+3')
  await expect(page.getByLabel('Follow-up')).toBeFocused()
  await hands.type('tomorrow 3pm')
  await hands.press('Enter')
  await hands.type('Wants a second offer.')
  await hands.press('Control+Enter')
  await expect(notice(page, /Call with Hanna Neu logged.*Next call .*, 15:00/)).toBeVisible()
  expect(hands.beyondTyped).toBeLessThanOrEqual(12)
  expect(await mouse()).toBe(0)
  await expect(name(page), 'the form is ready for the next call').toBeFocused()
  await expect(name(page)).toHaveValue('')
  const { rows } = await team.api.calls.list({})
  const call = rows.find(({ status }) => status === 'completed')
  const next = rows.find(({ status }) => status === 'scheduled')
  expect(call).toMatchObject({
    prospectName: 'Hanna Neu',
    prospectPhone: '030 5551234',
    prospectEmail: 'hanna@neu.test',
    outcome: 'undecided',
    notes: 'Wants a second offer.',
  })
  expect(next).toMatchObject({ prospectName: 'Hanna Neu', prospectPhone: '030 5551234', followsCallId: call?.id })
})

test('the flow with a person’s pauses', async ({ team, windowOf }) => {
  await greta(team)
  const page = await windowOf(team.agent)
  // A practised typist: 200 ms for a character, a second to decide before a key with Ctrl or Alt.
  const hands = new Hands(page, (key) => (key.length === 1 ? 200 : /^(?:Alt|Control)/.test(key) ? 1_000 : 400))
  const began = performance.now()
  await hands.press('Alt+n')
  await hands.key('gre')
  await expect(known(page).getByRole('option').first()).toBeVisible()
  await hands.press('Enter', 'Alt+2', '1', 'Control+Enter')
  await expect(notice(page, 'Call with Greta Neumann logged')).toBeVisible()
  const seconds = ((performance.now() - began) / 1_000).toFixed(1)
  expect(hands.keystrokes).toBe(8)
  console.log(`Known prospect, lost with a reason: ${hands.keystrokes} keystrokes, ${seconds} s with a person’s pauses`)
  expect((await newest(team))?.outcome).toBe('lost')
})

test('the field takes a part of a phone number or an e-mail address, and shows the last outcome and the open follow-up', async ({
  team,
  windowOf,
}) => {
  await greta(team)
  await planned(team)
  const page = await windowOf(team.agent)
  for (const typed of ['471122', 'neumann.t', 'neum']) {
    await page.keyboard.press('Alt+n')
    await page.keyboard.type(typed)
    const option = known(page).getByRole('option')
    await expect(option).toContainText('Greta Neumann')
    await expect(option).toContainText('Undecided')
    await expect(option).toContainText('Missed follow-up')
    await expect(name(page)).toHaveAttribute('aria-expanded', 'true')
    await expect(name(page)).toHaveAttribute('aria-activedescendant', /.+/)
    await page.keyboard.press('Enter')
    await expect(name(page)).toHaveValue('Greta Neumann')
    await expect(page.getByLabel('Phone')).toHaveValue('030 4711 22')
    await expect(page.getByLabel('E-mail')).toHaveValue('greta@neumann.test')
    await expect(notes(page)).toBeFocused()
    await page.getByRole('button', { name: 'Close', exact: true }).press('Enter')
    await expect(details(page)).toBeHidden()
    await page.keyboard.press('Alt+n')
    await page.keyboard.press('Control+a')
    await page.keyboard.press('Backspace')
  }
})

test('a text that matches nothing goes into the field of its kind, and the cursor to what is missing', async ({
  team,
  windowOf,
}) => {
  const page = await windowOf(team.agent)
  await page.keyboard.press('n')
  await page.keyboard.type('030 999 88')
  await page.keyboard.press('Enter')
  await expect(page.getByLabel('Phone')).toHaveValue('030 999 88')
  await expect(name(page)).toBeFocused()
  await expect(page.getByText('“030 999 88” was moved to Phone. Type the name.')).toBeVisible()
  await page.keyboard.type('ida@ohm.test')
  await page.keyboard.press('Tab')
  await expect(page.getByLabel('E-mail')).toHaveValue('ida@ohm.test')
  await expect(name(page)).toBeFocused()
  // The phone number is there already, so a number is a name.
  await page.keyboard.type('4711')
  await page.keyboard.press('Enter')
  await expect(name(page)).toHaveValue('4711')
  await expect(notes(page)).toBeFocused()
  await page.getByRole('button', { name: 'Close', exact: true }).press('Enter')
  await draftKept(page, '4711')
})

test('saving a call also moves a number from the field of the name, and then requires the name', async ({ team, windowOf }) => {
  const page = await windowOf(team.agent)
  await page.keyboard.press('n')
  await page.keyboard.type('030 999 88')
  await page.keyboard.press('Control+Enter')
  await expect(page.getByLabel('Phone')).toHaveValue('030 999 88')
  await expect(name(page)).toHaveValue('')
  await expect(name(page)).toBeFocused()
  await expect(page.getByText('“030 999 88” was moved to Phone. Type the name.')).toBeVisible()
  await expect(name(page)).toHaveAttribute('aria-invalid', 'true')
  expect((await team.api.calls.list({})).rows).toEqual([])
  await page.keyboard.type('Ida Ohm')
  await page.keyboard.press('Alt+1')
  await page.keyboard.press('Control+Enter')
  await expect.poll(() => newest(team)).toMatchObject({ prospectName: 'Ida Ohm', prospectPhone: '030 999 88' })
})

test('Escape keeps the text, also if a known prospect begins with it', async ({ team, windowOf }) => {
  await greta(team)
  const page = await windowOf(team.agent)
  await page.keyboard.press('n')
  await page.keyboard.type('Gre')
  await expect(known(page)).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(known(page)).toBeHidden()
  await expect(details(page), 'the panel stays open').toBeVisible()
  await page.keyboard.press('Enter')
  await expect(name(page)).toHaveValue('Gre')
  await expect(page.getByLabel('Phone')).toBeFocused()
  await page.keyboard.press('Alt+1')
  await page.keyboard.press('Control+Enter')
  await expect.poll(async () => (await newest(team))?.prospectName).toBe('Gre')
})

test('a busy machine loses no key: Enter waits for the matches, and what follows is typed into the next field', async ({
  team,
  windowOf,
}) => {
  await greta(team)
  const page = await windowOf(team.agent)
  const keyboard = await Keyboard.of(page)
  await keyboard.busy()
  await keyboard.rush('ngreta<Enter>Has no time<alt+1><ctrl+Enter>')
  await keyboard.idle()
  await expect
    .poll(() => newest(team))
    .toMatchObject({
      prospectName: 'Greta Neumann',
      notes: 'Has no time',
      outcome: 'won',
    })
  await keyboard.busy()
  await keyboard.rush('Zoe New<Enter>030 777 66<alt+1><ctrl+Enter>')
  await keyboard.idle()
  await expect.poll(() => newest(team)).toMatchObject({ prospectName: 'Zoe New', prospectPhone: '030 777 66' })
})

test('the scheduled call of the prospect becomes the logged one, unless one key turns that off', async ({ team, windowOf }) => {
  const first = await planned(team)
  const page = await windowOf(team.agent)
  await page.keyboard.press('n')
  await page.keyboard.type('greta')
  await expect(known(page)).toBeVisible()
  await page.keyboard.press('Enter')
  const settle = page.getByRole('checkbox', { name: /This is the call scheduled for/ })
  await expect(settle).toBeChecked()
  await page.keyboard.press('Alt+s')
  await expect(settle).not.toBeChecked()
  await page.keyboard.press('Alt+s')
  await expect(settle).toBeChecked()
  await page.keyboard.press('Alt+4')
  await page.keyboard.press('7')
  await page.keyboard.press('Control+Enter')
  await expect(notice(page, 'Call with Greta Neumann logged')).toBeVisible()
  const settled = await team.api.calls.get({ id: first.id })
  expect(settled).toMatchObject({ status: 'no_show', scheduledAt: first.scheduledAt })
  const { rows } = await team.api.calls.list({})
  const next = rows.find(({ status }) => status === 'scheduled')
  expect(rows).toHaveLength(2)
  expect(next?.followsCallId).toBe(first.id)

  // Undo takes all of it back, from the empty form of the next call too.
  await expect(name(page)).toBeFocused()
  await page.keyboard.press('Control+z')
  await expect
    .poll(async () => (await team.api.calls.list({})).rows)
    .toEqual([{ ...first, updatedAt: expect.any(Number) as unknown }])
  await page.keyboard.press('Control+Shift+z')
  await expect.poll(async () => (await team.api.calls.list({})).rows).toHaveLength(2)
  expect((await team.api.calls.get({ id: first.id })).status).toBe('no_show')
  await page.keyboard.press('Control+z')
  await expect.poll(async () => (await team.api.calls.list({})).rows).toHaveLength(1)

  await expect(name(page)).toBeFocused()
  await page.keyboard.type('greta')
  await expect(known(page)).toBeVisible()
  await page.keyboard.press('Enter')
  await page.keyboard.press('Alt+s')
  await page.keyboard.press('Alt+1')
  await page.keyboard.press('Control+Enter')
  await expect.poll(async () => (await team.api.calls.list({})).rows).toHaveLength(2)
  expect((await team.api.calls.get({ id: first.id })).status).toBe('scheduled')
})

test('an open call is rescheduled or followed up from its panel, and shows the calls that it is linked with', async ({
  team,
  windowOf,
}) => {
  const first = await planned(team)
  const page = await windowOf(team.agent)
  await goTo(page, 'Calls')
  await callRows(page, 'Greta Neumann').click()
  const panel = details(page)
  await panel.getByRole('button', { name: 'Reschedule' }).press('Enter')
  await expect(panel.getByLabel('New date')).toBeFocused()
  await page.keyboard.type('yesterday')
  await panel.getByRole('button', { name: 'Reschedule' }).press('Enter')
  await expect(panel.getByText('This time has passed. Enter a later time')).toBeVisible()
  await panel.getByLabel('New date').fill('3')
  await page.keyboard.press('Enter')
  await expect(notice(page, /Call with Greta Neumann rescheduled. Next call/)).toBeVisible()
  await expect(panel.getByRole('button', { name: 'Schedule follow-up' }), 'the focus stays in the panel').toBeFocused()
  const linked = panel.getByRole('region', { name: 'Linked calls' }).getByRole('listitem')
  await expect(linked).toHaveText([/Rescheduled.*this call/, /Scheduled/])
  expect(await team.api.calls.get({ id: first.id })).toMatchObject({ status: 'rescheduled', scheduledAt: first.scheduledAt })
  expect(await findings(page)).toEqual([])
  await panel.getByRole('button', { name: 'Schedule follow-up' }).press('Enter')
  await panel.getByRole('textbox', { name: 'Follow-up' }).fill('7')
  await panel.getByRole('button', { name: 'Schedule follow-up' }).press('Enter')
  await expect(notice(page, /Follow-up with Greta Neumann scheduled for/)).toBeVisible()
  await expect(linked).toHaveCount(3)
  await page.getByRole('heading', { level: 1 }).click()
  await page.keyboard.press('Control+z')
  await expect(linked).toHaveCount(2)
  await page.keyboard.press('Control+z')
  await expect(panel.getByRole('button', { name: 'Reschedule' })).toBeVisible()
  await expect(linked).toHaveCount(0)
  await page.keyboard.press('Control+Shift+z')
  await expect(linked).toHaveCount(2)
})

test('an edit that ends a scheduled call schedules the next call too', async ({ team, windowOf }) => {
  const first = await planned(team)
  const page = await windowOf(team.agent)
  await goTo(page, 'Calls')
  await callRows(page, 'Greta Neumann').click()
  await expect(details(page).getByRole('button', { name: 'Edit' })).toBeVisible()
  await page.keyboard.press('e')
  await page.keyboard.press('Alt+4')
  await expect(page.getByLabel('Follow-up')).toBeFocused()
  await page.keyboard.type('1')
  await page.keyboard.press('Control+Enter')
  await expect(notice(page, /Call with Greta Neumann logged. Next call/)).toBeVisible()
  expect(await team.api.calls.get({ id: first.id })).toMatchObject({ status: 'no_show', scheduledAt: first.scheduledAt })
  await expect(details(page).getByRole('region', { name: 'Linked calls' }).getByRole('listitem')).toHaveCount(2)
})

test('Ctrl+Z in a form with typed text edits the text, and takes no call back', async ({ team, windowOf }) => {
  await greta(team)
  const page = await windowOf(team.agent)
  await page.keyboard.press('n')
  await page.keyboard.type('Zoe New')
  await page.keyboard.press('Alt+1')
  await page.keyboard.press('Control+Enter')
  await expect(notice(page, 'Call with Zoe New logged')).toBeVisible()
  await page.keyboard.type('Yan')
  await page.keyboard.press('Control+z')
  await expect(name(page)).not.toHaveValue('Yan')
  expect((await team.api.calls.list({})).rows).toHaveLength(2)
})

test('a typed time is understood before it is saved; a past, unclear or ambiguous one is refused', async ({ team, windowOf }) => {
  const page = await windowOf(team.agent)
  await page.clock.setFixedTime(new Date('2026-11-26T18:00:00Z'))
  await page.keyboard.press('n')
  await page.keyboard.type('Jo')
  await page.keyboard.press('Alt+5')
  const field = page.getByLabel('New date')
  await expect(field).toBeFocused()
  const understood = page.getByRole('status', { name: 'Next call' })
  for (const [typed, meaning] of [
    ['1', 'Fri 27 Nov, 19:00.'],
    ['tue 3pm', 'Tue 1 Dec, 15:00.'],
    ['morgen 15 Uhr', 'Fri 27 Nov, 15:00.'],
    ['in 2h', 'Thu 26 Nov, 21:00.'],
    ['yesterday', 'Wed 25 Nov, 19:00 has passed.'],
    ['2027-03-28 02:30', 'Sun 28 Mar 2027, 03:30. The typed time is skipped that night, because the clocks go forward.'],
  ] as const) {
    await field.fill(typed)
    await expect(understood).toHaveText(meaning)
  }
  for (const [typed, problem] of [
    ['yesterday', 'This time has passed. Enter a later time'],
    ['3/4', 'This can mean two times. Write it in full, for example 2026-12-01 15:00'],
    ['soon', 'Enter a date, for example tue 3pm, in 2h, 1 Dec 15:00 or 3 (days)'],
    ['', 'Enter the time of the next call, for example tue 3pm'],
  ] as const) {
    await field.fill(typed)
    await page.keyboard.press('Control+Enter')
    await expect(details(page).getByText(problem)).toBeVisible()
    await expect(field).toBeFocused()
  }
  // A relative text becomes a date when the field is left: later it would mean another time.
  await field.fill('in 2h')
  await page.keyboard.press('Enter')
  await expect(notes(page)).toBeFocused()
  await expect(field).toHaveValue('2026-11-26 21:00')
})

test('the reasons have numbers; a team lead adds a missing one without leaving the form', async ({ team, windowOf }) => {
  const page = await windowOf(team.lead)
  await page.keyboard.press('n')
  await page.keyboard.type('Jo')
  await page.keyboard.press('Alt+2')
  const reason = page.getByRole('combobox', { name: 'Loss reason' })
  await page.keyboard.press('2')
  await expect(notes(page)).toBeFocused()
  const chosen = await reason.inputValue()
  expect(chosen).not.toBe('')
  await page.keyboard.press('Alt+2')
  await page.keyboard.type('Moved abroad')
  await page.keyboard.press('Enter')
  await expect(notice(page, 'Loss reason “Moved abroad” added')).toBeVisible()
  await expect(reason).toHaveValue('Moved abroad')
  await expect(name(page)).toHaveValue('Jo')
  await page.keyboard.press('Control+Enter')
  const added = async () => (await team.api.lossReasons.list()).find((one) => one.name === 'Moved abroad')?.id
  await expect.poll(async () => (await newest(team))?.lossReasonId).toBe(await added())
})

test('an agent sees that a reason is missing, and cannot add it', async ({ team, windowOf }) => {
  const page = await windowOf(team.agent)
  await page.keyboard.press('n')
  await page.keyboard.type('Jo')
  await page.keyboard.press('Alt+2')
  await page.keyboard.type('Moved abroad')
  await expect(page.getByText('No such loss reason. Ask your team lead to add it.')).toBeVisible()
})

test('on a German keyboard the same keys work', async ({ team, windowOf }) => {
  await greta(team)
  const page = await windowOf(team.agent)
  const keyboard = await Keyboard.of(page)
  await keyboard.rush('ngreta')
  await expect(known(page)).toBeVisible()
  await keyboard.rush('<Enter>')
  await expect(notes(page)).toBeFocused()
  // Y is at the place of Z, and the slash is on the 7.
  await keyboard.press({ key: 'z', code: 'KeyY', windowsVirtualKeyCode: 90, text: 'z' })
  await expect(notes(page)).toHaveValue('z')
  await keyboard.rush('<alt+1><ctrl+Enter>')
  await expect(notice(page, 'Call with Greta Neumann logged')).toBeVisible()
  await keyboard.press({ key: 'z', code: 'KeyY', windowsVirtualKeyCode: 90 }, ['ctrl'])
  await expect.poll(async () => (await team.api.calls.list({})).rows).toHaveLength(1)
  // AltGr types the sign of an e-mail address.
  await expect(name(page)).toBeFocused()
  await keyboard.rush('jo')
  await keyboard.pressTyping({ key: '@', code: 'KeyQ', windowsVirtualKeyCode: 81, text: '@' })
  await keyboard.rush('ohm.test<Tab>')
  await expect(page.getByLabel('E-mail')).toHaveValue('jo@ohm.test')
})

test('the form is accessible with its list, its next call and its scheduled call, also at 200 % zoom and 700 px', async ({
  team,
  windowOf,
}) => {
  await greta(team)
  await planned(team)
  const page = await windowOf(team.agent)
  for (const [width, height] of [
    [1280, 800],
    [700, 800],
    // 200 % of 1280 × 800.
    [640, 400],
  ] as const) {
    await page.setViewportSize({ width, height })
    await goTo(page, 'Calls')
    await page.keyboard.press('n')
    await page.keyboard.press('Control+a')
    await page.keyboard.type('greta')
    await expect(known(page)).toBeVisible()
    expect(await findings(page), `the list at ${width} px`).toEqual([])
    await page.keyboard.press('Enter')
    await page.keyboard.press('Alt+4')
    await page.keyboard.press('3')
    await expect(page.getByRole('status', { name: 'Next call' })).not.toBeEmpty()
    expect(await findings(page), `the form at ${width} px`).toEqual([])
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    expect(overflow, `nothing is cut off at ${width} px`).toBeLessThanOrEqual(0)
    await page.keyboard.press('Escape')
    await expect(name(page)).toBeHidden()
  }
  await expect(callRows(page, 'Greta Neumann').first()).toBeVisible()
})
