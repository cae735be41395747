import { isRateTarget, targetValueSchema, type TargetMetric } from '../model/targets.ts'

const percents = new Intl.NumberFormat('en', { maximumFractionDigits: 4, useGrouping: false })

/** Returns a target as it is typed: a rate in percent. */
export function targetText(metric: TargetMetric, value: number | undefined): string {
  if (value === undefined) return ''
  return isRateTarget(metric) ? percents.format(100 * value) : String(value)
}

export type TypedTarget = { readonly value: number | null } | { readonly problem: string }

/** Reads a typed target; null: none. A rate is in percent, with or without the sign, with a point or a comma. */
export function readTarget(metric: TargetMetric, text: string): TypedTarget {
  const typed = text.replaceAll(/[\s\u00a0]/g, '')
  if (typed === '') return { value: null }
  const isRate = isRateTarget(metric)
  const digits = isRate ? typed.replace(/%$/, '').replace(',', '.') : typed.replaceAll(/(?<=\d),(?=\d{3}(?:,|$))/g, '')
  const number = /^-?\d+(?:\.\d+)?$/.test(digits) ? Number(digits) : Number.NaN
  // Rounded, because the division by 100 adds digits that were not typed.
  const parsed = targetValueSchema(metric).safeParse(isRate ? Math.round(number * 10_000) / 1_000_000 : number)
  return parsed.success ? { value: parsed.data } : { problem: problemOf(isRate) }
}

function problemOf(isRate: boolean): string {
  return isRate ? 'Enter a percentage from 0 to 100' : 'Enter a whole number from 0 to 1,000,000'
}
