import { firstDayOfMonth, localDays, monthOfDay, type DayNumber } from '../../core/time/day-number.ts'
import type { TimeRange } from '../../core/time/time-range.ts'

/** Half-open numbers of days or months. */
export type Span = { readonly first: number; readonly end: number }

/** A period, split into whole months and days, which the totals contain, and parts of days, which are counted from the calls. */
export type ReportParts = {
  /** Whole local months. Empty: `first` = `end`. */
  readonly months: Span
  /** Whole local days outside of these months. */
  readonly days: readonly Span[]
  /** Parts of days, ms. */
  readonly edges: readonly TimeRange[]
}

const NO_SPAN: Span = { first: 0, end: 0 }

/** @param usesMonths false: whole months are counted by their days, for results by day. */
export function reportParts({ from, to }: TimeRange, zone: string, usesMonths = true): ReportParts {
  if (from >= to) return { months: NO_SPAN, days: [], edges: [] }
  const { startOf, dayAt } = localDays(zone)
  const [firstDay, lastDay] = [dayAt(from), dayAt(to)]
  const first = startOf(firstDay) === from ? firstDay : firstDay + 1
  if (first > lastDay) return { months: NO_SPAN, days: [], edges: [{ from, to }] }
  const edges = [
    { from, to: startOf(first) },
    { from: startOf(lastDay), to },
  ].filter((edge) => edge.from < edge.to)
  const whole = usesMonths ? wholeMonths(first, lastDay) : NO_SPAN
  if (whole.first === whole.end) return { months: NO_SPAN, days: spans({ first, end: lastDay }), edges }
  const days = spans({ first, end: firstDayOfMonth(whole.first) }, { first: firstDayOfMonth(whole.end), end: lastDay })
  return { months: whole, days, edges }
}

function wholeMonths(first: DayNumber, end: DayNumber): Span {
  const month = monthOfDay(first)
  const firstMonth = firstDayOfMonth(month) === first ? month : month + 1
  const endMonth = monthOfDay(end)
  return firstMonth < endMonth ? { first: firstMonth, end: endMonth } : NO_SPAN
}

const spans = (...all: readonly Span[]): Span[] => all.filter(({ first, end }) => first < end)
