import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useRef } from 'react'
import { ASIDE_DRAFTS, DISCARDED_DRAFTS } from '../../../core/model/draft.ts'
import { useApi } from '../../api/api-context.ts'
import { registerDraftWriter } from '../../drafts/draft-registry.ts'
import { useDraftWriters } from '../../drafts/use-draft.ts'
import type { DraftWriter } from '../../drafts/draft-writer.ts'
import type { CallFormValues } from './call-form-values.ts'
import { asideForm, discardedForm, listedCalls, withTimerStopped, type UnfinishedCall } from './unfinished-calls.ts'

type Values = Partial<CallFormValues>

/** The form: its values, and how it shows other ones. */
type Shown = {
  /** Whether the form shows its stored draft. */
  readonly isReady: boolean
  readonly draftId: string
  readonly writer: DraftWriter<Values>
  /** Returns null if nothing was typed. */
  values: () => Values | null
  /** Starts the form again, with the values that the writer holds. What it showed is stored elsewhere. */
  restart: () => void
}

export type UnfinishedCalls = {
  /** The oldest first, which is continued next. */
  readonly aside: readonly UnfinishedCall[]
  /** The latest first. */
  readonly discarded: readonly UnfinishedCall[]
  /** Stores the shown call and empties the form. */
  putAside: () => void
  /** Stores the shown call, if there is one, and shows another. */
  continueWith: (call: UnfinishedCall) => void
  discard: () => void
}

/** The new calls that a person has not finished: those put aside, and those discarded within the last day. */
export function useUnfinishedCalls({ isReady, draftId, writer, values, restart }: Shown): UnfinishedCalls {
  const { query } = useApi()
  const queries = useQueryClient()
  const writerOf = useDraftWriters()
  const drafts = (prefix: string) => query.drafts.list.queryOptions({ input: { prefix } })
  const aside = useQuery({ ...drafts(ASIDE_DRAFTS), staleTime: 0 })
  const discarded = useQuery({ ...drafts(DISCARDED_DRAFTS), staleTime: 0 })

  /**
   * Moves the shown values to another draft, and shows `next` (null: an empty form). The stored draft of the form is replaced after the other
   * one is stored, so that a crash in between loses neither. Before the stored draft has been read, only the typed values are moved: the
   * form that starts again reads it.
   */
  const move = useCallback(
    (to: string, next: UnfinishedCall | null) => {
      const shown = values()
      const moves: Promise<unknown>[] = []
      if (isReady) writer.hold()
      if (shown !== null) {
        const other = writerOf<Values>(to)
        other.change(withTimerStopped(shown, Date.now()))
        moves.push(other.flush())
      }
      if (next !== null) writer.change(next.values)
      restart()
      const settled = Promise.allSettled(moves)
        .then(() => (isReady ? writer.release() : undefined))
        .then(() => (next === null ? undefined : writerOf<Values>(next.form).discard()))
        .catch(() => {})
        .then(() => queries.invalidateQueries({ queryKey: query.drafts.list.key() }))
      // Locking and signing out wait for the drafts, because they belong to this session.
      const unregister = registerDraftWriter(() => settled)
      void settled.finally(unregister)
    },
    [isReady, values, writer, writerOf, restart, queries, query],
  )

  /** The call to show as soon as the stored draft of the form, which it replaces, has been read. */
  const due = useRef<UnfinishedCall>(null)
  const continueWith = (call: UnfinishedCall) => {
    if (isReady) move(asideForm(draftId), call)
    else due.current = call
  }
  useEffect(() => {
    if (due.current !== null && isReady) {
      continueWith(due.current)
      due.current = null
    }
  })

  // If the application ended while a call was continued, it is stored twice. The draft of the form is the newer one.
  const twice = [...(aside.data ?? []), ...(discarded.data ?? [])].find(
    ({ form }) => form === asideForm(draftId) || form === discardedForm(draftId),
  )?.form
  useEffect(() => {
    if (isReady && twice !== undefined)
      void writerOf<Values>(twice)
        .discard()
        .catch(() => {})
  }, [isReady, twice, writerOf])

  return {
    aside: listedCalls(aside.data ?? [], draftId).toReversed(),
    discarded: listedCalls(discarded.data ?? [], draftId),
    putAside: () => {
      if (values() !== null) move(asideForm(draftId), null)
    },
    continueWith,
    discard: () => {
      if (isReady) move(discardedForm(draftId), null)
    },
  }
}
