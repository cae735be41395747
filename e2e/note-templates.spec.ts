import type { Page } from '@playwright/test'
import { findings } from './support/axe.ts'
import { goTo, notice } from './support/screens.ts'
import { expect, test } from './support/test.ts'

const notes = (page: Page) => page.getByRole('textbox', { name: 'Notes' }).or(page.getByRole('combobox', { name: 'Notes' }))
const list = (page: Page) => page.getByRole('listbox', { name: 'Templates' })
const section = (page: Page) => page.getByRole('region', { name: 'Note templates' })

async function add(page: Page, name: string, text: string): Promise<void> {
  await section(page).getByRole('button', { name: 'Add template' }).press('Enter')
  await page.getByLabel('Template name').fill(name)
  await page.getByLabel('Template text').fill(text)
  await section(page).getByRole('button', { name: 'Save template' }).press('Enter')
  await expect(section(page).getByRole('listitem').filter({ hasText: name })).toBeVisible()
}

test('a slash at the start of a line lists the templates; Enter inserts one with its placeholders filled', async ({
  team,
  windowOf,
}) => {
  const page = await windowOf(team.agent)
  await page.keyboard.press('n')
  await page.keyboard.type('Jo Smith')
  await notes(page).focus()
  await page.keyboard.type('/')
  await expect(page.getByText('You have no templates. Create one in Settings, under “Note templates”.')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(notes(page)).toHaveValue('/')
  await notes(page).fill('')
  await page.keyboard.press('Escape')

  await goTo(page, 'Settings')
  await expect(section(page)).toContainText('You have no templates.')
  expect(await findings(page)).toEqual([])
  await add(page, 'Voicemail', 'Left a voicemail for {name}.\n{agent}, {date}')
  await add(page, 'Budget', 'No budget this year.')
  expect(await findings(page)).toEqual([])

  await page.keyboard.press('Alt+n')
  await notes(page).focus()
  await page.keyboard.type('Called twice\n/voi')
  await expect(list(page).getByRole('option')).toHaveCount(1)
  expect(await findings(page)).toEqual([])
  await page.keyboard.press('Enter')
  await page.keyboard.type('!')
  await expect(notes(page)).toHaveValue(/^Called twice\nLeft a voicemail for Jo Smith\.\nBen Berg, \d{4}-\d\d-\d\d!$/)
  // A slash within a line, and one that Escape dismissed, is text.
  await page.keyboard.type('\nand/or\n/')
  await expect(list(page).getByRole('option')).toHaveCount(2)
  await page.keyboard.press('Escape')
  await page.keyboard.press('Enter')
  await page.keyboard.type('x')
  await expect(notes(page)).toHaveValue(/!\nand\/or\n\/\nx$/)
  await page.keyboard.press('Alt+1')
  await page.keyboard.press('Control+Enter')
  await expect(notice(page, 'Call with Jo Smith logged')).toBeVisible()
})

test('templates are edited, ordered, deleted and restored with the keyboard', async ({ team, windowOf }) => {
  const page = await windowOf(team.agent)
  await goTo(page, 'Settings')
  for (const name of ['Budget', 'Timing', 'Voicemail']) await add(page, name, `${name} text`)
  const names = () =>
    section(page)
      .getByRole('button', { name: /^Edit / })
      .evaluateAll((buttons) => buttons.map((button) => button.getAttribute('aria-label')?.slice(5)))
  expect(await names()).toEqual(['Budget', 'Timing', 'Voicemail'])
  await section(page).getByRole('button', { name: 'Move Voicemail up' }).press('Enter')
  await expect.poll(names).toEqual(['Budget', 'Voicemail', 'Timing'])
  await section(page).getByRole('button', { name: 'Move Budget down' }).press('Enter')
  await expect.poll(names).toEqual(['Voicemail', 'Budget', 'Timing'])
  await page.getByRole('heading', { level: 1 }).click()
  await page.keyboard.press('Control+z')
  await expect.poll(names, 'moved back').toEqual(['Budget', 'Voicemail', 'Timing'])
  await page.keyboard.press('Control+y')
  await expect.poll(names).toEqual(['Voicemail', 'Budget', 'Timing'])

  await section(page).getByRole('button', { name: 'Edit Budget' }).press('Enter')
  for (const button of ['Edit Timing', 'Delete Budget', 'Move Timing up'])
    await expect(section(page).getByRole('button', { name: button }), 'what is typed stays in the form').toBeDisabled()
  await page.getByLabel('Template name').fill('Timing')
  await section(page).getByRole('button', { name: 'Save changes' }).press('Enter')
  await expect(
    section(page)
      .getByText(/A template with this name already exists/)
      .first(),
  ).toBeVisible()
  await page.getByLabel('Template name').fill('No budget')
  await section(page).getByRole('button', { name: 'Save changes' }).press('Enter')
  await expect.poll(names).toEqual(['Voicemail', 'No budget', 'Timing'])
  await section(page).getByRole('button', { name: 'Delete No budget' }).press('Enter')
  await expect.poll(names).toEqual(['Voicemail', 'Timing'])
  await page.getByRole('heading', { level: 1 }).click()
  await page.keyboard.press('Control+z')
  await expect.poll(names, 'restored at its place').toEqual(['Voicemail', 'No budget', 'Timing'])
})

test('a template that another window moves keeps its new place; an undo does not replace a later change', async ({
  team,
  windowOf,
}) => {
  const page = await windowOf(team.agent)
  const other = await windowOf(team.agent)
  await goTo(page, 'Settings')
  await goTo(other, 'Settings')
  for (const name of ['Budget', 'Timing']) await add(page, name, `${name} text`)
  const names = (of: Page) =>
    section(of)
      .getByRole('button', { name: /^Edit / })
      .evaluateAll((buttons) => buttons.map((button) => button.getAttribute('aria-label')?.slice(5)))

  await section(page).getByRole('button', { name: 'Edit Timing' }).press('Enter')
  await page.getByLabel('Template name').fill('Not now')
  await section(other).getByRole('button', { name: 'Move Timing up' }).press('Enter')
  await expect.poll(() => names(page)).toEqual(['Timing', 'Budget'])
  await section(page).getByRole('button', { name: 'Save changes' }).press('Enter')
  await expect.poll(() => names(page)).toEqual(['Not now', 'Budget'])

  await expect.poll(() => names(other)).toEqual(['Not now', 'Budget'])
  await section(other).getByRole('button', { name: 'Edit Not now' }).press('Enter')
  await other.getByLabel('Template text').fill('Call again in spring.')
  await section(other).getByRole('button', { name: 'Save changes' }).press('Enter')
  await expect(section(page)).toContainText('Call again in spring.')
  await page.getByRole('heading', { level: 1 }).click()
  await page.keyboard.press('Control+z')
  await expect(notice(page, 'Not undone: Template “Not now” changed')).toContainText('That change was kept.')
  await expect(section(page)).toContainText('Call again in spring.')
})
