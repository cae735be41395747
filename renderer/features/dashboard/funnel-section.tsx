import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Progress, Stack, Table } from '@mantine/core'
import { callsOfFigure, type CountedCalls } from '../../../core/metrics/counted-calls.ts'
import type { CallCounts } from '../../../core/metrics/metrics.ts'
import { funnelSteps, type FunnelKey } from '../../../core/figures/report-parts.ts'
import { formatCount, formatShare } from '../../format/numbers.ts'
import { CallsMark } from './calls-mark.tsx'
import { ChartMenu } from './chart-menu.tsx'
import { funnelLabel, funnelTitle, funnelWord } from './report-labels.ts'
import { Section } from './section.tsx'

/** The calls of each step. */
const CALLS_OF: Readonly<Record<FunnelKey, CountedCalls>> = {
  booked: callsOfFigure('show_rate', 'denominator'),
  shown: callsOfFigure('show_rate', 'numerator'),
  decided: callsOfFigure('win_rate', 'denominator'),
  won: callsOfFigure('win_rate', 'numerator'),
}

/** From booked to won: how many calls reach each step. */
export function FunnelSection({ counts }: { readonly counts: CallCounts }) {
  const title = funnelTitle()
  return (
    <Section title={title} actions={<ChartMenu chart="funnel" title={title} />}>
      <Stack gap={0}>
        <Table aria-label={title}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>
                <Trans>Step</Trans>
              </Table.Th>
              <Table.Th ta="end">
                <Trans>Calls</Trans>
              </Table.Th>
              <Table.Th ta="end">
                <Trans>Of the step before</Trans>
              </Table.Th>
              <Table.Th ta="end">
                <Trans>Of booked</Trans>
              </Table.Th>
              <Table.Th w="40%" aria-label={t`Share of booked calls as a bar`} />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {funnelSteps(counts).map(({ key, count, before, booked }) => {
              const label = funnelLabel(key)
              const share = booked === 0 ? null : count / booked
              return (
                <Table.Tr key={key}>
                  <Table.Td>{label}</Table.Td>
                  <Table.Td ta="end">
                    <CallsMark
                      title={`${title}: ${funnelWord(key)}`}
                      label={`${label} ${formatCount(count)}`}
                      calls={CALLS_OF[key]}
                    >
                      {formatCount(count)}
                    </CallsMark>
                  </Table.Td>
                  <Table.Td ta="end">{before === null ? '' : formatShare(before === 0 ? null : count / before)}</Table.Td>
                  <Table.Td ta="end">{formatShare(share)}</Table.Td>
                  <Table.Td aria-hidden>
                    <Progress value={100 * (share ?? 0)} radius={2} size={12} />
                  </Table.Td>
                </Table.Tr>
              )
            })}
          </Table.Tbody>
        </Table>
      </Stack>
    </Section>
  )
}
