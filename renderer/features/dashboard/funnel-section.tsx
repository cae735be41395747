import { Anchor, Progress, Stack, Table } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { CallCounts } from '../../../core/metrics/metrics.ts'
import { formatCount, formatShare } from '../../format/numbers.ts'
import { rowsOf, type DashboardView } from './dashboard-view.ts'
import { Section } from './section.tsx'

type Step = { readonly label: string; readonly count: number; readonly rows: Parameters<typeof rowsOf>[1] }

function stepsOf({ completed, noShow, rescheduled, won, lost }: CallCounts): readonly Step[] {
  return [
    { label: 'Booked', count: completed + noShow + rescheduled, rows: { statuses: ['completed', 'no_show', 'rescheduled'] } },
    { label: 'Shown', count: completed, rows: { statuses: ['completed'] } },
    { label: 'Decided', count: won + lost, rows: { outcomes: ['won', 'lost'] } },
    { label: 'Won', count: won, rows: { outcomes: ['won'] } },
  ]
}

/** From booked to won: how many calls reach each step. */
export function FunnelSection({ counts, view }: { readonly counts: CallCounts; readonly view: DashboardView }) {
  const steps = stepsOf(counts)
  const booked = steps[0]?.count ?? 0
  return (
    <Section title="Funnel">
      <Stack gap={0}>
        <Table aria-label="Funnel">
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
            {steps.map(({ label, count, rows }, index) => {
              const before = steps[index - 1]?.count
              const share = booked === 0 ? null : count / booked
              return (
                <Table.Tr key={label}>
                  <Table.Td>
                    <Anchor c="inherit" renderRoot={(props) => <Link to="/calls" search={rowsOf(view, rows)} {...props} />}>
                      {label}
                    </Anchor>
                  </Table.Td>
                  <Table.Td ta="end">{formatCount(count)}</Table.Td>
                  <Table.Td ta="end">{before === undefined ? '' : formatShare(before === 0 ? null : count / before)}</Table.Td>
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
