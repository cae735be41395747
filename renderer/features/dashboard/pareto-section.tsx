import { plural, t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Text } from '@mantine/core'
import { drawPareto } from '../../../core/charts/pareto.ts'
import type { ParetoRow } from '../../../core/metrics/metrics.ts'
import { formatCount, formatShare, formatWholeShare } from '../../format/numbers.ts'
import { Chart } from '../../ui/chart/chart.tsx'
import { useOpenCalls } from './calls-mark.tsx'
import { ChartSection } from './chart-section.tsx'
import { LossReasonsTable, lostFor, lostTitle } from './loss-reasons-table.tsx'
import { lossLabel, lossReasonsTitle } from './report-labels.ts'
import { Section } from './section.tsx'

const HEIGHT = 220

function spotLabel(row: ParetoRow): string {
  const { count } = row
  const [reason, share, cumulative] = [lossLabel(row), formatShare(row.share), formatShare(row.cumulative)]
  return t`${reason}: ${plural(count, { one: '# call', other: '# calls' })}, ${share} of lost calls, cumulative ${cumulative}`
}

/** The loss reasons, the most frequent first, with the cumulative share. */
export function ParetoSection({ rows, lost }: { readonly rows: readonly ParetoRow[]; readonly lost: number }) {
  const open = useOpenCalls()
  const title = lossReasonsTitle()
  if (lost === 0)
    return (
      <Section title={title}>
        <Text c="dimmed">
          <Trans>No lost calls in this period.</Trans>
        </Text>
      </Section>
    )
  return (
    <ChartSection
      title={title}
      name="loss_reasons"
      table={<LossReasonsTable rows={rows} />}
      chart={
        <Chart
          label={title}
          height={HEIGHT}
          draw={(width, height) =>
            drawPareto({
              width,
              height,
              rows,
              name: lossLabel,
              spotLabel,
              formatCount,
              formatShare: formatWholeShare,
            })
          }
          onOpen={(index) => {
            const row = rows[index]
            if (row !== undefined) open(lostTitle(row), lostFor(row))
          }}
          legend={t`Bars: calls. Line: cumulative share of lost calls.`}
        />
      }
    />
  )
}
