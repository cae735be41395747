import { sentence } from '../../core/messages/sentence.ts'
import type { Sentence } from '../../core/messages/text.ts'
import type { CsvRecord } from './csv-records.ts'

/**
 * Decides whether rows with too few cells are complete. Some programs leave out the empty cells at the end of a row. Other short rows are
 * broken: cut off, or split by a line break that is not in quotes.
 * - A program that leaves out empty cells never writes one at the end of a row. So if any row ends with an empty cell, short rows are
 *   broken.
 * - Two consecutive short rows that together have the cells of one row are a split row.
 */
export class ShortRows {
  readonly #width: number
  #short = 0
  #first = 0
  #split = 0
  #endsEmpty = 0
  #shortest = Number.POSITIVE_INFINITY
  /** Cells of the last row, if it is short and has no line break after it. */
  #cut = Number.POSITIVE_INFINITY
  #before: { readonly lastLine: number; readonly cells: number } | undefined

  constructor(width: number) {
    this.#width = width
  }

  add({ line, lastLine, cells }: CsvRecord, isCut: boolean): void {
    if ((cells.at(-1) ?? '').trim() === '') this.#endsEmpty++
    if (cells.length >= this.#width) {
      this.#before = undefined
      return
    }
    if (this.#short === 0) this.#first = line
    this.#short++
    if (isCut) this.#cut = cells.length
    else this.#shortest = Math.min(this.#shortest, cells.length)
    const isSplit = this.#before?.lastLine === line - 1 && this.#before.cells + cells.length === this.#width + 1
    if (isSplit) this.#split += 2
    this.#before = isSplit ? undefined : { lastLine, cells: cells.length }
  }

  /** Whether the missing cells are read as empty. */
  get areFilled(): boolean {
    return this.#short > this.#split && this.#endsEmpty === 0 && !(this.#short === 1 && this.isCutOff)
  }

  /** Whether the last row is shorter than any other and has no line break after it, so the file may be cut off there. */
  get isCutOff(): boolean {
    return this.#cut < this.#shortest
  }

  get warnings(): readonly Sentence[] {
    if (!this.areFilled) return []
    return [sentence('import.short-rows', { count: this.#short, line: this.#first })]
  }
}
