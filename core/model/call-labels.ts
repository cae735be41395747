import type { CallOutcome, CallStatus, CallType } from './call.ts'

/** The labels of the values of a call's fields, on screens and in exports. */
export const CALL_TYPE_LABELS: Record<CallType, string> = { inbound: 'Inbound', outbound: 'Outbound' }
export const STATUS_LABELS: Record<CallStatus, string> = {
  scheduled: 'Scheduled',
  completed: 'Completed',
  no_show: 'No-show',
  rescheduled: 'Rescheduled',
  cancelled: 'Cancelled',
}
export const OUTCOME_LABELS: Record<CallOutcome, string> = { won: 'Won', lost: 'Lost', undecided: 'Undecided' }
