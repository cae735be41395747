import { PALETTES } from '../../../core/charts/palette.ts'
import { drawSparkline } from '../../../core/charts/sparkline.ts'
import { must } from '../../../core/assert.ts'
import { figure, METRICS, type MetricKey } from '../../../core/metrics/metrics.ts'
import { cellText, partsText, type Cell } from '../../../core/reports/cells.ts'
import { funnelChart, hoursChart, paretoChart, trendChart } from '../../../core/reports/charts.ts'
import { HOUR_LABELS, HOUR_MEASURES } from '../../../core/figures/report-parts.ts'
import {
  tableFor,
  tableNamed,
  type ReportDocument,
  type ReportRow,
  type ReportTable,
} from '../../../core/reports/report-document.ts'
import type { ReportSource } from '../../../core/reports/report-facts.ts'
import { NO_CALLS_TEXT } from '../../../core/reports/write-document.ts'
import { NONE, numberFormat, type NumberFormat } from '../../../core/figures/number-format.ts'
import { Layout, type PdfCell, type PdfColumn } from './layout.ts'
import { CONTENT_WIDTH, PAGE, Paper, PX, type TextStyle } from './paper.ts'

const AUTHOR = 'Propaganda Dashboard'
const CARDS = ['show_rate', 'close_rate', 'win_rate', 'calls', 'talk_time'] as const satisfies readonly MetricKey[]
/** The maximum number of names in the note about missing characters. */
const MOST_UNPRINTED = 40
const CARD_COLUMNS = 3
const CARD_HEIGHT = 74
const CARD_GAP = 8
const { faint, grid, bar, line: lineColour, few } = PALETTES.light
const CHART_WIDTH = CONTENT_WIDTH / PX

/** Relative widths of columns, by key. All other columns have the width 1. */
const SHARES: Readonly<Record<string, number>> = { name: 2.2, metric: 1.6, step: 1.6, kind: 1.6, rank: 0.7, change: 1.4 }
const isNumber = ({ kind }: Cell) => kind !== 'text'

class ReportPdf {
  readonly #document: ReportDocument
  readonly #source: ReportSource
  readonly #format: NumberFormat
  readonly #paper: Paper
  readonly #layout: Layout

  constructor(document: ReportDocument, source: ReportSource, locale: string) {
    this.#document = document
    this.#source = source
    this.#format = numberFormat(locale)
    const title = `${document.title}: ${document.client}`
    this.#paper = new Paper({ title, author: AUTHOR, createdAt: document.computedAt })
    this.#layout = new Layout(this.#paper)
  }

  async write(): Promise<Uint8Array> {
    const { page } = this.#source
    const layout = this.#layout
    layout.heading(`${this.#document.title}: ${this.#document.client}`, 'H1', 60)
    layout.facts(
      this.#document.facts.filter(({ key }) => key !== 'client').map(({ label, cell }) => ({ label, text: this.#text(cell) })),
    )
    layout.gap(8)
    this.#cards()
    if (METRICS.calls.numerator(page.counts) === 0) layout.paragraph(NO_CALLS_TEXT, { size: 10 })
    else this.#charts()
    this.#simple('people')
    this.#figures()
    this.#simple('targets')
    this.#simple('team')
    if (METRICS.calls.numerator(page.counts) > 0) this.#simple('trend')
    this.#unprinted()
    const facts = new Map(this.#document.facts.map(({ key, cell }) => [key, this.#text(cell)]))
    layout.footer(
      `${this.#document.client} · ${facts.get('period') ?? ''} · ${this.#document.zone} · computed ${facts.get('computed_at') ?? ''}`,
    )
    return this.#paper.end()
  }

  /** Lists the place of each text that contains characters without a font, so that the reader can find the text in another file. */
  #unprinted(): void {
    const { client, facts, tables } = this.#document
    const texts = [
      ['Client', client] as const,
      ...facts.flatMap(({ key, label, cell }) => (key === 'client' ? [] : [[label, this.#text(cell)] as const])),
      ...tables.flatMap(({ title, rows }) =>
        rows.flatMap(({ cells }, row) => cells.map((cell) => [`${title}, row ${row + 1}`, this.#text(cell)] as const)),
      ),
    ]
    const missing = texts.filter(([, text]) => !this.#paper.canPrint(text))
    if (missing.length === 0) return
    const more = missing.length > MOST_UNPRINTED ? `; and ${missing.length - MOST_UNPRINTED} more` : ''
    const places = missing.slice(0, MOST_UNPRINTED).map(([place, text]) => `${place}: ${text}`)
    this.#layout.gap(10)
    this.#layout.heading('Names that are not printed in full', 'H2', 40)
    this.#layout.paragraph(
      'These names contain characters that this PDF cannot print. Each of these characters is shown as “?”. CSV and XLSX files contain the full names.',
    )
    this.#layout.paragraph(`${places.join('; ')}${more}.`, undefined, MOST_UNPRINTED)
  }

  #charts(): void {
    const { page, hours, weekStart } = this.#source
    const layout = this.#layout
    const format = this.#format
    const table = (key: ReportTable['key']) => must(tableNamed(this.#document, key), 'The table exists')
    const trend = table('trend')
    layout.heading(trend.title, 'H2', 200)
    layout.chart(trendChart(page, format, CHART_WIDTH), `${trend.title} and status. The numbers are in the table ${trend.title}.`)
    layout.gap(10)
    const reasons = table('loss_reasons')
    if (reasons.none !== undefined) {
      layout.heading(reasons.title, 'H2', 20)
      layout.paragraph(reasons.none)
    } else {
      layout.heading(reasons.title, 'H2', 200)
      layout.chart(
        paretoChart(page, format, CHART_WIDTH),
        `${reasons.title} by number of calls. The numbers are in the table below.`,
      )
      this.#table(reasons)
    }
    layout.gap(10)
    const grids = HOUR_MEASURES.map((measure) => [measure, hoursChart(measure, hours, weekStart, format, CHART_WIDTH)] as const)
    layout.heading(table('hours').title, 'H2', 160)
    for (const [measure, chart] of grids) layout.chart(chart, `${HOUR_LABELS[measure]} by hour and weekday`)
    layout.gap(10)
    const funnel = table('funnel')
    layout.heading(funnel.title, 'H2', 170)
    layout.chart(funnelChart(page, format, CHART_WIDTH), 'The steps from booked to won. The numbers are in the table below.')
    this.#table(funnel)
    layout.gap(10)
    const undecided = table('undecided')
    layout.heading(undecided.title, 'H2', 50)
    this.#table(undecided)
    this.#simple('no_shows')
    layout.gap(10)
  }

  #cards(): void {
    const { page } = this.#source
    const { figures, buckets } = page
    const rows = must(tableNamed(this.#document, 'figures'), 'The table exists').rows
    const width = (CONTENT_WIDTH - (CARD_COLUMNS - 1) * CARD_GAP) / CARD_COLUMNS
    const cards = [
      ...CARDS.map((key) => ({
        row: must(
          rows.find((row) => row.key === key),
          'The figure exists',
        ),
        basis: this.#basis(key),
        course: buckets.map((bucket) => figure(key, bucket.counts).value),
      })),
      {
        row: must(
          rows.find((row) => row.key === 'undecided'),
          'The figure exists',
        ),
        basis: this.#undecidedBasis(),
        course: [],
      },
    ]
    if (figures.length === 0) return
    const lines = Math.ceil(cards.length / CARD_COLUMNS)
    this.#layout.need(lines * (CARD_HEIGHT + CARD_GAP))
    const top = this.#layout.y
    for (const [index, card] of cards.entries()) {
      const x = PAGE.margin + (index % CARD_COLUMNS) * (width + CARD_GAP)
      const y = top + Math.floor(index / CARD_COLUMNS) * (CARD_HEIGHT + CARD_GAP)
      this.#card(card, x, y, width)
    }
    this.#layout.gap(lines * (CARD_HEIGHT + CARD_GAP) + 4)
  }

  #card(
    { row, basis, course }: { readonly row: ReportRow; readonly basis: string; readonly course: readonly (number | null)[] },
    x: number,
    y: number,
    width: number,
  ): void {
    const paper = this.#paper
    const [label, value, , change] = row.cells.map((cell) => this.#text(cell))
    paper.artifact(() => {
      paper.pdf.save().lineWidth(0.5).roundedRect(x, y, width, CARD_HEIGHT, 3).stroke(grid).restore()
      if (course.length > 1) paper.draw(drawSparkline(course, 70 / PX, 16 / PX), x + width - 78, y + 6)
    })
    paper.tag(paper.root, 'P').add(() => {
      paper.line(label ?? '', x + 8, y + 16, { size: 9, colour: faint })
      paper.line(value ?? '', x + 8, y + 38, { size: 17, weight: 'strong' })
      paper.line(change ?? '', x + 8, y + 52, { size: 9 })
      const style: TextStyle = { size: 8, colour: faint }
      paper.line(basis, x + 8, y + 66, paper.fitting(basis, width - 16, style))
    })
  }

  /** Returns the parts of a figure, as on its card. */
  #basis(key: MetricKey): string {
    const { counts } = this.#source.page
    const { count, share, plural } = this.#format
    if (key === 'talk_time') {
      const coverage = figure('duration_coverage', counts)
      return `from ${count(coverage.numerator)} of ${plural(counts.completed, 'completed call')} (${share(coverage.value)})`
    }
    const { numerator, denominator } = figure(key, counts)
    if (denominator === null) return `${count(counts.scheduled)} still scheduled, ${count(counts.cancelled)} cancelled`
    return `${count(numerator)} / ${count(denominator)}`
  }

  #undecidedBasis(): string {
    const { counts } = this.#source.page
    const share = counts.completed === 0 ? null : counts.undecided / counts.completed
    return `${this.#format.share(share)} of ${this.#format.plural(counts.completed, 'completed call')}`
  }

  /** Adds the table of all figures with their parts and definitions. */
  #figures(): void {
    const { title, rows } = must(tableNamed(this.#document, 'figures'), 'The table exists')
    const definitions = new Map(this.#document.definitions.map(({ label, definition }) => [label, definition]))
    const columns: PdfColumn[] = [
      { label: 'Metric', share: 1.7 },
      { label: 'Value', share: 1.3, align: 'right' },
      { label: 'n / d', share: 1.7, align: 'right' },
      { label: 'Before', share: 1.3, align: 'right' },
      { label: 'Change', share: 1.3, align: 'right' },
      { label: 'Definition', share: 3.4 },
    ]
    this.#layout.gap(10)
    this.#layout.heading(`${title} and definitions`, 'H2', 60)
    this.#layout.table(
      columns,
      rows.map(({ cells }) => {
        const [label, value, before, change] = cells.map((cell) => this.#text(cell))
        return [label ?? '', value ?? '', this.#parts(cells[1]), before ?? '', change ?? '', definitions.get(label ?? '') ?? '']
      }),
      { most: 6 },
    )
  }

  #simple(key: ReportTable['key']): void {
    const table = tableNamed(this.#document, key)
    if (table === undefined || (table.rows.length === 0 && table.none === undefined)) return
    this.#layout.gap(10)
    this.#layout.heading(table.title, 'H2', 60)
    if (table.none !== undefined) return this.#layout.paragraph(table.none)
    this.#table(table)
    if (table.note !== undefined) this.#layout.paragraph(table.note)
  }

  /** Adds a table of the document. The parts of a quotient have their own column; the interval is also drawn. */
  #table(table: ReportTable): void {
    const { columns, rows } = tableFor(table, 'paper')
    const shown: { readonly column: PdfColumn; readonly cell: (cells: readonly Cell[]) => PdfCell }[] = []
    for (const [index, { key, label }] of columns.entries()) {
      if (key === 'high') continue
      if (key === 'low') {
        shown.push({ column: { label: '95% interval', share: 2.9 }, cell: (cells) => this.#interval(cells, columns) })
        continue
      }
      const first = rows.map(({ cells }) => cells[index]).find((cell) => cell !== undefined && cell.kind !== 'text')
      const align = first !== undefined && isNumber(first) ? 'right' : 'left'
      const text = (cells: readonly Cell[]) => this.#text(must(cells[index], 'A row has all cells'))
      shown.push({ column: { label, share: SHARES[key] ?? 1, align }, cell: text })
      if (rows.some(({ cells }) => this.#parts(cells[index]) !== '') && key !== 'cumulative')
        shown.push({ column: { label: 'n / d', share: 1.9, align: 'right' }, cell: (cells) => this.#parts(cells[index]) })
    }
    this.#layout.table(
      shown.map(({ column }) => column),
      rows.map(({ cells }) => shown.map(({ cell }) => cell(cells))),
    )
  }

  #interval(cells: readonly Cell[], columns: ReportTable['columns']): PdfCell {
    const at = (key: string) => {
      const cell = cells[columns.findIndex((column) => column.key === key)]
      return cell?.kind === 'share' || cell?.kind === 'ratio' ? cell : undefined
    }
    const [low, high] = [at('low'), at('high')]
    if (low === undefined || high === undefined || low.value === null || high.value === null) return NONE
    const [from, to] = [low.value, high.value]
    const rate = cells.find((cell) => cell.kind === 'ratio')
    const text = `${this.#text(low)} – ${this.#text(high)}`
    return {
      text,
      draw: (x, y, width) => {
        const words = 78
        const track = width - words - 6
        this.#paper.rect(x, y + 4, track, 7, few)
        this.#paper.rect(x + track * from, y + 5.5, Math.max(0.5, track * (to - from)), 4, bar, 0.45)
        if (rate !== undefined && rate.value !== null) this.#paper.rect(x + track * rate.value - 0.6, y + 4, 1.2, 7, lineColour)
        this.#paper.line(text, x + track + 6, y + 10, { size: 8, colour: faint, align: 'right' }, words)
      },
    }
  }

  #text(cell: Cell): string {
    return cellText(cell, this.#format, this.#document.zone)
  }

  #parts(cell: Cell | undefined): string {
    if (cell === undefined) return ''
    // A mean shows its total as a duration, which is easier to read than seconds.
    if (cell.kind === 'mean') return `${this.#format.totalDuration(cell.n)} / ${this.#format.count(cell.d)}`
    return partsText(cell, this.#format)
  }
}

/**
 * Returns the report as PDF on A4: the dashboard with its filters, zone and time, charts as vectors, and all figures with their definitions.
 * @param locale of the numbers
 */
export function reportPdf(document: ReportDocument, source: ReportSource, locale: string): Promise<Uint8Array> {
  return new ReportPdf(document, source, locale).write()
}
