import { must } from '../assert.ts'
import { expect, test } from 'vitest'
import { figure, METRIC_KEYS, METRICS } from '../metrics/metrics.ts'
import { cellText, cellValue, type Cell } from './cells.ts'
import { callsOf, TREND_PARTS } from '../figures/report-parts.ts'
import type { ReportTableKey } from '../figures/report-parts.ts'
import { rowCount, tableFor, tableNamed, type ReportDocument } from './report-document.ts'
import { sampleReport } from './testing/sample-report.ts'
import { rangeText } from './report-facts.ts'
import { writeDocument } from './write-document.ts'
import { numberFormat } from '../figures/number-format.ts'

const BERLIN = 'Europe/Berlin'
const at = (iso: string) => Date.parse(iso)

function cellOf(document: ReportDocument, table: ReportTableKey, row: string, column: string): Cell | undefined {
  const found = tableNamed(document, table)
  return found?.rows.find(({ key }) => key === row)?.cells[found.columns.findIndex(({ key }) => key === column)]
}

test('every row has a cell for every column', () => {
  const { tables } = writeDocument(sampleReport())
  for (const { columns, rows } of tables) for (const { cells } of rows) expect(cells).toHaveLength(columns.length)
  expect(tables.map(({ key }) => key)).toEqual([
    'figures',
    'trend',
    'loss_reasons',
    'hours',
    'funnel',
    'undecided',
    'no_shows',
    'people',
  ])
})

test('the figures are those of the page, with numerator and denominator', () => {
  const source = sampleReport()
  const document = writeDocument(source)
  for (const { key, value, numerator, denominator, former } of source.page.figures) {
    const cell = cellOf(document, 'figures', key, 'value')
    expect(cell).toMatchObject(denominator === null ? { value } : { value, n: numerator, d: denominator })
    expect(cellOf(document, 'figures', key, 'before')).toMatchObject({ value: former?.value })
  }
  expect(cellOf(document, 'figures', 'undecided', 'value')).toMatchObject({ value: source.page.counts.undecided })
})

test('the trend, the reasons, the funnel, the hours and the people have the counts of the page', () => {
  const source = sampleReport()
  const { page, hours } = source
  const document = writeDocument(source)
  const trend = tableNamed(document, 'trend')
  expect(trend?.rows).toHaveLength(page.buckets.length)
  for (const [index, { counts }] of page.buckets.entries()) {
    const key = trend?.rows[index]?.key ?? ''
    for (const part of TREND_PARTS) expect(cellOf(document, 'trend', key, part)).toMatchObject({ value: counts[part] })
    expect(cellOf(document, 'trend', key, 'all')).toMatchObject({ value: callsOf(counts) })
  }
  for (const { lossReasonId, count, share, cumulative } of page.lossReasons) {
    const row = lossReasonId ?? 'none'
    expect(cellOf(document, 'loss_reasons', row, 'calls')).toMatchObject({ value: count })
    expect(cellOf(document, 'loss_reasons', row, 'share')).toMatchObject({ value: share, n: count, d: page.counts.lost })
    expect(cellOf(document, 'loss_reasons', row, 'cumulative')).toMatchObject({ value: cumulative })
  }
  const { completed, noShow, rescheduled, won, lost } = page.counts
  expect(cellOf(document, 'funnel', 'decided', 'of_before')).toMatchObject({ n: won + lost, d: completed })
  expect(cellOf(document, 'funnel', 'won', 'of_booked')).toMatchObject({ n: won, d: completed + noShow + rescheduled })
  expect(cellOf(document, 'hours', '1-09', 'volume')).toMatchObject({ value: hours[9]?.calls })
  expect(cellOf(document, 'hours', '7-23', 'show')).toMatchObject({ d: 0, value: null })
  for (const { userId, counts } of page.people)
    for (const key of ['close_rate', 'show_rate', 'win_rate'] as const)
      expect(cellOf(document, 'people', userId, key)).toMatchObject({ value: figure(key, counts).value })
})

test('the no-shows have the ages of the source; a table without content states that it is empty', () => {
  const source = sampleReport()
  const document = writeDocument(source)
  const { answered, unanswered, noContact } = must(source.noShows, 'The sample has no-shows')
  expect(writeDocument({ ...source, noShows: null }).tables.map(({ key }) => key)).not.toContain('no_shows')
  for (const [row, { count, median, p90 }] of [
    ['answered', answered],
    ['unanswered', unanswered],
  ] as const) {
    expect(cellOf(document, 'no_shows', row, 'calls')).toEqual({ kind: 'count', value: count })
    expect(cellOf(document, 'no_shows', row, 'median')).toEqual({ kind: 'age', value: median })
    expect(cellOf(document, 'no_shows', row, 'p90')).toEqual({ kind: 'age', value: p90 })
  }
  expect(cellOf(document, 'no_shows', 'no_contact', 'calls')).toEqual({ kind: 'count', value: noContact })
  expect(document.tables.filter(({ none }) => none !== undefined)).toEqual([])

  const empty = sampleReport({ busy: 0 })
  const sinceEver = writeDocument({ ...empty, page: { ...empty.page, buckets: [], formerBuckets: [], lossReasons: [] } })
  expect(sinceEver.tables.flatMap(({ key, none }) => (none === undefined ? [] : [`${key}: ${none}`]))).toEqual([
    'trend: No calls in this period.',
    'loss_reasons: No lost calls in this period.',
    'no_shows: No no-shows in this period.',
  ])
})

test('a person who sees their own figures gets the team without names, and no table of people', () => {
  const source = sampleReport()
  const { counts, figures } = source.page
  const totals = { days: 6, counts, figures }
  const team = { ...totals, shownDays: 2, finishedDays: 5, until: null, asOf: null, own: totals }
  const document = writeDocument({ ...source, page: { ...source.page, reach: 'own', team } })
  expect(tableNamed(document, 'people')).toBeUndefined()
  expect(tableNamed(document, 'team')?.rows).toHaveLength(METRIC_KEYS.length)
  expect(document.facts.find(({ key }) => key === 'people')?.cell).toEqual({ kind: 'text', text: 'your own calls' })
})

test('a zero denominator is a dash on paper and nothing in a file', () => {
  const document = writeDocument(sampleReport({ busy: 0 }))
  const cell = cellOf(document, 'figures', 'close_rate', 'value')
  expect(cell).toEqual({ kind: 'ratio', value: null, n: 0, d: 0 })
  if (cell === undefined) return
  expect(cellText(cell, numberFormat('en'), BERLIN)).toBe('—')
  expect(cellValue(cell, BERLIN)).toBeNull()
})

test('the facts name the period, the comparison, the filters and the zone', () => {
  const source = sampleReport()
  const [first] = source.people
  const { facts } = writeDocument({
    ...source,
    request: { ...source.request, userIds: [first?.id ?? ''], callTypes: ['inbound'] },
  })
  const texts = facts.map(({ label, cell }) => `${label}: ${cellText(cell, numberFormat('en'), BERLIN)}`)
  expect(texts).toEqual([
    'Client: Acme',
    'Period: 2026-11-01 – 2026-11-30',
    'Counted until: 2026-11-22 18:11',
    'Compared with: previous period, 2026-10-01 00:00 – 2026-10-22 18:11',
    'Agents: Ada Lovelace',
    'Call types: Inbound',
    'Time zone: Europe/Berlin',
    'Computed at: 2026-11-22 18:11',
  ])
})

test.each([
  ['2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z', '2026-10-25'],
  ['2026-03-28T23:00:00Z', '2026-03-30T22:00:00Z', '2026-03-29 – 2026-03-30'],
  ['2026-03-28T23:00:00Z', '2026-03-30T21:59:00Z', '2026-03-29 00:00 – 2026-03-30 23:59'],
  ['1970-01-01T00:00:00Z', '2026-03-30T22:00:00Z', 'until 2026-03-30'],
])('the period from %s to %s is written as %s', (from, to, text) => {
  expect(rangeText({ from: at(from), to: at(to) }, BERLIN)).toBe(text)
})

test('paper and files have their own columns, and all definitions are given', () => {
  const document = writeDocument(sampleReport())
  const people = tableNamed(document, 'people')
  if (people === undefined) throw new Error('There are people')
  expect(tableFor(people, 'paper').columns.map(({ key }) => key)).not.toContain('lost')
  const file = tableFor(people, 'file')
  expect(file.columns.map(({ key }) => key)).toContain('lost')
  for (const { cells } of file.rows) expect(cells).toHaveLength(file.columns.length)
  expect(document.definitions.map(({ label }) => label)).toEqual([...METRIC_KEYS.map((key) => METRICS[key].label), 'Undecided'])
  expect(rowCount(document)).toBe(document.tables.reduce((sum, { rows }) => sum + rows.length, 0))
})
