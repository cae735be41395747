import { Keyboard } from './support/keyboard.ts'
import { callCount, callRows, callsGrid, details, goTo } from './support/screens.ts'
import { someCall } from './support/team.ts'
import { expect, test } from './support/test.ts'

test('keys move the focus from the search field to the results, also while these are loading; Escape moves it to the list', async ({
  team,
  windowOf,
}) => {
  for (const prospectName of ['Anna Neubauer', 'Ben Bauer', 'Jürgen Müller'])
    await team.api.calls.create(someCall(team.agent, { prospectName, prospectPhone: '+49 30 5551234' }))
  const page = await windowOf(team.lead)
  await goTo(page, 'Calls')
  await expect(callRows(page)).toHaveCount(3)
  const search = page.getByRole('searchbox', { name: 'Search calls' })
  const form = details(page).getByRole('combobox', { name: 'Prospect name' })

  // The keys are pressed before the search is done.
  for (const key of ['Enter', 'ArrowDown']) {
    await page.keyboard.press('/')
    await expect(search).toBeFocused()
    await search.fill('')
    await page.keyboard.type('auer')
    await page.keyboard.press(key)
    await expect(callsGrid(page)).toBeFocused()
    await expect(callRows(page)).toHaveCount(2)
    await expect(callRows(page).first()).toHaveAttribute('aria-selected', 'true')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await expect(details(page).getByRole('heading', { name: /auer/ })).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(details(page)).toBeHidden()
  }

  // A search that is not in the results yet, then N: the letter opens the form and is not typed into the field.
  await page.keyboard.press('/')
  await search.fill('')
  await page.keyboard.type('mueller')
  await page.keyboard.press('Enter')
  await page.keyboard.press('n')
  await expect(form).toBeVisible()
  await expect(search).toHaveValue('mueller')
  await page.keyboard.press('Escape')
  await expect(form).toBeHidden()
  await expect(callRows(page)).toHaveCount(1)
  await expect(callRows(page, 'Jürgen Müller')).toBeVisible()

  // Nothing is found, so there is no list to focus.
  await page.keyboard.press('/')
  await search.fill('atlantis')
  await page.keyboard.press('Enter')
  await expect(callsGrid(page)).toBeHidden()
  await expect(search).not.toBeFocused()
  await page.keyboard.press('n')
  await expect(form).toBeVisible()
  await expect(search).toHaveValue('atlantis')
  await page.keyboard.press('Escape')
  await expect(form).toBeHidden()

  // Escape clears the field and goes to the list; N is a shortcut again.
  await page.keyboard.press('/')
  await page.keyboard.press('Escape')
  await expect(search).toHaveValue('')
  await expect(search).not.toBeFocused()
  await expect(callCount(page)).toHaveText('3 calls')
  await page.keyboard.press('n')
  await expect(form).toBeVisible()
  await expect(search).toHaveValue('')
})

test('a phone number is found in every spelling', async ({ team, windowOf }) => {
  await team.api.calls.create(someCall(team.agent, { prospectName: 'Anna', prospectPhone: '+49 30 5551234' }))
  await team.api.calls.create(someCall(team.agent, { prospectName: 'Ben', prospectPhone: '030 1234567' }))
  const page = await windowOf(team.admin)
  await goTo(page, 'Settings')
  await page.getByRole('textbox', { name: 'Default country' }).fill('DE')
  await page.getByRole('button', { name: 'Save settings' }).click()
  await goTo(page, 'Calls')
  const search = page.getByRole('searchbox', { name: 'Search calls' })
  for (const [typed, name] of [
    ['+49305551234', 'Anna'],
    ['0305551234', 'Anna'],
    ['030 5551234', 'Anna'],
    ['+49 30 1234567', 'Ben'],
    ['+49301234567', 'Ben'],
  ] as const) {
    await search.fill(typed)
    await expect(callRows(page)).toHaveCount(1)
    await expect(callRows(page, name)).toBeVisible()
  }
})

test('a time zone is found by the name of its city', async ({ team, windowOf }) => {
  const page = await windowOf(team.admin)
  await goTo(page, 'Settings')
  const field = page.getByRole('combobox', { name: 'Time zone' })
  await field.click()
  await field.fill('new york')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(field).toHaveValue('America/New_York')
})

test('keys that are pressed before the results arrive act on the results, not on the calls that were listed before', async ({
  team,
  windowOf,
}) => {
  const anna = await team.api.calls.create(someCall(team.agent, { prospectName: 'Anna Neubauer' }))
  for (const prospectName of ['Ben Bauer', 'Jürgen Müller', 'Jutta Müller'])
    await team.api.calls.create(someCall(team.agent, { prospectName }))
  const page = await windowOf(team.agent)
  const keyboard = await Keyboard.of(page)
  await goTo(page, 'Calls')
  await callRows(page, 'Anna').click()
  await expect(details(page).getByRole('heading', { name: 'Anna Neubauer' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(callRows(page, 'Anna')).toHaveAttribute('aria-selected', 'true')

  await keyboard.busy()
  await keyboard.rush('/mueller<Enter><Enter>')
  await expect(details(page).getByRole('heading', { name: 'Jutta Müller' })).toBeVisible()
  await keyboard.rush('<Escape>/auer<ArrowDown><ArrowDown><ArrowDown><Enter>')
  await expect(details(page).getByRole('heading', { name: 'Anna Neubauer' })).toBeVisible()
  await keyboard.rush('<Escape>/bauer<Enter>e')
  await expect(details(page).getByLabel('Prospect name')).toHaveValue('Ben Bauer')
  await keyboard.rush('<Escape><Escape>/neubauer<Enter>p')
  await expect(details(page).getByRole('heading', { name: 'Calls (4)' })).toBeVisible()
  expect(page.url()).toContain(`prospect=${anna.id}`)
  await keyboard.rush('<Escape>/neubauer<Enter>')
  await keyboard.press({ key: 'Delete', code: 'Delete', windowsVirtualKeyCode: 46 })
  await keyboard.idle()
  await expect(callRows(page)).toHaveCount(1)
})
