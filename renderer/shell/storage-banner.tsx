import { Alert, Text } from '@mantine/core'
import { IconDeviceFloppy } from '@tabler/icons-react'
import { unsavableText } from '../../core/storage-text.ts'
import { useSession } from '../session/session-context.ts'

/** Shown for as long as nothing can be saved. The application tries again every few seconds, so it disappears without a click. */
export function StorageBanner() {
  const { unsavable } = useSession()
  if (unsavable === undefined) return null
  return (
    <Alert color="orange" title="Nothing can be saved" icon={<IconDeviceFloppy size={16} />} m="xs" role="status">
      <Text>{unsavableText(unsavable)}</Text>
    </Alert>
  )
}
