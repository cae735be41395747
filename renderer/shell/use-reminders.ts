import { useEffect } from 'react'
import type { ReminderEvent } from '../../core/contract/reminders.ts'
import type { CallId } from '../../core/id.ts'
import { useApi } from '../api/api-context.ts'
import { useReminderState } from '../view/reminders.ts'
import { useViewState } from '../view/view-state.ts'

const AGAIN_AFTER = 1_000

function open(callId: CallId | null): void {
  window.location.hash = '#/today'
  if (callId !== null) useViewState.getState().openPanel({ kind: 'call', id: callId, focus: true })
}

/** Shows the reminders that the application sends to this window, also while the session is locked. A click opens the call. */
export function useReminders(): void {
  const { api } = useApi()
  const canShow = useReminderState(({ permission }) => permission === 'granted')
  const setShownBy = useReminderState((state) => state.setShownBy)

  useEffect(() => {
    const ended = new AbortController()
    const shown = new Map<string, Notification>()
    const close = (tags: Iterable<string>) => {
      for (const tag of tags) {
        shown.get(tag)?.close()
        shown.delete(tag)
      }
    }
    const handle = (event: ReminderEvent) => {
      if (event.kind === 'ready') setShownBy(event.shownBy)
      else if (event.kind === 'close') close(event.tags)
      else if (event.kind === 'open') open(event.callId)
      else {
        const { tag, title, body, callId } = event
        close([tag])
        const notification = new Notification(title, { body, tag })
        shown.set(tag, notification)
        notification.addEventListener('click', () => {
          window.focus()
          close([tag])
          open(callId)
        })
      }
    }
    async function listen() {
      while (!ended.signal.aborted) {
        try {
          for await (const event of await api.reminders.subscribe({ canShow }, { signal: ended.signal })) handle(event)
        } catch {
          // The connection banner reports the loss; the loop only retries.
        }
        await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER))
      }
    }
    void listen()
    return () => {
      ended.abort()
      close([...shown.keys()])
    }
  }, [api, canShow, setShownBy])
}
