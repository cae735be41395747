import { Alert, Text } from '@mantine/core'
import { IconDeviceFloppy } from '@tabler/icons-react'
import { unsavableText } from '../../core/storage-text.ts'
import { useSession } from '../session/session-context.ts'

/** Shown while nothing can be saved. The application retries every few seconds, so the banner disappears without a click. */
export function StorageBanner() {
  const { unsavable } = useSession()
  if (unsavable === undefined) return null
  return (
    <Alert color="orange" title="Nothing can be saved" icon={<IconDeviceFloppy size={16} />} m="xs" role="status">
      <Text>{unsavableText(unsavable)}</Text>
    </Alert>
  )
}
