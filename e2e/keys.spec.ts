import type { Locator, Page } from '@playwright/test'
import { i18n } from '@lingui/core'
import { ACTION_IDS, actionOf, type ActionId } from '../renderer/keys/actions.ts'
import { bindingsOf, shownKeys } from '../renderer/keys/bindings.ts'
import { keyText } from '../renderer/keys/key-text.ts'
import { reach, type Role } from '../core/roles.ts'
import { findings } from './support/axe.ts'
import { callRows, callsGrid, details, goTo, notice, sections } from './support/screens.ts'
import { Keyboard } from './support/keyboard.ts'
import { someCall } from './support/team.ts'
import { expect, test } from './support/test.ts'

const overlay = (page: Page) => page.getByRole('dialog', { name: 'Keyboard shortcuts' })
const palette = (page: Page) => page.getByRole('dialog').filter({ has: search(page) })
const search = (page: Page) => page.getByRole('combobox', { name: 'Find an action, a call or a prospect' })
const options = (page: Page) => page.getByRole('listbox', { name: 'Results' }).getByRole('option')
const active = (page: Page) => page.locator('[role=option][aria-selected=true]')
const keysSection = (page: Page) => page.getByRole('region', { name: 'Keys' })
const keyRow = (page: Page, label: string) => keysSection(page).getByRole('group', { name: label, exact: true })

// The names of keys are texts without values. Without a catalogue they are English.
i18n.setMessagesCompiler((message) => [message])
i18n.loadAndActivate({ locale: 'en', messages: {} })

/** Returns the rows of the table in the source, as the overlay shows them to a role in a browser. */
function expectedRows(role: Role): string[] {
  const bindings = bindingsOf({})
  return ACTION_IDS.flatMap((id: ActionId) => {
    const { needs, note } = actionOf(id)
    const label = actionOf(id).label.message
    const keys = shownKeys(bindings[id], 'browser')
    if (keys.length === 0 || (needs !== undefined && reach(role, needs) === 'none')) return []
    return [`${keys.map((key) => keyText(key)).join(' / ')}: ${label}${note === undefined ? '' : `; ${note.message}`}`]
  })
}

const shownRows = (rows: Locator) =>
  rows.evaluateAll((found) =>
    found.flatMap((row) => {
      const [keys, text] = row.querySelectorAll('td')
      if (keys === undefined || text === undefined) return []
      const names = [...(keys.firstElementChild?.children ?? [])].map((key) =>
        [...key.querySelectorAll('kbd')].map((part) => part.textContent).join(' '),
      )
      return [`${names.join(' / ')}: ${text.textContent}`]
    }),
  )

test('the overlay shows exactly the actions of the table that a role may use, with keys that work in a browser', async ({
  team,
  windowOf,
}) => {
  for (const person of [team.admin, team.agent, team.viewer]) {
    const page = await windowOf(person)
    await page.keyboard.press('?')
    await expect(overlay(page)).toBeVisible()
    expect(await shownRows(overlay(page).getByRole('row'))).toEqual(expectedRows(person.role))
    expect(await findings(page)).toEqual([])
  }
  const page = await windowOf(team.agent)
  await page.keyboard.press('n')
  await expect(details(page).getByLabel('Prospect name')).toBeFocused()
  await page.keyboard.press('F1')
  await expect(overlay(page), 'a function key works while you type').toBeVisible()
  await page.keyboard.press('Escape')
  await expect(details(page).getByLabel('Prospect name')).toBeFocused()
  expect(expectedRows('admin').join('\n')).not.toContain('Ctrl+N')
  expect(expectedRows('viewer').join('\n')).not.toContain('New call')
})

test('a key is changed by pressing the new one; it works at once and on the person’s other windows, and can be undone', async ({
  team,
  windowOf,
}) => {
  const page = await windowOf(team.agent)
  const other = await windowOf(team.agent)
  await goTo(page, 'Settings')
  const row = keyRow(page, 'New call')
  await row.getByRole('button', { name: 'Change N', exact: true }).focus()
  await page.keyboard.press('Enter')
  await expect(row.getByRole('textbox')).toBeFocused()
  await page.keyboard.press('b')
  await page.keyboard.press('x')
  await expect(row.getByRole('textbox'), 'two keys are a pair').toHaveValue('B X')
  await page.keyboard.press('Backspace')
  await page.keyboard.press('b')
  await page.keyboard.press('Enter')
  await expect(notice(page, '“New call” now uses B')).toBeVisible()
  await expect(row.getByRole('button').first()).toBeFocused()
  expect(await findings(page)).toEqual([])

  await goTo(other, 'Today')
  await expect(other.getByText('To schedule a call, press B and choose')).toBeVisible()
  await goTo(other, 'Calls')
  await expect(other.getByText('Press B to log the first one.')).toBeVisible()
  await other.keyboard.press('n')
  await expect(details(other)).toBeHidden()
  await other.keyboard.press('?')
  await expect(overlay(other).getByRole('row', { name: 'B Alt+N New call' })).toBeVisible()
  await other.keyboard.press('Escape')
  await other.keyboard.press('b')
  await expect(other.getByLabel('Prospect name')).toBeFocused()

  await page.keyboard.press('Control+z')
  await expect(notice(page, '“New call” now uses B: undone')).toBeVisible()
  await expect(row.getByRole('button', { name: 'Change N', exact: true })).toBeVisible()
  await page.keyboard.press('Control+y')
  await expect(row.getByRole('button', { name: 'Change B', exact: true })).toBeVisible()
  await row.getByRole('button', { name: 'Reset' }).click()
  await expect(row.getByRole('button', { name: 'Change N', exact: true })).toBeVisible()
})

test('a conflict names the other action and offers a swap; keys that the browser, the system or a field needs are refused', async ({
  team,
  windowOf,
}) => {
  const page = await windowOf(team.agent)
  await goTo(page, 'Settings')
  const [edit, create] = [keyRow(page, 'Edit the call'), keyRow(page, 'New call')]
  const record = async (row: Locator, button: string, ...keys: string[]) => {
    await row.getByRole('button', { name: button, exact: true }).click()
    for (const key of keys) await page.keyboard.press(key)
  }
  for (const [key, why] of [
    ['Control+t', 'The browser uses Ctrl+T.'],
    ['Alt+F4', 'The system uses Alt+F4.'],
    ['ArrowUp', '↑ is reserved for “One row up or down”.'],
    ['Control+c', 'Ctrl+C is used to edit text'],
  ] as const) {
    await record(edit, 'Change E', key)
    await expect(edit.getByText(why)).toBeVisible()
    await page.keyboard.press('Enter')
    await page.keyboard.press('Escape')
  }
  await expect(edit.getByRole('button', { name: 'Change E', exact: true })).toBeFocused()

  await record(edit, 'Change E', 'n')
  await expect(edit.getByRole('alert')).toContainText('N is already used for “New call”. It gets E instead.')
  expect(await findings(page)).toEqual([])
  await edit.getByRole('button', { name: 'Cancel' }).click()
  await record(edit, 'Change E', 'n', 'Enter')
  await expect(edit.getByRole('button', { name: 'Swap' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(edit.getByRole('button', { name: 'Change N', exact: true })).toBeVisible()
  await expect(create.getByRole('button', { name: 'Change E', exact: true })).toBeVisible()
  await keysSection(page).getByRole('button', { name: 'Reset all keys' }).click()
  await expect(edit.getByRole('button', { name: 'Change E', exact: true })).toBeVisible()
  await expect(create.getByRole('button', { name: 'Change N', exact: true })).toBeVisible()
  await expect(keysSection(page).getByRole('button', { name: 'Reset all keys' })).toBeDisabled()
  expect((await team.api.preferences.get()).keys).toEqual({})
})

test('keys of other keyboards are recorded as they are matched', async ({ team, windowOf }) => {
  const page = await windowOf(team.agent)
  const keyboard = await Keyboard.of(page)
  await goTo(page, 'Settings')
  for (const [label, button, key, held, shown] of [
    ['New call', 'Change N', { key: 'ы', code: 'KeyS', windowsVirtualKeyCode: 83, text: 'ы' }, [], 'Ы'],
    ['Redo the last undone change', 'Change Ctrl+Y', { key: '&', code: 'Digit7', windowsVirtualKeyCode: 55 }, ['alt'], 'Alt+7'],
    ['Lock', 'Change Ctrl+Shift+L', { key: 'ö', code: 'Semicolon', windowsVirtualKeyCode: 192 }, ['ctrl'], 'Ctrl+Ö'],
  ] as const) {
    const row = keyRow(page, label)
    await row.getByRole('button', { name: button, exact: true }).click()
    await expect(row.getByRole('textbox')).toBeFocused()
    await keyboard.press(key, held)
    await expect(row.getByRole('textbox')).toHaveValue(shown)
    await page.keyboard.press('Enter')
    await expect(row.getByRole('button', { name: `Change ${shown}`, exact: true })).toBeVisible()
  }
  await page.getByRole('heading', { level: 1 }).click()
  await keyboard.press({ key: 'ы', code: 'KeyS', windowsVirtualKeyCode: 83, text: 'ы' })
  await expect(page.getByLabel('Prospect name')).toBeFocused()
  await expect(page.getByLabel('Prospect name')).toHaveValue('')
  await keyboard.press({ key: 'ö', code: 'Semicolon', windowsVirtualKeyCode: 192 }, ['ctrl'])
  await expect(page.getByRole('heading', { name: 'Locked' })).toBeVisible()
})

test('own keys of a row work in the list, also before the results of a search arrive', async ({ team, windowOf }) => {
  await team.api.calls.create(someCall(team.agent, { prospectName: 'Ada One' }))
  const page = await windowOf(team.agent)
  await goTo(page, 'Settings')
  for (const [label, old, key] of [
    ['Edit the call', 'E', 'x'],
    ['Delete the call, or the selected calls', 'Del', 'Control+d'],
  ] as const) {
    const row = keyRow(page, label)
    await row.getByRole('button', { name: `Change ${old}`, exact: true }).click()
    await page.keyboard.press(key)
    await page.keyboard.press('Enter')
    await expect(row.getByRole('button', { name: `Change ${old}`, exact: true })).toBeHidden()
  }
  await goTo(page, 'Calls')
  await expect(callRows(page)).toHaveCount(1)
  const keyboard = await Keyboard.of(page)
  await keyboard.rush('/ada<Enter>x')
  await expect(page.getByLabel('Prospect name')).toHaveValue('Ada One')
  await page.keyboard.press('Escape')
  await expect(callsGrid(page)).toBeFocused()
  await page.keyboard.press('Delete')
  await expect(callRows(page)).toHaveCount(1)
  await page.keyboard.press('Control+d')
  await expect(notice(page, 'Call with Ada One deleted')).toBeVisible()
})

test('the second key of a pair does not act on the focused row, also if the pair is an own one or mistyped', async ({
  team,
  windowOf,
}) => {
  await team.api.calls.create(
    someCall(team.agent, {
      prospectName: 'Ada One',
      status: 'scheduled',
      outcome: null,
      callDuration: null,
      completedAt: null,
      scheduledAt: Date.now() - 3_600_000,
    }),
  )
  await team.api.preferences.set({ keys: { 'go.calls': ['x c'] } })
  const page = await windowOf(team.admin)
  // A clicked link would keep the focus.
  await page.keyboard.press('g')
  await page.keyboard.press('t')
  await expect(page.getByRole('main').getByRole('button', { name: 'Ada One', exact: true })).toBeFocused()
  await page.keyboard.press('x')
  await page.keyboard.press('c')
  await expect(page.getByRole('heading', { level: 1, name: 'Calls' })).toBeVisible()
  await expect(details(page)).toBeHidden()

  await callsGrid(page).focus()
  await page.keyboard.press('ArrowDown')
  await expect(callRows(page, 'Ada One')).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('g')
  await page.keyboard.press('e')
  await page.keyboard.press('Enter')
  await expect(details(page).getByRole('heading', { name: 'Ada One' })).toBeVisible()
})

test('the palette opens a call, goes to a section and runs an action with the keyboard only', async ({ team, windowOf }) => {
  for (const name of ['Greta Neumann', 'Gregor Alt', 'Hans Meier'])
    await team.api.calls.create(
      someCall(team.agent, { prospectName: name, prospectPhone: null, prospectEmail: `${name.slice(0, 4)}@x.test` }),
    )
  const page = await windowOf(team.agent)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()

  await page.keyboard.press('Control+k')
  await expect(search(page)).toBeFocused()
  await expect(active(page)).toHaveCount(1)
  expect(await findings(page)).toEqual([])
  await page.keyboard.type('greta')
  const found = page.getByRole('group', { name: 'Calls' }).getByRole('option', { name: /^Greta Neumann/ })
  await expect(found).toBeVisible()
  await expect(page.getByRole('group', { name: 'Prospects' }).getByRole('option')).toHaveCount(1)
  expect(await findings(page)).toEqual([])
  await page.keyboard.press('ArrowDown')
  // At once: a later render for another reason would correct it too.
  expect(await found.getAttribute('aria-selected')).toBe('true')
  expect(await search(page).getAttribute('aria-activedescendant')).toBe(await found.getAttribute('id'))
  await page.keyboard.press('Enter')
  await expect(details(page).getByRole('heading', { name: 'Greta Neumann' })).toBeVisible()

  await page.keyboard.press('Control+k')
  await page.keyboard.type('calls')
  await expect(active(page)).toContainText('Calls')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1, name: 'Calls' })).toBeVisible()

  // The key after Enter belongs to the form that the action opens.
  const keyboard = await Keyboard.of(page)
  await keyboard.rush('<ctrl+k>new<Enter>Ida')
  await expect(page.getByLabel('Prospect name')).toHaveValue('Ida')
  await page.keyboard.press('Escape')

  await page.keyboard.press('Control+k')
  await expect(page.getByRole('group', { name: 'Recently used' }).getByRole('option').first()).toContainText('New call')
  await keyboard.rush('gregor<Enter>')
  await expect(details(page).getByRole('heading', { level: 2, name: 'Gregor Alt' })).toBeFocused()
  await expect(details(page).getByRole('heading', { name: 'Calls (1)' })).toBeVisible()
})

test('the palette finds settings, closes with Escape and returns the focus', async ({ team, windowOf }) => {
  const page = await windowOf(team.admin)
  await sections(page).getByRole('link', { name: 'Users' }).focus()
  await page.keyboard.press('Control+k')
  await page.keyboard.press('Escape')
  await expect(palette(page)).toBeHidden()
  await expect(sections(page).getByRole('link', { name: 'Users' })).toBeFocused()
  const keyboard = await Keyboard.of(page)
  await keyboard.rush('<ctrl+k>time zone<Enter>')
  await expect(page.getByLabel('Time zone')).toBeFocused()
  await keyboard.rush('<ctrl+k>calling hours<Enter>')
  await expect(page.getByRole('group', { name: 'Calling hours' }).getByLabel('From')).toBeFocused()
  await keyboard.rush('<ctrl+k>no next step<Enter>')
  await expect(page.getByLabel('No next step after (days)')).toBeFocused()
  await keyboard.rush('<ctrl+k>note templates<Enter>')
  await expect(page.getByRole('region', { name: 'Note templates' })).toBeFocused()
  await keyboard.rush('<ctrl+k>keys<Enter>')
  await expect(keysSection(page)).toBeFocused()
})

test('the palette offers nothing that the role does not allow', async ({ team, windowOf }) => {
  await team.api.calls.create(someCall(team.colleague, { prospectName: 'Secret Person' }))
  const page = await windowOf(team.viewer)
  await page.keyboard.press('Control+k')
  await expect(options(page).filter({ hasText: 'Dashboard' })).toBeVisible()
  for (const absent of ['New call', 'Import', 'Users', 'Time zone', 'Undo'])
    await expect(options(page).filter({ hasText: absent }), absent).toHaveCount(0)
  await page.keyboard.press('Escape')

  const agents = await windowOf(team.agent)
  await agents.keyboard.press('Control+k')
  await agents.keyboard.type('secret')
  await expect(palette(agents).getByText('Nothing found.')).toBeVisible()
})

test('an earlier search does not show its results after the text has changed', async ({ team, windowOf }) => {
  for (const name of ['Ada One', 'Bea Two']) await team.api.calls.create(someCall(team.agent, { prospectName: name }))
  const page = await windowOf(team.agent)
  const keyboard = await Keyboard.of(page)
  await keyboard.busy()
  await keyboard.rush('<ctrl+k>ada<Backspace><Backspace><Backspace>bea')
  await expect(options(page).filter({ hasText: 'Bea Two' })).toHaveCount(2)
  await expect(options(page).filter({ hasText: 'Ada One' })).toHaveCount(0)
})

test('created, edited and deleted calls are undone and redone step by step, and the messages name the steps', async ({
  team,
  windowOf,
}) => {
  const page = await windowOf(team.agent)
  await goTo(page, 'Calls')
  const rows = async () =>
    (await team.api.calls.list({})).rows.map(({ prospectName, notes }) => `${prospectName} ${notes ?? '-'}`).toSorted()
  await page.keyboard.press('n')
  await page.keyboard.type('Greta')
  await page.keyboard.press('Alt+1')
  await page.keyboard.press('Control+Enter')
  await expect(notice(page, 'Call with Greta logged')).toBeVisible()
  await page.keyboard.press('Escape')
  await callRows(page, 'Greta').click()
  await page.keyboard.press('e')
  await details(page).getByLabel('Notes').fill('Wants a callback')
  await page.keyboard.press('Control+Enter')
  await expect(notice(page, 'Call with Greta changed')).toBeVisible()
  await callsGrid(page).focus()
  await page.keyboard.press('Delete')
  await expect(notice(page, 'Call with Greta deleted')).toBeVisible()

  const states: [key: string, message: string, stored: string[]][] = [
    ['Control+z', 'Call with Greta restored', ['Greta Wants a callback']],
    ['Control+z', 'Change to the call with Greta undone', ['Greta -']],
    ['Control+z', 'Call with Greta: undone', []],
    ['Control+Shift+z', 'Call with Greta logged again', ['Greta -']],
    ['Control+y', 'Call with Greta changed again', ['Greta Wants a callback']],
    ['Control+y', 'Call with Greta deleted again', []],
    ['Control+z', 'Call with Greta restored', ['Greta Wants a callback']],
  ]
  for (const [key, message, stored] of states) {
    await page.keyboard.press(key)
    // An earlier message with the same text may still fade out.
    await expect(notice(page, message).last()).toBeVisible()
    await expect.poll(rows, `${key}: ${message}`).toEqual(stored)
  }
  await notice(page, 'Call with Greta restored').last().getByRole('button', { name: 'Redo' }).click()
  await expect(callRows(page)).toHaveCount(0)
  const { rows: lines } = await team.api.audit.list({ tableName: 'calls' })
  expect(lines.length, 'each step is audited').toBe(3 + states.length + 1)
})

test('a step of a call that was changed since is refused by name and changes nothing; text fields keep their own undo', async ({
  team,
  windowOf,
}) => {
  const page = await windowOf(team.agent)
  await goTo(page, 'Calls')
  await page.keyboard.press('n')
  await page.keyboard.type('Greta')
  await page.keyboard.press('Alt+1')
  await page.keyboard.press('Control+Enter')
  await expect(notice(page, 'Call with Greta logged')).toBeVisible()
  await page.keyboard.type('Hans')
  await page.keyboard.press('Control+z')
  await expect(page.getByLabel('Prospect name')).not.toHaveValue('Hans')
  await page.keyboard.press('Control+Shift+z')
  await expect(page.getByLabel('Prospect name')).toHaveValue('Hans')
  expect((await team.api.calls.list({})).rows).toHaveLength(1)
  await page.keyboard.press('Escape')

  const [call] = (await team.api.calls.list({})).rows
  await team.api.calls.update({ id: call?.id ?? '', patch: { notes: 'By the admin' } })
  await page.keyboard.press('Control+z')
  await expect(notice(page, 'Not undone: Call with Greta logged')).toContainText('That change was kept.')
  expect((await team.api.calls.list({})).rows).toMatchObject([{ notes: 'By the admin' }])
})

test('a bulk action is undone and redone', async ({ team, windowOf }) => {
  for (const name of ['Ada', 'Bea', 'Cid']) await team.api.calls.create(someCall(team.agent, { prospectName: name }))
  const page = await windowOf(team.agent)
  await goTo(page, 'Calls')
  await expect(callRows(page)).toHaveCount(3)
  await callsGrid(page).focus()
  await page.keyboard.press('Control+a')
  await expect(page.getByRole('status', { name: 'Selection' })).toHaveText('3 calls selected')
  await page.keyboard.press('Delete')
  await expect(notice(page, '3 calls deleted')).toBeVisible()
  await expect(callRows(page)).toHaveCount(0)
  await page.keyboard.press('Control+z')
  await expect(notice(page, '3 calls restored')).toBeVisible()
  await expect(callRows(page)).toHaveCount(3)
  await page.keyboard.press('Control+y')
  await expect(notice(page, '3 calls deleted again')).toBeVisible()
  await expect(callRows(page)).toHaveCount(0)
  await page.keyboard.press('Control+z')
  await expect(callRows(page)).toHaveCount(3)
})
