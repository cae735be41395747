import { t } from '@lingui/core/macro'
import { Text } from '@mantine/core'
import type { TargetFigure } from '../../../core/metrics/targets.ts'
import type { MetricKey } from '../../../core/metrics/metrics.ts'
import type { TargetMetric } from '../../../core/model/targets.ts'
import { BETTER, WORSE } from './change-badge.tsx'
import { targetDefinition } from '../../format/figure-labels.ts'
import { formatTarget, missingMonthsText, paceText } from '../../format/targets.ts'

const COLOURS = { '-1': WORSE, '0': 'dimmed', '1': BETTER } as const

/** The target that the card of a figure shows. The target for calls counts completed ones only; its line names them. */
const ON_CARD: Partial<Record<MetricKey, TargetMetric>> = {
  calls: 'completed',
  show_rate: 'show_rate',
  close_rate: 'close_rate',
  win_rate: 'win_rate',
}

export function targetOfCard(key: MetricKey, targets: readonly TargetFigure[]): TargetFigure | undefined {
  const metric = ON_CARD[key]
  return targets.find((target) => target.metric === metric)
}

/** The pace in words. The words show the direction too, not only the colour. */
export function Pace({ target }: { readonly target: TargetFigure }) {
  const { text, direction } = paceText(target)
  return (
    <Text span fw={500} c={direction === null ? 'dimmed' : COLOURS[`${direction}`]}>
      {text}
    </Text>
  )
}

/** The target of a card with the pace. */
export function TargetLine({ target }: { readonly target: TargetFigure }) {
  const { metric, actual } = target
  const missing = missingMonthsText(target)
  const [done, goal] = [formatTarget(metric, actual), formatTarget(metric, target.target)]
  return (
    <Text c="dimmed" title={missing}>
      {metric === 'completed' ? t`${done} completed, target ${goal}` : t`Target ${goal}`} · <Pace target={target} />
      {missing !== undefined && ' *'}
    </Text>
  )
}

/** The explanation of a target for a card: its definition and its missing months. */
export function targetExplanation(target: TargetFigure): string {
  const definition = targetDefinition(target.metric)
  return [t`Target: ${definition}`, missingMonthsText(target)].filter((text) => text !== undefined).join(' ')
}
