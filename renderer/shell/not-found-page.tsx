import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { Nothing } from '../feedback/states.tsx'

export function NotFoundPage() {
  return (
    <Nothing
      title="This screen does not exist"
      action={<Button renderRoot={(props) => <Link to="/" {...props} />}>Go to the dashboard</Button>}
    >
      The address is incomplete or from another version.
    </Nothing>
  )
}
