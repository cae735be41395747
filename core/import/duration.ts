import { DURATION_UNITS } from '../messages/duration-units.ts'
import { catalogueOf, type Translatable } from '../messages/text.ts'
import { readNumber, type DecimalSign } from './number-text.ts'
import { visible } from './visible-text.ts'

/** Formats of durations: the unit of plain numbers, and the meaning of two numbers with a colon. */
export const DURATION_FORMATS = ['s', 'ms', 'min', 'h', 'd', 'm:ss', 'h:mm', 'h:mm:ss', 'm:ss:00'] as const
export type DurationFormat = (typeof DURATION_FORMATS)[number]

// A window shows these names too, so that it loads this part of the catalogue only.
const { sentence } = catalogueOf(DURATION_UNITS)

/** Returns the name of a format. */
export function durationFormatName(format: DurationFormat): Translatable {
  return sentence(`duration.${format}`)
}

/** Seconds of a unit of plain numbers. Forms with a colon have none. `d`: fraction of a day, as in a spreadsheet. */
export const UNIT_SECONDS: Readonly<Partial<Record<DurationFormat, number>>> = { s: 1, ms: 0.001, min: 60, h: 3_600, d: 86_400 }
/** Formats in which `4:10` is hours and minutes, and formats in which it is not a duration. */
const PAIRS_OF_HOURS: readonly DurationFormat[] = ['h:mm', 'h']
const NO_PAIRS: readonly DurationFormat[] = ['ms', 'd']

const CLOCK = /^(\d{1,4}):([0-5]?\d):([0-5]?\d)(?:[.,]\d+)?$/
const PAIR = /^(\d{1,5}):([0-5]\d)(?:[.,]\d+)?$/
const UNITS =
  /^(?:(\d+(?:[.,]\d+)?)\s*(?:h|hrs?|hours?|std\.?|stunden?))?[\s,]*(?:(\d+(?:[.,]\d+)?)\s*(?:m|mins?|minutes?|minuten?|min\.))?[\s,]*(?:(\d+(?:[.,]\d+)?)\s*(?:s|secs?|seconds?|sek\.?|sekunden?))?\.?$/i
const MILLISECONDS = /^(\d+)\s*(?:ms|msecs?|milliseconds?)$/i
/** `1h05`, `3 min 20` and `3'20"`: the last number is in the next smaller unit. */
const HOURS_MINUTES = /^(\d{1,3})\s*h\s*([0-5]?\d)$/i
const MINUTES_SECONDS = /^(\d{1,4})\s*(?:min|mn|m|['’′])\s*([0-5]?\d)(?:["”″]|'')?$/i
/** `0 days 00:03:20`, as data frames write it. */
const DAYS = /^(\d{1,3}) days?,? (.+)$/i
/** `000320` in a column of hours, minutes and seconds. */
const DIGITS = /^(\d{1,2})([0-5]\d)([0-5]\d)$/
/** `PT4M5S` of ISO 8601. */
const ISO = /^PT(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?$/i

/** A longer text is not a duration. */
const MAX_LENGTH = 100

const amount = (text: string | undefined) => Number((text ?? '0').replace(',', '.'))

/** Reads a duration that contains its unit (`2m 23s`, `1 h 5 min`, `1:02:03`, `PT4M5S`), in whole seconds. */
function readSelfDescribed(text: string): number | undefined {
  const clock = CLOCK.exec(text)
  if (clock !== null) return Number(clock[1]) * 3_600 + Number(clock[2]) * 60 + Number(clock[3])
  const [, hours, minutesAfter] = HOURS_MINUTES.exec(text) ?? []
  if (hours !== undefined) return Number(hours) * 3_600 + Number(minutesAfter) * 60
  const [, minutes, secondsAfter] = MINUTES_SECONDS.exec(text) ?? []
  if (minutes !== undefined) return Number(minutes) * 60 + Number(secondsAfter)
  const [, days, time = ''] = DAYS.exec(text) ?? []
  const ofDay = days === undefined ? null : CLOCK.exec(time)
  if (ofDay !== null) return Number(days) * 86_400 + Number(ofDay[1]) * 3_600 + Number(ofDay[2]) * 60 + Number(ofDay[3])
  const ms = MILLISECONDS.exec(text)
  if (ms !== null) return Math.round(Number(ms[1]) / 1_000)
  const units = ISO.exec(text) ?? UNITS.exec(text)
  if (units === null || (units[1] ?? units[2] ?? units[3]) === undefined) return undefined
  return Math.round(amount(units[1]) * 3_600 + amount(units[2]) * 60 + amount(units[3]))
}

/**
 * Reads minutes and seconds that a spreadsheet stored as hours and minutes, in whole seconds: `03:07:00` is 3 minutes and 7 seconds. A spreadsheet
 * stores `3:07` as this time of day.
 */
export function readTakenForHours(text: string): number | undefined {
  const [, minutes, seconds, rest] = CLOCK.exec(visible(text).trim()) ?? []
  return Number(rest) === 0 ? Number(minutes) * 60 + Number(seconds) : undefined
}

/** Form of a duration, before its unit is known. */
export type DurationShape =
  | { readonly kind: 'described'; readonly seconds: number }
  | { readonly kind: 'pair'; readonly first: number; readonly second: number }
  | { readonly kind: 'number' }

/** Whether a text can be hours, minutes and seconds without separators. */
export const isClockDigits = (text: string) => DIGITS.test(visible(text).trim())

export function durationShape(value: string): DurationShape | undefined {
  const trimmed = visible(value).trim()
  // The pattern of units takes minutes on a megabyte of commas.
  if (trimmed === '' || trimmed.length > MAX_LENGTH) return undefined
  const seconds = readSelfDescribed(trimmed)
  if (seconds !== undefined) return { kind: 'described', seconds }
  const pair = PAIR.exec(trimmed)
  if (pair !== null) return { kind: 'pair', first: Number(pair[1]), second: Number(pair[2]) }
  // Whether a text is a number does not depend on the decimal sign.
  return readNumber(trimmed, '.') === undefined ? undefined : { kind: 'number' }
}

/**
 * Returns a reader for the durations of a column, in whole seconds. A value that contains its unit is read in every format, but under `m:ss:00`
 * the hours and minutes of a clock are minutes and seconds. The reader returns undefined for any other text, also for `1,234` if no decimal sign is given.
 */
export function durationReader(format: DurationFormat, decimal: DecimalSign | undefined): (text: string) => number | undefined {
  return (text) => {
    const shape = durationShape(text)
    if (shape === undefined) return undefined
    if (shape.kind === 'described') return (format === 'm:ss:00' ? readTakenForHours(text) : undefined) ?? shape.seconds
    if (shape.kind === 'pair') {
      if (NO_PAIRS.includes(format)) return undefined
      return PAIRS_OF_HOURS.includes(format) ? shape.first * 3_600 + shape.second * 60 : shape.first * 60 + shape.second
    }
    const digits = format === 'h:mm:ss' ? DIGITS.exec(visible(text).trim()) : null
    if (digits !== null) return Number(digits[1]) * 3_600 + Number(digits[2]) * 60 + Number(digits[3])
    const unit = UNIT_SECONDS[format]
    const number = unit === undefined ? undefined : readNumber(text, decimal)
    return number === undefined || unit === undefined ? undefined : Math.round(number * unit)
  }
}

const readTyped = durationReader('s', undefined)

/**
 * Reads a duration as a person types it, in whole seconds: `143`, `2:23` (minutes and seconds), `0:02:23`, `2m 23s`, `1 234`. Two numbers
 * with a colon are minutes and seconds, never hours and minutes. Returns undefined for any other text, also for `1,234`, which is ambiguous.
 */
export function parseDuration(text: string): number | undefined {
  return readTyped(text)
}
