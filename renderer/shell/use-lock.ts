import { useQueryClient } from '@tanstack/react-query'
import { useApi } from '../api/api-context.ts'
import { flushDrafts } from '../drafts/draft-registry.ts'
import { notifyError } from '../feedback/notify-error.ts'

/** Returns a function that locks the session. It writes the drafts first, because a locked session accepts none. */
export function useLock(): () => void {
  const { api, query } = useApi()
  const queries = useQueryClient()
  return () => {
    void (async () => {
      try {
        await flushDrafts()
        await api.session.lock()
        await queries.invalidateQueries({ queryKey: query.session.key() })
      } catch (error) {
        notifyError(error)
      }
    })()
  }
}
