import { DateTime } from 'luxon'
import type { AgendaEntry, AgendaSummary } from '../../../core/contract/agenda.ts'
import { MOST_COUNTED } from '../../../core/contract/agenda.ts'
import type { AgendaGroup } from '../../../core/agenda/agenda-groups.ts'
import { dateAloneOf } from '../../../core/time/date-alone.ts'
import { formatAge } from '../../format/durations.ts'
import { atLeast } from '../../format/numbers.ts'
import { formatDateTime } from '../../format/times.ts'

export const GROUP_LABELS: Readonly<Record<AgendaGroup, string>> = {
  overdue: 'Missed',
  today: 'Today',
  tomorrow: 'Tomorrow',
  week: 'Later this week',
  undated: 'Without a date',
}

/** Returns the due time of a call, as it is shown below the heading of its group. */
export function dueText({ group, scheduledAt }: Pick<AgendaEntry, 'group' | 'scheduledAt'>, zone: string): string {
  if (scheduledAt === null) return 'No date'
  if (group === 'overdue') return formatDateTime(scheduledAt, zone)
  const at = DateTime.fromMillis(scheduledAt, { zone }).setLocale('en')
  const day = group === 'week' ? at.toFormat('ccc d LLL') : ''
  const time = dateAloneOf(scheduledAt) === null ? at.toFormat('HH:mm') : day === '' ? 'Any time' : ''
  return [day, time].filter((part) => part !== '').join(', ')
}

/** Returns how long ago a call was due; undefined if its time has not passed. @param now ms UTC */
export function missedText({ group, scheduledAt }: Pick<AgendaEntry, 'group' | 'scheduledAt'>, now: number): string | undefined {
  return group === 'overdue' && scheduledAt !== null ? `missed ${formatAge(now - scheduledAt)} ago` : undefined
}

/** Returns the number of calls of a group. */
export function countText(count: number): string {
  return atLeast({ total: Math.min(count, MOST_COUNTED), exact: count <= MOST_COUNTED })
}

/** Returns a sentence with the number of calls after this week and the time of the first one; undefined: there are none. */
export function laterText({ counts, nextLater }: AgendaSummary, zone: string): string | undefined {
  if (nextLater === null) return undefined
  const calls = counts.later === 1 ? '1 call is' : `${countText(counts.later)} calls are`
  return `${calls} scheduled after this week, the first one for ${formatDateTime(nextLater, zone)}.`
}
