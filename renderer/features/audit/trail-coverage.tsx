import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Alert } from '@mantine/core'
import { IconPlugConnectedX } from '@tabler/icons-react'
import type { TrailCoverage } from '../../../core/model/audit.ts'

/** A note that the list is incomplete. */
export function TrailCoverageNote({ coverage }: { readonly coverage: TrailCoverage | undefined }) {
  if (coverage !== 'device') return null
  return (
    <Alert color="orange" icon={<IconPlugConnectedX size={16} />} role="status" aria-label={t`Coverage of the trail`}>
      <Trans>Offline: only changes recorded on this device. Connect to see the full trail.</Trans>
    </Alert>
  )
}
