import { Badge } from '@mantine/core'
import {
  IconArrowForwardUp,
  IconCalendarEvent,
  IconCheck,
  IconCircleCheck,
  IconCircleX,
  IconHelpCircle,
  IconPhoneOff,
  IconX,
} from '@tabler/icons-react'
import type { Icon } from '@tabler/icons-react'
import type { CallOutcome, CallStatus } from '../../../core/model/call.ts'
import { outcomeLabel, statusLabel } from '../../format/labels.ts'

/** Values differ by icon and text. The colour only helps. */
type Look = { readonly icon: Icon; readonly color: string }

const STATUS_LOOKS: Readonly<Record<CallStatus, Look>> = {
  scheduled: { icon: IconCalendarEvent, color: 'accent' },
  completed: { icon: IconCheck, color: 'gray' },
  no_show: { icon: IconPhoneOff, color: 'orange' },
  rescheduled: { icon: IconArrowForwardUp, color: 'accent' },
  cancelled: { icon: IconX, color: 'gray' },
}
const OUTCOME_LOOKS: Readonly<Record<CallOutcome, Look>> = {
  won: { icon: IconCircleCheck, color: 'green' },
  lost: { icon: IconCircleX, color: 'red' },
  undecided: { icon: IconHelpCircle, color: 'gray' },
}

export function StatusBadge({ status }: { readonly status: CallStatus }) {
  return <LabelBadge look={STATUS_LOOKS[status]} label={statusLabel(status)} />
}

/** @param reason the name of the loss reason, if there is one */
export function OutcomeBadge({ outcome, reason }: { readonly outcome: CallOutcome; readonly reason?: string | undefined }) {
  const label = outcomeLabel(outcome)
  return <LabelBadge look={OUTCOME_LOOKS[outcome]} label={reason === undefined ? label : `${label} · ${reason}`} />
}

function LabelBadge({ look: { icon: LookIcon, color }, label }: { readonly look: Look; readonly label: string }) {
  return (
    <Badge size="lg" h={22} px={6} maw="100%" color={color} leftSection={<LookIcon size={14} aria-hidden />} title={label}>
      {label}
    </Badge>
  )
}
