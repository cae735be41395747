import { useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import { useApi, useConnectionState } from '../../api/api-context.ts'
import { useSession } from '../session/session-context.ts'
import { registerDraftWriter } from './draft-registry.ts'
import { DraftWriter } from './draft-writer.ts'
import { openingDraft, sendUnsent, UnsentDrafts } from './unsent-drafts.ts'
import type { StoredDraft } from './unsent-drafts.ts'

/** A browser may refuse it: then reading the property throws. */
function tabStorage(): Storage | undefined {
  try {
    return window.sessionStorage
  } catch {
    return undefined
  }
}

function useUnsentDrafts(): UnsentDrafts {
  const { user } = useSession()
  return useMemo(() => new UnsentDrafts(tabStorage(), user.id, Date.now), [user.id])
}

/** Whenever the connection stands, the application gets what it has not got of earlier typing. */
export function useSendUnsent(): void {
  const { client } = useApi()
  const connection = useConnectionState().kind
  const unsent = useUnsentDrafts()
  useEffect(() => {
    // What does not go through now goes with the next connection.
    if (connection === 'open') sendUnsent(unsent, client.drafts).catch(() => {})
  }, [client, connection, unsent])
}

/**
 * What had been typed into `form` and not saved when it was opened. `loaded` is false until that is known; a store that does not answer
 * holds no form back. What is written while the form is open is the form's own and does not come back to it.
 */
export function useStoredDraft(form: string): { readonly loaded: boolean; readonly draft: StoredDraft | null } {
  const { query } = useApi()
  const unsent = useUnsentDrafts()
  // The answer that an earlier mount of the form got lacks what was typed since: a window that crosses the narrow width mounts it again.
  const stored = useQuery(query.drafts.get.queryOptions({ input: { form }, gcTime: 0, staleTime: 0, refetchOnReconnect: false }))
  const [opening] = useState(() => openingDraft(unsent, form))
  const [atOpening, setAtOpening] = useState<StoredDraft | null>()
  if (atOpening === undefined && (stored.isFetchedAfterMount || stored.fetchStatus === 'paused'))
    setAtOpening(opening(stored.data ?? null))
  return { loaded: atOpening !== undefined, draft: atOpening ?? null }
}

/** Writes drafts of `form`; also when the window loses the focus, is closed, or the connection comes back. */
export function useDraftWriter<T>(form: string): DraftWriter<T> {
  const { client } = useApi()
  const connection = useConnectionState().kind
  const unsent = useUnsentDrafts()
  const writer = useMemo(
    () =>
      new DraftWriter<T>({
        put: (value) => client.drafts.put({ form, value: value as never }),
        delete: () => client.drafts.delete({ form }),
        keep: (value) => unsent.keep(form, value),
        settle: (kept) => unsent.settle(form, kept),
      }),
    [client, form, unsent],
  )

  useEffect(() => {
    const flush = () => void writer.flush().catch(() => {})
    const unregister = registerDraftWriter(() => writer.flush())
    window.addEventListener('blur', flush)
    window.addEventListener('pagehide', flush)
    document.addEventListener('visibilitychange', flush)
    return () => {
      flush()
      unregister()
      window.removeEventListener('blur', flush)
      window.removeEventListener('pagehide', flush)
      document.removeEventListener('visibilitychange', flush)
    }
  }, [writer])
  useEffect(() => {
    if (connection === 'open') void writer.flush().catch(() => {})
  }, [connection, writer])
  return writer
}
