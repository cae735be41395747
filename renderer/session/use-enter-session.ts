import { useQueryClient } from '@tanstack/react-query'
import type { SessionState, SignedIn } from '../../core/contract/session.ts'
import { useApi } from '../api/api-context.ts'

/** Returns a function that shows the session of an answer, without another request. */
export function useEnterSession(): (session: SignedIn) => void {
  const queries = useQueryClient()
  const { query } = useApi()
  return (session) => queries.setQueryData<SessionState>(query.session.get.queryKey(), session)
}
