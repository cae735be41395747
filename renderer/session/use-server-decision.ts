import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useApi } from '../api/api-context.ts'
import { decisionBarrier } from './server-problem.ts'

/** Returns why roles, deactivation and another person's password cannot be changed; null if they can. */
export function useServerDecision(): string | null {
  const { api, query } = useApi()
  const status = useQuery(query.sync.status.queryOptions())
  // The cached status of the server may be half a minute old.
  useEffect(() => void api.sync.nudge().catch(() => {}), [api])
  return status.data === undefined ? null : decisionBarrier(status.data)
}
