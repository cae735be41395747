import { Alert } from '@mantine/core'
import { useMemo } from 'react'
import { errorCode, throttledMs } from '../../api/explain-error.ts'
import { FormError } from '../../session/states.tsx'
import { deadlineIn } from '../../api/deadline.ts'
import { useSecondsUntil } from '../../session/use-seconds-until.ts'

/** Seconds until the next password is accepted after `error`; null: at once. */
export function useThrottle(error: unknown): number | null {
  const until = useMemo(() => {
    const wait = throttledMs(error)
    return wait === undefined ? undefined : deadlineIn(wait)
  }, [error])
  return useSecondsUntil(until)
}

/** Why a password was refused, with the time left where passwords are held back. `wrong`: what to say of one that does not fit. */
export function PasswordError({ error, wrong }: { readonly error: unknown; readonly wrong?: string }) {
  const wait = useThrottle(error)
  if (throttledMs(error) !== undefined)
    return (
      <Alert color="orange" title="Too many wrong passwords" role="alert">
        {wait === null ? 'You can try again now.' : `Try again in ${wait} s. A restart does not end the wait.`}
      </Alert>
    )
  if (wrong !== undefined && errorCode(error) === 'WRONG_CREDENTIALS')
    return (
      <Alert color="red" role="alert">
        {wrong}
      </Alert>
    )
  return <FormError error={error} />
}
