import { plural, t } from '@lingui/core/macro'
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
import { useApi, useConnectionState } from '../api/api-context.ts'
import { problemTitle } from '../session/problem-text.ts'
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
  const kept = plural(pending, { one: '# change kept', other: '# changes kept' })
  if (needsSignIn({ problem })) return `${t`Sign in to the server again`} · ${kept}`
  switch (state) {
    case 'local':
      return t`Stored on this device only`
    case 'offline':
      return `${problem === null ? t`Server not reached` : problemTitle(problem)} · ${kept}`
    case 'pending':
      return plural(pending, { one: '# change waiting to be sent', other: '# changes waiting to be sent' })
    case 'syncing':
      return pending === 0
        ? t`Fetching from the server…`
        : plural(pending, { one: 'Sending # change…', other: 'Sending # changes…' })
    case 'up_to_date':
      return t`Up to date with the server`
    case 'attention': {
      if (rejections + conflicts === 0) return `${problem === null ? t`Syncing has stopped` : problemTitle(problem)} · ${kept}`
      const refused = plural(rejections, { one: '# refusal', other: '# refusals' })
      const disputed = plural(conflicts, { one: '# conflict', other: '# conflicts' })
      return t`Needs attention: ${refused}, ${disputed}`
    }
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
    <div className={classes.status} role="status" aria-label={t`Sync`}>
      <LookIcon className={classes.statusIcon} size={32} stroke={1.75} data-color={look.color} aria-hidden />
      <span>
        {connection.kind === 'lost' ? (
          t`Connection lost`
        ) : status.data ? (
          <StatusLine status={status.data} />
        ) : status.isError ? (
          t`Sync: unknown`
        ) : (
          t`Sync: checking…`
        )}
      </span>
    </div>
  )
}
