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

const PARSERS: readonly Pick<Chrono, 'parse'>[] = [english, german.casual]

/** A reading of a wall clock as if it was UTC, ms; or the time from now. */
type Meaning = { readonly reading: number } | { readonly fromNow: number }

const floor = (millis: number) => Math.floor(millis / MINUTE) * MINUTE

/**
 * An instant around which no clock changes. Durations are measured from it, because the parser adds them to the wall clock of the
 * computer, which may change in between.
 */
const STEADY = Date.UTC(2026, 0, 15, 12)

const NAMED_HOUR = /^casualReference\/(?:morning|afternoon|evening|night|noon|midnight)$/
const isMorning = (tags: ReadonlySet<string>) => tags.has('casualReference/morning')

function parseWith(parser: Pick<Chrono, 'parse'>, text: string, instant: number, timezone: number): ParsedResult | undefined {
  const results = parser.parse(text, { instant: new Date(instant), timezone }, { forwardDate: true })
  const [only] = results
  // A part that is not understood may change the meaning of the rest.
  return only !== undefined && results.length === 1 && only.text === text && only.end === null ? only : undefined
}

function meaningOf(parser: Pick<Chrono, 'parse'>, text: string, wallNow: number, now: number): Meaning | undefined {
  const found = parseWith(parser, text, now, (wallNow - now) / MINUTE)
  if (found === undefined) return undefined
  const tags = found.tags()
  if (tags.has('result/relativeDateAndTime')) {
    const steady = parseWith(parser, text, STEADY, 0)
    return steady && { fromNow: steady.date().getTime() - STEADY }
  }
  const part = (name: Parameters<typeof found.start.get>[0]) => found.start.get(name) ?? 0
  const day = Date.UTC(part('year'), part('month') - 1, part('day'))
  const names = [...tags].some((tag) => NAMED_HOUR.test(tag))
  if (found.start.isCertain('hour')) return { reading: day + (part('hour') * 60 + part('minute')) * MINUTE }
  if (names) return { reading: day + (isMorning(tags) ? MORNING : part('hour')) * 60 * MINUTE }
  return { reading: day + timeOfDay(wallNow) }
}

const DAY = 24 * 60 * MINUTE
const timeOfDay = (wall: number) => ((floor(wall) % DAY) + DAY) % DAY

/** Rewrites texts into forms that the parsers can read. @param wallNow the present reading of the wall clock. */
function spelled(text: string, wallNow: number): string {
  // "15 Uhr 30" and "15.30 Uhr"
  const clock = text.replace(/\b(\d{1,2})\s*uhr\s*(\d{2})\b/i, '$1:$2').replace(/\b(\d{1,2})\.(\d{2})\s*uhr\b/i, '$1:$2')
  // "1.12." is the next first of December.
  return clock.replace(/^(\d{1,2})\.\s?(\d{1,2})\.?(?=\s|,|$)/, (whole, day: string, month: string) => {
    const year = new Date(wallNow).getUTCFullYear()
    const at = (years: number) => DateTime.fromObject({ year: years, month: Number(month), day: Number(day) }, { zone: 'utc' })
    const next = [at(year), at(year + 1)].find((date) => date.isValid && date.toMillis() + DAY > wallNow)
    return next === undefined ? whole : next.toFormat('yyyy-MM-dd')
  })
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
  const meanings =
    days === undefined ? PARSERS.flatMap((parser) => meaningOf(parser, spelled(text, wallNow), wallNow, now) ?? []) : [days]
  const instants = meanings.map((meaning) => instantOf(meaning, now, zone))
  const [first] = instants
  if (first === undefined || !Number.isFinite(first.at) || first.at < 0) return { kind: 'unclear' }
  if (instants.some(({ at }) => at !== first.at)) return { kind: 'ambiguous' }
  return first.at <= now ? { kind: 'past', at: first.at } : { kind: 'understood', ...first }
}

function instantOf(meaning: Meaning, now: number, zone: string): { readonly at: number; readonly isMoved: boolean } {
  if ('fromNow' in meaning) return { at: floor(now + meaning.fromNow), isMoved: false }
  const at = localClock(zone)(meaning.reading)
  return { at, isMoved: at + IANAZone.create(zone).offset(at) * MINUTE !== meaning.reading }
}

/** Returns a time as a person says it: `Tue 1 Dec, 15:00`, with the year if it is not the present one. */
export function spokenTime(at: number, now: number, zone: string, { locale, dayOfMonth }: DateWords = ENGLISH): string {
  const [time, present] = [at, now].map((millis) => DateTime.fromMillis(millis, { zone, locale })) as [DateTime, DateTime]
  const year = time.year === present.year ? '' : ' yyyy'
  return time.toFormat(`ccc ${dayOfMonth} LLL${year}, HH:mm`)
}
