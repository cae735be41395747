import { useQueryClient } from '@tanstack/react-query'
import { useApi } from '../api/api-context.ts'
import { flushDrafts } from './draft-registry.ts'
import { notifyError } from './notify-error.ts'

/** Locks the session. What is being typed is written down first: behind the lock nothing can be. */
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
