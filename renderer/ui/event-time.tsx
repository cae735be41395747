import { VisuallyHidden } from '@mantine/core'
import { formatDateTime, formatNearDay } from '../format/times.ts'

type Props = { readonly at: number; readonly now: number; readonly zone: string }

/** The time of a call as its near day. The full time is in the tooltip, and screen readers read only the full time. */
export function EventTime({ at, now, zone }: Props) {
  const full = formatDateTime(at, zone)
  return (
    <time title={full}>
      <span aria-hidden>{formatNearDay(at, now, zone)}</span>
      <VisuallyHidden>{full}</VisuallyHidden>
    </time>
  )
}
