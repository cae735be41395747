import { useEffect } from 'react'
import type { Api } from '../../core/contract/contract.ts'
import type { ReminderEvent } from '../../core/contract/reminders.ts'
import type { CallId } from '../../core/id.ts'
import { useApi } from '../api/api-context.ts'
import { sentenceText } from '../format/sentence-text.ts'
import { useReminderState } from '../view/reminders.ts'
import { useViewState } from '../view/view-state.ts'

const AGAIN_AFTER = 1_000

function openCall(callId: CallId | null): void {
  window.location.hash = '#/today'
  if (callId !== null) useViewState.getState().openPanel({ kind: 'call', id: callId, focus: true })
}

/** The notifications that this window shows, by tag. */
class ShownReminders {
  readonly #shown = new Map<string, Notification>()

  handle(event: ReminderEvent): void {
    switch (event.kind) {
      case 'ready':
        return useReminderState.getState().setShownBy(event.shownBy)
      case 'close':
        return this.close(event.tags)
      case 'open':
        return openCall(event.callId)
      case 'show':
        return this.#show(event)
    }
  }

  close(tags: readonly string[]): void {
    for (const tag of tags) {
      this.#shown.get(tag)?.close()
      this.#shown.delete(tag)
    }
  }

  closeAll(): void {
    this.close([...this.#shown.keys()])
  }

  #show({ tag, title, body, callId }: Extract<ReminderEvent, { kind: 'show' }>): void {
    this.close([tag])
    const notification = new Notification(sentenceText(title), { body: sentenceText(body), tag })
    this.#shown.set(tag, notification)
    notification.addEventListener('click', () => {
      window.focus()
      this.close([tag])
      openCall(callId)
    })
  }
}

/** Shows the reminders of a stream, and opens it again if it breaks. Returns how to end it. */
function watchReminders(api: Api, canShow: boolean): () => void {
  const ended = new AbortController()
  const reminders = new ShownReminders()
  async function listen() {
    while (!ended.signal.aborted) {
      try {
        for await (const event of await api.reminders.subscribe({ canShow }, { signal: ended.signal })) reminders.handle(event)
      } catch {
        // The connection banner reports the loss; the loop only retries.
      }
      await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER))
    }
  }
  void listen()
  return () => {
    ended.abort()
    reminders.closeAll()
  }
}

/** Shows the reminders that the application sends to this window, also while the session is locked. A click opens the call. */
export function useReminders(): void {
  const { api } = useApi()
  const canShow = useReminderState(({ permission }) => permission === 'granted')
  useEffect(() => watchReminders(api, canShow), [api, canShow])
}
