import { isRateTarget, type TargetMetric } from '../../core/model/targets.ts'
import { formatCount, formatShare, NONE } from './numbers.ts'

export function formatTarget(metric: TargetMetric, value: number | null): string {
  if (value === null) return NONE
  return isRateTarget(metric) ? formatShare(value) : formatCount(Math.round(value))
}
