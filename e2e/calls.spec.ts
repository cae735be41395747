import { draftKept, callCount, callRows, callsGrid, choose, details, goTo, notice, pick } from './support/screens.ts'
import { someCall } from './support/team.ts'
import { expect, test } from './support/test.ts'

test('an agent logs a lost call without the mouse, and the form is ready for the next one', async ({ team, windowOf }) => {
  const page = await windowOf(team.agent)
  const { keyboard } = page
  await keyboard.press('g')
  await keyboard.press('c')
  await expect(page.getByText('No calls yet')).toBeVisible()

  // From the search field too: in a tab, Ctrl+N belongs to the browser.
  await keyboard.press('/')
  await keyboard.press('Alt+n')
  await expect(page.getByLabel('Prospect name')).toBeFocused()
  await keyboard.type('Jo Smith')
  await keyboard.press('Tab')
  await keyboard.type('+49 30 5551234')
  await keyboard.press('Alt+2')
  await expect(page.getByRole('combobox', { name: 'Loss reason' })).toBeFocused()
  await keyboard.type('pri')
  await keyboard.press('Enter')
  await expect(page.getByRole('combobox', { name: 'Loss reason' })).toHaveValue('Price too high')
  await keyboard.press('Tab')
  await expect(page.getByLabel('Completed at')).toBeFocused()
  await keyboard.press('Tab')
  await expect(page.getByLabel('Duration')).toBeFocused()
  await keyboard.type('245')
  await keyboard.press('Tab')
  await expect(page.getByLabel('Duration')).toHaveValue('4:05')
  await keyboard.press('Tab')
  await expect(page.getByLabel('Notes')).toBeFocused()
  await keyboard.type('Wants it cheaper.')
  await keyboard.press('Control+Enter')

  await expect(callRows(page)).toHaveCount(1)
  const row = callRows(page, 'Jo Smith')
  for (const cell of ['+49 30 5551234', 'Completed', 'Lost · Price too high', '4:05', 'Wants it cheaper.'])
    await expect(row).toContainText(cell)
  await expect(page.getByLabel('Prospect name'), 'the form is empty again').toHaveValue('')
  await expect(page.getByLabel('Prospect name')).toBeFocused()

  await keyboard.type('Ann Won')
  await keyboard.press('Control+1')
  await keyboard.press('Control+Enter')
  await expect(callRows(page)).toHaveCount(2)
  await expect(callRows(page).first(), 'the newest is at the top').toContainText('Ann Won')

  await keyboard.press('Escape')
  await expect(details(page)).toBeHidden()
})

test('calls are opened, edited, deleted and restored with the keyboard', async ({ team, windowOf }) => {
  for (const [n, name] of ['Cora Third', 'Bea Second', 'Abe First'].entries())
    await team.api.calls.create(
      someCall(team.agent, { prospectName: name, completedAt: Date.now() - (3 - n) * 3_600_000, outcome: 'undecided' }),
    )
  const page = await windowOf(team.agent)
  const { keyboard } = page
  await goTo(page, 'Calls')
  await callsGrid(page).focus()
  await keyboard.press('ArrowDown')
  await keyboard.press('ArrowDown')
  await keyboard.press('Enter')
  await expect(details(page).getByRole('heading', { name: 'Bea Second' })).toBeFocused()
  await keyboard.press('Escape')
  await expect(callsGrid(page)).toBeFocused()
  await expect(callRows(page, 'Bea Second')).toHaveAttribute('aria-selected', 'true')

  await keyboard.press('e')
  await expect(page.getByLabel('Prospect name')).toHaveValue('Bea Second')
  await keyboard.press('Control+1')
  await keyboard.press('Control+Enter')
  await expect(callRows(page, 'Bea Second')).toContainText('Won')
  await keyboard.press('Escape')

  await keyboard.press('Delete')
  await expect(callRows(page)).toHaveCount(2)
  await expect(callRows(page, 'Cora Third'), 'the next row is selected').toHaveAttribute('aria-selected', 'true')
  await keyboard.press('Control+z')
  await expect(callRows(page)).toHaveCount(3)
  await expect(callRows(page, 'Bea Second')).toContainText('Won')
  await keyboard.press('Control+z')
  await expect(callRows(page, 'Bea Second'), 'the edit before it is undone next').toContainText('Undecided')
})

test('the history shows who changed what; the undo button restores the earlier values', async ({ team, windowOf }) => {
  await team.api.calls.create(someCall(team.agent, { notes: 'First note' }))
  const page = await windowOf(team.agent)
  await goTo(page, 'Calls')
  await callRows(page, 'Jo Smith').click()
  const panel = details(page)
  await expect(panel.getByRole('definition').filter({ hasText: 'Won' })).toBeVisible()
  await expect(panel.getByRole('region', { name: 'History' })).toContainText('Created by Ada Admin')

  await panel.getByRole('button', { name: 'Edit' }).click()
  await panel.getByLabel('Prospect name').fill('Jo Smythe')
  await pick(panel, 'Outcome', 'Lost')
  await choose(panel, 'Loss reason', 'Bad timing')
  await panel.getByLabel('Notes').fill('')
  await panel.getByRole('button', { name: 'Save changes' }).click()

  const history = panel.getByRole('region', { name: 'History' })
  const newest = history.getByRole('listitem').first()
  await expect(newest).toContainText('Changed by Ben Berg')
  await expect(newest.getByRole('row', { name: 'Prospect name' })).toContainText('Jo Smith → Jo Smythe')
  await expect(newest.getByRole('row', { name: 'Outcome' })).toContainText('Won → Lost')
  await expect(newest.getByRole('row', { name: 'Loss reason' })).toContainText('— → Bad timing')
  await expect(newest.getByRole('row', { name: 'Notes' })).toContainText('First note → —')
  await expect(newest.getByRole('row'), 'and nothing that did not change').toHaveCount(4)

  await notice(page, 'Call with Jo Smythe changed').getByRole('button', { name: 'Undo' }).click()
  await expect(panel.getByRole('heading', { name: 'Jo Smith' })).toBeVisible()
  await expect(callRows(page, 'Jo Smith')).toContainText('First note')
  await expect(history.getByRole('listitem')).toHaveCount(3)
})

test('saving and undoing never overwrite a change by someone else', async ({ team, windowOf }) => {
  const call = await team.api.calls.create(someCall(team.agent, { notes: 'First note' }))
  const page = await windowOf(team.agent)
  await goTo(page, 'Calls')
  await callRows(page, 'Jo Smith').click()
  const panel = details(page)
  await panel.getByRole('button', { name: 'Edit' }).click()
  await panel.getByLabel('Notes').fill('By the agent')
  await draftKept(page, 'By the agent', `call:${call.id}`)
  await team.api.calls.update({ id: call.id, patch: { notes: 'By the lead', prospectPhone: '030 4711' } })
  await panel.getByRole('button', { name: 'Save changes' }).click()
  await expect(panel.getByText('Someone else has changed this').first()).toBeVisible()
  expect((await team.api.calls.get({ id: call.id })).notes).toBe('By the lead')

  // After reopening, the form has the typed values and the call's present values for the other fields.
  await panel.getByRole('button', { name: 'Close', exact: true }).click()
  await expect(panel.getByText('By the lead').first()).toBeVisible()
  await panel.getByRole('button', { name: 'Edit' }).click()
  await expect(panel.getByLabel('Notes')).toHaveValue('By the agent')
  await expect(panel.getByLabel('Phone')).toHaveValue('030 4711')
  await panel.getByRole('button', { name: 'Save changes' }).click()
  const undo = notice(page, 'Call with Jo Smith changed').getByRole('button', { name: 'Undo' })
  await expect(undo).toBeVisible()
  await team.api.calls.update({ id: call.id, patch: { notes: 'Later, by the lead' } })
  await undo.click()
  await expect(notice(page, 'Not undone: Call with Jo Smith changed')).toContainText('It was changed in the meantime')
  expect((await team.api.calls.get({ id: call.id })).notes).toBe('Later, by the lead')
})

test('deleting needs no confirmation and can be undone by its button; the history is kept', async ({ team, windowOf }) => {
  await team.api.calls.create(someCall(team.agent))
  const page = await windowOf(team.agent)
  await goTo(page, 'Calls')
  await callRows(page, 'Jo Smith').click()
  await details(page).getByRole('button', { name: 'Delete call' }).click()
  await expect(page.getByText('No calls yet')).toBeVisible()
  await expect(details(page)).toBeHidden()
  await notice(page, 'Call with Jo Smith deleted').getByRole('button', { name: 'Undo' }).click()
  await callRows(page, 'Jo Smith').click()
  const history = details(page).getByRole('region', { name: 'History' }).getByRole('listitem')
  await expect(history).toHaveCount(3)
  await expect(history.nth(1)).toContainText('Deleted by Ben Berg')
  await expect(callCount(page)).toHaveText('1 call')
})

test('impossible combinations cannot be entered', async ({ team, windowOf }) => {
  const page = await windowOf(team.agent)
  await goTo(page, 'Calls')
  await page.keyboard.press('n')
  const form = details(page)
  const outcome = form.getByRole('radiogroup', { name: 'Outcome' })
  const reason = form.getByRole('combobox', { name: 'Loss reason' })
  const completedAt = form.getByLabel('Completed at')
  await form.getByLabel('Prospect name').fill('Jo Smith')

  // A loss reason only for a lost call.
  await pick(form, 'Outcome', 'Lost')
  await choose(form, 'Loss reason', 'No need')
  await pick(form, 'Outcome', 'Won')
  await expect(reason).toBeHidden()

  // An outcome and a completion time only for a completed call.
  for (const status of ['No-show', 'Rescheduled', 'Cancelled', 'Scheduled']) {
    await choose(form, 'Status', status)
    await expect(outcome).toBeHidden()
    await expect(completedAt).toBeHidden()
  }
  await form.getByRole('button', { name: 'Save call' }).click()
  await expect(callRows(page, 'Jo Smith')).toContainText('Scheduled')
  const [saved] = (await team.api.calls.list({})).rows
  expect(saved).toMatchObject({ status: 'scheduled', outcome: null, lossReasonId: null, completedAt: null })

  // Completed needs both.
  await form.getByLabel('Prospect name').fill('Ann Other')
  await expect(form.getByRole('combobox', { name: 'Status' })).toHaveValue('Completed')
  await completedAt.fill('')
  await form.getByRole('button', { name: 'Save call' }).click()
  await expect(form.getByText('A completed call needs the time it was completed')).toBeVisible()
  await expect(form.getByText('A completed call needs an outcome; choose undecided if it is open')).toBeVisible()
  await pick(form, 'Outcome', 'Undecided')
  await completedAt.fill('half past ten')
  await form.getByLabel('Duration').fill('-5')
  await form.getByRole('button', { name: 'Save call' }).click()
  await expect(form.getByText('Enter a date, for example')).toBeVisible()
  await expect(form.getByText('Enter a duration, for example')).toBeVisible()
  await completedAt.fill('yesterday 10:30')
  await form.getByLabel('Duration').fill('25:00:00')
  await form.getByRole('button', { name: 'Save call' }).click()
  await expect(form.getByText('A call lasts at most 24 hours')).toBeVisible()
  await form.getByLabel('Duration').fill('1:02:03')
  await form.getByLabel('Prospect name').fill('   ')
  await form.getByRole('button', { name: 'Save call' }).click()
  await expect(form.getByText("The prospect's name is required")).toBeVisible()
  await expect(form.getByLabel('Prospect name'), 'the first invalid field gets the focus').toBeFocused()
  await form.getByLabel('Prospect name').fill('Ann Other')
  await form.getByRole('button', { name: 'Save call' }).click()
  await expect(callRows(page, 'Ann Other')).toContainText('1:02:03')
  await expect(callRows(page)).toHaveCount(2)
})

test('changes by others appear automatically, and a scrolled list keeps its position', async ({ team, windowOf }) => {
  for (let n = 0; n < 80; n++)
    await team.api.calls.create(
      someCall(team.agent, {
        prospectName: `Prospect ${String(n).padStart(2, '0')}`,
        completedAt: Date.now() - (n + 1) * 60_000,
      }),
    )
  const page = await windowOf(team.agent)
  await goTo(page, 'Calls')
  await expect(callRows(page).first()).toContainText('Prospect 00')
  await team.api.calls.create(someCall(team.agent, { prospectName: 'Newest', completedAt: Date.now() }))
  await expect(callRows(page).first(), 'at the top the newest call appears').toContainText('Newest')
  await expect(callCount(page)).toHaveText('81 calls')

  await callsGrid(page).hover()
  await page.mouse.wheel(0, 1_600)
  const fifty = callRows(page, 'Prospect 50')
  await expect(fifty).toBeInViewport()
  const before = await fifty.boundingBox()
  await team.api.calls.create(someCall(team.agent, { prospectName: 'Newer still', completedAt: Date.now() }))
  await expect(callCount(page)).toHaveText('82 calls')
  await expect(fifty).toHaveAttribute('aria-rowindex', '54')
  await expect.poll(async () => (await fifty.boundingBox())?.y, 'no row moves under the pointer').toBe(before?.y)
})
