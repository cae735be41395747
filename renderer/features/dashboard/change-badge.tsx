import { t } from '@lingui/core/macro'
import { Text } from '@mantine/core'
import type { Change } from '../../../core/metrics/change.ts'
import type { MetricKey } from '../../../core/metrics/metrics.ts'
import { changeText } from '../../format/changes.ts'

/** Metrics of which less is better. */
const LESS_IS_BETTER: ReadonlySet<MetricKey> = new Set(['no_show_rate', 'reschedule_rate'])
/** Metrics of which more is neither better nor worse. */
const NEUTRAL: ReadonlySet<MetricKey> = new Set(['calls', 'talk_time', 'average_duration', 'duration_coverage'])

/** Colours of better and worse, readable in light and dark. */
export const BETTER = 'light-dark(var(--mantine-color-teal-9), var(--mantine-color-teal-4))'
export const WORSE = 'light-dark(var(--mantine-color-red-9), var(--mantine-color-red-4))'

/** The change of a figure. An arrow and a sign show its direction too, not only the colour. */
export function ChangeBadge({
  metric,
  change,
  isFaint = false,
}: {
  readonly metric: MetricKey
  readonly change: Change
  /** Chance alone can explain the change. */
  readonly isFaint?: boolean
}) {
  if (change === null) return null
  const direction = change.kind === 'new' || change.value === 0 ? 0 : Math.sign(change.value)
  const good = LESS_IS_BETTER.has(metric) ? -direction : direction
  const colour = isFaint || NEUTRAL.has(metric) || good === 0 ? 'dimmed' : good > 0 ? BETTER : WORSE
  const arrow = direction === 0 ? '' : direction > 0 ? '▲ ' : '▼ '
  return (
    <Text span c={colour} fw={isFaint ? 400 : 500} {...(isFaint && { title: t`May be due to chance` })}>
      {arrow}
      {changeText(change)}
    </Text>
  )
}
