import Pdf from 'pdfkit'
import type { Drawing, Mark } from '../../../core/charts/drawing.ts'
import { TEXT_SIZE, TITLE_SIZE } from '../../../core/charts/drawing.ts'
import { PALETTES } from '../../../core/charts/palette.ts'
import { PaperFonts, type Run, type Weight } from './fonts.ts'

/** A4, points. */
export const PAGE = { width: 595.28, height: 841.89, margin: 40, bottom: 56 } as const
export const CONTENT_WIDTH = PAGE.width - 2 * PAGE.margin
/** Points for each px of a drawing: text of 11 px becomes 8.25 pt. */
export const PX = 0.75

export type TextStyle = {
  readonly size?: number
  readonly weight?: Weight
  readonly colour?: string
  readonly align?: 'left' | 'right' | 'center'
}

type Measured = { readonly runs: readonly (Run & { readonly width: number })[]; readonly width: number }

/** The structure of the document for screen readers (PDF tags). */
export type Tag = PDFKit.PDFStructureElement

const fonts = new PaperFonts()
const ink = PALETTES.light
/** Digits of equal width, so that columns of numbers align. Other texts use no features, so that pdfkit can reuse the layout of words. */
const TABULAR: PDFKit.Mixins.TextOptions = { features: ['tnum'] }
const isNumber = (text: string) => /^[\d.,'\s\u00a0%+−/–()]*(?: points)?$/.test(text)
/** With `features`, pdfkit lays out a text as a whole. Without it, pdfkit places each word from left to right. */
const WHOLE: PDFKit.Mixins.TextOptions = { features: [] }

function optionsOf({ text, isFromRight }: Run): PDFKit.Mixins.TextOptions {
  return isFromRight ? WHOLE : isNumber(text) ? TABULAR : {}
}

/** A word with the space after it, or the part of it up to a hyphen. */
const WORDS = /[^\s-]*-+|[^\s-]+\s*|\s+/g
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** A PDF under construction: text in all scripts that its fonts have, drawings as vectors, and tags for screen readers. */
export class Paper {
  readonly pdf: PDFKit.PDFDocument
  readonly root: Tag
  readonly #chunks: Uint8Array[] = []
  readonly #done: Promise<void>
  readonly #widths = new Map<string, number>()
  readonly #names = new Map<unknown, string>()

  /** @param info.createdAt ms UTC */
  constructor(info: { readonly title: string; readonly author: string; readonly createdAt: number }) {
    const date = new Date(info.createdAt)
    this.pdf = new Pdf({
      size: 'A4',
      margin: 0,
      // No standard font, because its metrics would be read from a file next to the library.
      font: '',
      lang: 'en',
      tagged: true,
      pdfVersion: '1.7',
      displayTitle: true,
      bufferPages: true,
      autoFirstPage: false,
      info: {
        Title: info.title,
        Author: info.author,
        Creator: info.author,
        Producer: 'pdfkit',
        CreationDate: date,
        ModDate: date,
      },
    })
    this.#done = new Promise((resolve, reject) => {
      this.pdf.on('data', (chunk: Uint8Array) => this.#chunks.push(chunk))
      this.pdf.on('end', () => resolve())
      this.pdf.on('error', reject)
    })
    this.root = this.pdf.struct('Document')
    this.pdf.addStructure(this.root)
  }

  /** Adds a tag below another. */
  tag(parent: Tag, type: string, options: { readonly alt?: string; readonly scope?: 'Row' | 'Column' } = {}): Tag {
    const element = this.pdf.struct(type, options)
    parent.add(element)
    return element
  }

  /** Draws parts that a screen reader skips: lines, backgrounds, repeated headings, page numbers. */
  artifact(draw: () => void): void {
    this.pdf.markContent('Artifact')
    draw()
    this.pdf.endMarkedContent()
  }

  /** Returns whether the fonts have all characters of a text. A character without a font is printed as “?”. */
  canPrint(text: string): boolean {
    return fonts.runs(text, 'regular').isWhole
  }

  width(text: string, style: TextStyle = {}): number {
    return this.#measure(text, style).width
  }

  /** Writes one line. @param y of the baseline @param room for `align` */
  line(text: string, x: number, y: number, style: TextStyle = {}, room = 0): void {
    const { runs, width } = this.#measure(text, style)
    const { size = 9, colour = ink.text, align = 'left' } = style
    let at = align === 'left' ? x : align === 'right' ? x + room - width : x + (room - width) / 2
    for (const run of runs) {
      this.#use(run, size)
      const options = { lineBreak: false, baseline: 'alphabetic' as const, ...optionsOf(run) }
      this.pdf.fillColor(colour).text(run.text, at, y, options)
      at += run.width
    }
  }

  /** Returns the style in a size in which the text fits on one line, because a number must not be broken. */
  fitting(text: string, room: number, style: TextStyle): TextStyle {
    const { size = 9 } = style
    const width = this.width(text, style)
    return width <= room ? style : { ...style, size: (size * room) / width }
  }

  /** Splits a text into lines that fit. The last of at most `most` lines ends with … if the text is longer. */
  wrap(text: string, room: number, style: TextStyle = {}, most = 100): string[] {
    const lines: string[] = []
    let current = ''
    const put = (part: string) => {
      if (this.width((current + part).trimEnd(), style) <= room) {
        current += part
        return
      }
      if (current.trim() !== '') lines.push(current.trimEnd())
      current = ''
      if (this.width(part.trimEnd(), style) <= room) {
        current = part.trimStart()
        return
      }
      for (const { segment } of graphemes.segment(part)) {
        if (current !== '' && this.width(current + segment, style) > room) {
          lines.push(current)
          current = ''
        }
        current += segment
      }
    }
    for (const [word] of text.matchAll(WORDS)) put(word)
    if (current.trim() !== '') lines.push(current.trimEnd())
    if (lines.length <= most) return lines.length === 0 ? [''] : lines
    const kept = lines.slice(0, most)
    kept[most - 1] = this.#shortened(kept[most - 1] ?? '', room, style)
    return kept
  }

  #shortened(text: string, room: number, style: TextStyle): string {
    const parts = [...graphemes.segment(text)].map(({ segment }) => segment)
    while (parts.length > 0 && this.width(`${parts.join('')}…`, style) > room) parts.pop()
    return `${parts.join('')}…`
  }

  rect(x: number, y: number, width: number, height: number, colour: string, opacity = 1): void {
    this.pdf.save().fillOpacity(opacity).rect(x, y, width, height).fill(colour).restore()
  }

  rule(y: number, x = PAGE.margin, width = CONTENT_WIDTH, colour: string = ink.grid): void {
    this.pdf
      .save()
      .lineWidth(0.5)
      .strokeColor(colour)
      .moveTo(x, y)
      .lineTo(x + width, y)
      .stroke()
      .restore()
  }

  /** Draws a chart as vectors. */
  draw(drawing: Drawing, x: number, y: number): void {
    for (const mark of drawing.marks) this.#mark(mark, x, y)
  }

  #mark(mark: Mark, x: number, y: number): void {
    const colour = ink[mark.ink]
    const { pdf } = this
    switch (mark.kind) {
      case 'rect': {
        const place = [x + mark.x * PX, y + mark.y * PX, mark.width * PX, mark.height * PX] as const
        const hatched = mark.isHatched === true
        this.rect(...place, colour, (mark.opacity ?? 1) * (hatched ? 0.45 : 1))
        if (hatched)
          pdf
            .save()
            .lineWidth(0.5)
            .dash(2.25, { space: 1.5 })
            .rect(...place)
            .stroke(colour)
            .restore()
        return
      }
      case 'line': {
        pdf
          .save()
          .lineWidth(mark.ink === 'grid' ? 0.5 : 1.1)
          .lineJoin('round')
        if (mark.isDashed === true) pdf.dash(3.75, { space: 3 })
        for (const [index, [px, py]] of mark.points.entries()) {
          if (index === 0) pdf.moveTo(x + px * PX, y + py * PX)
          else pdf.lineTo(x + px * PX, y + py * PX)
        }
        pdf.stroke(colour).restore()
        return
      }
      case 'dot':
        pdf
          .save()
          .circle(x + mark.x * PX, y + mark.y * PX, 3 * PX)
          .fill(colour)
          .restore()
        return
      case 'text': {
        const style: TextStyle = {
          size: (mark.isTitle === true ? TITLE_SIZE : TEXT_SIZE) * PX,
          weight: mark.isTitle === true ? 'strong' : 'regular',
          colour,
        }
        const width = mark.anchor === 'start' ? 0 : this.width(mark.text, style)
        const left = x + mark.x * PX - (mark.anchor === 'end' ? width : width / 2)
        this.line(mark.text, mark.anchor === 'start' ? x + mark.x * PX : left, y + mark.y * PX, style)
      }
    }
  }

  #measure(text: string, { size = 9, weight = 'regular' }: TextStyle): Measured {
    const { runs } = fonts.runs(text, weight)
    const measured = runs.map((run) => ({ ...run, width: this.#runWidth(run, size) }))
    return { runs: measured, width: measured.reduce((sum, run) => sum + run.width, 0) }
  }

  #runWidth(run: Run, size: number): number {
    const key = `${size} ${this.#nameOf(run.font)} ${run.text}`
    let width = this.#widths.get(key)
    if (width === undefined) {
      this.#use(run, size)
      width = this.pdf.widthOfString(run.text, optionsOf(run))
      this.#widths.set(key, width)
    }
    return width
  }

  #use({ font }: Run, size: number): void {
    // pdfkit also accepts an opened font; its types contain only files.
    this.pdf.font(font as unknown as Buffer, this.#nameOf(font), size)
  }

  /** Each file of a weight has the same name, so pdfkit needs another key. */
  #nameOf(font: unknown): string {
    let name = this.#names.get(font)
    if (name === undefined) {
      name = `font ${this.#names.size}`
      this.#names.set(font, name)
    }
    return name
  }

  /** Ends the document. */
  async end(): Promise<Uint8Array> {
    this.root.end()
    this.pdf.end()
    await this.#done
    return new Uint8Array(Buffer.concat(this.#chunks))
  }
}
