import { extractText, getDocumentProxy, getMeta } from 'unpdf'
import { expect, test } from 'vitest'
import { cellText, partsText } from '../../../core/reports/cells.ts'
import { tableFor } from '../../../core/reports/report-document.ts'
import { sampleReport, type SampleOptions } from '../../../core/reports/testing/sample-report.ts'
import { writeDocument } from '../../../core/reports/write-document.ts'
import { numberFormat } from '../../../core/figures/number-format.ts'
import { reportPdf } from './report-pdf.ts'

const format = numberFormat('de')

/** Removes spaces, because a PDF reader guesses spaces and lines. */
const packed = (text: string) => text.replaceAll(/\s/g, '')

async function printed(options: SampleOptions) {
  const source = sampleReport(options)
  const document = writeDocument(source)
  const pdf = await getDocumentProxy(await reportPdf(document, source, 'de'))
  const { text, totalPages } = await extractText(pdf, { mergePages: false })
  return { document, text: text.map(packed).join(' '), pages: text, totalPages, pdf }
}

test('the PDF contains every value of the tables for paper, in the format of the locale', async () => {
  const { document, text } = await printed({})
  for (const { key, columns, rows } of document.tables.map((table) => tableFor(table, 'paper'))) {
    // The hours are a heat map: numbers of calls and whole percents.
    if (key === 'hours') continue
    for (const { cells } of rows)
      for (const [index, cell] of cells.entries()) {
        expect(text).toContain(packed(cellText(cell, format, document.zone)))
        const hasParts = !['cumulative', 'before'].includes(columns[index]?.key ?? '')
        if (cell.kind === 'ratio' && hasParts) expect(text).toContain(packed(partsText(cell, format)))
      }
  }
  for (const { definition } of document.definitions) expect(text).toContain(packed(definition).slice(0, 12))
}, 60_000)

test('every page contains the client, the period, the zone, the time of the report and the page number', async () => {
  const { pages, totalPages, pdf } = await printed({})
  expect(totalPages).toBeGreaterThan(1)
  for (const [index, page] of pages.entries()) {
    expect(packed(page)).toContain(packed('Acme · 2026-11-01 – 2026-11-30 · Europe/Berlin · computed 2026-11-22 18:11'))
    expect(packed(page)).toContain(packed(`Page ${index + 1} of ${totalPages}`))
  }
  const { info } = await getMeta(pdf)
  expect(info).toMatchObject({ Title: 'Report: Acme', Language: 'en' })
  expect(await pdf.getMarkInfo()).toMatchObject({ Marked: true })
}, 60_000)

test('names in Latin, Greek, Cyrillic, Vietnamese, Hebrew and Arabic are readable; other scripts are replaced, and a note lists them', async () => {
  const readable = ['Žofie Ľudovítová', 'Θεοδώρα', 'Дмитрий', 'Nguyễn Thị Phương', 'Łukasz Ğül']
  const fromTheRight = ['דוד כהן', 'محمد علي']
  const { text } = await printed({ names: [...readable, ...fromTheRight, '山田太郎', 'Zoë 👩‍👩‍👧 x', '\ud800', 'e\u0301\u0001'] })
  for (const name of readable) expect(text).toContain(packed(name))
  // In the extracted text, the words have their order from left to right, and the letters of a word have the order of reading.
  for (const name of fromTheRight) expect(text).toContain(name.split(' ').toReversed().join(''))
  for (const replaced of ['????', 'Zoë?x', 'é']) expect(text).toContain(replaced)
  expect(text).toContain(packed('Each of these characters is shown as “?”.'))
  expect(text).toMatch(/Agents,row\d+:\?\?\?\?;/)
  expect(text).toMatch(/Agents,row\d+:Zoë\?x/)
}, 60_000)

test('a report without calls and a report with the longest allowed names can be printed', async () => {
  const empty = await printed({ busy: 0 })
  expect(empty.totalPages).toBe(1)
  expect(empty.text).toContain(packed('No calls in this period.'))
  const long = await printed({ names: ['x'.repeat(200), 'two words '.repeat(20), '山'.repeat(200)], reasons: ['y'.repeat(100)] })
  expect(long.text).toContain('xxxxxxxx')
}, 60_000)
