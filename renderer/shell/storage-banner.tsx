import { msg, t } from '@lingui/core/macro'
import { i18n, type MessageDescriptor } from '@lingui/core'
import { Alert, Text } from '@mantine/core'
import { IconDeviceFloppy } from '@tabler/icons-react'
import type { UnsavableReason } from '../../core/errors.ts'
import { useSession } from '../session/session-context.ts'

/** Why nothing can be saved, what still works, and what to do. The English is that of `unsavableText`. */
export const UNSAVABLE_TEXTS: Readonly<Record<UnsavableReason, MessageDescriptor>> = {
  full: msg`The disk is full. You can read everything that is stored. Free some space; then saving works again.`,
  readonly: msg`The disk or the folder of the data is read-only. You can read everything that is stored. Make it writable; then saving works again.`,
  io: msg`The disk could not be read or written. You can read everything that is stored. Check the disk; then saving works again.`,
}

/** Shown while nothing can be saved. The application retries every few seconds, so the banner disappears without a click. */
export function StorageBanner() {
  const { unsavable } = useSession()
  if (unsavable === undefined) return null
  return (
    <Alert color="orange" title={t`Nothing can be saved`} icon={<IconDeviceFloppy size={16} />} m="xs" role="status">
      <Text>{i18n.t(UNSAVABLE_TEXTS[unsavable])}</Text>
    </Alert>
  )
}
