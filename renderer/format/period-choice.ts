import { t } from '@lingui/core/macro'
import { daysRange, isDay, localDay, PERIODS, periodRange, startOfLocalDay } from '../../core/time/time-range.ts'
import type { Period, TimeRange } from '../../core/time/time-range.ts'
import { periodLabel as namedPeriod } from './labels.ts'
import { formatDateTime } from './times.ts'

/** A period as a person chooses it. `days` includes both of its days. `exact`: instants in ms, half-open, for the calls of a figure. */
export type PeriodChoice =
  | { readonly kind: 'any' }
  /** From tomorrow on. */
  | { readonly kind: 'upcoming' }
  | { readonly kind: 'named'; readonly period: Period }
  | { readonly kind: 'days'; readonly from: string; readonly to: string }
  | ({ readonly kind: 'exact' } & TimeRange)

export const ANY_TIME: PeriodChoice = { kind: 'any' }
export const UPCOMING: PeriodChoice = { kind: 'upcoming' }
export const UNTIL_TODAY: PeriodChoice = { kind: 'named', period: 'all' }

/** The end of a period that has none, ms. In every zone it and the day after it have a date, which has a year of four digits. */
export const END_OF_TIME = Date.UTC(9999, 11, 30)

/** The data with which a choice is converted to instants. `now`: any instant of the current day. */
export type PeriodContext = { readonly now: number; readonly zone: string; readonly weekStart: number }

function isPeriod(text: string): text is Period {
  return (PERIODS as readonly string[]).includes(text)
}

/** Returns the text of a choice in the address; empty for no restriction. */
export function periodToText(choice: PeriodChoice): string {
  switch (choice.kind) {
    case 'any':
      return ''
    case 'upcoming':
      return 'upcoming'
    case 'named':
      return choice.period
    case 'days':
      return `${choice.from}..${choice.to}`
    case 'exact':
      return `${EXACT}${choice.from}..${choice.to}`
  }
}

/** Before the instants of an exact period in the address. */
export const EXACT = 'at:'

function exactFromText(text: string, otherwise: PeriodChoice): PeriodChoice {
  const [from, to] = text.split('..').map((part) => (/^\d{1,15}$/.test(part) ? Number(part) : undefined))
  if (from === undefined || to === undefined || from > to || to > END_OF_TIME) return otherwise
  return { kind: 'exact', from, to }
}

export function periodFromText(text: string | undefined, otherwise: PeriodChoice = ANY_TIME): PeriodChoice {
  if (text === undefined || text === '') return otherwise
  if (text === 'upcoming') return UPCOMING
  if (isPeriod(text)) return { kind: 'named', period: text }
  if (text.startsWith(EXACT)) return exactFromText(text.slice(EXACT.length), otherwise)
  const [from = '', to = ''] = text.split('..')
  return isDay(from) && isDay(to) && from <= to ? { kind: 'days', from, to } : otherwise
}

/** Returns the instants of a choice in the client's zone; null: no restriction. */
export function rangeOf(choice: PeriodChoice, { now, zone, weekStart }: PeriodContext): TimeRange | null {
  switch (choice.kind) {
    case 'any':
      return null
    case 'upcoming':
      return { from: periodRange('today', now, zone, weekStart).to, to: END_OF_TIME }
    case 'named':
      return periodRange(choice.period, now, zone, weekStart)
    case 'days':
      return daysRange(choice.from, choice.to, zone)
    case 'exact':
      return { from: choice.from, to: choice.to }
  }
}

/**
 * @param zone the client's IANA zone.
 * @param offersUpcoming whether later calls can be chosen too: `all` is then labelled so that the two differ.
 */
export function periodLabel(choice: PeriodChoice, zone: string, offersUpcoming = false): string {
  switch (choice.kind) {
    case 'any':
      return t`Any time`
    case 'upcoming':
      return t`Upcoming`
    case 'named':
      return offersUpcoming && choice.period === 'all' ? t`Up to today` : namedPeriod(choice.period)
    case 'days':
      return choice.from === choice.to ? choice.from : `${choice.from} – ${choice.to}`
    case 'exact':
      return exactLabel(choice, zone)
  }
}

function exactLabel({ from, to }: TimeRange, zone: string): string {
  const isMidnight = (instant: number) => startOfLocalDay(localDay(instant, zone), zone) === instant
  const first = from === 0 ? '' : isMidnight(from) ? localDay(from, zone) : formatDateTime(from, zone)
  // The last day is included; the last instant is excluded.
  const last = to > from && isMidnight(to) ? localDay(to - 1, zone) : formatDateTime(to, zone)
  if (first === '') return t`Until ${last}`
  // With times of day, the same year is not repeated, to save space.
  const isShort = last.includes(':') && last.slice(0, 5) === first.slice(0, 5)
  return first === last ? first : `${first} – ${isShort ? last.slice(5) : last}`
}
