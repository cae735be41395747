import iconv from 'iconv-lite'
import type { Page } from '@playwright/test'
import writeWorkbook from 'write-excel-file/node'
import { goTo } from './support/screens.ts'
import { expect, test } from './support/test.ts'

async function choose(page: Page, name: string, buffer: Buffer): Promise<void> {
  await goTo(page, 'Import')
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'CSV file' }).click()
  await (await chooser).setFiles({ name, mimeType: 'application/octet-stream', buffer })
  await expect(page.getByRole('button', { name: 'Dry run' })).toBeVisible()
}

async function pick(page: Page, label: string, option: string | RegExp): Promise<void> {
  await page.getByRole('combobox', { name: label, exact: true }).click()
  await page.getByRole('option', { name: option }).click()
}

const reported = (page: Page, line: string) =>
  page
    .getByRole('term')
    .filter({ hasText: new RegExp(`^${line}$`) })
    .locator('xpath=following-sibling::dd')

test('the window shows the detected encoding and header line of a file, and others can be chosen', async ({ team, windowOf }) => {
  const page = await windowOf(team.admin)
  const text = [
    'Calls of November',
    '',
    'Id;Agent;Customer;Date;Note',
    '1;Jiří Dvořák;Jo Smith;2026-11-02;"called',
    'twice"',
    '2;Petr Šťastný;Al Jones;2026-11-03;ok',
    '3;Žaneta Říhová;Cy Brown;2026-11-04;ok',
    '',
  ].join('\r\n')
  await choose(page, 'november.csv', iconv.encode(text, 'windows-1250'))
  const rows = page.getByRole('region', { name: 'Rows of the file' })
  await expect(rows).toContainText('7 lines: 1 before the header, the header, 3 rows, 1 that continue a row, 1 blank.')
  await expect(rows.getByRole('combobox', { name: 'Encoding', exact: true })).toHaveValue(/^windows-1250: Jiří Dvořák/)
  await expect(rows.getByRole('combobox', { name: 'Line that names the columns' })).toHaveValue('Line 3')
  await expect(page.getByText('Check that names look right')).toBeVisible()

  await pick(page, 'Encoding', /^windows-1252:/)
  await expect(rows.getByRole('combobox', { name: 'Encoding', exact: true })).toHaveValue(/^windows-1252:/)
  await pick(page, 'Encoding', /^windows-1250:/)
  await pick(page, 'Line that names the columns', 'None: every line is a row')
  await expect(rows).toContainText('5 rows')
  await pick(page, 'Line that names the columns', 'Line 3')
  await expect(rows).toContainText('3 rows')

  await page.getByRole('button', { name: 'Dry run' }).click()
  await expect(reported(page, 'Calls would be created')).toHaveText('3')
  await expect(reported(page, 'Users would be added')).toHaveText('Jiří Dvořák, Petr Šťastný, Žaneta Říhová')
  await expect(reported(page, 'Lines of the file')).toContainText('1 that continue a row')
})

test('reading the file in another way keeps the focus, the field under the pointer and the typed name of the mapping', async ({
  team,
  windowOf,
}) => {
  const page = await windowOf(team.admin)
  const columns = Array.from({ length: 30 }, (_, n) => `Column ${n}`)
  const text = [`Id;Agent;Customer;Date;${columns.join(';')}`, `1;Jiří;Jo;2026-11-02;${columns.join(';')}`, ''].join('\n')
  await choose(page, 'names.csv', iconv.encode(text, 'windows-1250'))
  const name = page.getByRole('textbox', { name: 'Save this mapping as' })
  await name.fill('November')
  const encoding = page.getByRole('combobox', { name: 'Encoding', exact: true })
  await encoding.click()
  await page.keyboard.press('Escape')
  await page.getByRole('main').evaluate((main) => [...main.children].at(-1)?.scrollTo({ top: 120 }))
  const top = async () => (await encoding.boundingBox())?.y

  await encoding.click()
  const before = await top()
  await page.getByRole('option', { name: /^windows-1252:/ }).click()
  await expect(encoding).toHaveValue(/^windows-1252:/)
  await expect(encoding).toBeFocused()
  await expect(name).toHaveValue('November')
  // The list above the field may have another length then: the browser scrolls by the difference.
  expect(await top()).toBe(before)

  // A second choice before the answer to the first keeps the first.
  await pick(page, 'Encoding', /^windows-1250:/)
  await pick(page, 'Line that names the columns', 'None: every line is a row')
  await expect(page.getByText('names.csv: 2 rows')).toBeVisible()
  await expect(encoding).toHaveValue(/^windows-1250:/)
  await expect(name).toHaveValue('November')
})

test('the window asks about a quotation mark that may not be closed', async ({ team, windowOf }) => {
  const page = await windowOf(team.admin)
  const lines = [
    'Id,Agent,Customer,Date,Note',
    '1,Bea,Jo,2026-11-02,"called back',
    '2,Bea,Al,2026-11-03,a desk of 6"',
    '3,Bea,Cy,2026-11-04,ok',
  ]
  await choose(page, 'open.csv', Buffer.from(lines.join('\n')))
  await expect(page.getByText('A quotation mark opens on line 2 and closes on line 3')).toBeVisible()
  await pick(page, 'Quoted values over several lines', 'Every line is a row')
  await expect(page.getByText('A quotation mark opens on line 2')).toHaveCount(0)
  await page.getByRole('button', { name: 'Dry run' }).click()
  await expect(reported(page, 'Calls would be created')).toHaveText('3')
  await expect(reported(page, 'Rows refused')).toHaveText('0')
})

test('a workbook is imported like a CSV file; its sheet can be chosen', async ({ team, windowOf }) => {
  const page = await windowOf(team.admin)
  const data = (name: string, rows: number) => [
    ['Id', 'Agent', 'Customer', 'Date'].map((value) => ({ value })),
    ...Array.from({ length: rows }, (_, n) => [
      { value: n + 1 },
      { value: 'Bea' },
      { value: name },
      { value: new Date(Date.UTC(2026, 10, n + 2, 10, 30)), type: Date, format: 'yyyy-mm-dd hh:mm' },
    ]),
  ]
  const workbook = writeWorkbook([
    { sheet: 'May', data: data('Jo', 2) },
    { sheet: 'June', data: data('Al', 3) },
  ] as never) as unknown as { toBuffer: () => Promise<Buffer> }
  await choose(page, 'calls.xlsx', await workbook.toBuffer())
  await expect(page.getByText('2 rows, 4 columns')).toBeVisible()
  await pick(page, 'Sheet', 'June')
  await expect(page.getByText('3 rows, 4 columns')).toBeVisible()
  await page.getByRole('button', { name: 'Dry run' }).click()
  await expect(reported(page, 'Calls would be created')).toHaveText('3')
})

test('a typed column and meaning are used, and a text that is not in the list prevents the dry run', async ({
  team,
  windowOf,
}) => {
  const page = await windowOf(team.admin)
  const text = 'Who,Caller,When,Result\nBen Berg,Jo Smith,2026-11-02 10:30,sold\nBen Berg,Al Jones,2026-11-03 10:30,nix\n'
  await choose(page, 'typed.csv', Buffer.from(text))
  const type = async (label: string, typed: string) => {
    await page.getByRole('combobox', { name: label, exact: true }).focus()
    await page.keyboard.type(typed)
  }
  await type('Column for Prospect name', 'call')
  await type('Column for Agent', 'nobody')
  await type('Outcome for nix', 'los')
  await page.getByRole('button', { name: 'Dry run' }).click()
  await expect(page.getByText('“nobody” is not in the list. Choose one from the list.')).toBeVisible()
  await expect(page.getByRole('combobox', { name: 'Column for Agent' })).toBeFocused()
  await expect(page.getByRole('combobox', { name: 'Column for Agent' })).toHaveValue('nobody')
  await page.keyboard.press('Control+A')
  await page.keyboard.type('who')
  await page.getByRole('button', { name: 'Dry run' }).click()
  await expect(reported(page, 'Calls would be created')).toHaveText('2')
})
