import { PALETTES } from '../../../core/charts/palette.ts'
import { drawLegend, type LegendEntry } from '../../../core/charts/framed.ts'
import type { FileChart } from '../../../core/reports/charts.ts'
import { CONTENT_WIDTH, PAGE, PX, type Paper, type Tag, type TextStyle } from './paper.ts'

const { faint, text: black, few } = PALETTES.light
const SMALL = 8
const BODY = 9
const LINE = 12
const END = PAGE.height - PAGE.bottom

export type PdfColumn = {
  readonly label: string
  /** Share of the width of the table. */
  readonly share: number
  readonly align?: 'left' | 'right'
}
/** A cell of text, or one that draws itself in the given room. */
export type PdfCell = string | { readonly text: string; readonly draw: (x: number, y: number, width: number) => void }

/** Places blocks below each other and starts pages. `y` is the top of the next block. */
export class Layout {
  readonly paper: Paper
  y: number = PAGE.margin

  constructor(paper: Paper) {
    this.paper = paper
    this.paper.pdf.addPage()
  }

  /** Starts a page unless `height` fits on this one. */
  need(height: number): void {
    if (this.y + height <= END) return
    this.paper.pdf.addPage()
    this.y = PAGE.margin
  }

  gap(height: number): void {
    this.y += height
  }

  /** Adds a heading. @param follows the height that must fit below it */
  heading(title: string, level: 'H1' | 'H2', follows: number): void {
    const size = level === 'H1' ? 16 : 11
    this.need(size + 8 + follows)
    const baseline = this.y + size
    this.paper.tag(this.paper.root, level).add(() => this.paper.line(title, PAGE.margin, baseline, { size, weight: 'strong' }))
    this.y = baseline + 8
  }

  paragraph(text: string, style: TextStyle = { size: SMALL, colour: faint }, most = 20): void {
    const lines = this.paper.wrap(text, CONTENT_WIDTH, style, most)
    this.need(LINE * Math.min(lines.length, 3))
    const tag = this.paper.tag(this.paper.root, 'P')
    for (const line of lines) {
      this.need(LINE)
      const baseline = this.y + BODY
      tag.add(() => this.paper.line(line, PAGE.margin, baseline, style))
      this.y += LINE
    }
  }

  /** Adds labels with their values, below each other. */
  facts(facts: readonly { readonly label: string; readonly text: string }[]): void {
    const labels = 96
    const list = this.paper.tag(this.paper.root, 'L')
    for (const { label, text } of facts) {
      const lines = this.paper.wrap(text, CONTENT_WIDTH - labels, { size: BODY }, 6)
      this.need(LINE * lines.length)
      const item = this.paper.tag(list, 'LI')
      const top = this.y
      this.paper.tag(item, 'Lbl').add(() => this.paper.line(label, PAGE.margin, top + BODY, { size: BODY, colour: faint }))
      const body = this.paper.tag(item, 'LBody')
      for (const [index, line] of lines.entries())
        body.add(() => this.paper.line(line, PAGE.margin + labels, top + BODY + index * LINE, { size: BODY }))
      this.y += LINE * lines.length
    }
  }

  /** Adds a chart with its legend. @param alt description of the chart for screen readers */
  chart({ drawing, legend, note }: FileChart, alt: string, x = PAGE.margin): void {
    const legendHeight = this.#legendHeight(legend, drawing.width)
    const height = drawing.height * PX + 4 + legendHeight
    this.need(height)
    const top = this.y
    const figure = this.paper.tag(this.paper.root, 'Figure', { alt })
    figure.add(() => {
      this.paper.draw(drawing, x, top)
      const { marks } = drawLegend(legend, drawing.width)
      this.paper.draw({ width: drawing.width, height: 0, marks, spots: [] }, x, top + drawing.height * PX + 4)
    })
    this.y += height + 2
    if (note !== undefined) this.paragraph(note)
  }

  #legendHeight(legend: readonly LegendEntry[], width: number): number {
    return drawLegend(legend, width).height * PX
  }

  /**
   * Adds a table. It may continue on the next page, with repeated headings. Texts wrap in their column.
   * @param options.most maximum number of lines in a cell
   */
  table(columns: readonly PdfColumn[], rows: readonly (readonly PdfCell[])[], options: { readonly most?: number } = {}): void {
    const { most = 4 } = options
    const whole = columns.reduce((sum, { share }) => sum + share, 0)
    const padding = 4
    let left = PAGE.margin
    const places = columns.map((column) => {
      const width = (CONTENT_WIDTH * column.share) / whole
      const place = { ...column, x: left + padding, room: width - 2 * padding }
      left += width
      return place
    })
    const headStyle: TextStyle = { size: SMALL, colour: faint }
    const heads = places.map(({ label, room }) => this.paper.wrap(label, room, headStyle, 3))
    const headHeight = Math.max(...heads.map(({ length }) => length)) * 10 + 6
    const table = this.paper.tag(this.paper.root, 'Table')

    const head = (row: Tag | undefined) => {
      const top = this.y
      for (const [index, place] of places.entries()) {
        const draw = () => {
          for (const [at, line] of (heads[index] ?? []).entries())
            this.paper.line(line, place.x, top + 9 + at * 10, { ...headStyle, align: place.align ?? 'left' }, place.room)
        }
        if (row === undefined) this.paper.artifact(draw)
        else this.paper.tag(row, 'TH', { scope: 'Column' }).add(draw)
      }
      this.y += headHeight
      const y = this.y
      this.paper.artifact(() => this.paper.rule(y))
    }

    this.need(headHeight + 2 * LINE)
    head(this.paper.tag(table, 'TR'))
    for (const [index, cells] of rows.entries()) {
      const lines = cells.map((cell, at) =>
        typeof cell === 'string' && places[at]?.align !== 'right'
          ? this.paper.wrap(cell, places[at]?.room ?? 0, { size: BODY }, most)
          : [typeof cell === 'string' ? cell : cell.text],
      )
      const height = Math.max(1, ...lines.map(({ length }) => length)) * 11 + 4
      if (this.y + height > END) {
        this.need(height + headHeight)
        head(undefined)
      }
      const top = this.y
      if (index % 2 === 1) this.paper.artifact(() => this.paper.rect(PAGE.margin, top, CONTENT_WIDTH, height, few, 0.6))
      const row = this.paper.tag(table, 'TR')
      for (const [at, cell] of cells.entries()) {
        const place = places[at]
        if (place === undefined) continue
        this.paper.tag(row, 'TD').add(() => {
          if (typeof cell !== 'string') cell.draw(place.x, top, place.room)
          else
            for (const [number, line] of (lines[at] ?? []).entries()) {
              const style = this.paper.fitting(line, place.room, { size: BODY, align: place.align ?? 'left', colour: black })
              this.paper.line(line, place.x, top + 10 + number * 11, style, place.room)
            }
        })
      }
      this.y += height
    }
    const y = this.y
    this.paper.artifact(() => this.paper.rule(y))
    this.y += 6
  }

  /** Writes the same line at the foot of every page, with its number. Called last. */
  footer(text: string): void {
    const { pdf } = this.paper
    const { count } = pdf.bufferedPageRange()
    for (let index = 0; index < count; index++) {
      pdf.switchToPage(index)
      const y = PAGE.height - 28
      const style: TextStyle = { size: SMALL, colour: faint }
      const number = `Page ${index + 1} of ${count}`
      this.paper.artifact(() => {
        this.paper.rule(y - 12)
        const [line = ''] = this.paper.wrap(text, CONTENT_WIDTH - 80, style, 1)
        this.paper.line(line, PAGE.margin, y, style)
        this.paper.line(number, PAGE.margin, y, { ...style, align: 'right' }, CONTENT_WIDTH)
      })
    }
  }
}
