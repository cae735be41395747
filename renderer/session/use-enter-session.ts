import { useQueryClient } from '@tanstack/react-query'
import type { SessionState, SignedIn } from '../../core/contract/contract.ts'
import { useApi } from '../api/api-context.ts'

/** Makes a session that an answer brought the one that is shown, without asking again. */
export function useEnterSession(): (session: SignedIn) => void {
  const queries = useQueryClient()
  const { query } = useApi()
  return (session) => queries.setQueryData<SessionState>(query.session.get.queryKey(), session)
}
