import { Text } from '@mantine/core'
import { drawPareto } from '../../../core/charts/pareto.ts'
import type { ParetoRow } from '../../../core/metrics/metrics.ts'
import { LOSS_REASONS_TITLE, reasonLabel } from '../../../core/figures/report-parts.ts'
import { NO_LOST_TEXT } from '../../../core/reports/write-document.ts'
import { formatCount, formatShare, formatWholeShare, plural } from '../../format/numbers.ts'
import { Chart } from '../../ui/chart/chart.tsx'
import { useOpenCalls } from './calls-mark.tsx'
import { ChartSection } from './chart-section.tsx'
import { LossReasonsTable, lostFor, lostTitle } from './loss-reasons-table.tsx'
import { Section } from './section.tsx'

const HEIGHT = 220

/** The loss reasons, the most frequent first, with the cumulative share. */
export function ParetoSection({ rows, lost }: { readonly rows: readonly ParetoRow[]; readonly lost: number }) {
  const open = useOpenCalls()
  if (lost === 0)
    return (
      <Section title={LOSS_REASONS_TITLE}>
        <Text c="dimmed">{NO_LOST_TEXT}</Text>
      </Section>
    )
  return (
    <ChartSection
      title={LOSS_REASONS_TITLE}
      name="loss_reasons"
      table={<LossReasonsTable rows={rows} />}
      chart={
        <Chart
          label={LOSS_REASONS_TITLE}
          height={HEIGHT}
          draw={(width, height) =>
            drawPareto({
              width,
              height,
              rows,
              name: reasonLabel,
              spotLabel: (row) =>
                `${reasonLabel(row)}: ${plural(row.count, 'call')}, ${formatShare(row.share)} of lost calls, cumulative ${formatShare(row.cumulative)}`,
              formatCount,
              formatShare: formatWholeShare,
            })
          }
          onOpen={(index) => {
            const row = rows[index]
            if (row !== undefined) open(lostTitle(row), lostFor(row))
          }}
          legend="Bars: calls. Line: cumulative share of lost calls."
        />
      }
    />
  )
}
