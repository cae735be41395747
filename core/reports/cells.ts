import { DateTime } from 'luxon'
import type { Change } from '../metrics/change.ts'
import { METRICS, type Figure } from '../metrics/metrics.ts'
import { NONE, type NumberFormat } from '../figures/number-format.ts'

/**
 * A typed value of a report. A null value has no denominator or does not exist: "—" on paper, empty in CSV and XLSX. A ratio keeps its
 * numerator `n` and denominator `d`, so that a file has every part of the figure.
 */
export type Cell =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'count'; readonly value: number | null }
  /** A number of calls that is an average or a share of a target. */
  | { readonly kind: 'average'; readonly value: number | null }
  | { readonly kind: 'ratio'; readonly value: number | null; readonly n: number; readonly d: number }
  /** A share that is not a quotient of calls, such as the end of an interval. */
  | { readonly kind: 'share'; readonly value: number | null }
  /** Seconds. */
  | { readonly kind: 'duration'; readonly value: number | null }
  /** Seconds: the mean of Σ seconds `n` over `d` calls. */
  | { readonly kind: 'mean'; readonly value: number | null; readonly n: number; readonly d: number }
  /** ms. */
  | { readonly kind: 'age'; readonly value: number | null }
  | { readonly kind: 'change'; readonly change: Change }
  /** ms UTC, shown in the zone of the report. */
  | { readonly kind: 'instant'; readonly value: number }
export type CellKind = Cell['kind']

export const text = (value: string): Cell => ({ kind: 'text', text: value })
export const count = (value: number | null): Cell => ({ kind: 'count', value })
export const average = (value: number | null): Cell => ({ kind: 'average', value })
export const ratio = (n: number, d: number): Cell => ({ kind: 'ratio', value: d === 0 ? null : n / d, n, d })
export const share = (value: number | null): Cell => ({ kind: 'share', value })
export const age = (value: number | null): Cell => ({ kind: 'age', value })
export const instant = (value: number): Cell => ({ kind: 'instant', value })

/** Returns the cell of a figure in its unit. */
export function figureCell({ key, value, numerator, denominator }: Figure): Cell {
  const parts = { value, n: numerator, d: denominator ?? 0 }
  switch (METRICS[key].unit) {
    case 'ratio':
      return { kind: 'ratio', ...parts }
    case 'count':
      return count(value)
    case 'seconds':
      return denominator === null ? { kind: 'duration', value } : { kind: 'mean', ...parts }
  }
}

/** Returns "3 / 12" for a value that is a quotient; otherwise an empty text. */
export function partsText(cell: Cell, format: NumberFormat): string {
  return cell.kind === 'ratio' || cell.kind === 'mean' ? `${format.count(cell.n)} / ${format.count(cell.d)}` : ''
}

/** Returns the text of a cell for people. */
export function cellText(cell: Cell, format: NumberFormat, zone: string): string {
  switch (cell.kind) {
    case 'text':
      return cell.text
    case 'count':
      return cell.value === null ? NONE : format.count(cell.value)
    case 'average':
      return cell.value === null ? NONE : format.decimal(cell.value)
    case 'ratio':
    case 'share':
      return format.share(cell.value)
    case 'duration':
    case 'mean':
      return cell.value === null ? NONE : format.totalDuration(Math.round(cell.value))
    case 'age':
      return cell.value === null ? NONE : format.age(cell.value)
    case 'change':
      return cell.change === null ? NONE : format.change(cell.change)
    case 'instant':
      return DateTime.fromMillis(cell.value, { zone }).toFormat('yyyy-MM-dd HH:mm')
  }
}

const UNITS: Readonly<Record<Exclude<CellKind, 'change'>, string>> = {
  text: 'text',
  count: 'calls',
  average: 'calls',
  ratio: 'ratio',
  share: 'ratio',
  duration: 'seconds',
  mean: 'seconds',
  age: 'ms',
  instant: 'time',
}

/** Returns the unit of `cellValue`. The unit of a change is its kind: a share of the former value, points of the rate, or new. */
export function cellUnit(cell: Cell): string {
  return cell.kind === 'change' ? (cell.change?.kind ?? '') : UNITS[cell.kind]
}

/**
 * Returns the value of a cell for programs: numbers with all their digits, times in ISO 8601 with the offset of the zone.
 * @returns null for a value that does not exist. A change from 0 has none.
 */
export function cellValue(cell: Cell, zone: string): number | string | null {
  switch (cell.kind) {
    case 'text':
      return cell.text
    case 'change':
      return cell.change === null || cell.change.kind === 'new' ? null : cell.change.value
    case 'instant':
      return DateTime.fromMillis(cell.value, { zone }).toISO({ suppressMilliseconds: true })
    case 'count':
    case 'average':
    case 'ratio':
    case 'share':
    case 'duration':
    case 'mean':
    case 'age':
      return cell.value
  }
}
