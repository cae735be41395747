import { InvalidArgumentError } from 'commander'
import { dateAlone } from '../../core/time/date-alone.ts'
import { dateReader } from '../../core/import/date-format.ts'
import { parseDuration } from '../../core/import/duration.ts'
import { localClock } from '../../core/time/local-time.ts'
import { PERIODS, periodRange, type TimeRange } from '../../core/time/time-range.ts'
import { UsageError } from '../terminal/failure.ts'

const MINUTE = 60_000
const readIso = dateReader('ISO')

/** Parses an option for commander: whole seconds from `143`, `2:23` or `0:02:23`; null from an empty text, which clears the field. */
export function durationArgument(text: string): number | null {
  if (text === '') return null
  const seconds = parseDuration(text)
  if (seconds === undefined) throw new InvalidArgumentError('Write seconds without separators, m:ss or h:mm:ss.')
  return seconds
}

export function countArgument(text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new InvalidArgumentError('Write a whole number of at least 1.')
  return Number(text)
}

/** Parses an option for commander that can occur several times, or once with commas. */
export function listArgument(text: string, before: readonly string[] | undefined): string[] {
  return [...(before ?? []), ...text.split(',').map((part) => part.trim())].filter((part) => part !== '')
}

/** Returns a parser like `listArgument` that accepts only the given values. */
export function listOf<T extends string>(allowed: readonly T[]): (text: string, before: readonly T[] | undefined) => T[] {
  return (text, before) =>
    listArgument(text, before).map((value) => {
      const found = allowed.find((one) => one === value.toLowerCase().replaceAll('-', '_'))
      if (found === undefined) throw new InvalidArgumentError(`Allowed values: ${allowed.join(', ')}.`)
      return found
    })
}

/** Returns ms UTC of an ISO 8601 time or day. Without an offset it is in `zone`; a day is its first instant. @throws UsageError */
export function instantOf(option: string, text: string, zone: string): number {
  const time = readIso(text)
  if (time === undefined)
    throw new UsageError(
      `${option}: “${text}” is not a time. Nothing was done; write it like 2026-11-02, 2026-11-02T10:00 or 2026-11-02T10:00:00Z.`,
    )
  return time.offsetMinutes === null ? localClock(zone)(time.reading) : time.reading - time.offsetMinutes * MINUTE
}

/** Returns the time of a call like `instantOf`. A day is a date without a time, which is the same date in every zone. @throws UsageError */
export function callTimeOf(option: string, text: string, zone: string): number {
  const time = readIso(text)
  return time === undefined || time.hasTime ? instantOf(option, text, zone) : dateAlone(time.reading, zone)
}

/** Returns the half-open range of `--from` and `--to`; both are optional. @throws UsageError */
export function rangeOf(
  options: { readonly from?: string | undefined; readonly to?: string | undefined },
  zone: string,
): Partial<TimeRange> {
  const { from, to } = options
  const range = {
    ...(from === undefined ? {} : { from: instantOf('--from', from, zone) }),
    ...(to === undefined ? {} : { to: instantOf('--to', to, zone) }),
  }
  if (range.from !== undefined && range.to !== undefined && range.from > range.to)
    throw new UsageError(`--from ${from ?? ''} is after --to ${to ?? ''}. Nothing was done.`)
  return range
}

/** Returns the range of a named period. @throws UsageError */
export function namedRange(text: string, now: number, zone: string, weekStart: number): TimeRange {
  const period = PERIODS.find((name) => name === text.toLowerCase().replaceAll('-', '_'))
  if (period === undefined) throw new UsageError(`--period: “${text}” is not a period. Use one of ${PERIODS.join(', ')}.`)
  return periodRange(period, now, zone, weekStart)
}
