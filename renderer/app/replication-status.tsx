import { useQuery } from '@tanstack/react-query'
import { useApi, useConnectionState } from '../api/api-context.ts'
import { plural } from '../format/numbers.ts'
import classes from './shell.module.css'

/** Always in this corner: where the data is, and what has yet to leave the device. */
export function ReplicationStatus() {
  const { query } = useApi()
  const connection = useConnectionState()
  const status = useQuery(query.replication.status.queryOptions())
  return (
    <div className={classes.status} role="status" aria-label="Replication">
      {connection.kind === 'lost'
        ? 'Connection lost'
        : status.data
          ? `This device only · ${plural(status.data.pending, 'change')} kept`
          : 'This device only'}
    </div>
  )
}
