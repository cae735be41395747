import { expect, test } from 'vitest'
import { UNDECIDED_DEFINITION } from '../../core/figures/report-parts.ts'
import { METRIC_KEYS, METRICS } from '../../core/metrics/metrics.ts'
import { TARGETS } from '../../core/metrics/targets.ts'
import { TARGET_METRICS } from '../../core/model/targets.ts'
import { figureDefinition, figureLabel, targetDefinition, targetLabel } from './figure-labels.ts'

test('the English names and definitions of figures are those of files and of the command line', () => {
  for (const key of METRIC_KEYS) {
    const { label, definition } = METRICS[key]
    expect({ label: figureLabel(key), definition: figureDefinition(key) }).toEqual({ label, definition })
  }
  for (const metric of TARGET_METRICS) {
    const { label, definition } = TARGETS[metric]
    expect({ label: targetLabel(metric), definition: targetDefinition(metric) }).toEqual({ label, definition })
  }
  expect(figureDefinition('undecided')).toBe(UNDECIDED_DEFINITION)
})
