import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Api } from '../core/contract/contract.ts'
import type { ReportRequest } from '../core/contract/reports.ts'
import type { UserId } from '../core/id.ts'
import { startOfLocalDay, type TimeRange } from '../core/time/time-range.ts'
import { openReadable } from '../db/open.ts'
import { BENCH_PASSWORD, openApplication } from './bench-application.ts'
import { loopDelay, median, milliseconds, print, quantile, ratio, time, type Row } from './measure.ts'
import { makeReportHome, REPORT_ADMIN } from './report-home.ts'
import { REPORT_ZONE } from './report-workspace.ts'

const SIZES = (process.env.BENCH_REPORT_CALLS ?? '100000,1000000,5000000').split(',').map(Number)
const SAMPLES = 40

/** The moment of the reports, in the zone of the workspace: a day of which a part is over, as when a person looks at a report. */
const NOW = startOfLocalDay('2025-12-15', REPORT_ZONE) + 13.5 * 3_600_000
const since = (day: string): TimeRange => ({ from: startOfLocalDay(day, REPORT_ZONE), to: NOW })
const YEAR = since('2024-12-16')
const MONTH = since('2025-11-16')

type Asked = { readonly range: TimeRange; readonly userIds?: UserId[] }
type Kind = { readonly what: string; readonly range: TimeRange; readonly people?: number; readonly target: string } & (
  | { readonly options: Partial<Pick<ReportRequest, 'callTypes' | 'bucket'>> }
  | { readonly ask: (api: Api, asked: Asked) => Promise<unknown>; readonly samples?: number }
)

const KINDS: readonly Kind[] = [
  { what: 'page, 12 months', range: YEAR, options: {}, target: 'p95 ≤ 40 ms at 1,000,000' },
  { what: 'page, this year', range: since('2025-01-01'), options: {}, target: '' },
  { what: 'page, 12 months by day', range: YEAR, options: { bucket: 'day' }, target: '' },
  { what: 'page, 12 months, one agent', range: YEAR, people: 1, options: {}, target: 'p95 ≤ 40 ms' },
  { what: 'page, 12 months, 30 agents', range: YEAR, people: 30, options: {}, target: 'p95 ≤ 40 ms' },
  { what: 'page, 12 months, inbound', range: YEAR, options: { callTypes: ['inbound'] }, target: 'p95 ≤ 40 ms' },
  { what: 'page, 30 days', range: MONTH, options: {}, target: 'p95 ≤ 15 ms' },
  { what: 'page, 30 days, 30 agents', range: MONTH, people: 30, options: {}, target: 'p95 ≤ 15 ms' },
  { what: 'figures, 30 days', range: MONTH, ask: (api, asked) => api.reports.summary(asked), target: 'p95 ≤ 5 ms' },
  { what: 'hours of the week, 12 months', range: YEAR, ask: (api, asked) => api.reports.hours(asked), target: 'p95 ≤ 60 ms' },
  {
    what: 'hours, 12 months, one agent',
    range: YEAR,
    people: 1,
    ask: (api, asked) => api.reports.hours(asked),
    target: 'p95 ≤ 60 ms',
  },
  { what: 'no-shows, 30 days', range: MONTH, ask: (api, asked) => api.reports.noShows.ageing(asked), target: '' },
  { what: 'no-shows, 12 months', range: YEAR, ask: (api, asked) => api.reports.noShows.ageing(asked), samples: 5, target: '' },
  {
    what: 'proof of the close rate, 12 months',
    range: YEAR,
    ask: (api, asked) => api.reports.proof.rules({ ...asked, key: 'close_rate' }),
    target: '',
  },
]

/** Measures the report page through the API. The floor counts the calls of the same period. */
export async function benchReports(): Promise<void> {
  for (const size of SIZES) await benchSize(size)
}

async function benchSize(size: number): Promise<void> {
  const { folder, path, workspace, adminId } = await makeReportHome(size)
  const application = openApplication(join(folder, 'home'))
  const api = application.apiOf(application.openConnection('admin'))
  await api.session.signIn({ email: REPORT_ADMIN, password: BENCH_PASSWORD })
  const reader = openReadable(path)
  const floor = reader.sqlite.prepare(
    'SELECT count(*) FROM calls INDEXED BY calls_by_time WHERE client_id = ? AND event_at >= ? AND event_at < ?',
  )
  const rows: Row[] = []
  for (const { what, range, people, target, ...how } of KINDS) {
    const asked = { range, ...(people === undefined ? {} : { userIds: workspace.userIds.slice(1, 1 + people) }) }
    const ask = 'ask' in how ? how.ask : (to: Api, of: Asked) => to.reports.page({ ...of, ...how.options })
    const [floors, samples]: [number[], number[]] = [[], []]
    for (let n = 0; n < (('samples' in how ? how.samples : undefined) ?? SAMPLES); n++) {
      floors.push((await time(() => floor.get(workspace.clientId, range.from, range.to))).ms)
      samples.push((await time(() => ask(api, asked))).ms)
    }
    const p95 = quantile(samples.slice(2), 0.95)
    const counted = median(floors)
    rows.push({
      what,
      value: `p50 ${milliseconds(median(samples))}, p95 ${milliseconds(p95)}`,
      floor: milliseconds(counted),
      ratio: ratio(p95, counted),
      target,
    })
  }
  rows.push({
    what: 'delay of the event loop with reports and writes',
    value: `p99 ${milliseconds(await delayWithWrites(api, adminId))}`,
    floor: '',
    ratio: '',
    target: 'p99 ≤ 20 ms',
  })
  print(`Reports at ${size.toLocaleString('en')} calls of 60 people, through the API; floor: SELECT count(*) of the period`, rows)
  reader.close()
  await application.close()
  rmSync(folder, { recursive: true, force: true })
}

function delayWithWrites(api: Api, userId: UserId): Promise<number> {
  return loopDelay(
    5_000,
    () => api.reports.page({ range: MONTH }),
    () =>
      api.calls.create({
        ...{ userId, prospectName: 'Bench', callType: 'outbound', status: 'completed', outcome: 'won', completedAt: NOW },
      }),
  )
}
