import type { Page } from '@playwright/test'
import { callCenterFile } from '../app/testing/call-center-file.ts'
import { callCount, callRows, choosePeriod, details, filterBy, goTo } from './support/screens.ts'
import { expect, test } from './support/test.ts'

const { bytes, used } = callCenterFile()
const FILE = { name: 'Call-Center-Dataset.csv', mimeType: 'text/csv', buffer: Buffer.from(bytes) }

type Row = {
  readonly agent: string
  /** `YYYY-MM-DD` */
  readonly day: string
  readonly answered: boolean
  readonly resolved: boolean
  readonly seconds: number
}

/** Reads the file independently of the product: no quoting, known columns, `1-Jan-21`, `0:02:23`. */
function readRows(text: string): Row[] {
  const [header = '', ...lines] = text.trimEnd().split(/\r?\n/)
  const names = header.split(',')
  return lines.map((line) => {
    const cells = line.split(',')
    const cell = (name: string) => cells[names.indexOf(name)] ?? ''
    const [day = '', month = '', year = ''] = cell('Date').split('-')
    const monthNumber = 1 + ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'].indexOf(month)
    const [hours = 0, minutes = 0, seconds = 0] = cell('AvgTalkDuration').split(':').map(Number)
    return {
      agent: cell('Agent'),
      day: `20${year}-${String(monthNumber).padStart(2, '0')}-${day.padStart(2, '0')}`,
      answered: cell('Answered (Y/N)') === 'Y',
      resolved: cell('Resolved') === 'Y',
      seconds: hours * 3600 + minutes * 60 + seconds,
    }
  })
}

const ROWS = readRows(Buffer.from(bytes).toString('utf8'))
const AGENTS = [...new Set(ROWS.map(({ agent }) => agent))]
const number = (value: number) => value.toString().replace(/\B(?=(\d{3})+$)/g, ',')

async function chooseFile(page: Page): Promise<void> {
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'CSV file' }).click()
  await (await chooser).setFiles(FILE)
  await expect(page.getByText(`${number(ROWS.length)} rows, 11 columns`)).toBeVisible()
}

/** Returns the value of one line of the report. */
const reported = (page: Page, line: string) =>
  page
    .getByRole('term')
    .filter({ hasText: new RegExp(`^${line}$`) })
    .locator('xpath=following-sibling::dd')

/** Returns the figures that the dashboard must show for `rows`, computed independently. */
async function expectFigures(page: Page, rows: readonly Row[]): Promise<void> {
  const completed = rows.filter(({ answered }) => answered)
  const won = completed.filter(({ resolved }) => resolved).length
  const talk = completed.reduce((sum, { seconds }) => sum + seconds, 0)
  const minutes = Math.round(talk / 60)
  const percent = (n: number, d: number) => `${(Math.round((1000 * n) / d) / 10).toFixed(1)}%`
  const card = (name: string) => page.getByRole('region', { name, exact: true })
  await expect(card('Calls').getByRole('button', { name: /^Calls \d/ })).toHaveText(number(rows.length))
  await expect(card('Show rate')).toContainText(percent(completed.length, rows.length))
  await expect(card('Show rate')).toContainText(`${number(completed.length)} / ${number(rows.length)}`)
  await expect(card('Close rate')).toContainText(percent(won, completed.length))
  await expect(card('Close rate')).toContainText(`${number(won)} / ${number(completed.length)}`)
  await expect(card('Win rate')).toContainText(`${number(won)} / ${number(won)}`)
  await expect(card('Talk time')).toContainText(`${Math.floor(minutes / 60)} h ${minutes % 60} min`)
  await expect(card('Undecided').getByRole('button', { name: /^Undecided \d/ })).toHaveText(number(completed.length - won))
}

test(`importing ${used}: dry run, import, report and figures are right; a second import changes nothing`, async ({
  team,
  windowOf,
}, testInfo) => {
  testInfo.annotations.push({ type: 'file', description: used })
  const page = await windowOf(team.admin)
  await goTo(page, 'Import')
  await chooseFile(page)

  // The recognised columns, before anything is written.
  await expect(page.getByRole('combobox', { name: 'Column for Row id' })).toHaveValue('Call Id')
  await expect(page.getByRole('combobox', { name: 'Column for Agent' })).toHaveValue('Agent')
  await expect(page.getByRole('combobox', { name: 'Column for Status' })).toHaveValue('Answered (Y/N)')
  await expect(page.getByRole('combobox', { name: 'Column for Outcome' })).toHaveValue('Resolved')
  await expect(page.getByRole('combobox', { name: 'Column for Duration' })).toHaveValue('AvgTalkDuration')
  await expect(page.getByRole('combobox', { name: 'Status for Y', exact: true })).toHaveValue('Completed')
  await expect(page.getByRole('combobox', { name: 'Status for N', exact: true })).toHaveValue('No-show')

  await page.getByRole('button', { name: 'Dry run' }).click()
  await expect(page.getByRole('heading', { name: 'Dry run: nothing was written yet' })).toBeVisible()
  await expect(reported(page, 'Calls would be created')).toHaveText(number(ROWS.length))
  await expect(reported(page, 'Rows refused')).toHaveText('0')
  await expect(reported(page, 'Users would be added')).toHaveText(AGENTS.join(', '))
  expect((await team.api.calls.count({})).total, 'a dry run writes nothing').toBe(0)
  expect(await team.api.users.list()).toHaveLength(5)

  await page.getByRole('button', { name: `Import ${number(ROWS.length)} calls` }).click()
  await expect(page.getByRole('heading', { name: 'Import finished' })).toBeVisible({ timeout: 30_000 })
  await expect(reported(page, 'Calls created')).toHaveText(number(ROWS.length))
  await expect(reported(page, 'Calls updated')).toHaveText('0')
  await expect(reported(page, 'Users added')).toHaveText(AGENTS.join(', '))

  await page.getByRole('link', { name: 'Show calls' }).click()
  await expect(callCount(page)).toHaveText(`${number(ROWS.length)} calls`)
  await goTo(page, 'Users')
  for (const agent of AGENTS) {
    const row = page.getByRole('row').filter({ has: page.getByRole('button', { name: agent, exact: true }) })
    await expect(row).toContainText('Agent')
    await expect(row).toContainText('No password yet')
  }

  await goTo(page, 'Dashboard')
  await choosePeriod(page, 'All time')
  await expectFigures(page, ROWS)
  const [someAgent = ''] = AGENTS
  for (const { from, to, agent } of [
    { from: '2021-01-01', to: '2021-03-31' },
    { from: '2021-02-01', to: '2021-02-28' },
    { from: '2021-03-01', to: '2021-03-07' },
    { from: '2021-01-15', to: '2021-01-15' },
    { from: '2021-01-01', to: '2021-01-31', agent: someAgent },
  ]) {
    await choosePeriod(page, { from, to })
    if (agent !== undefined) await filterBy(page, 'Agent', agent)
    await expectFigures(
      page,
      ROWS.filter((row) => row.day >= from && row.day <= to && (agent === undefined || row.agent === agent)),
    )
  }
  // A figure opens the calls that it counts.
  const counted = ROWS.filter((row) => row.day.startsWith('2021-01') && row.agent === someAgent && row.answered && row.resolved)
  await page
    .getByRole('region', { name: 'Close rate' })
    .getByRole('button', { name: /^Close rate: \d+ won:/ })
    .click()
  await expect(callCount(page)).toHaveText(`${number(counted.length)} calls`)
  await page.getByRole('link', { name: 'Open in the calls list' }).click()
  await expect(callCount(page)).toHaveText(`${number(counted.length)} calls`)

  await goTo(page, 'Import')
  await page.getByRole('button', { name: 'Choose another file' }).click()
  await chooseFile(page)
  await page.getByRole('button', { name: 'Dry run' }).click()
  await expect(reported(page, 'Calls unchanged')).toHaveText(number(ROWS.length))
  await expect(reported(page, 'Calls would be created')).toHaveText('0')
  await page.getByRole('button', { name: /^Import/ }).click()
  await expect(page.getByRole('heading', { name: 'Import finished' })).toBeVisible({ timeout: 30_000 })
  await expect(reported(page, 'Calls unchanged')).toHaveText(number(ROWS.length))
  await expect(reported(page, 'Calls created')).toHaveText('0')
  await expect(reported(page, 'Users added')).toHaveText('—')
  expect((await team.api.calls.count({})).total).toBe(ROWS.length)
  await goTo(page, 'Audit trail')
  await expect(page.getByRole('row').filter({ hasText: 'Imported' })).toHaveCount(2)
})

test('invalid rows are refused with their reasons and can be downloaded; the mapping can be changed', async ({
  team,
  windowOf,
}) => {
  const text = [
    'Who;Caller;When;Result;Why',
    'Ben Berg;Anna Adler;2026-03-01 10:00;sold;',
    'Ben Berg;Bernd Bauer;31.02.2026;sold;',
    'Ben Berg;Dora Dorn;2026-03-01 11:00;lost;Too far away',
    'Ben Berg;;2026-03-01 11:30;sold;',
    'Cleo Calm;"Clara; Conrad";2026-03-01 12:00;lost;Price too high',
    '',
  ].join('\n')
  const page = await windowOf(team.lead)
  await goTo(page, 'Import')
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'CSV file' }).click()
  await (await chooser).setFiles({ name: 'march.csv', mimeType: 'text/csv', buffer: Buffer.from(text) })
  await expect(page.getByText('5 rows, 5 columns')).toBeVisible()
  const take = async (field: string, column: string) => {
    const select = page.getByRole('combobox', { name: `Column for ${field}`, exact: true })
    await select.click()
    await select.fill(column)
    await page.getByRole('option', { name: column, exact: true }).click()
    await expect(select).toHaveValue(column)
  }
  await take('Agent', 'Who')
  await take('Prospect name', 'Caller')
  await take('Date and time', 'When')
  await take('Outcome', 'Result')
  await take('Loss reason', 'Why')
  const means = async (value: string, meaning: string) => {
    await page.getByRole('combobox', { name: `Outcome for ${value}`, exact: true }).click()
    await page.getByRole('option', { name: meaning, exact: true }).click()
  }
  await means('sold', 'Won')
  await means('lost', 'Lost')
  await page.getByRole('button', { name: 'Dry run' }).click()
  await expect(page.getByRole('heading', { name: 'Dry run: nothing was written yet' })).toBeVisible()
  await expect(reported(page, 'Rows refused')).toHaveText('2')
  const refused = page.getByRole('table', { name: 'Refused rows' }).getByRole('row')
  await expect(refused.nth(1)).toHaveText(/^13When31\.02\.2026.*31\.02\.2026/)
  await expect(refused.nth(2)).toHaveText(/^15Caller—.*name is required/)
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Download refused rows' }).click()
  const file = await (await download).createReadStream()
  expect(Buffer.concat(await file.toArray()).toString()).toContain('Bernd Bauer')

  await page.getByRole('button', { name: 'Import 3 calls' }).click()
  await expect(page.getByRole('heading', { name: 'Import finished' })).toBeVisible()
  await expect(reported(page, 'Loss reasons added')).toHaveText('Too far away')
  await page.getByRole('link', { name: 'Show calls' }).click()
  await expect(callRows(page)).toHaveCount(3)
  await callRows(page, 'Clara; Conrad').click()
  await expect(details(page)).toContainText('Price too high')
  await expect(details(page)).toContainText('Cleo Calm')
})

test('the window requests the unit of durations, and shows how every column is used', async ({ team, windowOf }) => {
  const text = [
    'Id,Name,Date,Time,Phone,Duration,Region',
    '1,Anna Adler,2026-03-01,10:30,"=""030555123""",17,North',
    '2,Bernd Bauer,2026-03-02,11:00,4.9E+11,45,South',
    '',
  ].join('\n')
  const page = await windowOf(team.admin)
  await goTo(page, 'Import')
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'CSV file' }).click()
  await (await chooser).setFiles({ name: 'march.csv', mimeType: 'text/csv', buffer: Buffer.from(text) })
  const usage = (column: string) =>
    page
      .getByRole('table', { name: 'How the columns are used' })
      .getByRole('row')
      .filter({ has: page.getByRole('rowheader', { name: column, exact: true }) })
  await expect(usage('Date')).toContainText('read as yyyy-MM-dd')
  await expect(usage('Time')).toContainText('read as H:mm')
  await expect(usage('Phone')).toContainText('1 cleaned, 1 left out')
  await expect(usage('Phone')).toContainText('030555123')
  await expect(usage('Phone')).toContainText('rounded')
  await expect(usage('Region')).toContainText('Not used')
  await expect(usage('Region')).toContainText('North, South')

  // The dry run needs the answer.
  await expect(page.getByRole('button', { name: 'Dry run' })).toBeDisabled()
  await page.getByRole('combobox', { name: 'Durations are in (Duration)' }).click()
  await page.getByRole('option', { name: 'minutes', exact: true }).click()
  await expect(usage('Duration')).toContainText('read as minutes')
  await page.getByRole('button', { name: 'Dry run' }).click()
  await expect(reported(page, 'Calls would be created')).toHaveText('2')
  await page.getByRole('button', { name: 'Import 2 calls' }).click()
  await expect(page.getByRole('heading', { name: 'Import finished' })).toBeVisible()
  await page.getByRole('link', { name: 'Show calls' }).click()
  await expect(callRows(page)).toHaveCount(2)
  await callRows(page, 'Anna Adler').click()
  await expect(details(page)).toContainText('17:00')
  await expect(details(page)).toContainText('2026-03-01 10:30')
  await expect(details(page)).toContainText('030555123')
})

test('a file that is not a table is refused with advice', async ({ team, windowOf }) => {
  const page = await windowOf(team.admin)
  await goTo(page, 'Import')
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'CSV file' }).click()
  await (
    await chooser
  ).setFiles({ name: 'photo.csv', mimeType: 'text/csv', buffer: Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 1]) })
  await expect(page.getByRole('alert').filter({ hasText: 'The file could not be read' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'CSV file' })).toBeVisible()
})

test('the window asks before a file changes calls; an import can be undone; a saved mapping is offered again', async ({
  team,
  windowOf,
}) => {
  const file = (note: string) =>
    [
      'Call Id,Agent,Date,Name,Notes',
      `k1,Ben Berg,2026-03-01 10:00,Anna,${note}`,
      `z9,Ben Berg,2026-03-01 11:00,Dora,${note}`,
    ].join('\n')
  const page = await windowOf(team.admin)
  const choose = async (text: string) => {
    await goTo(page, 'Import')
    const another = page.getByRole('button', { name: 'Choose another file' })
    if (await another.isVisible()) await another.click()
    const chooser = page.waitForEvent('filechooser')
    await page.getByRole('button', { name: 'CSV file' }).click()
    await (await chooser).setFiles({ name: 'march.csv', mimeType: 'text/csv', buffer: Buffer.from(text) })
    await expect(page.getByText('2 rows, 5 columns')).toBeVisible()
  }
  await choose(file('first'))
  await page.getByRole('textbox', { name: 'Save this mapping as' }).fill('Weekly export')
  await page.getByRole('button', { name: 'Save mapping' }).click()
  await expect(page.getByText('Mapping “Weekly export” saved')).toBeVisible()
  await page.getByRole('button', { name: 'Dry run' }).click()
  await page.getByRole('button', { name: 'Import 2 calls' }).click()
  await expect(page.getByRole('heading', { name: 'Import finished' })).toBeVisible()

  await choose(file('second'))
  await page.getByRole('button', { name: 'Use “Weekly export”' }).click()
  await page.getByRole('button', { name: 'Dry run' }).click()
  const changes = page.getByRole('table', { name: 'Calls that would be changed' }).getByRole('row')
  await expect(changes.nth(1)).toHaveText('2AnnaNotesfirstsecond')
  const start = page.getByRole('button', { name: /^Import \d/ })
  await expect(start).toBeDisabled()
  await page.getByRole('radio', { name: /Keep them as they are/ }).check()
  await expect(start).toHaveText('Import 0 calls')
  await page.getByRole('radio', { name: 'Change them' }).check()
  await start.click()
  await expect(reported(page, 'Calls updated')).toHaveText('2')
  const [edited] = (await team.api.calls.list({ filter: { text: 'Dora' } })).rows
  await team.api.calls.update({ id: edited?.id ?? '', patch: { notes: 'by hand' } })

  // A lead may undo only their own imports; the others are not offered.
  const lead = await windowOf(team.lead)
  await goTo(lead, 'Import')
  const seen = lead.getByRole('table', { name: 'Imports on this device' })
  await expect(seen.getByText('An admin can undo it')).toHaveCount(2)
  await expect(seen.getByRole('button')).toHaveCount(0)

  await page.getByRole('button', { name: 'Choose another file' }).click()
  const runs = page.getByRole('table', { name: 'Imports on this device' })
  const undo = runs.getByRole('button', { name: 'Undo the import of march.csv' })
  await expect(undo).toHaveCount(2)
  await undo.first().click()
  await expect(page.getByText(/1 call will get earlier values back\. 1 call edited since the import will be kept/)).toBeVisible()
  await page.getByRole('button', { name: 'Undo import' }).click()
  await expect(runs.getByText(/1 call changed back, 1 call kept because of later edits/)).toBeVisible()
  const notes = (await team.api.calls.list({ sort: { by: 'prospectName', direction: 'asc' } })).rows.map((call) => call.notes)
  expect(notes).toEqual(['first', 'by hand'])
})
