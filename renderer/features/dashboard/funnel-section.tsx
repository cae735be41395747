import { Anchor, Progress, Stack, Table } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { CallCounts } from '../../../core/metrics/metrics.ts'
import { FUNNEL_TITLE, funnelSteps, type FunnelKey } from '../../../core/figures/report-parts.ts'
import { formatCount, formatShare } from '../../format/numbers.ts'
import { ChartMenu } from './chart-menu.tsx'
import { rowsOf, type DashboardView } from './dashboard-view.ts'
import { Section } from './section.tsx'

/** The calls of each step, as a filter of the list. */
const ROWS: Readonly<Record<FunnelKey, Parameters<typeof rowsOf>[1]>> = {
  booked: { statuses: ['completed', 'no_show', 'rescheduled'] },
  shown: { statuses: ['completed'] },
  decided: { outcomes: ['won', 'lost'] },
  won: { outcomes: ['won'] },
}

/** From booked to won: how many calls reach each step. */
export function FunnelSection({ counts, view }: { readonly counts: CallCounts; readonly view: DashboardView }) {
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
                  <Table.Td>
                    <Anchor c="inherit" renderRoot={(props) => <Link to="/calls" search={rowsOf(view, ROWS[key])} {...props} />}>
                      {label}
                    </Anchor>
                  </Table.Td>
                  <Table.Td ta="end">{formatCount(count)}</Table.Td>
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
