import { create } from 'zustand'

type RemindersState = {
  /** What shows reminders: the system, or this window. Undefined: not known yet. */
  readonly shownBy: 'system' | 'window' | undefined
  readonly permission: NotificationPermission
  setShownBy: (shownBy: 'system' | 'window') => void
  /** Asks the person for the permission to show notifications. Browsers allow the question only after a click. */
  ask: () => Promise<void>
}

/** A browser without notifications has no `Notification`. */
function permissionNow(): NotificationPermission {
  return typeof Notification === 'undefined' ? 'denied' : Notification.permission
}

/** Whether and how this window shows reminders. */
export const useReminderState = create<RemindersState>((set) => ({
  shownBy: undefined,
  permission: permissionNow(),
  setShownBy: (shownBy) => set({ shownBy, permission: permissionNow() }),
  ask: async () => {
    if (permissionNow() === 'default') await Notification.requestPermission()
    set({ permission: permissionNow() })
  },
}))
