import { Anchor, Table } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ParetoRow } from '../../../core/metrics/metrics.ts'
import { reasonLabel } from '../../../core/figures/report-parts.ts'
import { formatCount, formatShare } from '../../format/numbers.ts'
import { lostRows } from './dashboard-view.ts'
import type { DashboardView } from './dashboard-view.ts'
import classes from './loss-reasons-table.module.css'

/** The loss reasons by count, the most frequent first, with the cumulative share. */
export function LossReasonsTable({ rows, view }: { readonly rows: readonly ParetoRow[]; readonly view: DashboardView }) {
  return (
    <Table aria-label="Loss reasons" maw={880}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Reason</Table.Th>
          <Table.Th ta="end">Calls</Table.Th>
          <Table.Th ta="end">Share</Table.Th>
          <Table.Th ta="end">Cumulative</Table.Th>
          <Table.Th w="40%">
            <span className={classes.hidden}>Share and cumulative share as a bar</span>
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map((row) => (
          <Table.Tr key={row.lossReasonId ?? 'none'}>
            <Table.Td>
              <Anchor
                c="inherit"
                renderRoot={(props) => <Link to="/calls" search={lostRows(row.lossReasonId, view)} {...props} />}
              >
                {reasonLabel(row)}
              </Anchor>
            </Table.Td>
            <Table.Td ta="end">{formatCount(row.count)}</Table.Td>
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
    </Table>
  )
}
