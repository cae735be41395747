import { t } from '@lingui/core/macro'
import { Checkbox } from '@mantine/core'
import { spokenTime } from '../../format/spoken-time.ts'
import { useNow } from '../../ui/use-now.ts'
import { followUpText, readFollowUp } from './desk-values.ts'

type Props = {
  readonly followUp: string
  readonly zone: string
  /** Undefined: the person has given the action no key. */
  readonly keys: string | undefined
  onChange: (followUp: string) => void
}

/** Offers to settle the scheduled call with the prospect: it becomes the call that is being logged. */
export function SettleField({ followUp, zone, keys, onChange }: Props) {
  const now = useNow()
  const found = readFollowUp(followUp)
  if (found === null) return null
  const time = spokenTime(found.at, now, zone)
  return (
    <Checkbox
      label={t`This is the call scheduled for ${time}`}
      description={
        keys === undefined ? t`Saving takes it off the agenda.` : t`Saving takes it off the agenda. ${keys} turns this off.`
      }
      checked={found.isSettled}
      onChange={(event) => onChange(followUpText({ ...found, isSettled: event.currentTarget.checked }))}
    />
  )
}
