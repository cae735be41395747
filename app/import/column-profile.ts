import { FormatDetector, type FormatGuess, type TimeKind } from '../../core/import/detect-format.ts'
import { DurationDetector, type DurationGuess } from '../../core/import/detect-duration.ts'
import { readPhone } from '../../core/import/phone-text.ts'
import { visible } from '../../core/import/visible-text.ts'
import { mayBeDuration } from './field-words.ts'
import type { CsvFile } from './read-csv.ts'

const SAMPLES = 5
/** A column with at most this many different values is shown with all of them, so that a person can map them. */
const MAX_DISTINCT = 50
/** A longer value is free text, not one of a set. The limit also keeps a preview small. */
const MAX_DISTINCT_LENGTH = 100
const MAX_SAMPLE_LENGTH = 200
/** Rows by which the kind of a column is judged. Formats of times are judged by all rows. */
const KIND_ROWS = 2_000

const EMAIL = /[^@\s]+@[^@\s]+\.[^@\s]+/
/** Longer values count as free text: a search for an address in a megabyte of text would take hours. */
const MAX_KIND_LENGTH = 500
/** Fewest digits of a phone number. A shorter number can be anything. */
const PHONE_DIGITS = 6
/** A number that a spreadsheet rounded. Its digits are lost, but it shows that the column holds phone numbers. */
const ROUNDED = /^\+?\d(?:[.,]\d+)?[eE]\+?\d{1,2}$/

function isPhone(value: string): boolean {
  const reading = readPhone(value)
  if (reading.kind === 'lost') return ROUNDED.test(visible(value).trim())
  return reading.kind !== 'doubted' && reading.phone.replaceAll(/\D/g, '').length >= PHONE_DIGITS
}

/** Describes the values of a column, after one pass over them. */
export class ColumnProfile {
  readonly name: string
  readonly samples: string[] = []
  readonly #distinct = new Set<string>()
  readonly #keys = new Set<string>()
  readonly #formats: Readonly<Record<TimeKind, FormatDetector>>
  #tooMany = false
  #repeats = false
  #rows = 0
  #filled = 0
  #judged = 0
  #emails = 0
  #phones = 0
  /** Undefined if the header excludes durations, because detecting them in a column of other numbers is slow. */
  readonly #durations: DurationDetector | undefined

  constructor(name: string, monthFirst: boolean) {
    this.name = name
    this.#durations = mayBeDuration(name) ? new DurationDetector(name) : undefined
    this.#formats = {
      date: new FormatDetector('date', monthFirst),
      time: new FormatDetector('time', monthFirst),
      dateTime: new FormatDetector('dateTime', monthFirst),
    }
  }

  add(cell: string): void {
    const value = cell.trim()
    this.#rows++
    if (value === '') return
    this.#filled++
    if (this.samples.length < SAMPLES) this.#addSample(value.slice(0, MAX_SAMPLE_LENGTH))
    if (!this.#tooMany) this.#addDistinct(value)
    if (this.#formats.date.alive) this.#formats.date.add(value)
    if (this.#formats.time.alive) this.#formats.time.add(value)
    if (this.#formats.dateTime.alive) this.#formats.dateTime.add(value)
    this.#durations?.add(value)
    if (this.#judged === KIND_ROWS) return
    this.#judged++
    if (value.length <= MAX_KIND_LENGTH) {
      if (EMAIL.test(value)) this.#emails++
      if (isPhone(value)) this.#phones++
    }
    if (this.#keys.has(value)) this.#repeats = true
    this.#keys.add(value)
  }

  #addSample(shown: string): void {
    if (!this.samples.includes(shown)) this.samples.push(shown)
  }

  #addDistinct(value: string): void {
    this.#distinct.add(value)
    this.#tooMany = this.#distinct.size > MAX_DISTINCT || value.length > MAX_DISTINCT_LENGTH
    if (this.#tooMany) this.#distinct.clear()
  }

  /** All different values; null if there are too many. */
  get distinct(): readonly string[] | null {
    return this.#tooMany ? null : [...this.#distinct]
  }

  /** Whether every row has a value and none of the first values repeats. */
  get looksLikeKey(): boolean {
    return this.#filled === this.#rows && this.#filled > 0 && !this.#repeats
  }

  get isEmpty(): boolean {
    return this.#filled === 0
  }

  /** Shares of the filled cells, 0…1. */
  get shares(): { readonly email: number; readonly phone: number } {
    const of = (count: number) => (this.#judged === 0 ? 0 : count / this.#judged)
    return { email: of(this.#emails), phone: of(this.#phones) }
  }

  /** Returns the format of the durations in the whole file; undefined if no value is a duration or the header excludes durations. */
  durationGuess(): DurationGuess | undefined {
    const guess = this.#durations?.guess()
    return guess?.hits === 0 ? undefined : guess
  }

  format(kind: TimeKind): FormatGuess | undefined {
    return this.#formats[kind].guess()
  }
}

/** Profiles all columns in one pass over the file. */
export async function profileColumns(
  file: CsvFile,
  monthFirst: boolean,
): Promise<{ readonly rowCount: number; readonly profiles: readonly ColumnProfile[] }> {
  const profiles = file.columns.map((name) => new ColumnProfile(name, monthFirst))
  let rowCount = 0
  for await (const batch of file.batches())
    for (const { cells, fault } of batch) {
      rowCount++
      if (fault !== null) continue
      for (let index = 0; index < profiles.length; index++) profiles[index]?.add(cells[index] ?? '')
    }
  return { rowCount, profiles }
}
