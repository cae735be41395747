import type { Page } from '@playwright/test'
import { parse } from 'csv-parse/sync'
import { readFileSync } from 'node:fs'
import readWorkbook from 'read-excel-file/universal'
import { extractText } from 'unpdf'
import { must } from '../core/assert.ts'
import type { ReportPage } from '../core/contract/reports.ts'
import { METRICS } from '../core/metrics/metrics.ts'
import { callsOf, funnelSteps, PART_LABELS, reasonLabel, TREND_PARTS } from '../core/figures/report-parts.ts'
import { numberFormat } from '../core/figures/number-format.ts'
import { startOfLocalDay } from '../core/time/time-range.ts'
import { findings } from './support/axe.ts'
import { someCall, type Team } from './support/team.ts'
import { expect, test } from './support/test.ts'

const ZONE = 'Europe/Berlin'
const format = numberFormat('en')
const packed = (text: string) => text.replaceAll(/\s/g, '')
/** October of the client, whose last Sunday has 25 hours. */
const DAYS = '2026-10-01..2026-10-31'
const range = { from: startOfLocalDay('2026-10-01', ZONE), to: startOfLocalDay('2026-11-01', ZONE) }

/** Calls that are easily counted wrongly. */
async function seed({ api, agent, colleague }: Team): Promise<void> {
  const reason = await api.lossReasons.create({ name: 'Price' })
  const at = (iso: string) => ({ completedAt: Date.parse(iso) })
  await api.calls.create(someCall(agent, { ...at('2026-10-31T22:59:59.999Z'), callDuration: 61 }))
  await api.calls.create(someCall(agent, { ...at('2026-09-30T22:00:00.000Z'), callDuration: null }))
  await api.calls.create(someCall(agent, at('2026-09-30T21:59:59.999Z')))
  for (const time of ['2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z'])
    await api.calls.create(someCall(colleague, { ...at(time), outcome: 'lost', lossReasonId: reason.id }))
  await api.calls.create(someCall(colleague, { ...at('2026-10-12T09:00:00Z'), outcome: 'undecided' }))
  const planned = { outcome: null, completedAt: null, callDuration: null, scheduledAt: Date.parse('2026-10-13T08:00:00Z') }
  await api.calls.create(someCall(agent, { ...planned, status: 'no_show' }))
  await api.calls.create(someCall(agent, { ...planned, status: 'scheduled', scheduledAt: Date.now() + 86_400_000 }))
  await api.users.setActive({ id: colleague.id, isActive: false })
}

async function saved(page: Page, menu: RegExp | string, item: RegExp): Promise<{ name: string; bytes: Buffer }> {
  const downloading = page.waitForEvent('download')
  await page.getByRole('button', { name: menu, exact: typeof menu === 'string' }).click()
  await page.getByRole('menuitem', { name: item }).click()
  const download = await downloading
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) }
}

/** Expects that the cards and the tables of all sections show the figures of the API. */
async function expectShown(page: Page, report: ReportPage): Promise<void> {
  for (const key of ['show_rate', 'close_rate', 'win_rate', 'calls', 'talk_time'] as const) {
    const figure = must(
      report.figures.find((one) => one.key === key),
      'The page has the figure',
    )
    const card = page.getByRole('region', { name: METRICS[key].label, exact: true })
    await expect(card).toContainText(format.figure(figure))
    if (figure.denominator !== null && key !== 'talk_time')
      await expect(card).toContainText(`${format.count(figure.numerator)} / ${format.count(figure.denominator)}`)
  }
  const trend = page.getByRole('region', { name: 'Calls by day', exact: true })
  await trend.getByText('Table', { exact: true }).click()
  const rows = trend.getByRole('row')
  for (const [index, { counts }] of report.buckets.entries()) {
    const parts = TREND_PARTS.map((part) => format.count(counts[part]))
    const cells = rows.nth(index + 1).getByRole('gridcell')
    await expect(cells.nth(TREND_PARTS.length + 1)).toHaveText(format.count(callsOf(counts)))
    if (callsOf(counts) > 0)
      expect((await cells.allTextContents()).slice(1, 1 + parts.length), PART_LABELS.completed).toEqual(parts)
  }
  const reasons = page.getByRole('region', { name: 'Loss reasons', exact: true })
  await reasons.getByText('Table', { exact: true }).click()
  for (const row of report.lossReasons)
    await expect(reasons.getByRole('row', { name: reasonLabel(row) })).toContainText(
      `${row.count}${format.share(row.share)}${format.share(row.cumulative)}`,
    )
  const funnel = page.getByRole('table', { name: 'Funnel' })
  for (const { label, count, booked } of funnelSteps(report.counts)) {
    const row = funnel.getByRole('row').filter({ hasText: label })
    await expect(row.getByRole('cell').nth(1)).toHaveText(format.count(count))
    await expect(row.getByRole('cell').nth(3)).toHaveText(format.share(count / booked))
  }
}

test('cards, tables, CSV, workbook and PDF show the same digits; each file is an entry of the audit trail', async ({
  app,
  team,
  windowOf,
}) => {
  await seed(team)
  const page = await windowOf(team.lead)
  await page.goto(`${app.origin}/#/?period=${DAYS}`)
  const report = await team.api.reports.page({ range })
  expect(report.counts).toMatchObject({ completed: 5, won: 2, lost: 2, undecided: 1, noShow: 1, scheduled: 0 })
  await expectShown(page, report)

  const csv = parse<Record<string, string>>((await saved(page, 'Export', /^CSV/)).bytes, { bom: true, columns: true })
  const book = await readWorkbook(new Uint8Array((await saved(page, 'Export', /^Excel/)).bytes).buffer)
  const { name, bytes } = await saved(page, 'Export', /^PDF/)
  expect(name).toMatch(/^report-\d{4}-\d\d-\d\d(-to-\d{4}-\d\d-\d\d)?\.pdf$/)
  const pdf = packed((await extractText(new Uint8Array(bytes), { mergePages: true })).text)
  expect(pdf).toContain(packed('Period 2026-10-01 – 2026-10-31'))
  expect(pdf).toContain(packed('Cleo Calm (inactive)'))
  for (const { key, value, numerator, denominator } of report.figures) {
    const line = csv.find((each) => each['section'] === 'figures' && each['key'] === key && each['column'] === 'value')
    expect(line?.['value']).toBe(value === null ? '' : String(value))
    if (denominator !== null) expect([line?.['n'], line?.['d']]).toEqual([String(numerator), String(denominator)])
    const row = book.find(({ sheet }) => sheet === 'Figures')?.data.find(([label]) => label === METRICS[key].label)
    expect(row).toContain(value)
    expect(pdf).toContain(packed(`${METRICS[key].label}${format.figure({ key, value })}`))
  }

  const trail = await team.api.audit.list({ actions: ['EXPORT'] })
  expect(trail.rows.map(({ newValues }) => newValues)).toMatchObject(
    ['pdf', 'xlsx', 'csv'].map((each) => ({ content: 'report', format: each, row_count: 11 + 31 + 1 + 168 + 4 + 1 + 3 + 2 })),
  )
})

test('a chart is saved as PNG, SVG and CSV with its filters, by the keyboard too', async ({ app, team, windowOf }) => {
  await seed(team)
  const page = await windowOf(team.viewer)
  await page.goto(`${app.origin}/#/?period=${DAYS}`)
  const menu = 'Export Calls by day'
  const png = await saved(page, menu, /PNG/)
  expect(png.name).toMatch(/^calls-by-day-.*\.png$/)
  expect(png.bytes.subarray(1, 4).toString()).toBe('PNG')
  // Twice the width of the chart with its frame.
  expect(png.bytes.readUInt32BE(16)).toBe(2 * (800 + 32))
  const svg = (await saved(page, menu, /SVG/)).bytes.toString('utf8')
  expect(svg).toContain('Period: 2026-10-01 – 2026-10-31')
  expect(svg).toContain('>No-show</text>')
  const rows = parse<Record<string, string>>((await saved(page, menu, /CSV/)).bytes, { bom: true, columns: true })
  expect(rows).toHaveLength(31)

  await page.getByRole('button', { name: 'Export Funnel' }).press('Enter')
  const first = page.getByRole('menuitem', { name: 'Picture (PNG)' })
  await expect(first).toBeFocused()
  expect(await findings(page)).toEqual([])
  const trail = await team.api.audit.list({ actions: ['EXPORT'] })
  expect(trail.rows.map(({ newValues }) => newValues?.['content'])).toEqual(['report: trend', 'chart: trend', 'chart: trend'])
})

test('an agent exports their own figures; on paper the filters replace the controls', async ({ app, team, windowOf }) => {
  await seed(team)
  const page = await windowOf(team.agent)
  await page.goto(`${app.origin}/#/?period=${DAYS}`)
  const { bytes } = await saved(page, 'Export', /^CSV/)
  const csv = bytes.toString('utf8')
  expect(csv).not.toContain('Cleo')
  expect(csv).toContain('your own calls')
  await expect(page.getByRole('region', { name: 'Funnel' })).toBeVisible()

  await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
  await expect(page.getByText('Period: 2026-10-01 – 2026-10-31')).toBeVisible()
  await expect(page.getByText('Close rate: Won ÷ completed.')).toBeVisible()
  for (const control of ['Export', 'Export Funnel'])
    await expect(page.getByRole('button', { name: control, exact: true })).toBeHidden()
  await expect(page.getByRole('navigation', { name: 'Sections' })).toBeHidden()
  const paper = await extractText(new Uint8Array(await page.pdf({ preferCSSPageSize: true })), { mergePages: true })
  expect(packed(paper.text)).toContain(packed('Period: 2026-10-01 – 2026-10-31'))
  expect(packed(paper.text)).toContain(packed('Talk time: Sum of the durations'))
})

test('the menu prints the whole charts without notices and controls', async ({ app, team, windowOf }) => {
  await seed(team)
  const page = await windowOf(team.admin)
  await page.goto(`${app.origin}/#/?period=${DAYS}`)
  await saved(page, 'Export', /^CSV/)
  await expect(page.getByRole('alert').filter({ hasText: 'Report exported' })).toBeVisible()
  const chart = page.getByRole('region', { name: 'Calls by day', exact: true }).locator('svg[role=group]')
  const onScreen = Number(await chart.getAttribute('width'))
  expect(onScreen).toBeGreaterThan(700)
  // Acts like a browser, which draws the page between the two events, before any other code runs.
  await chart.evaluate((svg) => {
    window.print = () => {
      window.dispatchEvent(new Event('beforeprint'))
      svg.dataset['printed'] = svg.getAttribute('width') ?? ''
      window.dispatchEvent(new Event('afterprint'))
    }
  })
  await page.getByRole('button', { name: 'Export', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Print' }).click()
  expect(Number(await chart.getAttribute('data-printed'))).toBeLessThan(700)
  await expect(chart).toHaveAttribute('width', String(onScreen))

  await page.emulateMedia({ media: 'print' })
  await expect(page.getByRole('alert').filter({ hasText: 'Report exported' })).toBeHidden()
  await expect(page.getByRole('link', { name: 'Edit targets' })).toBeHidden()
})
