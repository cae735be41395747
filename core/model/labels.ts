import type { CallStatus, CallType } from './call.ts'
import type { UserName } from './people.ts'

export const CALL_TYPE_LABELS: Record<CallType, string> = { inbound: 'Inbound', outbound: 'Outbound' }
export const STATUS_LABELS: Record<CallStatus, string> = {
  scheduled: 'Scheduled',
  completed: 'Completed',
  no_show: 'No-show',
  rescheduled: 'Rescheduled',
  cancelled: 'Cancelled',
}
export const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const

/** Returns the name of a person, marked if they are deactivated: their calls stay under their name. */
export function personLabel(person: Pick<UserName, 'name' | 'isActive'>): string {
  return person.isActive ? person.name : `${person.name} (inactive)`
}
