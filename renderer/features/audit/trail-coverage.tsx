import { Alert } from '@mantine/core'
import { IconPlugConnectedX } from '@tabler/icons-react'
import type { TrailCoverage } from '../../../core/model/audit.ts'

/** Says that the lines below are not all there are. */
export function TrailCoverageNote({ coverage }: { readonly coverage: TrailCoverage | undefined }) {
  if (coverage !== 'device') return null
  return (
    <Alert color="orange" icon={<IconPlugConnectedX size={16} />} role="status" aria-label="Coverage of the trail">
      Offline: only changes recorded on this device. Connect to see the full trail.
    </Alert>
  )
}
