import { Trans } from '@lingui/react/macro'
import { t } from '@lingui/core/macro'
import { Alert } from '@mantine/core'
import { useMemo } from 'react'
import { errorCode, throttledMs } from '../../api/explain-error.ts'
import { FormError } from '../../feedback/states.tsx'
import { deadlineIn } from '../../api/deadline.ts'
import { useSecondsUntil } from '../../api/use-seconds-until.ts'

/** Returns the seconds until the next password is accepted after `error`; null: at once. */
export function useThrottle(error: unknown): number | null {
  const until = useMemo(() => {
    const wait = throttledMs(error)
    return wait === undefined ? undefined : deadlineIn(wait)
  }, [error])
  return useSecondsUntil(until)
}

/** The error of a refused password, with the remaining wait after too many attempts. `wrong`: the text for a wrong password. */
export function PasswordError({ error, wrong }: { readonly error: unknown; readonly wrong?: string }) {
  const wait = useThrottle(error)
  if (throttledMs(error) !== undefined)
    return (
      <Alert color="orange" title={t`Too many wrong passwords`} role="alert">
        {wait === null ? (
          <Trans>You can try again now.</Trans>
        ) : (
          <Trans>Try again in {wait} s. A restart does not end the wait.</Trans>
        )}
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
