import type { Change } from '../metrics/change.ts'
import { METRICS, type Figure } from '../metrics/metrics.ts'

/** The text of an empty field and of a rate without a denominator. */
export const NONE = '—'

/** Values as text for people. The digits are grouped and separated as in `locale`. */
export type NumberFormat = {
  readonly count: (n: number) => string
  /** A number with one decimal. */
  readonly decimal: (n: number) => string
  /** @param share 0…1; null where the denominator is zero. */
  readonly share: (share: number | null) => string
  /** A share without decimals, for the axis of a chart. */
  readonly wholeShare: (share: number) => string
  /** With English nouns. */
  readonly plural: (n: number, one: string, many?: string) => string
  readonly figure: (figure: Pick<Figure, 'key' | 'value'>) => string
  /** "+12.5%", "−3.1 points", "new". */
  readonly change: (change: NonNullable<Change>) => string
  /** "−3.1 points". @param share 0.01 is one percentage point. */
  readonly signedPoints: (share: number) => string
  readonly signedCount: (n: number) => string
  /** The sum of many durations; from one hour on in hours and minutes. @param seconds whole, ≥ 0. */
  readonly totalDuration: (seconds: number) => string
  /** An age in its largest unit: "12 days", "1 hour". @param ms ≥ 0. */
  readonly age: (ms: number) => string
}

/** Returns a duration as `m:ss`, from one hour on as `h:mm:ss`. @param seconds whole, ≥ 0. */
export function formatDuration(seconds: number): string {
  const two = (n: number) => String(n).padStart(2, '0')
  const hours = Math.floor(seconds / 3600)
  const minutes = Math.floor((seconds % 3600) / 60)
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`
}

export type AgeUnit = 'day' | 'hour' | 'minute'

const AGE_UNITS: readonly { readonly unit: AgeUnit; readonly ms: number }[] = [
  { unit: 'day', ms: 86_400_000 },
  { unit: 'hour', ms: 3_600_000 },
  { unit: 'minute', ms: 60_000 },
]

/** The words of values in a language. `shown`: the number with its digits and its sign. */
export type NumberWords = {
  readonly points: (shown: string) => string
  /** The change of a figure whose former value is 0. */
  readonly isNew: () => string
  readonly hoursAndMinutes: (hours: string, minutes: string) => string
  readonly age: (unit: AgeUnit, n: number, shown: string) => string
  readonly lessThanAMinute: () => string
}

const ENGLISH: NumberWords = {
  points: (shown) => `${shown} points`,
  isNew: () => 'new',
  hoursAndMinutes: (hours, minutes) => `${hours} h ${minutes} min`,
  age: (unit, n, shown) => `${shown} ${unit}${n === 1 ? '' : 's'}`,
  lessThanAMinute: () => 'less than a minute',
}

/** Digits are always 0–9, which every font contains and every reader can read. */
function withLatinDigits(locale: string): string {
  try {
    return new Intl.Locale(locale, { numberingSystem: 'latn' }).toString()
  } catch {
    return 'en'
  }
}

/** @param locale BCP 47, for example `de-CH`; one that does not exist counts as English. */
export function numberFormat(locale: string, words: NumberWords = ENGLISH): NumberFormat {
  const tag = withLatinDigits(locale)
  const whole = new Intl.NumberFormat(tag, { maximumFractionDigits: 0 })
  const percent = new Intl.NumberFormat(tag, { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 })
  const oneDecimal = new Intl.NumberFormat(tag, { minimumFractionDigits: 1, maximumFractionDigits: 1 })
  const wholePercent = new Intl.NumberFormat(tag, { style: 'percent' })
  const signed = new Intl.NumberFormat(tag, { minimumFractionDigits: 1, maximumFractionDigits: 1, signDisplay: 'exceptZero' })
  const signedPercent = new Intl.NumberFormat(tag, {
    style: 'percent',
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
    signDisplay: 'exceptZero',
  })
  const signedWhole = new Intl.NumberFormat(tag, { maximumFractionDigits: 0, signDisplay: 'exceptZero' })
  const minus = (text: string) => text.replace('-', '−')

  const count = (n: number) => whole.format(n)
  const share = (value: number | null) => (value === null ? NONE : percent.format(value))
  const plural = (n: number, one: string, many = `${one}s`) => `${count(n)} ${n === 1 ? one : many}`
  const totalDuration = (seconds: number) => {
    if (seconds < 3600) return formatDuration(seconds)
    const minutes = Math.round(seconds / 60)
    return words.hoursAndMinutes(count(Math.floor(minutes / 60)), String(minutes % 60))
  }
  const signedPoints = (value: number) => words.points(minus(signed.format(100 * value)))
  return {
    count,
    decimal: (n) => oneDecimal.format(n),
    share,
    wholeShare: (value) => wholePercent.format(value),
    plural,
    totalDuration,
    figure: ({ key, value }) => {
      if (value === null) return NONE
      switch (METRICS[key].unit) {
        case 'ratio':
          return share(value)
        case 'count':
          return count(value)
        case 'seconds':
          return totalDuration(Math.round(value))
      }
    },
    change: (change) => {
      if (change.kind === 'new') return words.isNew()
      return change.kind === 'points' ? signedPoints(change.value) : minus(signedPercent.format(change.value))
    },
    signedPoints,
    signedCount: (n) => minus(signedWhole.format(n)),
    age: (ms) => {
      const found = AGE_UNITS.find((each) => ms >= each.ms)
      if (found === undefined) return words.lessThanAMinute()
      const n = Math.floor(ms / found.ms)
      return words.age(found.unit, n, count(n))
    },
  }
}
