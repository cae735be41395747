import * as german from 'chrono-node/de'
import { GB as english } from 'chrono-node/en'
import type { Chrono, ParsedResult } from 'chrono-node/en'
import { DateTime, IANAZone } from 'luxon'
import { ENGLISH, type DateWords } from './bucket-names.ts'
import { localClock } from './local-time.ts'

/** How a typed text for a future time was understood. Instants are ms since the epoch, at a whole minute. */
export type TypedTime =
  | { readonly kind: 'empty' }
  /** `isMoved`: the clocks skip the typed time, and `at` is later by the skipped time. */
  | { readonly kind: 'understood'; readonly at: number; readonly isMoved: boolean }
  | { readonly kind: 'past'; readonly at: number }
  /** The text has two meanings, such as 3/4. */
  | { readonly kind: 'ambiguous' }
  | { readonly kind: 'unclear' }

const MINUTE = 60_000
const LONGEST = 60
/** The greatest number of days that can be typed as a number alone. */
const MOST_DAYS = 366
/** The hour that "morning" means. The parser takes six o'clock. */
const MORNING = 9

type Parser = {
  readonly chrono: Pick<Chrono, 'parse'>
  /** How the parser reads a date after a day of the week (Luxon's tokens). */
  readonly date: string
  readonly locale: string
}

const PARSERS: readonly Parser[] = [
  { chrono: english, date: 'd LLLL yyyy', locale: 'en' },
  { chrono: german.casual, date: 'd. LLLL yyyy', locale: 'de' },
]

/**
 * A reading of a wall clock as if it was UTC, ms; the time from now, ms; or an instant, because the text names a zone. `contradiction`: the
 * typed day of the week is not that of the typed date.
 */
type Meaning = { readonly reading: number } | { readonly fromNow: number } | { readonly at: number } | 'contradiction'

const floor = (millis: number) => Math.floor(millis / MINUTE) * MINUTE

/**
 * An instant around which no clock changes. Durations are measured from it, because the parser adds them to the wall clock of the
 * computer, which may change in between.
 */
const STEADY = Date.UTC(2026, 0, 15, 12)

const NAMED_HOUR = /^casualReference\/(?:morning|afternoon|evening|night|tonight|noon|midnight)$/
const isMorning = (tags: ReadonlySet<string>) => tags.has('casualReference/morning')

/** The parsers would take the next Monday for "last Monday". */
const BACK = /\b(?:last|past|letzte[mnrs]?)\b/i

function parseWith({ chrono }: Parser, text: string, instant: number, timezone: number): ParsedResult | undefined {
  const results = chrono.parse(text, { instant: new Date(instant), timezone }, { forwardDate: !BACK.test(text) })
  const [only] = results
  // A part that is not understood may change the meaning of the rest.
  return only !== undefined && results.length === 1 && only.text === text && only.end === null ? only : undefined
}

function meaningOf(parser: Parser, typed: string, wallNow: number, now: number): Meaning | undefined {
  const text = spelled(typed, wallNow, parser)
  const found = parseWith(parser, text, now, (wallNow - now) / MINUTE)
  if (found === undefined) return undefined
  const tags = found.tags()
  if (tags.has('result/relativeDateAndTime')) {
    const steady = parseWith(parser, text, STEADY, 0)
    return steady && { fromNow: steady.date().getTime() - STEADY }
  }
  const part = (name: Parameters<typeof found.start.get>[0]) => found.start.get(name) ?? 0
  const day = Date.UTC(part('year'), part('month') - 1, part('day'))
  const isDated = found.start.isCertain('weekday') && found.start.isCertain('day')
  if (isDated && part('weekday') !== new Date(day).getUTCDay()) return 'contradiction'
  if (found.start.isCertain('timezoneOffset')) return { at: floor(found.start.date().getTime()) }
  const names = [...tags].some((tag) => NAMED_HOUR.test(tag))
  if (found.start.isCertain('hour')) return { reading: day + (part('hour') * 60 + part('minute')) * MINUTE }
  if (names) return { reading: day + (isMorning(tags) ? MORNING : part('hour')) * 60 * MINUTE }
  return { reading: day + timeOfDay(wallNow) }
}

const DAY = 24 * 60 * MINUTE
const timeOfDay = (wall: number) => ((floor(wall) % DAY) + DAY) % DAY

/** "1.12", "1.12.", "1.12.26" and "1.12.2026". After a day of the week, "1.12" is a time of day. */
const DOTTED = /^(?:(\p{L}+)[.,]*\s(?=\d+\.\s?\d+\.))?(\d{1,2})\.\s?(\d{1,2})(?:\.\s?(\d{4}|\d{2})?)?(?=\s|,|$)/u

/** Rewrites texts into forms that the parsers can read. @param wallNow the present reading of the wall clock. */
function spelled(text: string, wallNow: number, { date, locale }: Parser): string {
  return (
    text
      // "15 Uhr 30" and "15.30 Uhr"
      .replace(/\b(\d{1,2})\s*uhr\s*(\d{2})\b/i, '$1:$2')
      .replace(/\b(\d{1,2})\.(\d{2})\s*uhr\b/i, '$1:$2')
      .replace(/(?<=\s)fr(?:ü|ue)h\b/i, 'vormittag')
      .replace(DOTTED, (whole, weekday: string | undefined, day: string, month: string, year: string | undefined) => {
        const at = (inYear: number) =>
          DateTime.fromObject({ year: inYear, month: Number(month), day: Number(day) }, { zone: 'utc', locale })
        const found = year === undefined ? nextOf(at, wallNow) : at(year.length === 2 ? 2000 + Number(year) : Number(year))
        if (found?.isValid !== true) return whole
        return weekday === undefined ? found.toFormat(date) : `${weekday} ${found.toFormat(date)}`
      })
  )
}

/** "1.12." is the next first of December. */
function nextOf(at: (year: number) => DateTime, wallNow: number): DateTime | undefined {
  const year = new Date(wallNow).getUTCFullYear()
  return [at(year), at(year + 1)].find((date) => date.isValid && date.toMillis() + DAY > wallNow)
}

/** A date whose day and month can be exchanged. */
function hasTwoReadings(text: string): boolean {
  const found = /(?:^|\s)(\d{1,2})\/(\d{1,2})(?:\/\d{2,4})?(?=\s|,|$)/.exec(text)
  return found !== null && Number(found[1]) <= 12 && Number(found[2]) <= 12 && found[1] !== found[2]
}

/** Returns the reading of the wall clock a typed number of days from now; undefined if the text is not such a number. */
function daysFromNow(text: string, wallNow: number): Meaning | undefined {
  const found = /^\+?\s?(\d{1,3})(?:\s?[dt])?$/i.exec(text)
  const days = Number(found?.[1])
  return found === null || days < 1 || days > MOST_DAYS ? undefined : { reading: floor(wallNow) + days * DAY }
}

/**
 * Reads a typed future time in English or German: `tue 3pm`, `in 2h`, `morgen 15 Uhr`, `1.12. 9:30`, `2026-12-01 15:00`. A number alone is a
 * number of days. A day without a time of day takes the present one. The whole text must be understood.
 * @param now ms since the epoch. @param zone the client's IANA zone.
 */
export function readTypedTime(typed: string, now: number, zone: string): TypedTime {
  const text = typed.normalize('NFC').trim().replaceAll(/\s+/g, ' ')
  if (text === '') return { kind: 'empty' }
  if (text.length > LONGEST) return { kind: 'unclear' }
  if (hasTwoReadings(text)) return { kind: 'ambiguous' }
  const wallNow = now + IANAZone.create(zone).offset(now) * MINUTE
  const days = daysFromNow(text, wallNow)
  const meanings = days === undefined ? PARSERS.flatMap((parser) => meaningOf(parser, text, wallNow, now) ?? []) : [days]
  if (meanings.includes('contradiction')) return { kind: 'ambiguous' }
  const instants = meanings.flatMap((meaning) => (meaning === 'contradiction' ? [] : [instantOf(meaning, now, zone)]))
  const [first] = instants
  if (first === undefined || !Number.isFinite(first.at) || first.at < 0) return { kind: 'unclear' }
  if (instants.some(({ at }) => at !== first.at)) return { kind: 'ambiguous' }
  return first.at <= now ? { kind: 'past', at: first.at } : { kind: 'understood', ...first }
}

function instantOf(
  meaning: Exclude<Meaning, string>,
  now: number,
  zone: string,
): { readonly at: number; readonly isMoved: boolean } {
  if ('fromNow' in meaning) return { at: floor(now + meaning.fromNow), isMoved: false }
  if ('at' in meaning) return { at: meaning.at, isMoved: false }
  const at = localClock(zone)(meaning.reading)
  return { at, isMoved: at + IANAZone.create(zone).offset(at) * MINUTE !== meaning.reading }
}

/**
 * Returns a future time as a text that `readTypedTime` reads as the same instant: `2026-12-01 15:00`, with the offset of the zone if the reading
 * occurs twice that night.
 * @param at ms since the epoch, at a whole minute
 */
export function typedTimeText(at: number, now: number, zone: string): string {
  const time = DateTime.fromMillis(at, { zone })
  const text = time.toFormat('yyyy-MM-dd HH:mm')
  const again = readTypedTime(text, now, zone)
  return 'at' in again && again.at === at ? text : `${text} ${time.toFormat('ZZ')}`
}

/** Returns a time as a person says it: `Tue 1 Dec, 15:00`, with the year if it is not the present one. */
export function spokenTime(at: number, now: number, zone: string, { locale, dayOfMonth }: DateWords = ENGLISH): string {
  const [time, present] = [at, now].map((millis) => DateTime.fromMillis(millis, { zone, locale })) as [DateTime, DateTime]
  const year = time.year === present.year ? '' : ' yyyy'
  return time.toFormat(`ccc ${dayOfMonth} LLL${year}, HH:mm`)
}
