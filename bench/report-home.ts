import { hashSync } from 'bcryptjs'
import { mkdirSync, mkdtempSync, renameSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { must } from '../core/assert.ts'
import { idFromDigest, type UserId } from '../core/id.ts'
import { setUserPassword } from '../db/commands/users.ts'
import { openWritable } from '../db/open.ts'
import { writeTransaction } from '../db/write-transaction.ts'
import { BENCH_PASSWORD } from './bench-application.ts'
import { time } from './measure.ts'
import { makeReportWorkspace, REPORT_TO, type ReportWorkspace } from './report-workspace.ts'

/** The e-mail address of the admin, who signs in with `BENCH_PASSWORD`. */
export const REPORT_ADMIN = 'p0@bench.test'

/** A home of the product with one workspace. The caller removes `folder`. */
export type ReportHome = {
  readonly folder: string
  /** The workspace file. */
  readonly path: string
  readonly workspace: ReportWorkspace
  readonly adminId: UserId
}

/** Creates a temporary folder with the home `home`, which has the workspace of `makeReportWorkspace` with `size` calls. Prints the time. */
export async function makeReportHome(size: number): Promise<ReportHome> {
  const folder = mkdtempSync(join(tmpdir(), 'propaganda-bench-'))
  const made = join(folder, 'made', 'workspace.db')
  process.stdout.write(`\nCreating ${size.toLocaleString('en')} calls …\n`)
  const { ms, value: workspace } = await time(() => makeReportWorkspace(made, size))
  process.stdout.write(`Created in ${(ms / 1000).toFixed(0)} s\n`)
  const adminId = must(workspace.userIds[0], 'An admin')
  const db = openWritable(made)
  const newTxId = idFromDigest(new Uint8Array(16))
  const context = { clientId: workspace.clientId, userId: adminId, ipAddress: null, userAgent: null, now: REPORT_TO, newTxId }
  writeTransaction(db, context, () => setUserPassword(db, adminId, hashSync(BENCH_PASSWORD, 4)))
  db.close()
  const path = join(folder, 'home', 'workspaces', workspace.clientId, 'workspace.db')
  mkdirSync(dirname(dirname(path)), { recursive: true })
  renameSync(dirname(made), dirname(path))
  return { folder, path, workspace, adminId }
}
