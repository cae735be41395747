/**
 * The totals of reports: counts of calls by local day and by local month of the client's zone, person and type; of lost calls also by loss
 * reason; and by month and hour of the week. A report of a year therefore reads months × people instead of calls. The days are also counted
 * without the person, because a trend of everyone's calls would otherwise read days × people; and so are their hours, because the calls of
 * parts of months would otherwise be read. Triggers keep them up to date in the statement that changes a call.
 *
 * SQLite has no time zones, so the triggers find the local day in `local_zone_offsets`. The table holds the offsets of one zone, whose
 * name is in `local_report_zone`. While it is empty, nothing is counted. If the client's zone is another one, no report uses the totals, and
 * they are built again (`db/report-zone.ts`).
 */

type Row = 'NEW' | 'OLD' | 'c'

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000

const STATUSES = ['completed', 'no_show', 'rescheduled', 'cancelled', 'scheduled'] as const

/** The counts of a call, by column. */
const counts = (row: Row): Readonly<Record<string, string>> => ({
  ...Object.fromEntries(STATUSES.map((status) => [status, `${row}.status = '${status}'`])),
  won: `${row}.outcome IS 'won'`,
  lost: `${row}.outcome IS 'lost'`,
  undecided: `${row}.outcome IS 'undecided'`,
})
/** The duration of completed calls. */
const talk = (row: Row): Readonly<Record<string, string>> => ({
  talk_seconds: `iif(${row}.status = 'completed', coalesce(${row}.call_duration, 0), 0)`,
  talk_calls: `${row}.status = 'completed' AND ${row}.call_duration IS NOT NULL`,
})

/** Adding a day keeps the dividend positive near 1970-01-01, because SQLite divides towards 0. */
const dayOf = (row: Row) => `(${row}.event_at + z.day_offset + ${DAY_MS}) / ${DAY_MS} - 1`
const monthOf = (row: Row) =>
  `12 * strftime('%Y', (${dayOf(row)}) * 86400, 'unixepoch') + strftime('%m', (${dayOf(row)}) * 86400, 'unixepoch') - 1`
/** The hour of the week, 0…167, from Monday. 1970-01-01 was a Thursday. */
const slotOf = (row: Row) => `((${dayOf(row)} + 10) % 7) * 24 + (${row}.event_at + z.offset + ${DAY_MS}) / ${HOUR_MS} % 24`

type Totals = {
  readonly table: string
  /** Column of the key and its value for a call. */
  readonly key: (row: Row) => Readonly<Record<string, string>>
  readonly sums: (row: Row) => Readonly<Record<string, string>>
  /** Columns that are all 0 if no call is left in the row. */
  readonly parts: readonly string[]
  /** Which calls are counted. */
  readonly only?: (row: Row) => string
}

const type = (row: Row) => ({ call_type: `${row}.call_type` })
const owner = (row: Row) => ({ user_id: `${row}.user_id`, ...type(row) })
const reason = (row: Row) => ({ loss_reason_id: `coalesce(${row}.loss_reason_id, '')` })
const client = (row: Row) => ({ client_id: `${row}.client_id` })
const losses = {
  sums: (row: Row) => ({ lost: `${row}.outcome IS 'lost'` }),
  parts: ['lost'],
  only: (row: Row) => `${row}.outcome IS 'lost'`,
}
const hours = {
  sums: (row: Row) => {
    const { completed = '', no_show = '', rescheduled = '', won = '' } = counts(row)
    return { calls: '1', completed, no_show, rescheduled, won }
  },
  parts: ['calls'],
}
const allCalls = { sums: (row: Row) => ({ ...counts(row), ...talk(row) }), parts: STATUSES }

/** The tables of totals. */
export const REPORT_TOTALS: readonly Totals[] = [
  { table: 'local_day_totals', key: (row) => ({ ...client(row), day: dayOf(row), ...owner(row) }), ...allCalls },
  { table: 'local_everyone_totals', key: (row) => ({ ...client(row), day: dayOf(row), ...type(row) }), ...allCalls },
  { table: 'local_month_totals', key: (row) => ({ ...client(row), month: monthOf(row), ...owner(row) }), ...allCalls },
  {
    table: 'local_day_losses',
    key: (row) => ({ ...client(row), day: dayOf(row), ...reason(row), ...owner(row) }),
    ...losses,
  },
  {
    table: 'local_everyone_losses',
    key: (row) => ({ ...client(row), day: dayOf(row), ...reason(row), ...type(row) }),
    ...losses,
  },
  {
    table: 'local_month_losses',
    key: (row) => ({ ...client(row), month: monthOf(row), ...reason(row), ...owner(row) }),
    ...losses,
  },
  {
    table: 'local_hour_totals',
    key: (row) => ({ ...client(row), month: monthOf(row), hour: slotOf(row), ...owner(row) }),
    ...hours,
  },
  {
    table: 'local_everyone_hours',
    key: (row) => ({ ...client(row), day: dayOf(row), hour: slotOf(row), ...type(row) }),
    ...hours,
  },
]

/** The counted columns of a call. */
const COUNTED = [
  'user_id',
  'call_type',
  'status',
  'outcome',
  'loss_reason_id',
  'call_duration',
  'scheduled_at',
  'completed_at',
  'created_at',
]

const list = (values: Readonly<Record<string, string>>) => Object.keys(values).join(', ')
const zoneAt = (row: Row) =>
  `(SELECT "offset", day_offset FROM local_zone_offsets WHERE starts_at <= ${row}.event_at ORDER BY starts_at DESC LIMIT 1) AS z`

/** Adds a call to a table of totals, or subtracts it. */
function count({ table, key, sums, only }: Totals, row: 'NEW' | 'OLD'): string {
  const [keys, values] = [key(row), sums(row)]
  const signed = Object.values(values).map((value) => (row === 'NEW' ? value : `-(${value})`))
  const added = Object.keys(values).map((column) => `${column} = ${column} + excluded.${column}`)
  return `INSERT INTO ${table} (${list(keys)}, ${list(values)})
    SELECT ${[...Object.values(keys), ...signed].join(', ')} FROM ${zoneAt(row)} WHERE ${only?.(row) ?? 'true'}
    ON CONFLICT DO UPDATE SET ${added.join(', ')};`
}

/** Removes the row of the former call if it no longer counts any call. */
function removeEmpty({ table, key, parts, only }: Totals): string {
  const keys = key('OLD')
  const isEmpty = parts.map((column) => `${column} = 0`).join(' AND ')
  const isCounted = only === undefined ? '' : ` AND ${only('OLD')}`
  return `DELETE FROM ${table} WHERE (${list(keys)}) = (SELECT ${Object.values(keys).join(', ')} FROM ${zoneAt('OLD')}) AND ${isEmpty}${isCounted};`
}

const forEachTable = (...statements: readonly ((totals: Totals) => string)[]) =>
  statements.flatMap((statement) => REPORT_TOTALS.map(statement)).join('\n  ')
const addNew = (totals: Totals) => count(totals, 'NEW')
const takeOld = (totals: Totals) => count(totals, 'OLD')
const isChanged = COUNTED.map((name) => `OLD."${name}" IS NOT NEW."${name}"`).join(' OR ')

/** Creates the triggers. */
export const reportTriggersSql: readonly string[] = [
  `CREATE TRIGGER calls_report_insert AFTER INSERT ON calls BEGIN\n  ${forEachTable(addNew)}\nEND;`,
  `CREATE TRIGGER calls_report_update AFTER UPDATE OF ${COUNTED.join(', ')} ON calls WHEN ${isChanged} BEGIN\n  ${forEachTable(addNew, takeOld, removeEmpty)}\nEND;`,
  `CREATE TRIGGER calls_report_delete AFTER DELETE ON calls BEGIN\n  ${forEachTable(takeOld, removeEmpty)}\nEND;`,
]

/** The columns of a table of totals, in the order in which `countedReportTotals` selects them. */
export function totalsColumns({ key, sums }: Totals): string {
  return `${list(key('c'))}, ${list(sums('c'))}`
}

/** Selects the correct rows of a table of totals from the calls. Reads one offset after the other, so that no call needs its own search. */
export function countedReportTotals({ key, sums, only }: Totals): string {
  const keys = Object.entries(key('c')).map(([column, value]) => `${value} AS ${column}`)
  const values = Object.entries(sums('c')).map(([column, value]) => `sum(${value}) AS ${column}`)
  const positions = keys.map((_, index) => index + 1).join(', ')
  return `SELECT ${[...keys, ...values].join(', ')} FROM clients AS k CROSS JOIN local_zone_offsets AS z
    CROSS JOIN calls AS c ON c.client_id = k.id AND c.event_at >= z.starts_at AND c.event_at < z.ends_at WHERE ${only?.('c') ?? 'true'} GROUP BY ${positions}`
}

/** Builds all totals from the calls again. */
export const rebuildReportTotalsSql: readonly string[] = REPORT_TOTALS.flatMap((totals) => [
  `DELETE FROM ${totals.table};`,
  `INSERT INTO ${totals.table} (${totalsColumns(totals)}) ${countedReportTotals(totals)};`,
])
