import {
  IconAlertTriangle,
  IconCloudCheck,
  IconCloudDown,
  IconCloudOff,
  IconCloudUp,
  IconDeviceLaptop,
  IconHelp,
  IconHourglass,
  IconPlugConnectedX,
} from '@tabler/icons-react'
import type { Icon } from '@tabler/icons-react'
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

/** A shape for each state, large enough to be recognised from some distance. The colour only helps. */
type Look = { readonly icon: Icon; readonly color?: 'alert' | 'warn' | 'good' }

const LOOKS: Readonly<Record<Status['state'], Look>> = {
  local: { icon: IconDeviceLaptop },
  offline: { icon: IconCloudOff, color: 'warn' },
  pending: { icon: IconCloudUp },
  syncing: { icon: IconCloudDown },
  up_to_date: { icon: IconCloudCheck, color: 'good' },
  attention: { icon: IconAlertTriangle, color: 'alert' },
}

export function lookOf(status: Pick<Status, 'state' | 'problem'>): Look {
  return needsSignIn(status) ? LOOKS.attention : LOOKS[status.state]
}

function StatusLine({ status }: { readonly status: Status }) {
  const text = statusText(status)
  if (needsSignIn(status)) return <Link to="/settings">{text}</Link>
  if (status.rejections + status.conflicts > 0) return <Link to="/attention">{text}</Link>
  return status.problem === null ? text : <Link to="/settings">{text}</Link>
}

const LOST: Look = { icon: IconPlugConnectedX, color: 'alert' }
const UNKNOWN: Look = { icon: IconHelp, color: 'warn' }
const CHECKING: Look = { icon: IconHourglass }

/** The status of sync: where the data is, and how many changes are waiting to be sent. */
export function SyncStatus() {
  const { query } = useApi()
  const connection = useConnectionState()
  useNudge()
  const status = useQuery(query.sync.status.queryOptions())
  const look = connection.kind === 'lost' ? LOST : status.data ? lookOf(status.data) : status.isError ? UNKNOWN : CHECKING
  const LookIcon = look.icon
  return (
    <div className={classes.status} role="status" aria-label="Sync">
      <LookIcon className={classes.statusIcon} size={32} stroke={1.75} data-color={look.color} aria-hidden />
      <span>
        {connection.kind === 'lost' ? (
          'Connection lost'
        ) : status.data ? (
          <StatusLine status={status.data} />
        ) : status.isError ? (
          'Sync: unknown'
        ) : (
          'Sync: checking…'
        )}
      </span>
    </div>
  )
}
