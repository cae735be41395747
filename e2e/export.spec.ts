import { readFileSync } from 'node:fs'
import type { Page } from '@playwright/test'
import { parse } from 'csv-parse/sync'
import readWorkbook from 'read-excel-file/universal'
import { must } from '../core/assert.ts'
import { callCount, callRows, choosePeriod, filterBy, goTo } from './support/screens.ts'
import { someCall } from './support/team.ts'
import { expect, test } from './support/test.ts'

type Exported = { readonly name: string; readonly bytes: Buffer }

/** Exports the list by the menu, and returns the downloaded file. */
async function download(page: Page, format: string): Promise<Exported> {
  const downloading = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Export', exact: true }).click()
  await page.getByRole('menuitem', { name: new RegExp(`^${format}`) }).click()
  const file = await downloading
  return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) }
}

const records = ({ bytes }: Exported) => parse<Record<string, string>>(bytes, { bom: true, columns: true })

test('the file has the calls of the list: everyone’s for a lead, their own for an agent', async ({ team, windowOf }) => {
  const { api, lead, agent } = team
  const yesterday = Date.now() - 86_400_000
  const names = ['=1+1', 'Anna Berg', 'Zoe Öz']
  for (const [n, name] of names.entries())
    await api.calls.create({
      ...someCall(n === 0 ? lead : agent, { prospectName: name }),
      prospectPhone: '+491701234567',
      completedAt: yesterday - n * 60_000,
    })
  await api.calls.create(someCall(agent, { prospectName: 'Lost Cause', outcome: 'lost', completedAt: yesterday }))

  const page = await windowOf(lead)
  await goTo(page, 'Calls')
  await choosePeriod(page, 'Any time')
  await filterBy(page, 'Outcome', 'Won')
  await page.getByRole('columnheader', { name: 'Prospect' }).getByRole('button').click()
  await expect(callRows(page)).toHaveCount(3)
  const shown = await callRows(page).allInnerTexts()

  const csv = await download(page, 'CSV for spreadsheets')
  expect(csv.name).toMatch(/^calls-\d{4}-\d\d-\d\d\.csv$/)
  expect(csv.bytes.subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]))
  await expect(page.getByText(`3 calls exported. Saving ${csv.name} to your downloads.`)).toBeVisible()
  const rows = records(csv)
  expect(rows.map((row) => row['Prospect name'])).toEqual(
    shown
      .map((text) =>
        must(
          names.find((name) => text.includes(name)),
          text,
        ),
      )
      .map((name) => (name === '=1+1' ? "'=1+1" : name)),
  )
  expect(rows.map((row) => row['Phone'])).toEqual(['+491701234567', '+491701234567', '+491701234567'])

  const raw = records(await download(page, 'CSV, raw values'))
  expect(raw.map((row) => row['Prospect name'])).toContain('=1+1')

  const workbook = await download(page, 'Excel workbook')
  expect(workbook.name).toMatch(/\.xlsx$/)
  const [sheet] = await readWorkbook(new Uint8Array(workbook.bytes).buffer)
  expect(sheet?.data.slice(1).map((row) => row[2])).toEqual(raw.map((row) => row['Prospect name']))
  expect(sheet?.data[1]?.[0]).toBeInstanceOf(Date)

  // Every export is in the audit trail, with the person.
  const { rows: trail } = await api.audit.list({ limit: 50 })
  const entries = trail.filter(({ action }) => action === 'EXPORT')
  expect(entries.map(({ userId, newValues }) => [userId, newValues?.['format'], newValues?.['row_count']])).toEqual([
    [lead.id, 'xlsx', 3],
    [lead.id, 'csv', 3],
    [lead.id, 'csv', 3],
  ])

  const own = await windowOf(agent)
  await goTo(own, 'Calls')
  await choosePeriod(own, 'Any time')
  await expect(callCount(own)).toHaveText('3 calls')
  const theirs = records(await download(own, 'CSV for spreadsheets'))
  expect(new Set(theirs.map((row) => row['Prospect name']))).toEqual(new Set(['Anna Berg', 'Lost Cause', 'Zoe Öz']))
})
