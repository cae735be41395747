import { callRows, details, draftKept, goTo, notice } from './support/screens.ts'
import { Keyboard } from './support/keyboard.ts'
import { someCall } from './support/team.ts'
import { expect, test } from './support/test.ts'

test('every key after N is typed into the form, also on a busy machine', async ({ team, windowOf }) => {
  const page = await windowOf(team.agent)
  const keyboard = await Keyboard.of(page)
  await keyboard.busy()
  await keyboard.rush('nGreta Neumann<Tab>030 4711<alt+1><ctrl+Enter>')
  await keyboard.idle()
  await expect.poll(async () => (await team.api.calls.list({})).rows).toHaveLength(1)
  const [saved] = (await team.api.calls.list({})).rows
  expect(saved).toMatchObject({ prospectName: 'Greta Neumann', prospectPhone: '030 4711', outcome: 'won' })
})

test('several calls are logged without a pause: the form of the next call receives the keys while the last one is saved', async ({
  team,
  windowOf,
}) => {
  const page = await windowOf(team.agent)
  const keyboard = await Keyboard.of(page)
  await goTo(page, 'Calls')
  await expect(page.getByText('No calls yet')).toBeVisible()
  await keyboard.busy()
  await keyboard.rush('nAda One<alt+1><ctrl+Enter>Bea Two<alt+2>pri<Enter><ctrl+Enter>Cid Three<alt+3><ctrl+Enter>Dan Fo')
  await keyboard.idle()
  await expect(page.getByLabel('Prospect name')).toHaveValue('Dan Fo')
  await expect.poll(async () => (await team.api.calls.list({})).rows.length).toBe(3)
  const { rows } = await team.api.calls.list({})
  const reasons = await team.api.lossReasons.list()
  const price = reasons.find(({ name }) => name === 'Price too high')?.id
  expect(Object.fromEntries(rows.map(({ prospectName, ...call }) => [prospectName, [call.outcome, call.lossReasonId]]))).toEqual({
    'Ada One': ['won', null],
    'Bea Two': ['lost', price],
    'Cid Three': ['undecided', null],
  })
  await draftKept(page, 'Dan Fo')
})

test('holding N down types nothing, and pressing N again returns to the form', async ({ team, windowOf }) => {
  const page = await windowOf(team.agent)
  const keyboard = await Keyboard.of(page)
  await keyboard.busy()
  await keyboard.hold('n', 5)
  await keyboard.rush('Nina')
  await expect(page.getByLabel('Prospect name')).toHaveValue('Nina')
  await page.getByRole('heading', { level: 1 }).click()
  await keyboard.rush('nOtto')
  await expect(page.getByLabel('Prospect name'), 'the name is selected and replaced').toHaveValue('Otto')
})

test('a restored draft is selected, so that the next name replaces it', async ({ team, windowOf }) => {
  const page = await windowOf(team.agent)
  const keyboard = await Keyboard.of(page)
  await keyboard.rush('nOld Draft')
  await draftKept(page, 'Old Draft')
  await page.reload()
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await keyboard.busy()
  await keyboard.rush('nNew Name')
  await expect(page.getByLabel('Prospect name')).toHaveValue('New Name')
  await keyboard.rush('<Escape>nNext')
  await expect(page.getByLabel('Prospect name')).toHaveValue('Next')
})

test('values typed before the stored draft is loaded replace its values; its other values are kept', async ({
  team,
  windowOf,
}) => {
  const call = await team.api.calls.create(someCall(team.agent, { outcome: 'won', notes: null }))
  const page = await windowOf(team.agent)
  await goTo(page, 'Calls')
  await callRows(page, 'Jo Smith').click()
  const keyboard = await Keyboard.of(page)
  await page.keyboard.press('e')
  await details(page).getByLabel('Notes').fill('Half a note')
  await draftKept(page, 'Half a note', `call:${call.id}`)
  await keyboard.rush('<Escape>')
  await page.reload()
  await callRows(page, 'Jo Smith').click()
  await expect(details(page).getByRole('button', { name: 'Edit' })).toBeVisible()
  await keyboard.busy()
  await keyboard.rush('e<alt+3><ctrl+Enter>')
  await keyboard.idle()
  await expect(callRows(page, 'Jo Smith')).toContainText('Undecided')
  expect(await team.api.calls.get({ id: call.id })).toMatchObject({ outcome: 'undecided', notes: 'Half a note' })
})

test('in a narrow window the keys after N are typed into the form too', async ({ team, windowOf }) => {
  const page = await windowOf(team.agent)
  await page.setViewportSize({ width: 700, height: 800 })
  const keyboard = await Keyboard.of(page)
  await keyboard.busy()
  await keyboard.rush('nGreta Neumann<alt+1><ctrl+Enter>')
  await keyboard.idle()
  await expect(notice(page, 'Call with Greta Neumann logged')).toBeVisible()
})

test('a call that could not be saved is shown again with its error, followed by the later typed values', async ({
  team,
  windowOf,
}) => {
  const page = await windowOf(team.admin)
  const keyboard = await Keyboard.of(page)
  await goTo(page, 'Calls')
  await page.keyboard.press('n')
  await page.keyboard.type('Greta')
  await details(page).getByRole('combobox', { name: 'Agent' }).fill('cleo')
  await page.keyboard.press('Tab')
  await expect(details(page).getByRole('combobox', { name: 'Agent' })).toHaveValue('Cleo Calm')
  // The event of the error reaches the window, but a busy page handles it after the keys.
  await keyboard.busy()
  await team.api.users.setActive({ id: team.colleague.id, isActive: false })
  await keyboard.rush('<alt+1><ctrl+Enter>Hans')
  await keyboard.idle()
  await expect(details(page).getByRole('alert')).toBeVisible()
  await expect(page.getByLabel('Prospect name')).toHaveValue('Greta')
  const agent = details(page).getByRole('combobox', { name: 'Agent' })
  await agent.fill('ben')
  await page.keyboard.press('Control+Enter')
  await expect(callRows(page, 'Greta')).toContainText('Ben Berg')
  await expect(page.getByLabel('Prospect name')).toHaveValue('Hans')
})

test('a call that could not be saved, and later typed values, are kept until they are saved or discarded', async ({
  team,
  windowOf,
}) => {
  const page = await windowOf(team.admin)
  const keyboard = await Keyboard.of(page)
  const name = page.getByLabel('Prospect name')
  await goTo(page, 'Calls')
  await page.keyboard.press('n')
  await page.keyboard.type('Greta')
  await details(page).getByRole('combobox', { name: 'Agent' }).fill('cleo')
  await page.keyboard.press('Tab')
  await expect(details(page).getByRole('combobox', { name: 'Agent' })).toHaveValue('Cleo Calm')
  await keyboard.busy()
  await team.api.users.setActive({ id: team.colleague.id, isActive: false })
  await keyboard.rush('<alt+1><ctrl+Enter>Hans')
  await keyboard.idle()
  await expect(details(page).getByRole('alert')).toBeVisible()
  await expect(details(page).getByRole('status')).toContainText('This call is not saved yet.')
  await expect(name).toHaveValue('Greta')
  await keyboard.rush(' Neumann')
  await expect(name, 'the name is selected').toHaveValue(' Neumann')
  await name.fill('Greta Neumann')

  // Closing the form keeps both.
  for (let round = 0; round < 2; round++) {
    await page.keyboard.press('Escape')
    await expect(details(page)).toBeHidden()
    await page.keyboard.press('n')
    await expect(name).toHaveValue('Greta Neumann')
  }
  await details(page).getByRole('combobox', { name: 'Agent' }).fill('ben')
  await page.keyboard.press('Control+Enter')
  await expect(callRows(page, 'Greta Neumann')).toContainText('Ben Berg')
  await expect(name).toHaveValue('Hans')
  // The form shows its draft, also in a restarted window.
  await draftKept(page, 'Hans')
  await page.reload()
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await page.keyboard.press('n')
  await expect(name).toHaveValue('Hans')
  await details(page).getByRole('button', { name: 'Discard draft' }).click()
  await expect(name).toHaveValue('')
})

test('values typed into a form that is closed immediately are kept with the rest of the draft', async ({ team, windowOf }) => {
  const call = await team.api.calls.create(someCall(team.agent, { notes: null }))
  const page = await windowOf(team.agent)
  await goTo(page, 'Calls')
  await callRows(page, 'Jo Smith').click()
  await page.keyboard.press('e')
  await details(page).getByLabel('Notes').fill('Half a note')
  await draftKept(page, 'Half a note', `call:${call.id}`)
  const keyboard = await Keyboard.of(page)
  await page.keyboard.press('Escape')
  await expect(details(page)).toBeHidden()
  await keyboard.busy()
  await keyboard.rush('eJoanna<Escape>')
  await keyboard.idle()
  await expect(details(page)).toBeHidden()
  await draftKept(page, 'Joanna', `call:${call.id}`)
  await draftKept(page, 'Half a note', `call:${call.id}`)
  await keyboard.rush('e')
  await expect(details(page).getByLabel('Prospect name')).toHaveValue('Jo SmithJoanna')
  await expect(details(page).getByLabel('Notes')).toHaveValue('Half a note')
})
