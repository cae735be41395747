import { join } from 'node:path'
import { callCenterCsv } from '../app/testing/call-center-file.ts'
import { wonCall } from '../app/testing/test-application.ts'
import { openWritable } from '../db/open.ts'
import { checkpoint } from '../platform/sqlite/database.ts'
import { bareRows, insertBare, openCopy } from './bare-inserts.ts'
import { openBenchApplication } from './bench-application.ts'
import { median, milliseconds, print, quantile, ratio, time } from './measure.ts'

const SINGLE = 1_000
const IMPORTED = 10_000
const ROUNDS = 3

/** Measures calls that are logged one at a time through the API. The floor inserts the same rows, one transaction each. */
export async function benchOneCall(): Promise<void> {
  const bench = await openBenchApplication()
  const actor = { clientId: bench.session.client.id, userId: bench.session.user.id }
  const empty = join(bench.folder, 'empty.db')
  const source = openWritable(bench.databasePath)
  checkpoint(source.sqlite)
  source.sqlite.exec(`VACUUM INTO '${empty}'`)
  const samples: number[] = []
  for (let n = 0; n < SINGLE; n++)
    samples.push((await time(() => bench.api.calls.create(wonCall(actor.userId, `Prospect ${n}`)))).ms)
  const rows = bareRows(source)
  source.close()
  const floors = [false, true].map((triggers) => {
    const copy = openCopy(empty, join(bench.folder, `bare-${triggers}.db`), triggers)
    const bare = insertBare(copy, rows, 1, actor)
    copy.close()
    return bare
  })
  const [plain = [], audited = []] = floors
  const middle = median(samples)
  print(`One call logged through the API, ${SINGLE} times`, [
    {
      what: 'API, median',
      value: milliseconds(middle),
      floor: milliseconds(median(audited)),
      ratio: ratio(middle, median(audited)),
      target: '≤ 2 ms',
    },
    { what: 'API, p99', value: milliseconds(quantile(samples, 0.99)), floor: milliseconds(quantile(audited, 0.99)) },
    {
      what: 'bare insert and commit, with triggers',
      value: milliseconds(median(audited)),
      floor: milliseconds(median(plain)),
      ratio: ratio(median(audited), median(plain)),
    },
    { what: 'bare insert and commit, without', value: milliseconds(median(plain)) },
  ])
  await bench.close()
}

/** Measures the import of 10,000 rows from the first byte to the report. The floor inserts the same rows in one transaction. */
export async function benchImport(): Promise<void> {
  const results: { whole: number; audited: number; plain: number }[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const bench = await openBenchApplication()
    const actor = { clientId: bench.session.client.id, userId: bench.session.user.id }
    const { importId, suggestedMap } = await bench.api.imports.inspect({ file: new File([callCenterCsv(IMPORTED)], 'calls.csv') })
    // A dry run first: it creates no one, and fills the caches that a second import of the day would find filled.
    for await (const _ of await bench.api.imports.run({ importId, map: suggestedMap, dryRun: true }));
    const whole = await time(async () => {
      for await (const event of await bench.api.imports.run({ importId, map: suggestedMap }))
        if (event.kind === 'report' && event.report.created !== IMPORTED)
          throw new Error(`Only ${event.report.created} rows were created`)
    })
    const source = openWritable(bench.databasePath)
    const rows = bareRows(source)
    const empty = join(bench.folder, 'empty.db')
    source.sqlite.exec(`VACUUM INTO '${empty}'`)
    source.close()
    const bare = (triggers: boolean): number => {
      const copy = openCopy(empty, join(bench.folder, `bare-${triggers}.db`), triggers)
      emptyCalls(copy.sqlite)
      const [ms = Number.NaN] = insertBare(copy, rows, rows.length, actor)
      copy.close()
      return ms
    }
    results.push({ whole: whole.ms, plain: bare(false), audited: bare(true) })
    await bench.close()
  }
  const middle = (key: 'whole' | 'audited' | 'plain') => median(results.map((result) => result[key]))
  const [whole, audited, plain] = [middle('whole'), middle('audited'), middle('plain')]
  const perSecond = (ms: number) => `${Math.round((IMPORTED / ms) * 1000).toLocaleString('en')} rows/s`
  print(`${IMPORTED.toLocaleString('en')} rows imported, median of ${ROUNDS}`, [
    {
      what: 'import, file to report',
      value: `${milliseconds(whole)} (${perSecond(whole)})`,
      floor: milliseconds(audited),
      ratio: ratio(whole, audited),
      target: '≤ 2.5×',
    },
    {
      what: 'bare inserts with triggers',
      value: `${milliseconds(audited)} (${perSecond(audited)})`,
      floor: milliseconds(plain),
      ratio: ratio(audited, plain),
    },
    { what: 'bare inserts without', value: `${milliseconds(plain)} (${perSecond(plain)})` },
  ])
}

/** The triggers that maintain data derived from calls. */
const isDerived = (trigger: string) => trigger.startsWith('calls_text') || trigger.startsWith('calls_totals')

/** Takes the calls out of a copy, with their audit and outbox rows, so that inserting them again starts from where the import did. */
function emptyCalls(sqlite: ReturnType<typeof openWritable>['sqlite']): void {
  const triggers = sqlite
    .prepare<[], { name: string; sql: string }>(`SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'`)
    .all()
  for (const { name } of triggers) if (!isDerived(name)) sqlite.exec(`DROP TRIGGER "${name}"`)
  sqlite.exec(
    `DELETE FROM calls; DELETE FROM audit_logs WHERE table_name = 'calls'; DELETE FROM sync_outbox WHERE table_name = 'calls'`,
  )
  for (const { name, sql } of triggers) if (!isDerived(name)) sqlite.exec(sql)
  sqlite.exec('VACUUM')
}
