import { dateReader, type DateReader } from './date-format.ts'

export type TimeKind = 'date' | 'time' | 'dateTime'

const DAY_FIRST = [
  'd-MMM-yy',
  'd-MMM-yyyy',
  'd MMM yyyy',
  'd. MMM yyyy',
  'd MMM yy',
  'd/M/yyyy',
  'd/M/yy',
  'd.M.yyyy',
  'd.M.yy',
  'd-M-yyyy',
  'd-M-yy',
]
const MONTH_FIRST = ['MMM d, yyyy', 'MMM d yyyy', 'M/d/yyyy', 'M/d/yy', 'M-d-yyyy', 'M-d-yy', 'M.d.yyyy']
const YEAR_FIRST = ['yyyy-MM-dd', 'yyyy/M/d', 'yyyy.M.d', 'yyyyMMdd']
const WRITTEN_DATES = [...YEAR_FIRST, ...DAY_FIRST, ...MONTH_FIRST]
/** Times of day that databases and spreadsheets write for a date without a time. */
const MIDNIGHTS = [
  " '00:00'",
  " '0:00'",
  " '00:00:00'",
  " '0:00:00'",
  " '00:00:00.000'",
  " '12:00 AM'",
  " '12:00:00 AM'",
  "'T00:00'",
  "'T00:00:00'",
  "'T00:00:00Z'",
  "'T00:00:00.000Z'",
]
const DATES = [...WRITTEN_DATES, ...WRITTEN_DATES.flatMap((date) => MIDNIGHTS.map((midnight) => date + midnight)), 'Excel']
const WRITTEN_TIMES = ['H:mm', 'H:mm:ss', 'h:mm a', 'h:mm:ss a', 'h a', 'H:mm:ss.S', 'H.mm']
const TIMES = [...WRITTEN_TIMES, "H'h'mm", 'Excel']
const DATE_TIMES = [
  'ISO',
  ...WRITTEN_DATES.flatMap((date) =>
    [' ', "'T'", ', ', " 'at' "].flatMap((between) => WRITTEN_TIMES.map((time) => date + between + time)),
  ),
  'MMM d H:mm:ss yyyy',
  "d/M/yyyy H'h'mm",
  "yyyyMMdd'T'HHmmss",
  'yyyyMMddHHmmss',
  'Excel',
  'X',
  'x',
]
/** Formats of plain numbers. They read numbers with other meanings too, so a date must be in the years below. */
const NUMERIC = ['Excel', 'X', 'x', 'yyyyMMdd', 'yyyyMMddHHmmss']
const DAY_MS = 86_400_000
const NUMERIC_FROM = Date.UTC(1990, 0, 1)
const NUMERIC_TO = Date.UTC(2100, 0, 1)
const readers = new Map<string, DateReader>()

function readerOf(format: string): DateReader {
  const known = readers.get(format)
  if (known !== undefined) return known
  const reader = dateReader(format)
  readers.set(format, reader)
  return reader
}

const CANDIDATES: Readonly<Record<TimeKind, readonly string[]>> = { date: DATES, time: TIMES, dateTime: DATE_TIMES }

/** Returns all formats that can be detected for a kind. */
export function formatsOf(kind: TimeKind): readonly string[] {
  return CANDIDATES[kind]
}

/** Countries that write the month before the day. */
const MONTH_FIRST_COUNTRIES = ['US', 'PH', 'FM', 'MH', 'PW', 'GU', 'AS', 'VI', 'PR', 'MP']

export function writesMonthFirst(country: string | null): boolean {
  return country !== null && MONTH_FIRST_COUNTRIES.includes(country)
}

/** A longer value is not a date, and the formats are not tried on it. */
const MAX_LENGTH = 200
/** After this many values, formats that read less than half as many as the best one are removed. */
const PRUNE_AFTER = 40
/** At least this many values, sorted in one reading and not in the other, decide between two readings. */
const ORDER_EVIDENCE = 10

type Candidate = {
  readonly format: string
  readonly read: DateReader
  hits: number
  rises: number
  falls: number
  last: number
  /** Sum of all readings. Two formats with the same sum read the values alike. */
  sum: number
}

export type FormatGuess = {
  readonly format: string
  /** Whether the format reads plain numbers, which may have another meaning. */
  readonly isNumeric: boolean
  /** Values that the format reads, and all values. */
  readonly hits: number
  readonly values: number
  /** Formats that read as many values, but differently. Nothing in the column decides between them and `format`. */
  readonly ambiguousWith: readonly string[]
}

/**
 * Detects the format that reads most values of a column. Values are added in the order of the file. Between day first and month first, a
 * day above 12 decides; else the order of the rows, if they are sorted in only one reading; else `monthFirst`, and the guess is marked as
 * ambiguous.
 */
export class FormatDetector {
  readonly #seen = new Set<string>()
  readonly #kind: TimeKind
  readonly #monthFirst: boolean
  #candidates: Candidate[]
  #values = 0

  constructor(kind: TimeKind, monthFirst: boolean) {
    this.#kind = kind
    this.#monthFirst = monthFirst
    this.#candidates = CANDIDATES[kind].map((format) => ({
      format,
      read: readerOf(format),
      hits: 0,
      rises: 0,
      falls: 0,
      last: NaN,
      sum: 0,
    }))
  }

  /** False after every format was removed. */
  get alive(): boolean {
    return this.#candidates.length > 0
  }

  add(value: string): void {
    if (!this.alive || value === '' || this.#seen.has(value)) return
    if (this.#seen.size < 20_000 && value.length <= MAX_LENGTH) this.#seen.add(value)
    this.#values++
    // Every date or time has a digit, and most columns are words.
    if (value.length <= MAX_LENGTH && /\p{Nd}/u.test(value)) this.#try(value)
    if (this.#values % PRUNE_AFTER === 0) {
      const best = Math.max(...this.#candidates.map(({ hits }) => hits))
      this.#candidates = this.#candidates.filter(({ hits }) => hits > 0 && hits * 2 >= best)
    }
  }

  #try(value: string): void {
    for (const candidate of this.#candidates) {
      const time = candidate.read(value)
      if (time === undefined || !this.#isPlausible(candidate.format, time.reading)) continue
      candidate.hits++
      if (time.reading > candidate.last) candidate.rises++
      else if (time.reading < candidate.last) candidate.falls++
      candidate.last = time.reading
      candidate.sum += time.reading
    }
  }

  #isPlausible(format: string, reading: number): boolean {
    if (!NUMERIC.includes(format)) return true
    if (this.#kind === 'time') return reading < DAY_MS
    // A serial number with a fraction has a time of day.
    if (this.#kind === 'date' && reading % DAY_MS !== 0) return false
    return reading >= NUMERIC_FROM && reading < NUMERIC_TO
  }

  /** Returns undefined if no format reads at least half of the values. */
  guess(): FormatGuess | undefined {
    const best = Math.max(0, ...this.#candidates.map(({ hits }) => hits))
    if (best === 0 || best * 2 < this.#values) return undefined
    const tied = this.#candidates.filter(({ hits }) => hits === best)
    const sorted = tied.filter(({ rises, falls }) => Math.min(rises, falls) === 0)
    const oneReading = sorted.every(({ sum }) => sum === sorted[0]?.sum)
    const byOrder = best >= ORDER_EVIDENCE && oneReading ? sorted[0] : undefined
    const preferred = tied.find(({ format }) => MONTH_FIRST.some((start) => format.startsWith(start)) === this.#monthFirst)
    const chosen = byOrder ?? preferred ?? tied[0]
    if (chosen === undefined) return undefined
    return {
      format: chosen.format,
      isNumeric: NUMERIC.includes(chosen.format),
      hits: best,
      values: this.#values,
      ambiguousWith: byOrder === undefined ? tied.filter(({ sum }) => sum !== chosen.sum).map(({ format }) => format) : [],
    }
  }
}
