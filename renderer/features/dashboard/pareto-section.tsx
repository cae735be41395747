import { Text } from '@mantine/core'
import { useState } from 'react'
import { drawPareto } from '../../../core/charts/pareto.ts'
import type { ParetoRow } from '../../../core/metrics/metrics.ts'
import { formatCount, formatShare, plural } from '../../format/numbers.ts'
import { Chart } from '../../ui/chart/chart.tsx'
import { useOpenCalls } from './calls-mark.tsx'
import { LossReasonsTable, lostFor, lostTitle, reasonName } from './loss-reasons-table.tsx'
import { Section } from './section.tsx'
import { TableSwitch, type Shape } from './table-switch.tsx'

const HEIGHT = 220
const TITLE = 'Loss reasons'

const wholePercent = new Intl.NumberFormat('en', { style: 'percent' })

/** The loss reasons, the most frequent first, with the cumulative share. */
export function ParetoSection({ rows, lost }: { readonly rows: readonly ParetoRow[]; readonly lost: number }) {
  const open = useOpenCalls()
  const [shape, setShape] = useState<Shape>('chart')
  if (lost === 0)
    return (
      <Section title={TITLE}>
        <Text c="dimmed">No lost calls in this period.</Text>
      </Section>
    )
  return (
    <Section title={TITLE} actions={<TableSwitch label={TITLE} value={shape} onChange={setShape} />}>
      {shape === 'table' ? (
        <LossReasonsTable rows={rows} />
      ) : (
        <Chart
          label={TITLE}
          height={HEIGHT}
          draw={(width, height) =>
            drawPareto({
              width,
              height,
              rows,
              name: reasonName,
              spotLabel: (row) =>
                `${reasonName(row)}: ${plural(row.count, 'call')}, ${formatShare(row.share)} of lost calls, ${formatShare(row.cumulative)} with those before`,
              formatCount,
              formatShare: (share) => wholePercent.format(share),
            })
          }
          onOpen={(index) => {
            const row = rows[index]
            if (row !== undefined) open(lostTitle(row), lostFor(row))
          }}
          legend="Bars: calls. Line: cumulative share of lost calls."
        />
      )}
    </Section>
  )
}
