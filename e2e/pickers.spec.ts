import type { Page } from '@playwright/test'
import { callRows, details, draftKept, goTo, notice } from './support/screens.ts'
import { Keyboard } from './support/keyboard.ts'
import { someCall } from './support/team.ts'
import { expect, test } from './support/test.ts'

const field = (page: Page, name: string) => page.getByRole('combobox', { name, exact: true })

test('a name typed into Agent reassigns the call, whichever key follows', async ({ team, windowOf }) => {
  const call = await team.api.calls.create(someCall(team.agent))
  const page = await windowOf(team.lead)
  const { keyboard } = page
  await goTo(page, 'Calls')
  await callRows(page, 'Jo Smith').click()
  const owner = async () => (await team.api.calls.get({ id: call.id })).userId
  for (const [typed, keys, expected] of [
    ['cleo', ['Enter', 'Control+Enter'], team.colleague.id],
    ['ben', ['Control+Enter'], team.agent.id],
    ['Ada', ['Tab', 'Control+Enter'], team.admin.id],
    ['calm', ['Shift+Tab', 'Enter'], team.colleague.id],
    ['Ben Berg', ['Escape', 'Control+Enter'], team.colleague.id],
  ] as const) {
    await details(page).getByRole('button', { name: 'Edit' }).focus()
    await keyboard.press('e')
    await expect(details(page).getByRole('button', { name: 'Save changes' })).toBeVisible()
    await field(page, 'Agent').focus()
    await keyboard.type(typed)
    for (const key of keys) await keyboard.press(key)
    await expect(details(page).getByRole('button', { name: 'Edit' })).toBeVisible()
    await expect.poll(owner, `${typed}, ${keys.join(', ')}`).toBe(expected)
  }
})

test('a click on Save uses the text typed into Agent', async ({ team, windowOf }) => {
  const call = await team.api.calls.create(someCall(team.agent))
  const page = await windowOf(team.lead)
  await goTo(page, 'Calls')
  await callRows(page, 'Jo Smith').click()
  await details(page).getByRole('button', { name: 'Edit' }).click()
  await field(page, 'Agent').focus()
  await page.keyboard.type('cleo')
  await details(page).getByRole('button', { name: 'Save changes' }).click()
  await expect.poll(async () => (await team.api.calls.get({ id: call.id })).userId).toBe(team.colleague.id)
})

test('a name that matches no one or several people is an error at the field, and nothing is saved', async ({
  team,
  windowOf,
}) => {
  const call = await team.api.calls.create(someCall(team.agent))
  const page = await windowOf(team.lead)
  const { keyboard } = page
  await goTo(page, 'Calls')
  await callRows(page, 'Jo Smith').click()
  for (const [typed, message] of [
    ['hugo', '“hugo” is not in the list. Choose one from the list.'],
    ['be', '“be” matches'],
    ['', 'Choose one from the list.'],
  ] as const) {
    await details(page).getByRole('button', { name: 'Edit' }).focus()
    await keyboard.press('e')
    await field(page, 'Agent').focus()
    if (typed === '') await keyboard.press('Backspace')
    else await keyboard.type(typed === 'be' ? 'e' : typed)
    await keyboard.press('Control+Enter')
    await expect(details(page).getByText(message.replace('“be”', '“e”'))).toBeVisible()
    await expect(field(page, 'Agent')).toBeFocused()
    await expect(field(page, 'Agent')).toHaveAttribute('aria-invalid', 'true')
    // Leaving the field and pressing Enter elsewhere does not save either.
    await details(page).getByLabel('Prospect name').press('Enter')
    await expect(field(page, 'Agent'), 'the field gets the focus again').toBeFocused()
    await keyboard.press('Escape')
    await expect(field(page, 'Agent'), 'Escape restores the chosen name').toHaveValue('Ben Berg')
    await keyboard.press('Escape')
    if (await details(page).isVisible()) await keyboard.press('Escape')
    await expect(details(page)).toBeHidden()
    await callRows(page, 'Jo Smith').click()
  }
  expect((await team.api.calls.get({ id: call.id })).userId).toBe(team.agent.id)
})

test('every picker of every form accepts typed text', async ({ team, windowOf }) => {
  const page = await windowOf(team.admin)
  const { keyboard } = page

  // Status and loss reason of a call.
  await goTo(page, 'Calls')
  await keyboard.press('n')
  await keyboard.type('Jo Smith')
  await field(page, 'Status').focus()
  await keyboard.type('cancel')
  await keyboard.press('Control+Enter')
  await expect(callRows(page, 'Jo Smith')).toContainText('Cancelled')
  await keyboard.type('Ann Other')
  await keyboard.press('Control+2')
  await keyboard.type('no such reason')
  await keyboard.press('Control+Enter')
  await expect(details(page).getByText('“no such reason” is not in the list.')).toBeVisible()
  await keyboard.press('Control+a')
  await keyboard.type('timing')
  await keyboard.press('Control+Enter')
  await expect(callRows(page, 'Ann Other')).toContainText('Lost · Bad timing')
  await draftKept(page, 'null')
  await keyboard.press('Escape')

  // The role of a new user and of an existing one.
  await goTo(page, 'Users')
  await page.getByRole('button', { name: 'Add user' }).click()
  await details(page).getByRole('textbox', { name: 'Name' }).fill('Hugo Hahn')
  await details(page).getByRole('textbox', { name: 'E-mail' }).fill('hugo@acme.test')
  await details(page).locator('input[type=password]').fill('correct horse')
  await field(page, 'Role').focus()
  await keyboard.type('boss')
  await details(page).getByRole('textbox', { name: 'Name' }).press('Enter')
  await expect(details(page).getByText('“boss” is not in the list.')).toBeVisible()
  await keyboard.press('Control+a')
  await keyboard.type('view')
  await details(page).getByRole('textbox', { name: 'Name' }).press('Enter')
  await expect(page.getByRole('row', { name: /Hugo Hahn/ })).toContainText('Viewer')
  await page.getByRole('button', { name: 'Hugo Hahn' }).click()
  await field(page, 'Role').focus()
  await keyboard.type('lead')
  await keyboard.press('Tab')
  await details(page).getByRole('textbox', { name: 'Name' }).press('Enter')
  await expect(page.getByRole('row', { name: /Hugo Hahn/ })).toContainText('Team lead')
  await keyboard.press('Escape')

  // Settings.
  await goTo(page, 'Settings')
  await field(page, 'Time zone').focus()
  await keyboard.type('nowhere')
  await keyboard.press('Enter')
  await expect(page.getByText('“nowhere” is not in the list.')).toBeVisible()
  await keyboard.press('Control+a')
  await keyboard.type('europe/lisb')
  await field(page, 'Week start').focus()
  await keyboard.type('sun')
  await page.getByLabel('Default country').fill('germany')
  await page.getByLabel('Lock after (minutes)').fill('9999')
  await page.getByLabel('Client name').press('Enter')
  await expect(page.getByText('Two letters, for example DE', { exact: true })).toBeVisible()
  await expect(page.getByText('Enter whole minutes, from 1 to 480')).toBeVisible()
  await page.getByLabel('Default country').fill('de')
  await page.getByLabel('Lock after (minutes)').fill('30')
  await page.getByLabel('Client name').press('Enter')
  await expect(notice(page, 'Settings changed')).toBeVisible()
  expect(await team.api.settings.get()).toMatchObject({
    time_zone: 'Europe/Lisbon',
    week_start: 7,
    default_country: 'DE',
    idle_lock_minutes: 30,
  })
})

test('Tab selects the value that was typed into a filter, and keeps the list open if several match', async ({
  team,
  windowOf,
}) => {
  const page = await windowOf(team.agent)
  const { keyboard } = page
  await goTo(page, 'Calls')
  await page.getByRole('button', { name: 'Status', exact: true }).focus()
  await keyboard.press('Enter')
  await expect(page.getByRole('textbox', { name: 'Search status' })).toBeFocused()
  await keyboard.type('sche')
  await keyboard.press('Tab')
  await expect(page.getByRole('listbox', { name: 'Status' })).toBeVisible()
  await expect(page.getByRole('textbox', { name: 'Search status' })).toHaveValue('sche')
  await page.getByRole('textbox', { name: 'Search status' }).fill('resch')
  await keyboard.press('Tab')
  await expect(page.getByRole('button', { name: 'Status: Rescheduled' })).toBeFocused()
  await expect(page).toHaveURL(/statuses=rescheduled/)
})

test.describe('keys that belong to the text', () => {
  test('Escape and Enter go to an input method while it composes', async ({ team, windowOf }) => {
    const page = await windowOf(team.agent)
    const keyboard = await Keyboard.of(page)
    await goTo(page, 'Calls')
    await keyboard.rush('n')
    await keyboard.compose('たな')
    await keyboard.rush('<Escape>')
    await expect(page.getByLabel('Prospect name')).toBeFocused()
    await keyboard.compose('たなか')
    await keyboard.rush('<alt+1>')
    await keyboard.rush('<Enter>')
    await keyboard.rush('<ctrl+Enter>')
    await keyboard.commit('田中')
    await expect(page.getByLabel('Prospect name')).toHaveValue('田中')
    await draftKept(page, '田中')
    await expect(page.getByRole('radio', { name: 'Won' })).not.toBeChecked()
    expect((await team.api.calls.list({})).rows).toEqual([])
    await keyboard.rush('<alt+1><ctrl+Enter>')
    await expect(callRows(page, '田中')).toBeVisible()

    // The search field clears itself on Escape, except while text is composed.
    await keyboard.rush('<Escape>/')
    await keyboard.compose('た')
    await keyboard.rush('<Escape><Enter>')
    await keyboard.commit('田')
    await expect(page.getByRole('searchbox', { name: 'Search calls' })).toHaveValue('田')
    await expect(page.getByRole('searchbox', { name: 'Search calls' })).toBeFocused()
  })

  test('Option and a digit that type a character do not set the outcome', async ({ team, windowOf }) => {
    const page = await windowOf(team.agent)
    const keyboard = await Keyboard.of(page)
    await keyboard.rush('nJo ')
    for (const [key, code] of [
      ['¡', 'Digit1'],
      ['˜', 'KeyN'],
      ['@', 'KeyL'],
    ] as const)
      await keyboard.pressTyping({ key, code, windowsVirtualKeyCode: code.charCodeAt(code.length - 1), text: key })
    await expect(page.getByLabel('Prospect name')).toHaveValue('Jo ¡˜@')
    await expect(page.getByRole('radio', { name: 'Won' })).not.toBeChecked()
    // Outside of a field the same keys are shortcuts.
    await page.getByRole('heading', { level: 1 }).click()
    await keyboard.pressTyping({ key: '¡', code: 'Digit1', windowsVirtualKeyCode: 49, text: '¡' })
    await expect(page.getByRole('radio', { name: 'Won' })).toBeChecked()
  })

  test('Ctrl+A selects no text in the list, and the text of a field in a field', async ({ team, windowOf }) => {
    await team.api.calls.create(someCall(team.agent))
    const page = await windowOf(team.agent)
    await goTo(page, 'Calls')
    await callRows(page, 'Jo Smith').click()
    const selected = () => page.evaluate(() => String(window.getSelection()))
    for (const place of [page.getByRole('grid', { name: 'Calls' }), details(page).getByRole('heading', { name: 'Jo Smith' })]) {
      await place.focus()
      await page.keyboard.press('Control+a')
      expect(await selected()).toBe('')
    }
    await page.keyboard.press('/')
    await page.keyboard.type('Jo')
    await page.keyboard.press('Control+a')
    await page.keyboard.type('Ann')
    await expect(page.getByRole('searchbox', { name: 'Search calls' })).toHaveValue('Ann')
  })
})

test('keys after opening a filter or the periods are not lost', async ({ team, windowOf }) => {
  const page = await windowOf(team.agent)
  const keyboard = await Keyboard.of(page)
  await goTo(page, 'Calls')
  for (const open of ['<Enter>', '< >', '<ArrowDown>']) {
    const filter = page.getByRole('button', { name: /^Status/ })
    await filter.focus()
    await keyboard.busy()
    await keyboard.rush(`${open}no-show<Enter><Escape>`)
    await keyboard.idle()
    await expect(page.getByRole('listbox', { name: 'Status' })).toBeHidden()
    await expect(page.getByRole('button', { name: 'Status: No-show' })).toBeFocused()
    await expect(details(page)).toBeHidden()
    await page.getByRole('button', { name: 'Reset filters' }).first().click()
    await expect(page.getByRole('button', { name: 'Status', exact: true })).toBeVisible()
  }
  const period = page.getByRole('button', { name: /^Period/ })
  await period.focus()
  await keyboard.busy()
  await keyboard.rush('<Enter><Tab><Tab><Enter>')
  await keyboard.idle()
  await expect(period).toHaveAccessibleName('Period: Today')
  await expect(period).toBeFocused()
  await keyboard.rush('<Enter><Escape>')
  await expect(page.getByRole('dialog', { name: 'Period' })).toBeHidden()
  await expect(period).toBeFocused()
})

test('in a narrow window Escape closes what is open in the panel first, then the panel', async ({ team, windowOf }) => {
  await team.api.calls.create(someCall(team.agent))
  const page = await windowOf(team.lead)
  await page.setViewportSize({ width: 420, height: 800 })
  await goTo(page, 'Calls')
  await callRows(page, 'Jo Smith').click()
  await expect(page.getByRole('heading', { name: 'Jo Smith' })).toBeVisible()
  // The shortcuts of the panel work there too.
  await page.keyboard.press('e')
  const name = page.getByLabel('Prospect name')
  await expect(name).toBeVisible()
  const agent = page.getByRole('combobox', { name: 'Agent' })

  await agent.focus()
  await page.keyboard.press('ArrowDown')
  await expect(page.getByRole('option', { name: 'Cleo Calm' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('option', { name: 'Cleo Calm' })).toBeHidden()
  await expect(name).toBeVisible()

  await agent.fill('nobody like that')
  await page.keyboard.press('Tab')
  await agent.focus()
  await page.keyboard.press('Escape')
  await expect(agent, 'the earlier value is restored').toHaveValue('Ben Berg')
  await expect(name).toBeVisible()

  await page.getByRole('button', { name: 'Pick the day' }).first().click()
  await expect(page.getByRole('dialog', { name: 'Day' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog', { name: 'Day' })).toBeHidden()
  await expect(name).toBeVisible()

  await page.keyboard.press('Escape')
  await expect(name).toBeHidden()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
})
