import type { ReminderEvent } from '../../core/contract/reminders.ts'
import type { Reminders } from './reminders.ts'

/** A window that stops reading keeps at most this many events. Each notification is short-lived. */
const MOST_UNREAD = 100

/** Yields the reminders of one window until `signal` aborts. */
export async function* windowReminders(
  reminders: Reminders,
  shownBy: 'system' | 'window',
  { connection, canShow }: { readonly connection: string; readonly canShow: boolean },
  signal: AbortSignal | undefined,
): AsyncGenerator<ReminderEvent> {
  const unread: ReminderEvent[] = [{ kind: 'ready', shownBy }]
  let wake = () => {}
  const put = (event: ReminderEvent) => {
    unread.push(event)
    if (unread.length > MOST_UNREAD) unread.splice(1, 1)
    wake()
  }
  const onAbort = () => wake()
  signal?.addEventListener('abort', onAbort, { once: true })
  const remove = reminders.add({
    connection,
    canShow: canShow && shownBy === 'window',
    show: ({ tag, callId, plain }) => put({ kind: 'show', tag, callId, ...plain }),
    close: (tags) => put({ kind: 'close', tags: [...tags] }),
    open: (callId) => put({ kind: 'open', callId }),
  })
  try {
    while (signal?.aborted !== true) {
      const event = unread.shift()
      if (event === undefined) await new Promise<void>((resolve) => (wake = resolve))
      else yield event
    }
  } finally {
    remove()
    signal?.removeEventListener('abort', onAbort)
  }
}
