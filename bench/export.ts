import { closeSync, mkdirSync, mkdtempSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { hashSync } from 'bcryptjs'
import { must } from '../core/assert.ts'
import type { Api } from '../core/contract/contract.ts'
import type { ExportFormat } from '../core/contract/exports.ts'
import type { CallSort } from '../core/contract/calls.ts'
import { idFromDigest } from '../core/id.ts'
import { setUserPassword, updateUser } from '../db/commands/users.ts'
import { openReadable, openWritable } from '../db/open.ts'
import { writeTransaction } from '../db/write-transaction.ts'
import type { Application } from '../app/application.ts'
import { BENCH_PASSWORD, openApplication } from './bench-application.ts'
import { makeListWorkspace, TO } from './list-workspace.ts'
import { milliseconds, print, ratio, time, type Row } from './measure.ts'

const CALLS = Number(process.env.BENCH_CALLS ?? 1_000_000)
const MIB = 1_024 * 1_024

/** Writes the rows of a bare SELECT of the exported columns to a file, with commas and line ends only. Returns the bytes. */
function bareExport(database: string, path: string): number {
  const reader = openReadable(database)
  const file = openSync(path, 'w')
  const rows = reader.sqlite
    .prepare(
      `SELECT event_at, user_id, prospect_name, prospect_phone, prospect_email, call_type, status, outcome, loss_reason_id, call_duration,
        notes, scheduled_at, completed_at, created_at, id FROM calls ORDER BY event_at DESC`,
    )
    .raw()
    .iterate() as IterableIterator<unknown[]>
  let text = ''
  for (const row of rows) {
    text += `${row.join(',')}\n`
    if (text.length > 65_536) {
      writeSync(file, text)
      text = ''
    }
  }
  writeSync(file, text)
  closeSync(file)
  reader.close()
  return statSync(path).size
}

type Measured = {
  readonly ms: number
  readonly rows: number
  readonly bytes: number
  readonly memory: number
  readonly gap: number
}

/** Exports through the API. `memory`: the growth of the process; `gap`: the longest time for which the main thread was blocked. */
async function measure(
  application: Application,
  api: Api,
  path: string,
  input: { readonly format: ExportFormat; readonly style?: 'raw'; readonly sort?: CallSort },
): Promise<Measured> {
  const target = application.exportFiles.choose('admin', path)
  const before = process.memoryUsage.rss()
  let [most, gap, last] = [before, 0, performance.now()]
  const watch = setInterval(() => {
    const now = performance.now()
    gap = Math.max(gap, now - last - 10)
    last = now
    most = Math.max(most, process.memoryUsage.rss())
  }, 10)
  const { ms, value } = await time(async () => {
    for await (const event of await api.exports.calls({ ...input, target })) if (event.kind === 'done') return event.file
    return undefined
  })
  clearInterval(watch)
  const { rows, bytes } = must(value, 'An export ends with its file')
  rmSync(path)
  return { ms, rows, bytes, memory: most - before, gap }
}

/** Measures exports of a tenth of the calls and of all, through the API. The floor is a bare SELECT of the same rows written to a file. */
export async function benchExport(): Promise<void> {
  for (const calls of [CALLS / 10, CALLS]) {
    const folder = mkdtempSync(join(tmpdir(), 'propaganda-bench-'))
    const made = join(folder, 'made', 'workspace.db')
    process.stdout.write(`\nCreating ${calls.toLocaleString('en')} calls …\n`)
    const { clientId, userIds } = makeListWorkspace(made, calls)
    const adminId = must(userIds[0], 'An admin')
    const db = openWritable(made)
    const newTxId = idFromDigest(new Uint8Array(16))
    writeTransaction(db, { clientId, userId: adminId, ipAddress: null, userAgent: null, now: TO, newTxId }, () => {
      updateUser(db, adminId, { role: 'admin' })
      setUserPassword(db, adminId, hashSync(BENCH_PASSWORD, 4))
    })
    db.close()
    const path = join(folder, 'home', 'workspaces', clientId, 'workspace.db')
    mkdirSync(dirname(dirname(path)), { recursive: true })
    renameSync(dirname(made), dirname(path))
    const application = openApplication(join(folder, 'home'))
    const api = application.apiOf(application.openConnection('admin'))
    await api.session.signIn({ email: 'agent0@bench.test', password: BENCH_PASSWORD })
    const out = join(folder, 'out')
    // The first reads fill the page cache, and the first small export starts the thread.
    bareExport(path, out)
    rmSync(out)
    await measure(application, api, out, { format: 'csv' })
    const rows: Row[] = []
    for (const [what, input, target] of [
      ['CSV for spreadsheets', { format: 'csv' }, '≤ 3×'],
      ['CSV, raw', { format: 'csv', style: 'raw' }, ''],
      ['CSV, by name', { format: 'csv', sort: { by: 'prospectName', direction: 'asc' } }, ''],
      ['workbook', { format: 'xlsx' }, ''],
    ] as const) {
      const floor = await time(() => bareExport(path, out))
      rmSync(out)
      const { ms, bytes, memory, gap } = await measure(application, api, out, input)
      rows.push({
        what: `${what}, ${(bytes / MIB).toFixed(0)} MiB`,
        value: `${milliseconds(ms)}, +${(memory / MIB).toFixed(0)} MiB RSS, gap ${milliseconds(gap)}`,
        floor: milliseconds(floor.ms),
        ratio: ratio(ms, floor.ms),
        target,
      })
    }
    print(`Export of ${calls.toLocaleString('en')} calls, through the API; floor: a bare SELECT written to a file`, rows)
    await application.close()
    rmSync(folder, { recursive: true, force: true })
  }
}
