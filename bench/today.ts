import { hashSync } from 'bcryptjs'
import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { must } from '../core/assert.ts'
import type { AgendaPage } from '../core/contract/agenda.ts'
import type { Api } from '../core/contract/contract.ts'
import type { UserId } from '../core/id.ts'
import { idFromDigest } from '../core/id.ts'
import { setUserPassword } from '../db/commands/users.ts'
import { openReadable, openWritable } from '../db/open.ts'
import { NO_NEXT_STEP_LIMITS } from '../db/queries/no-next-step.ts'
import { writeTransaction } from '../db/write-transaction.ts'
import { BENCH_PASSWORD, openApplication } from './bench-application.ts'
import { median, milliseconds, print, quantile, ratio, time, type Row } from './measure.ts'
import { makeReportWorkspace, REPORT_TO } from './report-workspace.ts'

const SIZES = (process.env.BENCH_TODAY_CALLS ?? '1000000').split(',').map(Number)
const SAMPLES = 40
/** The longest that a person waits for a part of Today. */
const TARGET = 'p95 ≤ 40 ms'

type Kind = {
  readonly what: string
  readonly ask: (api: Api, userIds: UserId[]) => Promise<unknown>
  /** A statement that reads the same calls without the rest. */
  readonly floor: string
  readonly own: boolean
}

/** Counts the scheduled calls and reads the first hundred. */
const scheduled = (index: string, where: string) =>
  `SELECT (SELECT count(*) FROM calls INDEXED BY ${index} WHERE client_id = :client ${where} AND status = 'scheduled'),
    (SELECT total(length(prospect_name)) FROM (SELECT prospect_name FROM calls INDEXED BY ${index}
      WHERE client_id = :client ${where} AND status = 'scheduled' ORDER BY scheduled_at LIMIT 100))`
/** Reads the numbers of the undecided calls that are examined. */
const undecided = (index: string, where: string) =>
  `SELECT total(length(prospect_phone)) FROM (SELECT prospect_phone FROM calls INDEXED BY ${index}
    WHERE client_id = :client ${where} AND outcome = 'undecided' ORDER BY event_at DESC LIMIT ${NO_NEXT_STEP_LIMITS.mostExamined})`
const OF_ONE = 'AND user_id = :agent'
const SCHEDULED = scheduled('calls_scheduled', '')
const SCHEDULED_OF_ONE = scheduled('calls_scheduled_by_user', OF_ONE)
/** Counts the person's calls of nine days. */
const DAYS = `SELECT count(*) FROM calls INDEXED BY calls_by_user WHERE client_id = :client ${OF_ONE} AND event_at >= ${REPORT_TO} - 9 * 86400000`

async function lastPage(api: Api, userIds: UserId[]): Promise<void> {
  let after: AgendaPage['next'] = null
  for (let pages = 0; pages < 10; pages++) {
    const page: AgendaPage = await api.agenda.list({ userIds, after })
    after = page.next
    if (after === null) return
  }
}

const KINDS: readonly Kind[] = [
  { what: 'agenda of everyone', ask: (api) => api.agenda.list({}), floor: SCHEDULED, own: false },
  { what: 'agenda of one agent', ask: (api, userIds) => api.agenda.list({ userIds }), floor: SCHEDULED_OF_ONE, own: true },
  { what: 'ten pages of the agenda of one agent', ask: lastPage, floor: SCHEDULED_OF_ONE, own: true },
  { what: 'own figures of the day', ask: (api) => api.agenda.day(), floor: DAYS, own: true },
  {
    what: 'no next step, everyone',
    ask: (api) => api.agenda.noNextStep({}),
    floor: undecided('calls_undecided', ''),
    own: false,
  },
  {
    what: 'no next step, one agent',
    ask: (api, userIds) => api.agenda.noNextStep({ userIds }),
    floor: undecided('calls_by_user', OF_ONE),
    own: true,
  },
]

/** Measures the parts of Today through the API. */
export async function benchToday(): Promise<void> {
  for (const size of SIZES) await benchSize(size)
}

async function benchSize(size: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'propaganda-bench-'))
  const made = join(folder, 'made', 'workspace.db')
  process.stdout.write(`\nCreating ${size.toLocaleString('en')} calls …\n`)
  const workspace = makeReportWorkspace(made, size)
  const { clientId } = workspace
  const [adminId, agentId] = [must(workspace.userIds[0], 'An admin'), must(workspace.userIds[1], 'An agent')]
  const db = openWritable(made)
  const newTxId = idFromDigest(new Uint8Array(16))
  const context = { clientId, userId: adminId, ipAddress: null, userAgent: null, now: REPORT_TO, newTxId }
  writeTransaction(db, context, () => setUserPassword(db, adminId, hashSync(BENCH_PASSWORD, 4)))
  db.close()
  const path = join(folder, 'home', 'workspaces', clientId, 'workspace.db')
  mkdirSync(dirname(dirname(path)), { recursive: true })
  renameSync(dirname(made), dirname(path))
  const application = openApplication(join(folder, 'home'))
  const api = application.apiOf(application.openConnection('admin'))
  await api.session.signIn({ email: 'p0@bench.test', password: BENCH_PASSWORD })
  const reader = openReadable(path)
  const rows: Row[] = []
  for (const { what, ask, own, floor } of KINDS) {
    const statement = reader.sqlite.prepare(floor)
    const [floors, samples]: [number[], number[]] = [[], []]
    for (let n = 0; n < SAMPLES; n++) {
      floors.push((await time(() => statement.get({ client: clientId, ...(own && { agent: agentId }) }))).ms)
      samples.push((await time(() => ask(api, [agentId]))).ms)
    }
    const [p95, least] = [quantile(samples.slice(2), 0.95), median(floors)]
    rows.push({
      what,
      value: `p50 ${milliseconds(median(samples))}, p95 ${milliseconds(p95)}`,
      floor: milliseconds(least),
      ratio: ratio(p95, least),
      target: TARGET,
    })
  }
  print(
    `Today at ${size.toLocaleString('en')} calls of 60 people, through the API; floor: a statement that reads the same calls`,
    rows,
  )
  reader.close()
  await application.close()
  rmSync(folder, { recursive: true, force: true })
}
