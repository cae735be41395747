import { i18n, type MessageDescriptor } from '@lingui/core'
import { msg, t } from '@lingui/core/macro'
import { DateTime } from 'luxon'
import type { AgendaEntry, AgendaSummary } from '../../../core/contract/agenda.ts'
import { MOST_COUNTED } from '../../../core/contract/agenda.ts'
import type { AgendaGroup } from '../../../core/agenda/agenda-groups.ts'
import { dateAloneOf } from '../../../core/time/date-alone.ts'
import { dateWords } from '../../format/date-locale.ts'
import { formatAge } from '../../format/durations.ts'
import { atLeast } from '../../format/numbers.ts'
import { formatNearTime } from '../../format/times.ts'

const GROUPS: Readonly<Record<AgendaGroup, MessageDescriptor>> = {
  overdue: msg({ message: 'Missed', context: 'calls' }),
  today: msg`Today`,
  tomorrow: msg`Tomorrow`,
  week: msg`Later this week`,
  undated: msg`Without a date`,
}
export const groupLabel = (group: AgendaGroup): string => i18n.t(GROUPS[group])

/** Returns the due time of a call, as it is shown below the heading of its group. @param now ms UTC */
export function dueText({ group, scheduledAt }: Pick<AgendaEntry, 'group' | 'scheduledAt'>, now: number, zone: string): string {
  if (scheduledAt === null) return t`No date`
  if (group === 'overdue') return formatNearTime(scheduledAt, now, zone)
  const { locale, dayOfMonth } = dateWords()
  const at = DateTime.fromMillis(scheduledAt, { zone, locale })
  const day = group === 'week' ? at.toFormat(`ccc ${dayOfMonth} LLL`) : ''
  const time =
    dateAloneOf(scheduledAt) === null
      ? at.toFormat('HH:mm')
      : day === ''
        ? t({ message: 'Any time', context: 'of a call on a day' })
        : ''
  return [day, time].filter((part) => part !== '').join(', ')
}

/** Returns how long ago a call was due; undefined if its time has not passed. @param now ms UTC */
export function missedText({ group, scheduledAt }: Pick<AgendaEntry, 'group' | 'scheduledAt'>, now: number): string | undefined {
  if (group !== 'overdue' || scheduledAt === null) return undefined
  const age = formatAge(now - scheduledAt)
  return t`missed ${age} ago`
}

/** Returns the number of calls of a group. */
export function countText(count: number): string {
  return atLeast({ total: Math.min(count, MOST_COUNTED), exact: count <= MOST_COUNTED })
}

/** Returns a sentence with the number of calls after this week and the time of the first one; undefined: there are none. @param now ms UTC */
export function laterText({ counts, nextLater }: AgendaSummary, now: number, zone: string): string | undefined {
  if (nextLater === null) return undefined
  const time = formatNearTime(nextLater, now, zone)
  const count = countText(counts.later)
  return counts.later === 1
    ? t`1 call is scheduled after this week, the first one for ${time}.`
    : t`${count} calls are scheduled after this week, the first one for ${time}.`
}
