import { Progress, Stack, Table } from '@mantine/core'
import { callsOfFigure, type CountedCalls } from '../../../core/metrics/counted-calls.ts'
import type { CallCounts } from '../../../core/metrics/metrics.ts'
import { formatCount, formatShare } from '../../format/numbers.ts'
import { CallsMark } from './calls-mark.tsx'
import { Section } from './section.tsx'

type Step = { readonly label: string; readonly count: number; readonly calls: CountedCalls }

function stepsOf({ completed, noShow, rescheduled, won, lost }: CallCounts): readonly Step[] {
  return [
    { label: 'Booked', count: completed + noShow + rescheduled, calls: callsOfFigure('show_rate', 'denominator') },
    { label: 'Shown', count: completed, calls: callsOfFigure('show_rate', 'numerator') },
    { label: 'Decided', count: won + lost, calls: callsOfFigure('win_rate', 'denominator') },
    { label: 'Won', count: won, calls: callsOfFigure('win_rate', 'numerator') },
  ]
}

/** From booked to won: how many calls reach each step. */
export function FunnelSection({ counts }: { readonly counts: CallCounts }) {
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
            {steps.map(({ label, count, calls }, index) => {
              const before = steps[index - 1]?.count
              const share = booked === 0 ? null : count / booked
              return (
                <Table.Tr key={label}>
                  <Table.Td>{label}</Table.Td>
                  <Table.Td ta="end">
                    <CallsMark title={`Funnel: ${label.toLowerCase()}`} label={`${label} ${formatCount(count)}`} calls={calls}>
                      {formatCount(count)}
                    </CallsMark>
                  </Table.Td>
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
