import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useState } from 'react'
import type { Api } from '../../core/contract/contract.ts'
import type { QueryClient } from '@tanstack/react-query'
import type { UserId } from '../../core/id.ts'
import { useApi, useConnectionState, type ApiContextValue } from '../api/api-context.ts'
import { useSession } from '../session/session-context.ts'
import { registerDraftWriter } from './draft-registry.ts'
import { DraftWriter } from './draft-writer.ts'
import { restoredDraft, type RestoredDraft } from './restored-draft.ts'
import { openingDraft, sendUnsent, UnsentDrafts } from './unsent-drafts.ts'
import type { StoredDraft, UnsentDraft } from './unsent-drafts.ts'

/** Returns undefined if the browser refuses access: reading the property throws then. */
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

/** Sends unsent drafts whenever the connection opens. */
export function useSendUnsent(): void {
  const context = useApi()
  const queries = useQueryClient()
  const { user } = useSession()
  const connection = useConnectionState().kind
  const unsent = useUnsentDrafts()
  useEffect(() => {
    if (connection !== 'open') return
    const onSent = (form: string, draft: UnsentDraft) => updateReadAhead(context, queries, user.id, form, draft)
    // A failed draft is sent with the next connection.
    sendUnsent(unsent, context.api.drafts, onSent).catch(() => {})
  }, [context, queries, user.id, connection, unsent])
}

/** The form of a new call, whose draft is read ahead. */
export const NEW_CALL_DRAFT = 'call:new'

/** A person's draft. The id is part of the key, so that an answer that arrives after a sign-out is not shown to the next person. */
function draftQuery({ query }: ApiContextValue, form: string, userId: UserId) {
  return query.drafts.get.queryOptions({ input: { form }, queryKey: [['drafts', 'get'], { form, userId }] })
}

/** Updates the draft that was read ahead. After the session the query does not exist, and nothing is stored in it. */
function updateReadAhead(
  context: ApiContextValue,
  queries: QueryClient,
  userId: UserId,
  form: string,
  { value, updatedAt }: UnsentDraft,
): void {
  const { queryKey } = draftQuery(context, form, userId)
  if (form !== NEW_CALL_DRAFT || queries.getQueryState(queryKey) === undefined) return
  void queries.cancelQueries({ queryKey })
  queries.setQueryData(queryKey, value === null ? null : { value: value as never, updatedAt })
}

/**
 * Reads the draft of a new call ahead, so that its form opens with it. Reads it again when the window gets the focus, because another
 * window may change it.
 */
export function useNewCallDraft(): void {
  const context = useApi()
  const { user } = useSession()
  useQuery({
    ...draftQuery(context, NEW_CALL_DRAFT, user.id),
    staleTime: Infinity,
    gcTime: Infinity,
    refetchOnWindowFocus: 'always',
    // Each typed key changes the draft. Without this the caller would render each time.
    notifyOnChangeProps: [],
  })
}

/**
 * Returns the draft that `form` had when it was opened; undefined until it has been read. Drafts written while the form is open are not
 * returned.
 */
function useStoredDraft(form: string): StoredDraft | null | undefined {
  const context = useApi()
  const queries = useQueryClient()
  const { user } = useSession()
  const unsent = useUnsentDrafts()
  const options = draftQuery(context, form, user.id)
  const [opening] = useState(() => openingDraft(unsent, form))
  const [atOpening, setAtOpening] = useState<StoredDraft | null | undefined>(() => {
    const readAhead = form === NEW_CALL_DRAFT ? queries.getQueryData<StoredDraft | null>(options.queryKey) : undefined
    return readAhead === undefined ? undefined : opening(readAhead)
  })
  // An answer from an earlier mount lacks what was typed since, and a window that crosses the narrow width mounts the form again.
  const stored = useQuery({
    ...options,
    queryFn: async () => {
      // A form that was just closed may still be writing.
      await flushDraft(context, user.id, form)
      return context.api.drafts.get({ form })
    },
    gcTime: 0,
    staleTime: 0,
    refetchOnReconnect: false,
    enabled: atOpening === undefined,
  })
  if (atOpening === undefined && (stored.isFetchedAfterMount || stored.fetchStatus === 'paused'))
    setAtOpening(opening(stored.data ?? null))
  return atOpening
}

/** Writers by client, person and form: two writers of one draft could let an old text overwrite a newer one. */
const writers = new WeakMap<Api, Map<string, unknown>>()

function writerOf<T>(
  context: ApiContextValue,
  queries: QueryClient,
  unsent: UnsentDrafts,
  userId: UserId,
  form: string,
): DraftWriter<T> {
  const { api } = context
  const ofApi = writers.get(api) ?? new Map<string, unknown>()
  writers.set(api, ofApi)
  const key = `${userId}:${form}`
  const running = ofApi.get(key) as DraftWriter<T> | undefined
  if (running !== undefined) return running
  const writer = new DraftWriter<T>({
    put: (value) => api.drafts.put({ form, value: value as never }),
    delete: () => api.drafts.delete({ form }),
    keep: (value) => {
      updateReadAhead(context, queries, userId, form, { value, updatedAt: Date.now() })
      return unsent.keep(form, value)
    },
    settle: (kept) => unsent.settle(form, kept),
  })
  ofApi.set(key, writer)
  return writer
}

/** Resolves when the draft is written or the write has failed. */
async function flushDraft({ api }: ApiContextValue, userId: UserId, form: string): Promise<void> {
  const writer = writers.get(api)?.get(`${userId}:${form}`) as DraftWriter<unknown> | undefined
  await writer?.flush().catch(() => {})
}

/** Returns the writer of drafts of `form`. It also writes when the window loses the focus or is closed, and when the connection is back. */
function useDraftWriter<T>(form: string): DraftWriter<T> {
  const context = useApi()
  const queries = useQueryClient()
  const { user } = useSession()
  const connection = useConnectionState().kind
  const unsent = useUnsentDrafts()
  const writer = useMemo(() => writerOf<T>(context, queries, unsent, user.id, form), [context, queries, unsent, user.id, form])

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

/**
 * Returns a function to the writer of drafts of any form, for a draft that is not shown in a form. What it does not write at once is sent with the
 * next connection.
 */
export function useDraftWriters(): <T>(form: string) => DraftWriter<T> {
  const context = useApi()
  const queries = useQueryClient()
  const { user } = useSession()
  const unsent = useUnsentDrafts()
  return useCallback(
    <T>(form: string) => writerOf<T>(context, queries, unsent, user.id, form),
    [context, queries, unsent, user.id],
  )
}

type FormDraft<Values> = {
  readonly writer: DraftWriter<Partial<Values>>
  /** The draft that the form had when it was opened; undefined until it has been read, null if there is none. */
  readonly draft: RestoredDraft<Values> | null | undefined
  /** Adds `typed` to the stored draft, for a form that is closed before its draft is read. */
  onTypedEarly: (typed: Partial<Values>) => void
}

/** Returns the draft of `form`. @param pristine the values that the form has without a draft. */
export function useFormDraft<Values extends Readonly<Record<string, string>>>(form: string, pristine: Values): FormDraft<Values> {
  const { api } = useApi()
  const writer = useDraftWriter<Partial<Values>>(form)
  const draft = restoredDraft(useStoredDraft(form), pristine)
  const onTypedEarly = (typed: Partial<Values>) =>
    void writer
      .changeTo(async () => {
        const stored = await api.drafts.get({ form }).catch(() => null)
        return { ...(stored?.value as Partial<Values> | undefined), ...typed }
      })
      .catch(() => {})
  return { writer, draft, onTypedEarly }
}
