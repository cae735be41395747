import { hashSync } from 'bcryptjs'
import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { must } from '../core/assert.ts'
import type { ReportRequest } from '../core/contract/reports.ts'
import { idFromDigest } from '../core/id.ts'
import { setUserPassword } from '../db/commands/users.ts'
import { openReadable, openWritable } from '../db/open.ts'
import { writeTransaction } from '../db/write-transaction.ts'
import { BENCH_PASSWORD, openApplication } from './bench-application.ts'
import { median, milliseconds, print, quantile, ratio, time, type Row } from './measure.ts'
import { makeReportWorkspace, REPORT_TO } from './report-workspace.ts'

const SIZES = (process.env.BENCH_REPORT_CALLS ?? '100000,1000000,5000000').split(',').map(Number)
const SAMPLES = 40
const DAY = 86_400_000

type Kind = { readonly what: string; readonly days: number; readonly people?: number; readonly target: string } & Partial<
  Pick<ReportRequest, 'callTypes' | 'bucket'>
>

const KINDS: readonly Kind[] = [
  { what: 'page, 12 months', days: 365, target: 'p95 ≤ 40 ms at 1,000,000' },
  { what: 'page, 12 months by day', days: 365, bucket: 'day', target: '' },
  { what: 'page, 12 months, one agent', days: 365, people: 1, target: 'p95 ≤ 40 ms' },
  { what: 'page, 12 months, 30 agents', days: 365, people: 30, target: 'p95 ≤ 40 ms' },
  { what: 'page, 12 months, inbound', days: 365, callTypes: ['inbound'], target: 'p95 ≤ 40 ms' },
  { what: 'page, 30 days', days: 30, target: 'p95 ≤ 15 ms' },
  { what: 'page, 30 days, 30 agents', days: 30, people: 30, target: 'p95 ≤ 15 ms' },
]

/** Measures the report page through the API. The floor counts the calls of the same period. */
export async function benchReports(): Promise<void> {
  for (const size of SIZES) await benchSize(size)
}

async function benchSize(size: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'propaganda-bench-'))
  const made = join(folder, 'made', 'workspace.db')
  process.stdout.write(`\nCreating ${size.toLocaleString('en')} calls …\n`)
  const { ms: making, value: workspace } = await time(() => makeReportWorkspace(made, size))
  process.stdout.write(`Created in ${(making / 1000).toFixed(0)} s\n`)
  const adminId = must(workspace.userIds[0], 'An admin')
  const db = openWritable(made)
  const newTxId = idFromDigest(new Uint8Array(16))
  const context = { clientId: workspace.clientId, userId: adminId, ipAddress: null, userAgent: null, now: REPORT_TO, newTxId }
  writeTransaction(db, context, () => setUserPassword(db, adminId, hashSync(BENCH_PASSWORD, 4)))
  db.close()
  const path = join(folder, 'home', 'workspaces', workspace.clientId, 'workspace.db')
  mkdirSync(dirname(dirname(path)), { recursive: true })
  renameSync(dirname(made), dirname(path))
  const application = openApplication(join(folder, 'home'))
  const api = application.apiOf(application.openConnection('admin'))
  await api.session.signIn({ email: 'p0@bench.test', password: BENCH_PASSWORD })
  const reader = openReadable(path)
  const floor = reader.sqlite.prepare(
    'SELECT count(*) FROM calls INDEXED BY calls_by_time WHERE client_id = ? AND event_at >= ? AND event_at < ?',
  )
  const rows: Row[] = []
  for (const { what, days, people, target, ...request } of KINDS) {
    const range = { from: REPORT_TO - days * DAY, to: REPORT_TO }
    const userIds = people === undefined ? {} : { userIds: workspace.userIds.slice(1, 1 + people) }
    const [floors, samples]: [number[], number[]] = [[], []]
    for (let n = 0; n < SAMPLES; n++) {
      floors.push((await time(() => floor.get(workspace.clientId, range.from, range.to))).ms)
      samples.push((await time(() => api.reports.page({ range, ...userIds, ...request }))).ms)
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
  print(`Reports at ${size.toLocaleString('en')} calls of 60 people, through the API; floor: SELECT count(*) of the period`, rows)
  reader.close()
  await application.close()
  rmSync(folder, { recursive: true, force: true })
}
