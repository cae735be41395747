import type { Translatable } from '../messages/text.ts'
import { sentence } from '../messages/sentence.ts'
import { must } from '../assert.ts'
import { visible } from './visible-text.ts'

export type ReadTime = {
  /** Reading of a wall clock, ms as if it were UTC. */
  readonly reading: number
  /** Offset in the text; null: none. */
  readonly offsetMinutes: number | null
  /** False if the text is a date without a time of day. */
  readonly hasTime: boolean
}
export type DateReader = (text: string) => ReadTime | undefined

/** Two digits up to this number are years of this century, as in Luxon. */
const TWO_DIGIT_CUTOFF = 60
const MONTH_LOCALES = ['en-US', 'en-GB', 'de', 'de-AT', 'fr', 'es', 'it', 'pt', 'nl', 'pl', 'sv', 'da', 'nb', 'cs', 'ru', 'tr']

let months: ReadonlyMap<string, number> | undefined
let weekdays: ReadonlySet<string> | undefined

function spell(name: string): string {
  return name.toLowerCase().replaceAll('.', '').normalize('NFC')
}

/** Returns long and short names of months in the languages above, without names that mean two months. */
function monthNames(): ReadonlyMap<string, number> {
  if (months !== undefined) return months
  const found = new Map<string, number>()
  for (const locale of MONTH_LOCALES)
    for (const month of ['short', 'long'] as const)
      for (const options of [{ month }, { month, day: 'numeric' }] as const) {
        const format = new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' })
        for (let index = 0; index < 12; index++) {
          const part = format.formatToParts(Date.UTC(2021, index, 15)).find(({ type }) => type === 'month')
          const name = spell(must(part, 'The format has a month').value)
          found.set(name, found.has(name) && found.get(name) !== index + 1 ? 0 : index + 1)
        }
      }
  months = new Map([...found].filter(([, month]) => month > 0))
  return months
}

/** Returns long and short names of weekdays in the languages above. */
function weekdayNames(): ReadonlySet<string> {
  weekdays ??= new Set(
    MONTH_LOCALES.flatMap((locale) =>
      (['short', 'long'] as const).flatMap((weekday) => {
        const format = new Intl.DateTimeFormat(locale, { weekday, timeZone: 'UTC' })
        return Array.from({ length: 7 }, (_, day) => spell(format.format(Date.UTC(2021, 0, 3 + day))))
      }),
    ),
  )
  return weekdays
}

type Fields = {
  year: number
  month: number
  day: number
  hour: number
  minute: number
  second: number
  ms: number
  pm: boolean | null
  offset: number | null
  epoch: number | null
}
type Token = { readonly pattern: string; readonly put: (fields: Fields, text: string) => boolean | void }

/** Abbreviations of zones with only one offset, minutes. `CST` and `IST` have several, so they are not in the list. */
const NAMED_OFFSETS: Readonly<Record<string, number>> = {
  Z: 0,
  UTC: 0,
  UT: 0,
  GMT: 0,
  WET: 0,
  CET: 60,
  MEZ: 60,
  CEST: 120,
  MESZ: 120,
  EET: 120,
  EEST: 180,
  EST: -300,
  EDT: -240,
  CDT: -300,
  MST: -420,
  MDT: -360,
  PST: -480,
  PDT: -420,
}
const SIGNED = '[+-]\\d{1,2}(?::?\\d{2})?'
/** Zone at the end of a text, possibly after the German word for o'clock: an offset, a name, or both (`GMT+0100`), and a comment in brackets. */
const ZONE_AT_END = `(?:\\s?Uhr)?(?:\\s*(${SIGNED}|(?:UTC|GMT)${SIGNED}|${Object.keys(NAMED_OFFSETS).join('|')})(?:\\s+[A-Z]{3,4})?(?:\\s*\\([^)]*\\))?)?`
/** Weekday before a date. */
const WEEKDAY_BEFORE = '(?:([\\p{L}]+\\.?),?\\s+)?'

function offsetOf(text: string): number {
  const named = NAMED_OFFSETS[text.toUpperCase()]
  if (named !== undefined) return named
  const [, sign, hours, minutes] = must(/^(?:UTC|GMT)?([+-])(\d{1,2}):?(\d{2})?$/i.exec(text), 'The pattern matched an offset')
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes ?? 0))
}

function number(pattern: string, key: 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second'): Token {
  return { pattern, put: (fields, text) => void (fields[key] = Number(text)) }
}

const shortYear: Token['put'] = (fields, text) =>
  void (fields.year = Number(text) + (Number(text) > TWO_DIGIT_CUTOFF ? 1900 : 2000))
const fraction: Token = { pattern: '\\d{1,9}', put: (fields, text) => void (fields.ms = Math.floor(Number(`0.${text}`) * 1_000)) }
const weekdayName: Token = { pattern: '[\\p{L}.]+', put: () => {} }
const offset: Token = { pattern: '[zZ]|[+-]\\d{1,2}(?::?\\d{2})?', put: (fields, text) => void (fields.offset = offsetOf(text)) }
const monthName: Token = {
  pattern: '[\\p{L}.]+',
  put: (fields, text) => {
    const month = monthNames().get(spell(text))
    if (month === undefined) return false
    fields.month = month
    return true
  },
}
const TOKENS: Readonly<Record<string, Token>> = {
  y: number('\\d{4}', 'year'),
  yyyy: number('\\d{4}', 'year'),
  yy: { pattern: '\\d{2}', put: shortYear },
  M: number('\\d{1,2}', 'month'),
  MM: number('\\d{2}', 'month'),
  MMM: monthName,
  MMMM: monthName,
  d: number('\\d{1,2}', 'day'),
  dd: number('\\d{2}', 'day'),
  H: number('\\d{1,2}', 'hour'),
  HH: number('\\d{2}', 'hour'),
  h: number('\\d{1,2}', 'hour'),
  hh: number('\\d{2}', 'hour'),
  m: number('\\d{1,2}', 'minute'),
  mm: number('\\d{2}', 'minute'),
  s: number('\\d{1,2}', 'second'),
  ss: number('\\d{2}', 'second'),
  S: fraction,
  SSS: fraction,
  u: fraction,
  a: { pattern: '[aApP]\\.?\\s?[mM]\\.?', put: (fields, text) => void (fields.pm = text.toLowerCase().startsWith('p')) },
  EEE: weekdayName,
  EEEE: weekdayName,
  Z: offset,
  ZZ: offset,
  ZZZ: offset,
  X: {
    pattern: '\\d{1,12}(?:[.,]\\d{1,9})?',
    put: (fields, text) => void (fields.epoch = Math.floor(Number(text.replace(',', '.')) * 1_000)),
  },
  x: { pattern: '\\d{1,15}', put: (fields, text) => void (fields.epoch = Number(text)) },
}

/** Pieces of a format: runs of one letter, texts in single quotes, and other characters. */
const PIECES = /'([^']*)'|([A-Za-z])\2*|\s+|[^A-Za-z\s']+/g

function toTime(fields: Fields, hasTime: boolean): ReadTime | undefined {
  if (fields.epoch !== null) return { reading: fields.epoch, offsetMinutes: 0, hasTime: true }
  let { hour } = fields
  if (fields.pm !== null) {
    if (hour < 1 || hour > 12) return undefined
    hour = (hour % 12) + (fields.pm ? 12 : 0)
  }
  if (hour > 23 || fields.minute > 59 || fields.second > 59) return undefined
  // Date.UTC reads the years 0 to 99 as 1900 to 1999.
  const date = new Date(0)
  date.setUTCFullYear(fields.year, fields.month - 1, fields.day)
  if (date.getUTCMonth() !== fields.month - 1 || date.getUTCDate() !== fields.day) return undefined
  return {
    reading: date.getTime() + ((hour * 60 + fields.minute) * 60 + fields.second) * 1_000 + fields.ms,
    offsetMinutes: fields.offset,
    hasTime,
  }
}

const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s?([zZ]|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?)?$/

const readIso: DateReader = (text) => {
  const match = ISO.exec(visible(text).trim())
  if (match === null) return undefined
  const [, year, month, day, hour, minute = '0', second = '0', ms = '0', zone] = match
  const fields: Fields = {
    year: Number(year),
    month: Number(month),
    day: Number(day),
    hour: Number(hour ?? 0),
    minute: Number(minute),
    second: Number(second),
    ms: Math.floor(Number(`0.${ms}`) * 1_000),
    pm: null,
    offset: zone === undefined ? null : offsetOf(zone),
    epoch: null,
  }
  return toTime(fields, hour !== undefined)
}

const DAY_MS = 86_400_000
/** Day 0 of a spreadsheet, for dates after February 1900. */
const SERIAL_EPOCH = Date.UTC(1899, 11, 30)
const SERIAL = /^(\d{1,6})(?:[.,](\d+))?$/

/**
 * Reads the number of a date in a spreadsheet: days since 1899-12-30, with the time of day as a fraction. A number below 1 is a time of day.
 * The time is rounded to a second, because spreadsheets write fractions with few digits.
 */
const readSerial: DateReader = (text) => {
  const match = SERIAL.exec(visible(text).trim())
  if (match === null) return undefined
  const days = Number(match[1])
  const seconds = Math.round(Number(`0.${match[2] ?? '0'}`) * 86_400)
  // Day 60 is 29 February 1900, which did not exist. No call is that old.
  if (days > 0 && days <= 60) return undefined
  const reading = (days === 0 ? 0 : SERIAL_EPOCH + days * DAY_MS) + seconds * 1_000
  return { reading, offsetMinutes: null, hasTime: seconds > 0 || days === 0 }
}

const SPECIAL: ReadonlyMap<string, DateReader> = new Map([
  ['ISO', readIso],
  ['Excel', readSerial],
])

/** The format has a token that is not known, or none. */
export class DateFormatError extends RangeError {
  override readonly name = 'DateFormatError'
  readonly why: Translatable

  constructor(why: Translatable) {
    super(why.message)
    this.why = why
  }
}

/**
 * Returns a reader for texts of one format: a Luxon format (tokens of numbers, month names in English and some other languages, `a`,
 * offsets, `X` and `x`), `ISO`, or `Excel` (the serial number of a spreadsheet). A format without a date reads times of 1970-01-01, a format
 * without a time reads midnight. A weekday may precede a date and a zone may follow a time, so that `d MMM yyyy H:mm:ss` reads the dates of
 * RFC 2822. Luxon's own parser reads fewer texts and is slower: docs/decisions/0012-own-code-that-stays.md.
 * @throws DateFormatError if the format has any other token.
 */
export function dateReader(format: string): DateReader {
  const special = SPECIAL.get(format)
  if (special !== undefined) return special
  const pieces = [...format.matchAll(PIECES)]
  const tokens: Token[] = []
  const letters = new Set<string>()
  let pattern = ''
  for (const [index, [piece, quoted, letter]] of pieces.entries()) {
    const token = letter === undefined ? undefined : TOKENS[piece]
    if (token !== undefined) {
      tokens.push(token)
      letters.add(letter ?? '')
      pattern += `(${token.pattern})`
    } else if (letter !== undefined) throw new DateFormatError(sentence('import.unknown-token', { token: piece, format }))
    else if (piece.trim() === '') pattern += pieces[index + 1]?.[0] === 'a' ? '\\s*' : '\\s+'
    else pattern += (quoted ?? piece).replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
  }
  if (tokens.length === 0) throw new DateFormatError(sentence('import.not-a-format', { format }))
  const isEpoch = letters.has('X') || letters.has('x')
  const hasTime = isEpoch || letters.has('H') || letters.has('h')
  const takesWeekday = letters.has('d') && !letters.has('E')
  const takesZone = hasTime && !isEpoch && !letters.has('Z')
  const regex = new RegExp(`^${takesWeekday ? WEEKDAY_BEFORE : '()'}${pattern}${takesZone ? ZONE_AT_END : '()'}$`, 'u')
  return (text) => {
    const match = regex.exec(visible(text).trim())
    if (match === null) return undefined
    const weekday = match[1]
    if (weekday !== undefined && weekday !== '' && !weekdayNames().has(spell(weekday))) return undefined
    const fields: Fields = {
      year: 1970,
      month: 1,
      day: 1,
      hour: 0,
      minute: 0,
      second: 0,
      ms: 0,
      pm: null,
      offset: null,
      epoch: null,
    }
    for (let index = 0; index < tokens.length; index++)
      if (tokens[index]?.put(fields, match[index + 2] ?? '') === false) return undefined
    const zone = match[tokens.length + 2]
    if (zone !== undefined && zone !== '') fields.offset = offsetOf(zone)
    return toTime(fields, hasTime)
  }
}
