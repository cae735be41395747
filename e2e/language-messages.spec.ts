import type { Locator, Page } from '@playwright/test'
import { details, fromUserMenu } from './support/screens.ts'
import { PASSWORD } from './support/team.ts'
import { expect, test } from './support/test.ts'

/** Words of nearly every English sentence. They are not German words, and the data of these tests does not contain them. */
const ENGLISH = /\b(?:the|is|are|of|not|were|with|without|nothing|rows?|this|has|have|and|or|it|be|choose|check)\b/i

const goTo = (page: Page, section: string) =>
  page.getByRole('navigation', { name: 'Bereiche' }).getByRole('link', { name: section, exact: true }).click()

/** Checks a part of the screen for English sentences. */
async function isGerman(part: Locator): Promise<void> {
  expect((await part.innerText()).split('\n').filter((line) => ENGLISH.test(line))).toEqual([])
}

const file = (name: string, mimeType: string, text: string) => ({ name, mimeType, buffer: Buffer.from(text) })

async function chooseFile(page: Page, chosen: ReturnType<typeof file>): Promise<void> {
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'CSV-Datei' }).click()
  await (await chooser).setFiles(chosen)
}

test('in German the errors of the application are German: a taken address, the last admin, no server', async ({
  team,
  windowOf,
}) => {
  const page = await windowOf(team.admin)
  await fromUserMenu(page, 'Deutsch')
  await goTo(page, 'Benutzer')
  const panel = details(page)
  await page.getByRole('button', { name: 'Benutzer hinzufügen' }).click()
  await panel.getByLabel('Name').fill('Dora Dorn')
  await panel.getByLabel('E-Mail').fill('BEN@acme.test')
  await panel.getByRole('textbox', { name: 'Passwort' }).fill('kurz')
  await panel.getByRole('button', { name: 'Benutzer hinzufügen' }).click()
  await expect(panel.getByText('Mindestens 8 Zeichen', { exact: true })).toBeVisible()
  await panel.getByRole('textbox', { name: 'Passwort' }).fill(PASSWORD)
  await panel.getByRole('button', { name: 'Benutzer hinzufügen' }).click()
  await expect(panel.getByRole('alert')).toContainText('Diese E-Mail-Adresse gibt es schon. Es wurde nichts gespeichert.')
  await isGerman(page.locator('body'))

  await page.getByRole('button', { name: 'Ada Admin', exact: true }).click()
  await panel.getByRole('button', { name: 'Deaktivieren' }).click()
  await expect(panel.getByRole('alert').last()).toContainText(
    'Das ist der letzte aktive Admin. Machen Sie zuerst jemand anderen zum Admin; es wurde nichts geändert.',
  )
  await isGerman(page.locator('body'))

  await goTo(page, 'Einstellungen')
  const server = page.getByRole('region', { name: 'Server' })
  await server.getByLabel('Adresse des Servers').fill('http://127.0.0.1:9')
  await server.getByLabel('Veröffentlichungsschlüssel').fill('key')
  await server.getByRole('button', { name: 'Arbeitsbereich veröffentlichen' }).click()
  await expect(server.getByRole('alert')).toContainText(
    'Der Server antwortet nicht. Was hier erledigt wurde, bleibt erhalten; prüfen Sie Adresse und Netzwerk und versuchen Sie es dann erneut.',
  )
  await isGerman(server)
})

test('in German the findings of an import are German, before and after the dry run', async ({ team, windowOf }) => {
  const page = await windowOf(team.admin)
  await fromUserMenu(page, 'Deutsch')
  await goTo(page, 'Import')
  await chooseFile(page, file('liste.csv', 'text/csv', '%PDF-1.7 Anrufe'))
  await expect(
    page.getByText('Das ist eine PDF-Datei. Exportieren Sie die Zeilen als CSV und wählen Sie diese Datei.'),
  ).toBeVisible()
  await isGerman(page.locator('body'))

  const lines = [
    'Nr;Kunde;Datum;Status;Telefon;Dauer;Bemerkung zum Lead',
    'a17;Jo Schmidt;03.11.2026 10:30;Erreicht;=Mobil;120;x',
    'a17;Jo Schmidt;03.11.2026 10:30;Erreicht;030 5551234;120;x',
    'a29;Al Berg;irgendwann;Erreicht;4,9E+11;130;x',
    ';;05.11.2099 09:00;Erreicht;030 5551234;140;x',
    'a43;Bea Kurz;06.11.2026 09:00;Vielleicht;030 5551234;150;x;zu;viel',
  ]
  await chooseFile(page, file('anrufe.csv', 'text/csv', lines.join('\n')))
  await expect(page.getByText('Vor dem Import prüfen')).toBeVisible()
  const main = page.getByRole('main')
  await expect(main).toContainText('Keine Spalte nennt den Agenten. Alle Anrufe gehören der Person, die importiert.')
  await isGerman(main)
  await page.getByRole('button', { name: 'Probelauf', exact: true }).click()
  await expect(page.getByRole('heading', { name: 'Probelauf: Es wurde noch nichts geschrieben' })).toBeVisible()
  const refused = page.getByRole('table', { name: 'Abgelehnte Zeilen' })
  for (const found of ['ist kein Datum wie', 'Die Zeile hat 9 Werte, die Kopfzeile 7', 'liegt in der Zukunft'])
    await expect(refused).toContainText(found)
  await isGerman(page.locator('body'))
})
