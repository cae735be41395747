import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { SyncStatus as Status } from '../../core/contract/sync.ts'
import { problemTitle } from '../../core/sync/problems.ts'
import { useApi, useConnectionState } from '../api/api-context.ts'
import { plural } from '../format/numbers.ts'
import { needsSignIn } from '../session/server-problem.ts'
import classes from './shell.module.css'
import { useNudge } from './use-nudge.ts'

export function statusText({
  state,
  pending,
  rejections,
  conflicts,
  problem,
}: Pick<Status, 'state' | 'pending' | 'rejections' | 'conflicts' | 'problem'>): string {
  const changes = plural(pending, 'change')
  if (needsSignIn({ problem })) return `Sign in to the server again · ${changes} kept`
  switch (state) {
    case 'local':
      return 'Stored on this device only'
    case 'offline':
      if (problem !== null) return `${problemTitle(problem)} · ${changes} kept`
      return `Server not reached · ${changes} kept`
    case 'pending':
      return `${changes} waiting to be sent`
    case 'syncing':
      return pending === 0 ? 'Fetching from the server…' : `Sending ${changes}…`
    case 'up_to_date':
      return 'Up to date with the server'
    case 'attention':
      return rejections + conflicts > 0
        ? `Needs attention: ${plural(rejections, 'refusal')}, ${plural(conflicts, 'conflict')}`
        : `${problem === null ? 'Syncing has stopped' : problemTitle(problem)} · ${changes} kept`
  }
}

function StatusLine({ status }: { readonly status: Status }) {
  const text = statusText(status)
  if (needsSignIn(status)) return <Link to="/settings">{text}</Link>
  if (status.rejections + status.conflicts > 0) return <Link to="/attention">{text}</Link>
  return status.problem === null ? text : <Link to="/settings">{text}</Link>
}

/** The status of sync: where the data is, and how many changes are waiting to be sent. */
export function SyncStatus() {
  const { query } = useApi()
  const connection = useConnectionState()
  useNudge()
  const status = useQuery(query.sync.status.queryOptions())
  return (
    <div className={classes.status} role="status" aria-label="Sync">
      {connection.kind === 'lost' ? (
        'Connection lost'
      ) : status.data ? (
        <StatusLine status={status.data} />
      ) : status.isError ? (
        'Sync: unknown'
      ) : (
        'Sync: checking…'
      )}
    </div>
  )
}
