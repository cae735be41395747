import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Anchor, Table, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { monthOf, type TargetFigure } from '../../../core/metrics/targets.ts'
import type { ReportPage } from '../../../core/contract/reports.ts'
import { targetDefinition, targetLabel } from '../../format/figure-labels.ts'
import { formatTarget, missingMonthsText } from '../../format/targets.ts'
import { useRights } from '../../session/session-context.ts'
import { Section } from './section.tsx'
import { Pace } from './target-line.tsx'

/** The targets of the period with the pace. If there are none, only people who may set targets see the section. */
export function TargetsSection({ report }: { readonly report: ReportPage }) {
  const mayEdit = useRights().reach('targets.edit') !== 'none'
  const { targets, teamTargets } = report
  if (targets.length === 0 && teamTargets.length === 0 && !mayEdit) return null
  const edit = mayEdit && (
    <Anchor
      renderRoot={(props) => <Link to="/targets" search={{ month: monthOf(report.range.to - 1, report.zone) }} {...props} />}
      data-screen-only
    >
      <Trans>Edit targets</Trans>
    </Anchor>
  )
  return (
    <Section title={t`Targets`} actions={edit}>
      {targets.length > 0 && <TargetTable label={t`Targets`} targets={targets} />}
      {teamTargets.length > 0 && <TargetTable label={t`Team targets`} targets={teamTargets} caption={t`Team`} />}
      {targets.length === 0 && teamTargets.length === 0 && (
        <Text c="dimmed">
          <Trans>No targets for this period and these filters. Targets are set by month, for the team or for one person.</Trans>
        </Text>
      )}
    </Section>
  )
}

function TargetTable({
  label,
  targets,
  caption,
}: {
  readonly label: string
  readonly targets: readonly TargetFigure[]
  readonly caption?: string
}) {
  const notes = [...new Set(targets.flatMap((target) => missingMonthsText(target) ?? []))]
  return (
    <>
      <Table.ScrollContainer minWidth={440}>
        <Table aria-label={label}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{caption ?? t`Figure`}</Table.Th>
              <Table.Th ta="end">
                <Trans>Actual</Trans>
              </Table.Th>
              <Table.Th ta="end">
                <Trans>Target up to now</Trans>
              </Table.Th>
              <Table.Th ta="end">
                <Trans>Target</Trans>
              </Table.Th>
              <Table.Th>
                <Trans>Pace</Trans>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {targets.map((target) => (
              <Table.Tr key={target.metric}>
                <Table.Td title={targetDefinition(target.metric)}>{targetLabel(target.metric)}</Table.Td>
                <Table.Td ta="end">{formatTarget(target.metric, target.actual)}</Table.Td>
                <Table.Td ta="end">{formatTarget(target.metric, target.expected)}</Table.Td>
                <Table.Td ta="end">{formatTarget(target.metric, target.target)}</Table.Td>
                <Table.Td>
                  <Pace target={target} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {notes.map((note) => (
        <Text key={note} c="dimmed">
          {note}
        </Text>
      ))}
    </>
  )
}
