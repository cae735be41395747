import { findings } from './support/axe.ts'
import { fromUserMenu } from './support/screens.ts'
import { someCall } from './support/team.ts'
import { expect, test } from './support/test.ts'

test('in German the dashboard has German names, numbers, dates and definitions, also on paper; the files stay English', async ({
  team,
  windowOf,
}) => {
  await team.api.calls.create(someCall(team.agent))
  await team.api.calls.create(someCall(team.colleague, { outcome: 'lost' }))
  const page = await windowOf(team.lead)
  await fromUserMenu(page, 'Deutsch')

  const close = page.getByRole('region', { name: 'Abschlussquote', exact: true })
  await expect(close.getByRole('button', { name: /^Abschlussquote 50,0\s%: Anrufe anzeigen$/ })).toBeVisible()
  await close.getByRole('button', { name: 'Wie wird „Abschlussquote“ berechnet?' }).click()
  await expect(close.getByText('Gewonnen ÷ geführt. Unentschiedene Anrufe bleiben im Nenner.')).toBeVisible()
  await page.keyboard.press('Escape')

  const trend = page.getByRole('region', { name: 'Anrufe pro Tag' })
  await trend.getByText('Tabelle', { exact: true }).click()
  await expect(trend.getByRole('columnheader', { name: 'Geführt', exact: true })).toBeVisible()
  await expect(trend.getByRole('gridcell', { name: /^(?:Mo|Di|Mi|Do|Fr|Sa|So) \d+\. [A-Z]/ }).first()).toBeVisible()
  const hours = page.getByRole('region', { name: 'Stunden der Woche' })
  await expect(hours.getByRole('rowheader', { name: 'Mo', exact: true })).toBeVisible()
  await expect(hours.getByRole('gridcell', { name: /^Montag \d\d:00: / }).first()).toBeVisible()
  expect(await findings(page)).toEqual([])

  await page.getByRole('button', { name: 'Heutiger Stand' }).click()
  await page.getByRole('button', { name: 'Tag auswählen' }).click()
  const calendar = page.getByRole('dialog').last()
  await expect(calendar.getByText('Mo', { exact: true })).toBeVisible()
  const months = 'Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember'
  await expect(calendar.getByRole('button', { name: new RegExp(`^(?:${months}) \\d{4}$`) })).toBeVisible()
  await page.keyboard.press('Escape')
  await page.keyboard.press('Escape')

  await page.emulateMedia({ media: 'print' })
  await expect(page.getByText('Verglichen mit: Vorzeitraum,')).toBeVisible()
  await expect(page.getByText('Show-Quote: Geführt ÷ (geführt + No-Show + verschoben).')).toBeVisible()
  await page.emulateMedia({ media: 'screen' })

  await page.getByRole('button', { name: 'Trichter exportieren' }).click()
  const download = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: 'Vektorbild (SVG)' }).click()
  expect((await download).suggestedFilename()).toMatch(/^funnel-.+\.svg$/)
})

test('in German the audit trail and the targets are German', async ({ team, windowOf }) => {
  await team.api.calls.create(someCall(team.agent, { prospectName: 'Jo Schmidt' }))
  const page = await windowOf(team.lead)
  await fromUserMenu(page, 'Deutsch')
  await page.getByRole('link', { name: 'Änderungsprotokoll' }).click()
  const trail = page.getByRole('grid', { name: 'Änderungsprotokoll' })
  const line = trail.getByRole('row').filter({ hasText: 'Anruf erstellt' })
  await expect(line).toContainText('Ergebnis: Gewonnen')
  await expect(line).toContainText('Name des Interessenten: Jo Schmidt')
  expect(await findings(page)).toEqual([])

  await page.getByRole('link', { name: 'Dashboard' }).click()
  await page.getByRole('link', { name: 'Ziele bearbeiten' }).click()
  const field = page.getByRole('textbox', { name: 'Gewonnen, Team' })
  await field.fill('viele')
  await field.press('Enter')
  await expect(page.getByText('Geben Sie eine ganze Zahl von 0 bis 1.000.000 ein')).toBeVisible()
  await field.fill('40')
  await field.press('Enter')
  await page.getByRole('link', { name: 'Zurück zum Dashboard' }).click()
  await expect(page.getByRole('table', { name: 'Ziele', exact: true })).toContainText(/unter (?:Plan|Ziel)|über (?:Plan|Ziel)/)
  expect(await findings(page)).toEqual([])
})
