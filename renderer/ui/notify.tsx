import { t } from '@lingui/core/macro'
import { Button, Group } from '@mantine/core'
import { hideNotification, showNotification, type NotificationData } from '@mantine/notifications'

const READ_FOR = 8_000
const closeButtonProps = () => ({ 'aria-label': t`Dismiss` })

/** A button in a message. Pressing it closes the message. */
export type MessageButton = { readonly label: string; readonly press: () => void }

/** The message of the last success. */
let lastDone: string | undefined
/** The messages of the problems that are shown, by their text. */
const problems = new Map<string, string>()

/** Shows a success in place of the last one, before the problems that wait for a place. */
function showDone(message: NotificationData): string {
  if (lastDone !== undefined) hideNotification(lastDone)
  lastDone = showNotification({ color: 'accent', priority: 1, closeButtonProps: closeButtonProps(), ...message })
  return lastDone
}

/** Returns a message with a button. @param idOf returns the id under which the message is shown */
function withButton(message: string, { label, press }: MessageButton, idOf: () => string) {
  return (
    <Group justify="space-between" gap="sm" wrap="nowrap">
      {message}
      <Button
        variant="default"
        flex="none"
        onClick={() => {
          hideNotification(idOf())
          press()
        }}
      >
        {label}
      </Button>
    </Group>
  )
}

/** Shows a problem until it is closed or its time is up. A problem that occurs again replaces its former message. */
export function notifyProblem(title: string, message: string, button?: MessageButton): void {
  const text = `${title}\n${message}`
  const former = problems.get(text)
  if (former !== undefined) hideNotification(former)
  const id: string = showNotification({
    title,
    message: button === undefined ? message : withButton(message, button, () => id),
    color: 'red',
    autoClose: READ_FOR * 2,
    closeButtonProps: closeButtonProps(),
    onClose: () => problems.delete(text),
  })
  problems.set(text, id)
}

export function notifyDone(message: string): void {
  showDone({ message, autoClose: READ_FOR / 2 })
}

/** Shows what was done, with a button that reverts it. */
export function notifyRevertible(message: string, button: 'Undo' | 'Redo', press: () => void): string {
  const label = button === 'Undo' ? t`Undo` : t`Redo`
  const id: string = showDone({ autoClose: READ_FOR, message: withButton(message, { label, press }, () => id) })
  return id
}
