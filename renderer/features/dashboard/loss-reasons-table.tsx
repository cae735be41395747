import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Table } from '@mantine/core'
import type { ParetoRow } from '../../../core/metrics/metrics.ts'
import { formatCount, formatShare } from '../../format/numbers.ts'
import { GridTable } from '../../ui/grid/grid-table.tsx'
import { CallsMark } from './calls-mark.tsx'
import { lossLabel, lossReasonsTitle } from './report-labels.ts'
import classes from './loss-reasons-table.module.css'

/** The calls that were lost for a reason, and their title. */
export const lostFor = ({ lossReasonId }: ParetoRow) => ({ lossReasonIds: [lossReasonId] })
export const lostTitle = (row: ParetoRow) => {
  const reason = lossLabel(row)
  return t`Lost: ${reason}`
}

/** The loss reasons by count, the most frequent first, with the cumulative share. */
export function LossReasonsTable({ rows }: { readonly rows: readonly ParetoRow[] }) {
  return (
    <GridTable aria-label={lossReasonsTitle()} maw={880}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>
            <Trans>Reason</Trans>
          </Table.Th>
          <Table.Th ta="end">
            <Trans>Calls</Trans>
          </Table.Th>
          <Table.Th ta="end">
            <Trans>Share</Trans>
          </Table.Th>
          <Table.Th ta="end">
            <Trans>Cumulative</Trans>
          </Table.Th>
          <Table.Th w="40%">
            <span className={classes.hidden}>
              <Trans>Share and cumulative share as a bar</Trans>
            </span>
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map((row) => (
          <Table.Tr key={row.lossReasonId ?? 'none'}>
            <Table.Td>{lossLabel(row)}</Table.Td>
            <Table.Td ta="end">
              <CallsMark title={lostTitle(row)} label={`${lostTitle(row)}, ${formatCount(row.count)}`} calls={lostFor(row)}>
                {formatCount(row.count)}
              </CallsMark>
            </Table.Td>
            <Table.Td ta="end">{formatShare(row.share)}</Table.Td>
            <Table.Td ta="end">{formatShare(row.cumulative)}</Table.Td>
            <Table.Td aria-hidden>
              <div className={classes.track}>
                <div className={classes.cumulative} style={{ width: `${100 * row.cumulative}%` }} />
                <div className={classes.share} style={{ width: `${100 * row.share}%` }} />
              </div>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </GridTable>
  )
}
