import { durationShape, isClockDigits, readTakenForHours, UNIT_SECONDS, type DurationFormat } from './duration.ts'
import { DECIMAL_SIGNS, decimalSignOf, readNumber, type DecimalSign } from './number-text.ts'

const HOUR = 3_600
/** Longest plausible median of durations, in seconds. A format that gives a longer median is wrong. */
const LONGEST_TYPICAL = 1.5 * HOUR
/** Shortest plausible median of durations, in seconds. */
const SHORTEST_TYPICAL = 5
const LONGEST = 24 * HOUR

/** Formats in headers, in the order of the search. Forms come first, because `(hh:mm)` contains the letters of units. */
const HEADER_FORMATS: readonly (readonly [RegExp, DurationFormat])[] = [
  [/h{1,2}m{2}s{2}|\[?h{1,2}\]?[:.]m{1,2}[:.]s{1,2}|std[:.]min[:.]sek/i, 'h:mm:ss'],
  [/\[?h{1,2}\]?:m{1,2}|std:min/i, 'h:mm'],
  [/m{1,2}:s{1,2}|min:se[ck]/i, 'm:ss'],
  [/\bms(ecs?)?\b|milli ?se|millis\b|ミリ秒/i, 'ms'],
  [/\b(secs?|secondes?|seconds?|segundos?|secondi|sek|sekunden?|s)\b|秒/i, 's'],
  [/\b(mins?|minutes?|minuten?|minutos?|minuti|minut|m)\b|分/i, 'min'],
  [/\b(h|hrs?|hours?|std|stunden?|heures?|horas?|ore)\b|時間(?=[)）\]]|$)/i, 'h'],
]

/** Returns the words of a header such as `call_duration_min`, `DurationMs`, `Dauer (Std.)`. Full-width letters become ordinary ones. */
function words(header: string): string {
  return header
    .normalize('NFKC')
    .replaceAll(/['’]s\b/g, '')
    .replaceAll(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .replaceAll(/[_\-/]+|\.(?=\W|$)/g, ' ')
}

/** Returns the format in the header of a column; undefined if there is none. */
export function formatInHeader(header: string): DurationFormat | undefined {
  const plain = words(header)
  const found = HEADER_FORMATS.find(([pattern]) => pattern.test(plain))
  return found?.[1]
}

export type DurationGuess = {
  /** Formats that fit, the most likely first. A single one is certain. */
  readonly formats: readonly DurationFormat[]
  /** Decimal sign that the values prove; undefined: no value proves one. */
  readonly decimal: DecimalSign | undefined
  /** Whether there are values such as `1,234` and no other value proves the sign. */
  readonly isDecimalOpen: boolean
  /** Values that are a duration in any format, and all values. */
  readonly hits: number
  readonly values: number
}

/** After this many values without a duration, the column counts as other data. */
const GIVE_UP_AFTER = 1_000
/** Most values that are stored for judging the unit. */
const KEPT = 20_000

const NUMBER_FORMATS = ['s', 'min', 'ms', 'h', 'd'] as const

function median(sorted: readonly number[]): number {
  return sorted[sorted.length >> 1] ?? 0
}

function readAll(texts: readonly string[], decimal: DecimalSign): number[] {
  return texts.flatMap((text) => readNumber(text, decimal) ?? []).toSorted((a, b) => a - b)
}

/** Whether sorted numbers are plausible durations in a unit. @param unit seconds. */
function isTypical(sorted: readonly number[], unit: number): boolean {
  const middle = median(sorted.filter((number) => number > 0)) * unit
  return middle >= SHORTEST_TYPICAL && middle <= LONGEST_TYPICAL && (sorted.at(-1) ?? 0) * unit <= LONGEST
}

/** Detects the format of durations in a column by its header and all its values. */
export class DurationDetector {
  readonly #header: string
  readonly #numbers: string[] = []
  readonly #pairs: number[] = []
  /** Clocks without seconds, read as minutes and seconds. */
  readonly #takenForHours: number[] = []
  readonly #signs = new Set<DecimalSign>()
  /** Whether each value that contains its unit is a clock without seconds. */
  #isWhole = true
  #undecided = 0
  #described = 0
  #clocks = 0
  #values = 0
  #hits = 0

  constructor(header: string) {
    this.#header = header
  }

  add(value: string): void {
    if (value.trim() === '') return
    this.#values++
    // In a column of other texts, values are only counted.
    if (!/\d/.test(value) || (this.#hits === 0 && this.#values > GIVE_UP_AFTER)) return
    const shape = durationShape(value)
    if (shape === undefined) return
    this.#hits++
    if (shape.kind === 'described') {
      this.#described++
      if (value.includes(':')) this.#clocks++
      const taken = readTakenForHours(value)
      if (taken === undefined) this.#isWhole = false
      else if (this.#takenForHours.length < KEPT) this.#takenForHours.push(taken)
    } else if (shape.kind === 'pair') {
      if (this.#pairs.length < KEPT) this.#pairs.push(shape.first * 60 + shape.second)
    } else {
      if (this.#numbers.length < KEPT) this.#numbers.push(value)
      const sign = decimalSignOf(value)
      if (sign === 'undecided') this.#undecided++
      else if (sign !== null && sign !== undefined) this.#signs.add(sign)
    }
  }

  guess(): DurationGuess {
    const [sign] = this.#signs
    const proven = this.#signs.size === 1 ? sign : undefined
    const formats = this.#formats(proven)
    const decimal = proven ?? (this.#undecided > 0 ? this.#plausibleSign(formats) : undefined)
    return {
      formats,
      decimal,
      isDecimalOpen: this.#undecided > 0 && decimal === undefined,
      hits: this.#hits,
      values: this.#values,
    }
  }

  /** Returns the only sign with which values such as `1,234` are plausible durations; undefined if both or neither are. */
  #plausibleSign(formats: readonly DurationFormat[]): DecimalSign | undefined {
    const [format] = formats
    const unit = format === undefined || formats.length > 1 ? undefined : UNIT_SECONDS[format]
    if (unit === undefined) return undefined
    const undecided = this.#numbers.filter((text) => decimalSignOf(text) === 'undecided')
    const plausible = DECIMAL_SIGNS.filter((sign) => isTypical(readAll(undecided, sign), unit))
    return plausible.length === 1 ? plausible[0] : undefined
  }

  #formats(decimal: DecimalSign | undefined): readonly DurationFormat[] {
    const named = formatInHeader(this.#header)
    if (this.#numbers.length > 0) return this.#ofNumbers(named, decimal)
    if (this.#pairs.length > 0) return this.#ofPairs(named)
    return this.#described > 0 ? this.#ofClocks(named) : []
  }

  #ofClocks(named: DurationFormat | undefined): readonly DurationFormat[] {
    if (!this.#isWhole || named === 'h:mm' || named === 'h' || named === 'h:mm:ss') return ['h:mm:ss']
    const sorted = this.#takenForHours.toSorted((a, b) => a - b)
    // Read as hours and minutes, a clock is sixty times as long. Only calls of hours make a column of such clocks certain.
    if (isTypical(sorted, 60) || !isTypical(sorted, 1)) return ['h:mm:ss']
    return named === 'm:ss' ? ['m:ss:00'] : ['m:ss:00', 'h:mm:ss']
  }

  #ofPairs(named: DurationFormat | undefined): readonly DurationFormat[] {
    if (named === 'h:mm' || named === 'h') return ['h:mm']
    if (named === 'm:ss' || named === 'min' || named === 's') return ['m:ss']
    // If some values have three numbers, the second of two numbers is seconds as well.
    if (named === 'h:mm:ss' || this.#clocks > 0) return ['h:mm:ss']
    const sorted = this.#pairs.toSorted((a, b) => a - b)
    // Read as hours and minutes, a pair is sixty times as long.
    return isTypical(sorted, 60) ? ['m:ss', 'h:mm'] : ['m:ss']
  }

  #ofNumbers(named: DurationFormat | undefined, decimal: DecimalSign | undefined): readonly DurationFormat[] {
    // 000320 has leading zeros, so it may be 3 minutes and 20 seconds.
    const areClocks = this.#numbers.every(isClockDigits)
    if (areClocks && named === 'h:mm:ss') return ['h:mm:ss']
    if (areClocks && named === undefined && this.#numbers.some((text) => text.startsWith('0'))) return ['h:mm:ss', 's']
    const all = readAll(this.#numbers, decimal ?? '.')
    const filled = all.filter((number) => number > 0)
    const unit = named === undefined ? undefined : UNIT_SECONDS[named]
    // A unit in the header is ignored if most values would be longer than a day.
    const underOther = decimal === undefined ? readAll(this.#numbers, ',').filter((number) => number > 0) : filled
    if (named !== undefined && unit !== undefined && Math.min(median(filled), median(underOther)) * unit <= LONGEST)
      return [named]
    if (filled.length === 0) return ['s', 'min']
    const fraction = filled.every((number) => number < 1)
    if (named !== undefined && named.includes(':') && fraction) return ['d']
    const fits: Readonly<Record<'s' | 'min' | 'ms' | 'h' | 'd', boolean>> = {
      s: true,
      min: true,
      ms: median(filled) >= 10_000,
      h: filled.some((number) => !Number.isInteger(number)),
      d: fraction,
    }
    const fitting = NUMBER_FORMATS.filter((format) => fits[format] && isTypical(filled, UNIT_SECONDS[format] ?? 1))
    return fitting.length > 0 ? fitting : ['s', 'min', 'ms']
  }
}
