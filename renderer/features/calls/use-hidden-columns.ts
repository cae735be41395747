import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { CallType } from '../../../core/model/call.ts'
import { useApi } from '../../api/api-context.ts'
import { useRights } from '../../session/session-context.ts'
import classes from './calls-grid.module.css'

export type HiddenColumns = ReadonlySet<string>

/**
 * Returns the columns that have the same value in each call that the person may see: the agent of an agent's own calls, and the type if there
 * is only one. It does not depend on the filter, so that columns do not change while a person works.
 */
export function useHiddenColumns(): HiddenColumns {
  const isOwn = useRights().reach('calls.read') !== 'all'
  const counts = [useHasType('inbound'), useHasType('outbound')]
  const hasOneType = counts.includes(false)
  return useMemo(() => new Set([...(isOwn ? ['userId'] : []), ...(hasOneType ? ['callType'] : [])]), [isOwn, hasOneType])
}

/** Whether the person may see a call of a type; undefined while unknown. */
function useHasType(callType: CallType): boolean | undefined {
  const { query } = useApi()
  const { data } = useQuery(query.calls.count.queryOptions({ input: { filter: { callTypes: [callType] } } }))
  return data === undefined ? undefined : data.total > 0
}

/** Returns the classes of a list with these columns. */
export function columnsClass(hidden: HiddenColumns): string {
  const without = [hidden.has('userId') && classes.withoutAgent, hidden.has('callType') && classes.withoutType]
  return [classes.columns, ...without].filter(Boolean).join(' ')
}
