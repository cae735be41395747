import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import readWorkbook from 'read-excel-file/universal'
import { extractText } from 'unpdf'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { NoShows } from '../core/contract/no-shows.ts'
import type { ReportHours, ReportPage } from '../core/contract/reports.ts'
import { METRICS } from '../core/metrics/metrics.ts'
import { funnelSteps, HOUR_MEASURES, hourCell, TREND_PARTS } from '../core/figures/report-parts.ts'
import { numberFormat } from '../core/figures/number-format.ts'
import { ADMIN, CliHome } from './testing/cli-home.ts'

const cli = new CliHome()
const BEN = 'ben@acme.test'
const GONE = 'gone@acme.test'
const VERA = 'vera@acme.test'
const format = numberFormat('en')
/** October of the client, whose last Sunday has 25 hours. */
const RANGE = ['--from', '2026-10-01', '--to', '2026-11-01'] as const
const range = { from: Date.parse('2026-09-30T22:00:00Z'), to: Date.parse('2026-10-31T23:00:00Z') }

const as = (who: string, ...args: string[]) => cli.run(['--as', who, ...args])

async function add(...args: string[]): Promise<void> {
  const { code, stderr } = await as(ADMIN, 'call', 'add', '--prospect', 'Someone', ...args)
  if (code !== 0) throw new Error(stderr)
}

/** Calls that are easily counted wrongly, with their agents. */
async function seed(): Promise<void> {
  await cli.acme()
  await cli.member('agent', BEN, 'Ben =1+1 Ω')
  await cli.member('agent', GONE, 'Gone')
  await cli.member('viewer', VERA, 'Vera')
  for (const reason of ['Price', 'Timing, or so']) await as(ADMIN, 'reason', 'add', reason)
  // The last and the first millisecond of days, and of the period.
  await add('--user', BEN, '--outcome', 'won', '--duration', '61', '--completed-at', '2026-10-31T23:59:59.999')
  await add('--user', BEN, '--outcome', 'won', '--duration', '0', '--completed-at', '2026-10-01T00:00:00.000')
  await add('--user', BEN, '--outcome', 'won', '--duration', '9', '--completed-at', '2026-09-30T23:59:59.999')
  await add('--user', BEN, '--outcome', 'lost', '--reason', 'Price', '--completed-at', '2026-11-01T00:00:00.000')
  // Both 02:30 of the day with 25 hours.
  for (const time of ['2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z'])
    await add('--user', GONE, '--outcome', 'lost', '--reason', 'Timing, or so', '--duration', '600', '--completed-at', time)
  await add('--user', GONE, '--outcome', 'undecided', '--completed-at', '2026-10-12T09:00:00')
  await add('--user', GONE, '--outcome', 'lost', '--completed-at', '2026-10-12T09:30:00')
  await add('--user', BEN, '--status', 'no_show', '--scheduled-at', '2026-10-13T10:00:00')
  // A no-show with a later call, and one without.
  await add('--user', BEN, '--status', 'no_show', '--phone', '+49 30 5550101', '--scheduled-at', '2026-10-05T10:00:00')
  await add('--user', BEN, '--status', 'no_show', '--phone', '+49 30 5550101', '--scheduled-at', '2026-10-08T11:30:00')
  await add('--user', BEN, '--status', 'rescheduled', '--scheduled-at', '2026-10-13T11:00:00', '--type', 'inbound')
  await add('--user', BEN, '--status', 'cancelled', '--scheduled-at', '2026-10-13T12:00:00')
  await add('--user', BEN, '--status', 'scheduled', '--scheduled-at', '2027-01-01T12:00:00')
  await as(ADMIN, 'user', 'deactivate', GONE)
}

beforeAll(seed, 300_000)
afterAll(() => cli.dispose())

type Line = Readonly<Record<'section' | 'key' | 'row' | 'column' | 'unit' | 'value' | 'n' | 'd', string>>
type Sheets = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>

function valueOf(lines: readonly Line[], section: string, key: string, column: string): Line {
  const found = lines.find((line) => line.section === section && line.key === key && line.column === column)
  if (found === undefined) throw new Error(`No line ${section} ${key} ${column}`)
  return found
}

async function sheetsOf(bytes: Buffer): Promise<Sheets> {
  const sheets = await readWorkbook(new Uint8Array(bytes).buffer)
  return Object.fromEntries(
    sheets.map(({ sheet, data: [head = [], ...rows] }) => [
      sheet,
      rows.map((row) => Object.fromEntries(head.map((name, index) => [String(name), row[index] ?? null]))),
    ]),
  )
}

const packed = (text: string) => text.replaceAll(/\s/g, '')
const csvText = (value: number | null) => (value === null ? '' : String(value))

/** One report in every form, and the pages of the API that all forms must equal. */
async function everyForm(who: string, ...more: string[]) {
  const file = (ending: string) => join(cli.folder, `report.${ending}`)
  const args = ['report', ...RANGE, ...more]
  const written = await as(who, ...args, '--csv', file('csv'), '--xlsx', file('xlsx'), '--pdf', file('pdf'))
  expect(written).toMatchObject({ code: 0, stderr: '' })
  const json = await cli.json<ReportPage & Pick<ReportHours, 'hours'> & { readonly noShows: NoShows }>(who, ...args)
  const stdout = await as(who, ...args, '--csv', '--raw')
  const text = await as(who, ...args)
  const pdf = await extractText(new Uint8Array(readFileSync(file('pdf'))), { mergePages: true })
  return {
    ...{ json, text: text.stdout },
    printed: packed(pdf.text),
    lines: [readFileSync(file('csv'), 'utf8'), stdout.stdout].map((csv) => parse<Line>(csv, { bom: true, columns: true })),
    sheets: await sheetsOf(readFileSync(file('xlsx'))),
  }
}

test('API, JSON, CSV, workbook, PDF and terminal have the same digits, which equal those counted by hand', async () => {
  const api = await cli.api(ADMIN)
  const page = await api.reports.page({ range })
  const { hours } = await api.reports.hours({ range })
  expect(page.counts).toEqual({
    ...{ completed: 6, noShow: 3, rescheduled: 1, cancelled: 1, scheduled: 0, won: 2, lost: 3, undecided: 1 },
    ...{ talkSeconds: 1_261, talkCalls: 4 },
  })
  const { json, lines, sheets, printed, text } = await everyForm(ADMIN)
  expect({ ...json, computedAt: 0 }).toMatchObject({
    ...JSON.parse(JSON.stringify({ ...page, computedAt: 0, undecided: undefined })),
    hours,
  })

  for (const { key, value, numerator, denominator, former } of page.figures) {
    const { label, unit } = METRICS[key]
    for (const csv of lines) {
      expect(valueOf(csv, 'figures', key, 'value').value).toBe(csvText(value))
      expect(valueOf(csv, 'figures', key, 'before').value).toBe(csvText(former?.value ?? null))
      if (denominator !== null)
        expect(valueOf(csv, 'figures', key, 'value')).toMatchObject({ n: String(numerator), d: String(denominator) })
    }
    const row = sheets['Figures']?.find((each) => each['Metric'] === label)
    const column = unit === 'count' ? 'calls' : unit === 'ratio' ? 'rate' : 'seconds'
    expect(row?.[`Value (${column})`]).toBe(value)
    if (denominator !== null) expect([row?.['Value n'], row?.['Value d']]).toEqual([numerator, denominator])
    const shown = format.figure({ key, value })
    expect(printed).toContain(packed(`${label}${shown}`))
    expect(text).toMatch(new RegExp(`^${label} +${shown.replace('.', '\\.')}( |$)`, 'm'))
  }

  for (const [index, bucket] of page.buckets.entries()) {
    const day = `2026-10-${String(index + 1).padStart(2, '0')}`
    for (const part of TREND_PARTS)
      for (const csv of lines) expect(valueOf(csv, 'trend', day, part).value).toBe(String(bucket.counts[part]))
    expect(sheets['Calls by day']?.[index]).toMatchObject({
      ...{ From: new Date(`${day}T00:00:00Z`), Completed: bucket.counts.completed, 'No-show': bucket.counts.noShow },
    })
  }

  for (const { lossReasonId, name, count, share, cumulative } of page.lossReasons) {
    const shown = [count, format.share(share), `${count} / ${page.counts.lost}`, format.share(cumulative)]
    expect(printed).toContain(packed(`${name}${shown.join('')}`))
    for (const csv of lines) {
      expect(valueOf(csv, 'loss_reasons', lossReasonId ?? 'none', 'calls').value).toBe(String(count))
      expect(valueOf(csv, 'loss_reasons', lossReasonId ?? 'none', 'cumulative').value).toBe(String(cumulative))
    }
    expect(sheets['Loss reasons']?.find((each) => each['Reason'] === name)).toMatchObject({ Calls: count, Share: share })
  }

  for (const { key, label, count, booked } of funnelSteps(page.counts)) {
    for (const csv of lines) expect(valueOf(csv, 'funnel', key, 'of_booked').value).toBe(String(count / booked))
    expect(sheets['Funnel']?.find((each) => each['Step'] === label)).toMatchObject({ Calls: count, 'Of booked': count / booked })
    expect(printed).toContain(packed(`${label}${count}`))
  }

  const noShows = await api.reports.noShows.ageing({ range })
  const [waited, dayMs] = [3 * 86_400_000 + 5_400_000, 86_400_000]
  expect(noShows).toMatchObject({ answered: { count: 1, median: waited, p90: waited }, unanswered: { count: 1 }, noContact: 1 })
  expect(json.noShows).toMatchObject({ answered: noShows.answered, unanswered: { count: 1 }, noContact: 1 })
  const [answered] = lines.map((csv) => valueOf(csv, 'no_shows', 'answered', 'median'))
  expect(answered).toMatchObject({ value: String(waited), unit: 'ms' })
  for (const csv of lines) {
    expect(valueOf(csv, 'no_shows', 'answered', 'calls').value).toBe('1')
    expect(valueOf(csv, 'no_shows', 'answered', 'p90').value).toBe(String(waited))
    expect(valueOf(csv, 'no_shows', 'unanswered', 'calls').value).toBe('1')
    expect(valueOf(csv, 'no_shows', 'no_contact', 'calls').value).toBe('1')
    expect(valueOf(csv, 'no_shows', 'no_contact', 'median').value).toBe('')
    // The forms are written one after another, so the unanswered no-show is older in a later one.
    const unanswered = Number(valueOf(csv, 'no_shows', 'unanswered', 'median').value)
    expect(unanswered).toBeGreaterThanOrEqual(noShows.unanswered.median ?? Number.NaN)
    expect(unanswered).toBeLessThan((noShows.unanswered.median ?? Number.NaN) + 600_000)
  }
  expect(sheets['No-shows']?.find((each) => each['No-shows'] === 'Called again')).toMatchObject({
    Calls: 1,
    'Median (days)': waited / dayMs,
  })
  const age = format.age(waited)
  expect(printed).toContain(packed(`Called again1${age}${age}`))
  expect(text).toMatch(new RegExp(`^Called again +1 +${age} +${age}$`, 'm'))

  for (const [slot, counts] of hours.entries()) {
    const key = `${Math.floor(slot / 24) + 1}-${String(slot % 24).padStart(2, '0')}`
    for (const measure of HOUR_MEASURES)
      for (const csv of lines) expect(valueOf(csv, 'hours', key, measure).value).toBe(csvText(hourCell(measure, counts).value))
  }

  expect(page.people).toHaveLength(2)
  for (const { userId, counts } of page.people) {
    const name = counts.won > 0 ? 'Ben =1+1 Ω' : 'Gone (inactive)'
    const calls = METRICS.calls.numerator(counts)
    for (const csv of lines) {
      expect(valueOf(csv, 'people', userId, 'calls')).toMatchObject({ value: String(calls), row: name })
      expect(valueOf(csv, 'people', userId, 'close_rate')).toMatchObject({ n: String(counts.won), d: String(counts.completed) })
    }
    expect(sheets['Agents']?.find((each) => each['Name'] === name)).toMatchObject({ Calls: calls, Won: counts.won })
    expect(printed).toContain(packed(`—${name}${calls}${counts.won}`))
    expect(text).toContain(name)
  }
}, 300_000)

test('the command has the filters of the dashboard', async () => {
  const { json, lines, printed } = await everyForm(
    ADMIN,
    '--user',
    BEN,
    '--type',
    'inbound',
    '--compare',
    'none',
    '--bucket',
    'week',
  )
  expect(json).toMatchObject({ counts: { rescheduled: 1, completed: 0 }, former: null, bucketSize: 'week' })
  for (const csv of lines) {
    expect(valueOf(csv, 'figures', 'close_rate', 'value')).toMatchObject({ value: '', n: '0', d: '0' })
    expect(valueOf(csv, 'report', 'types', 'value').value).toBe('Inbound')
  }
  expect(printed).toContain(packed('Agents Ben =1+1 Ω'))
  expect(printed).toContain(packed('Close rate—0 / 0'))
}, 120_000)

test('all time starts with the first month that has a call in every form, and an empty report states that it has no calls', async () => {
  const all = ['report', '--period', 'all']
  const json = await cli.json<ReportPage>(ADMIN, ...all)
  const months = json.buckets.map(({ from }) => new Date(from + 86_400_000).toISOString().slice(0, 7))
  expect(months[0]).toBe('2026-09')
  expect(json.buckets[0]?.counts.completed).toBe(1)
  const path = join(cli.folder, 'all.csv')
  await as(ADMIN, ...all, '--csv', path, '--table', 'trend')
  expect(parse<Record<string, string>>(readFileSync(path), { bom: true, columns: true })).toHaveLength(months.length)
  const { stdout } = await as(ADMIN, ...all)
  expect(stdout).toContain('September 2026')
  expect(stdout).not.toContain('1970')

  expect(await cli.json<ReportPage>(VERA, ...all, '--user', VERA)).toMatchObject({ buckets: [] })
  const pdf = join(cli.folder, 'none.pdf')
  await as(ADMIN, ...all, '--user', VERA, '--pdf', pdf)
  const printed = (await extractText(new Uint8Array(readFileSync(pdf)), { mergePages: true })).text
  for (const text of [printed, (await as(ADMIN, ...all, '--user', VERA)).stdout])
    expect(text).toContain('No calls in this period.')
}, 120_000)

test('each file is an entry of the audit trail with its filter and its rows; a table on the terminal is not', async () => {
  const path = join(cli.folder, 'people.csv')
  const count = async () => {
    const { rows } = await cli.json<{ rows: { newValues: Record<string, unknown> }[] }>(
      ADMIN,
      'audit',
      'list',
      '--action',
      'EXPORT',
    )
    return rows
  }
  const before = (await count()).length
  await as(ADMIN, 'report', ...RANGE)
  await cli.json(ADMIN, 'report', ...RANGE)
  expect(await count()).toHaveLength(before)
  const { files } = await cli.json<{ files: object[] }>(ADMIN, 'report', ...RANGE, '--csv', path, '--table', 'people')
  expect(files).toMatchObject([{ path, format: 'csv', rows: 2 }])
  const after = await count()
  expect(after).toHaveLength(before + 1)
  expect(after[0]?.newValues).toMatchObject({ content: 'report: people', format: 'csv', row_count: 2 })
  expect(JSON.parse(String(after[0]?.newValues['filter']))).toEqual({ ...range, compare: 'previous' })
  const [row] = parse<Record<string, string>>(readFileSync(path), { bom: true, columns: true })
  expect(Object.keys(row ?? {})).toContain('Close rate n')
}, 120_000)

test('an agent gets their own figures without names of others, a viewer all', async () => {
  const { json, lines, sheets, printed, text } = await everyForm(BEN)
  expect(json).toMatchObject({ reach: 'own', counts: { completed: 2, won: 2 }, team: { shownDays: 0 } })
  for (const form of [JSON.stringify(lines), JSON.stringify(sheets), printed, text]) {
    expect(form).not.toContain('Gone')
    expect(form).not.toContain('Vera')
  }
  expect(sheets['Agents']).toBeUndefined()
  expect(await as(BEN, 'report', ...RANGE, '--user', GONE, '--csv')).toMatchObject({ stdout: '' })
  const id = (await (await cli.api(ADMIN)).users.list()).find(({ email }) => email === GONE)?.id ?? ''
  expect(await as(BEN, 'report', ...RANGE, '--user', id, '--csv')).toMatchObject({ code: 4, stdout: '' })
  expect(await as(VERA, 'report', ...RANGE, '--csv')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('Gone (inactive)'),
  })
}, 300_000)

test('wrong combinations of options are refused before anything is done', async () => {
  for (const args of [
    ['report'],
    ['report', ...RANGE, '--csv', '--json'],
    ['report', ...RANGE, '--table', 'people'],
    ['report', ...RANGE, '--raw'],
    ['report', ...RANGE, '--csv', '--table', 'nothing'],
    ['report', ...RANGE, '--compare', 'tomorrow'],
  ])
    expect(await as(ADMIN, ...args)).toMatchObject({ code: 2, stdout: '' })
  expect(await as(ADMIN, 'report', ...RANGE, '--pdf', join(cli.folder, 'no', 'such', 'folder.pdf'))).toMatchObject({ code: 6 })
  expect(await as(BEN, 'report', ...RANGE, '--csv', '--table', 'people')).toMatchObject({ code: 6, stdout: '' })
}, 120_000)

test('a report as known on an earlier day has the same digits in the API, JSON, CSV, workbook, PDF and terminal', async () => {
  const then = await cli.api(ADMIN)
  const before = await then.reports.page({ range })
  const [won] = (await then.calls.list({ filter: { outcomes: ['won'], from: range.from, to: range.to } })).rows
  cli.now += 2 * 86_400_000
  const api = await cli.api(ADMIN)
  await api.calls.update({ id: won?.id ?? expect.fail('A won call'), patch: { outcome: 'undecided' } })
  await add('--user', BEN, '--outcome', 'won', '--completed-at', '2026-10-14T09:00:00')

  // The end of the day before the changes, in the client's zone.
  const knownAt = Date.parse('2026-11-22T23:00:00Z')
  const known = await api.reports.known.page({ range, knownAt })
  expect(known.page.counts).toEqual(before.counts)
  expect(known.today.find(({ key }) => key === 'calls')?.numerator).toBe(METRICS.calls.numerator(before.counts) + 1)
  const { json, lines, sheets, printed, text } = await everyForm(ADMIN, '--known-on', '2026-11-22')
  expect({ ...json, hours: null }).toMatchObject({
    ...{ knownOn: '2026-11-22', knownAt, coverage: 'complete', hours: null },
    ...JSON.parse(JSON.stringify({ ...known.page, people: undefined })),
  })
  expect(json.hours).toEqual(known.hours)
  for (const { key, value, numerator, denominator } of known.page.figures) {
    const { label, unit } = METRICS[key]
    for (const csv of lines) {
      expect(valueOf(csv, 'figures', key, 'value').value).toBe(csvText(value))
      if (denominator !== null)
        expect(valueOf(csv, 'figures', key, 'value')).toMatchObject({ n: String(numerator), d: String(denominator) })
    }
    const row = sheets['Figures']?.find((each) => each['Metric'] === label)
    expect(row?.[`Value (${unit === 'count' ? 'calls' : unit === 'ratio' ? 'rate' : 'seconds'})`]).toBe(value)
    const shown = format.figure({ key, value })
    expect(printed).toContain(packed(`${label}${shown}`))
    expect(text).toMatch(new RegExp(`^${label} +${shown.replace('.', '\\.')}( |$)`, 'm'))
  }
  for (const { userId, counts } of known.page.people)
    for (const csv of lines)
      expect(valueOf(csv, 'people', userId, 'close_rate')).toMatchObject({ n: String(counts.won), d: String(counts.completed) })
  for (const csv of lines) expect(valueOf(csv, 'report', 'known_on', 'value').value).toBe('2026-11-22')
  expect(JSON.stringify(sheets['Report'])).toContain('2026-11-22')
  expect(printed).toContain(packed('As known on 2026-11-22'))
  expect(text).toMatch(/^As known on +2026-11-22$/m)
  const exported = await api.audit.list({ actions: ['EXPORT'], limit: 1 })
  expect(JSON.parse(String(exported.rows[0]?.newValues?.['filter']))).toEqual({ ...range, compare: 'previous', knownAt })

  // An export contains only what the dashboard of the person shows.
  const gone = (await api.users.list()).find(({ email }) => email === GONE)?.id ?? ''
  expect(await as(BEN, 'report', ...RANGE, '--known-on', '2026-11-22', '--user', gone, '--csv')).toMatchObject({
    code: 4,
    stdout: '',
  })
  const own = await everyForm(BEN, '--known-on', '2026-11-22')
  expect(own.json).toMatchObject({ reach: 'own', counts: { completed: 2, won: 2 } })
  for (const form of [JSON.stringify(own.lines), JSON.stringify(own.sheets), own.printed, own.text])
    expect(form).not.toContain('Gone')

  for (const day of ['2026-11-31', 'yesterday', '2026-11-22T10:00'])
    expect(await as(ADMIN, 'report', ...RANGE, '--known-on', day)).toMatchObject({ code: 2, stdout: '' })
}, 300_000)
