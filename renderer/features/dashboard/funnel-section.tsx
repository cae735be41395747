import { Progress, Stack, Table } from '@mantine/core'
import { callsOfFigure, type CountedCalls } from '../../../core/metrics/counted-calls.ts'
import type { CallCounts } from '../../../core/metrics/metrics.ts'
import { FUNNEL_TITLE, funnelSteps, type FunnelKey } from '../../../core/figures/report-parts.ts'
import { formatCount, formatShare } from '../../format/numbers.ts'
import { CallsMark } from './calls-mark.tsx'
import { ChartMenu } from './chart-menu.tsx'
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
  return (
    <Section title={FUNNEL_TITLE} actions={<ChartMenu chart="funnel" title={FUNNEL_TITLE} />}>
      <Stack gap={0}>
        <Table aria-label={FUNNEL_TITLE}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Step</Table.Th>
              <Table.Th ta="end">Calls</Table.Th>
              <Table.Th ta="end">Of the step before</Table.Th>
              <Table.Th ta="end">Of booked</Table.Th>
              <Table.Th w="40%" aria-label="Share of booked calls as a bar" />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {funnelSteps(counts).map(({ key, label, count, before, booked }) => {
              const share = booked === 0 ? null : count / booked
              return (
                <Table.Tr key={key}>
                  <Table.Td>{label}</Table.Td>
                  <Table.Td ta="end">
                    <CallsMark
                      title={`${FUNNEL_TITLE}: ${label.toLowerCase()}`}
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
