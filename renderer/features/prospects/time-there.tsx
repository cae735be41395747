import { t } from '@lingui/core/macro'
import { Text } from '@mantine/core'
import { timeThere } from '../../../core/calling-hours/calling-hours.ts'
import { callingHoursText, timeThereText } from '../../format/calling-times.ts'
import { useSession } from '../../session/session-context.ts'
import { useNow } from '../../ui/use-now.ts'

/** The time in the zones of a phone number, with a warning outside the calling hours; nothing if no zone is known. */
export function TimeThere({ zones }: { readonly zones: readonly string[] }) {
  const hours = useSession().settings.calling_hours
  const there = timeThere(zones, useNow(), hours)
  if (there === null) return null
  const isInside = there.calling === 'inside'
  return (
    <Text {...(isInside ? { c: 'dimmed' } : { fw: 500 })} title={t`Calling hours: ${{ hours: callingHoursText(hours) }}`}>
      {!isInside && <span aria-hidden>⚠ </span>}
      {timeThereText(there, hours)}
    </Text>
  )
}
