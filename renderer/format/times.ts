import { i18n, type MessageDescriptor } from '@lingui/core'
import { msg } from '@lingui/core/macro'
import { DateTime } from 'luxon'
import { dateAlone, dateAloneOf } from '../../core/time/date-alone.ts'
import { timestampSchema } from '../../core/model/common.ts'
import { localClock } from '../../core/time/local-time.ts'
import { localDay } from '../../core/time/time-range.ts'
import { dateWords } from './date-locale.ts'

/** The format of a point in time, written and typed. It sorts by time, and day and month cannot be confused. */
const DATE_TIME = 'yyyy-MM-dd HH:mm'

/**
 * Returns an instant as date and time of day, or as the date if it represents a date alone.
 * @param millis since the Unix epoch. @param zone the client's IANA zone.
 */
export function formatDateTime(millis: number, zone: string): string {
  return dateAloneOf(millis) ?? DateTime.fromMillis(millis, { zone }).toFormat(DATE_TIME)
}

/** Returns the local day of an instant. */
export function formatDay(millis: number, zone: string): string {
  return localDay(millis, zone)
}

/** Returns an instant with seconds, for the audit trail. */
export function formatInstant(millis: number, zone: string): string {
  return dateAloneOf(millis) ?? DateTime.fromMillis(millis, { zone }).toFormat('yyyy-MM-dd HH:mm:ss')
}

/**
 * Returns the text of a date column: "Today 09:12", "Yesterday 17:09", "Tomorrow 10:00", "Mon 23 Nov" in the years next to this one,
 * "23 Nov 2024" else. A date without a time of day has none.
 */
export function formatNearDay(millis: number, now: number, zone: string): string {
  const alone = dateAloneOf(millis)
  const day = DateTime.fromISO(localDay(now, zone), { zone: 'utc' })
  const of = alone === null ? DateTime.fromMillis(millis, { zone }) : DateTime.fromISO(alone, { zone: 'utc' })
  const away = DateTime.utc(of.year, of.month, of.day).diff(day, 'days').days
  const near = NEAR_DAYS.get(away)
  if (near !== undefined) return alone === null ? `${i18n.t(near)} ${of.toFormat('HH:mm')}` : i18n.t(near)
  const { locale, dayOfMonth } = dateWords()
  // Near dates show the weekday; older dates show the year.
  const dayAndMonth = `${dayOfMonth} LLL`
  return of.toFormat(Math.abs(away) <= MOST_WITHOUT_YEAR ? `ccc ${dayAndMonth}` : `${dayAndMonth} yyyy`, { locale })
}

/** Returns the day like `formatNearDay`, but always with the time of day if there is one: "Mon 23 Nov, 17:09". */
export function formatNearTime(millis: number, now: number, zone: string): string {
  const day = formatNearDay(millis, now, zone)
  const time = DateTime.fromMillis(millis, { zone }).toFormat('HH:mm')
  return dateAloneOf(millis) !== null || day.endsWith(time) ? day : `${day}, ${time}`
}

const NEAR_DAYS: ReadonlyMap<number, MessageDescriptor> = new Map([
  [-1, msg`Yesterday`],
  [0, msg`Today`],
  [1, msg`Tomorrow`],
])
/** Days within which a day and a month are not ambiguous. */
const MOST_WITHOUT_YEAR = 180

const CLOCK = /^(\d{1,2}):(\d{2})$/
const DAY_CLOCK = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[ t]+(\d{1,2}):(\d{2}))?$/
/** The words of every language can be typed in every language. */
const WORDS: ReadonlyMap<string, number> = new Map([
  ['yesterday', -1],
  ['today', 0],
  ['tomorrow', 1],
  ['gestern', -1],
  ['heute', 0],
  ['morgen', 1],
])
const NOW: ReadonlySet<string> = new Set(['now', 'jetzt'])

/**
 * Parses a typed point in time in the client's zone: `2026-11-02 10:30`, `10:30` (today), `yesterday 10:30`,
 * `tomorrow`, `+3d 9:00`, `now`, and the same words in German. A full date without a time of day is a date alone; a word without one takes that of `now`.
 * @returns ms since the epoch; null for an empty text; undefined for anything else, also for a time that the zone skips or that no call can have.
 */
export function parseDateTime(text: string, now: number, zone: string): number | null | undefined {
  const at = readDateTime(text, now, zone)
  return typeof at !== 'number' || timestampSchema.safeParse(at).success ? at : undefined
}

function readDateTime(text: string, now: number, zone: string): number | null | undefined {
  const typed = text.trim().toLowerCase()
  if (typed === '') return null
  const present = DateTime.fromMillis(now, { zone }).startOf('minute')
  if (NOW.has(typed)) return present.toMillis()
  const full = DAY_CLOCK.exec(typed)
  if (full) {
    const [year, month, day] = [Number(full[1]), Number(full[2]), Number(full[3])]
    const date = DateTime.fromObject({ year, month, day }, { zone: 'utc' })
    if (full[4] !== undefined) return atTime(date, [Number(full[4]), Number(full[5])], present)
    return date.isValid && date.toMillis() >= 0 ? dateAlone(date.toMillis(), zone) : undefined
  }
  const clock = CLOCK.exec(typed)
  if (clock) return atTime(present, [Number(clock[1]), Number(clock[2])], present)
  const [word = '', rest, ...more] = typed.split(/\s+/)
  const days = WORDS.get(word) ?? daysFromNow(word)
  if (days === undefined || more.length > 0) return undefined
  const at = rest === undefined ? undefined : CLOCK.exec(rest)
  if (at === null) return undefined
  const day = DateTime.utc(present.year, present.month, present.day).plus({ days })
  return atTime(day, at && [Number(at[1]), Number(at[2])], present)
}

/**
 * Parses a typed day in the client's zone: `2026-11-02`, `yesterday`, `+3d`.
 * @returns the day as `YYYY-MM-DD`; null for an empty text; undefined for anything else.
 */
export function parseDay(text: string, now: number, zone: string): string | null | undefined {
  if (text.includes(':') || NOW.has(text.trim().toLowerCase())) return undefined
  // At noon every day exists, also one whose midnight the zone skips.
  const noon = DateTime.fromMillis(now, { zone }).set({ hour: 12, minute: 0 }).toMillis()
  const at = parseDateTime(text, noon, zone)
  return typeof at === 'number' ? formatDateTime(at, zone).slice(0, 10) : at
}

function daysFromNow(word: string): number | undefined {
  const relative = /^([+-])(\d{1,3})d$/.exec(word)
  return relative ? Number(`${relative[1]}${relative[2]}`) : undefined
}

/** Returns the instant of a time of day on a calendar day, by the same rule as imports: the first of two equal readings. */
function atTime(day: DateTime, clock: readonly number[] | undefined, present: DateTime): number | undefined {
  const [hour = present.hour, minute = present.minute] = clock ?? []
  if (!day.isValid || hour > 23 || minute > 59) return undefined
  const zone = present.zoneName ?? 'utc'
  const at = localClock(zone)(Date.UTC(day.year, day.month - 1, day.day, hour, minute))
  const shown = DateTime.fromMillis(at, { zone })
  return shown.day === day.day && shown.hour === hour && shown.minute === minute && at >= 0 ? at : undefined
}
