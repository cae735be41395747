import { Button, Group } from '@mantine/core'
import { cleanNotifications, hideNotification, showNotification, type NotificationData } from '@mantine/notifications'

const READ_FOR = 8_000
const closeButtonProps = { 'aria-label': 'Dismiss' }

/** Shows a message in place of the last one, so that messages do not cover the list. */
function show(message: NotificationData): string {
  cleanNotifications()
  return showNotification(message)
}

export function notifyProblem(title: string, message: string): void {
  show({ title, message, color: 'red', autoClose: READ_FOR * 2, closeButtonProps })
}

export function notifyDone(message: string): void {
  show({ message, color: 'accent', autoClose: READ_FOR / 2, closeButtonProps })
}

/** Shows what was done, with a button that reverts it. */
export function notifyRevertible(message: string, button: 'Undo' | 'Redo', revert: () => void): string {
  const id = show({
    color: 'accent',
    autoClose: READ_FOR,
    closeButtonProps,
    message: (
      <Group justify="space-between" gap="sm" wrap="nowrap">
        {message}
        <Button
          variant="default"
          onClick={() => {
            hideNotification(id)
            revert()
          }}
        >
          {button}
        </Button>
      </Group>
    ),
  })
  return id
}
