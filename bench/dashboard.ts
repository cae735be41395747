import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { BENCH_PASSWORD } from './bench-application.ts'
import { openBrowser, paintedAt, startProduct, staticPage } from './cold-start.ts'
import { median, milliseconds, print, ratio, type Row } from './measure.ts'
import { makeReportHome, REPORT_ADMIN } from './report-home.ts'

const SIZES = (process.env.BENCH_DASHBOARD_CALLS ?? '1000000').split(',').map(Number)
const ROUNDS = 7
/** The periods of the address, by their name in the table. */
const PERIODS = { 'twelve months': '2024-12-16..2025-12-15', 'thirty days': '2025-11-16..2025-12-15' }

/**
 * Measures the dashboard in a window that opens with it: the first paint, which is the text of `index.html`; the moment at which the figures of the
 * cards are shown; and that at which every chart is drawn. The floor is a static page in the same browser.
 */
export async function benchDashboard(): Promise<void> {
  for (const size of SIZES) await benchSize(size)
}

async function benchSize(size: number): Promise<void> {
  const { folder } = await makeReportHome(size)
  const product = await startProduct(join(folder, 'home'))
  const browser = await openBrowser()
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
  await page.goto(product.url)
  await page.getByRole('textbox', { name: 'E-mail' }).fill(REPORT_ADMIN)
  await page.getByLabel('Password', { exact: true }).fill(BENCH_PASSWORD)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('navigation').waitFor()
  const { origin } = new URL(page.url())
  const floors: number[] = []
  for (let round = 0; round < ROUNDS; round++) floors.push(await staticPage(browser))
  const floor = median(floors)
  const rows: Row[] = []
  for (const [name, period] of Object.entries(PERIODS)) {
    const [painted, figures, whole]: [number[], number[], number[]] = [[], [], []]
    for (let round = 0; round < ROUNDS; round++) {
      await page.goto('about:blank')
      const begin = performance.timeOrigin + performance.now()
      await page.goto(`${origin}/#/?period=${period}`)
      painted.push((await paintedAt(page)) - begin)
      await page.getByRole('region', { name: 'Show rate' }).getByText('%').first().waitFor()
      figures.push(performance.timeOrigin + performance.now() - begin)
      await page.getByRole('grid', { name: 'Agents' }).getByRole('row').nth(1).waitFor()
      await page.getByRole('region', { name: 'Hours of the week' }).getByRole('grid').waitFor()
      whole.push(performance.timeOrigin + performance.now() - begin)
    }
    const row = (what: string, times: readonly number[], target: string): Row => ({
      what: `${name}: ${what}`,
      value: milliseconds(median(times)),
      floor: milliseconds(floor),
      ratio: ratio(median(times), floor),
      target,
    })
    rows.push(
      row('first paint', painted, ''),
      row('figures of the cards', figures, '≤ 1 s'),
      row('agents and heat map too', whole, ''),
    )
  }
  print(`Dashboard at ${size.toLocaleString('en')} calls in a new window, median of ${ROUNDS}; floor: a static page`, rows)
  await browser.close()
  await product.stop()
  rmSync(folder, { recursive: true, force: true })
}
