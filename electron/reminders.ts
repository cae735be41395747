import { Notification, powerMonitor } from 'electron'
import type { Application } from '../app/application.ts'
import type { Sentence } from '../core/messages/text.ts'
import { CONNECTION } from './api-port.ts'

/**
 * Shows the reminders of the window's person as notifications of the system. A prospect is named only while neither the session nor the
 * screen is locked; names that are shown when the screen is locked are closed. A click shows the window with the call.
 * @param reveal shows the window
 * @param textOf returns a message in the language of the window
 */
export function showReminders(
  { reminders }: Pick<Application, 'reminders'>,
  reveal: () => void,
  textOf: (sentence: Sentence) => string,
): void {
  if (!Notification.isSupported()) return
  const shown = new Map<string, Notification>()
  let isScreenLocked = false
  // Linux has no event for it.
  const isHidden = () => isScreenLocked || powerMonitor.getSystemIdleState(1) === 'locked'

  function close(tags: readonly string[]): void {
    for (const tag of tags) {
      const notification = shown.get(tag)
      shown.delete(tag)
      notification?.close()
    }
  }
  powerMonitor.on('lock-screen', () => {
    isScreenLocked = true
    close([...shown.keys()])
  })
  powerMonitor.on('unlock-screen', () => (isScreenLocked = false))

  reminders.add({
    connection: CONNECTION,
    canShow: true,
    show: ({ tag, callId, named, plain }, mayName) => {
      close([tag])
      const { title, body } = mayName && !isHidden() ? named : plain
      const notification = new Notification({ title: textOf(title), body: textOf(body) })
      notification.on('click', () => {
        close([tag])
        reveal()
        reminders.open(CONNECTION, callId)
      })
      notification.on('close', () => {
        if (shown.get(tag) === notification) shown.delete(tag)
      })
      // Keep a reference: after garbage collection a notification sends no events.
      shown.set(tag, notification)
      notification.show()
    },
    close,
  })
}
