import { Trans } from '@lingui/react/macro'
import { t } from '@lingui/core/macro'
import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { Nothing } from '../feedback/states.tsx'

export function NotFoundPage() {
  return (
    <Nothing
      title={t`This screen does not exist`}
      action={
        <Button renderRoot={(props) => <Link to="/" {...props} />}>
          <Trans>Go to the dashboard</Trans>
        </Button>
      }
    >
      <Trans>The address is incomplete or from another version.</Trans>
    </Nothing>
  )
}
