import { findings } from './support/axe.ts'
import { fromUserMenu } from './support/screens.ts'
import { someCall } from './support/team.ts'
import { expect, test } from './support/test.ts'

test('in German a call is logged with a typed German time, undone and found again on Today', async ({ team, windowOf }) => {
  const page = await windowOf(team.agent)
  await fromUserMenu(page, 'Deutsch')
  await expect(page.getByRole('link', { name: 'Anrufe', exact: true })).toBeVisible()

  await page.keyboard.press('n')
  await page.getByLabel('Name des Interessenten').fill('Jo Schmidt')
  await page.keyboard.press('Alt+3')
  const next = page.getByLabel('Folgeanruf', { exact: true })
  await expect(next).toBeFocused()
  await page.keyboard.type('di 15 uhr')
  await expect(page.getByRole('status', { name: 'Nächster Anruf' })).toHaveText(/^Di \d+\. [A-Z]\S*, 15:00\.$/)
  await page.keyboard.press('Control+Enter')
  const message = page.getByRole('alert').filter({ hasText: 'Anruf mit Jo Schmidt erfasst' })
  await expect(message).toContainText(/Nächster Anruf Di \d+\. \S+, 15:00/)
  await message.getByRole('button', { name: 'Rückgängig' }).click()
  await expect(page.getByText('Anruf mit Jo Schmidt: rückgängig gemacht')).toBeVisible()
  await page.getByRole('button', { name: 'Wiederholen' }).click()
  await expect(page.getByText('Anruf mit Jo Schmidt wieder erfasst')).toBeVisible()
  await page.keyboard.press('Escape')

  await team.api.calls.create(
    someCall(team.agent, {
      ...{ prospectName: 'Ida Ohm', status: 'scheduled', outcome: null, callDuration: null, completedAt: null },
      scheduledAt: Date.now() - 2 * 3_600_000,
    }),
  )
  await page.getByRole('link', { name: 'Heute', exact: true }).click()
  await expect(page.getByRole('grid', { name: 'Verpasst' }).getByRole('row').first()).toContainText('2 Stunden überfällig')
  await expect(
    page.getByText(
      /^Die üblichen Zahlen sind der Median der (?:\S+tage|Mittwoche) mit geführten Anrufen in den letzten 8 Wochen/,
    ),
  ).toBeVisible()
  expect(await findings(page)).toEqual([])
})

test('in German the keys have the names that are on a German keyboard, and the list and its report are German', async ({
  team,
  windowOf,
}) => {
  await team.api.calls.create(someCall(team.agent, { prospectName: 'Ida Ohm' }))
  await team.api.calls.create(someCall(team.colleague, { prospectName: 'Jo Schmidt' }))
  const page = await windowOf(team.lead)
  await fromUserMenu(page, 'Deutsch')
  await page.getByRole('link', { name: 'Anrufe', exact: true }).click()
  await expect(page.getByRole('status', { name: 'Anzahl der Anrufe' })).toHaveText('2 Anrufe')
  await expect(page.getByRole('columnheader', { name: 'Ergebnis' })).toBeVisible()

  await page.keyboard.press('?')
  const overlay = page.getByRole('dialog', { name: 'Tastenkürzel' })
  const keysOf = (action: string) => overlay.getByRole('row').filter({ hasText: action }).locator('td').first()
  await expect(keysOf('Letzte Änderung rückgängig machen')).toHaveText('Strg+Z')
  await expect(keysOf('Erste oder letzte Zeile')).toHaveText('Pos1Ende')
  await expect(keysOf('Den Anruf oder die ausgewählten Anrufe löschen')).toHaveText('Entf')
  expect(await findings(page)).toEqual([])
  await page.keyboard.press('Escape')

  await page.getByRole('grid', { name: 'Anrufe' }).focus()
  await page.keyboard.press('Control+a')
  await expect(page.getByRole('status', { name: 'Auswahl' })).toHaveText('2 Anrufe ausgewählt')
  await page.getByRole('button', { name: 'Verlustgrund setzen …' }).click()
  await expect(page.getByRole('button', { name: 'Verlustgrund für 2 Anrufe setzen' })).toBeVisible()
  await page.getByRole('button', { name: 'Verlustgrund für 2 Anrufe setzen' }).click()
  await expect(page.getByText('Wählen Sie einen Verlustgrund aus der Liste')).toBeVisible()
})
