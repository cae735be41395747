import { i18n, type MessageDescriptor } from '@lingui/core'
import { msg, t } from '@lingui/core/macro'
import type { FunnelKey, HourMeasure, TrendPart } from '../../../core/figures/report-parts.ts'
import type { ParetoRow } from '../../../core/metrics/metrics.ts'
import type { NoShowKind } from '../../../core/metrics/no-shows.ts'
import type { CallStatus } from '../../../core/model/call.ts'
import type { BucketSize } from '../../../core/time/report-periods.ts'
import { figureLabel } from '../../format/figure-labels.ts'
import { reasonLabel, statusLabel, statusWord } from '../../format/labels.ts'

/** Names of the parts of the report in the language of the window. Files have the English ones of `core/`. */

const STATUSES: Readonly<Record<TrendPart, CallStatus>> = {
  completed: 'completed',
  noShow: 'no_show',
  rescheduled: 'rescheduled',
  cancelled: 'cancelled',
  scheduled: 'scheduled',
}
const TRENDS: Readonly<Record<BucketSize, MessageDescriptor>> = {
  day: msg`Calls by day`,
  week: msg`Calls by week`,
  month: msg`Calls by month`,
}
const BUCKETS: Readonly<Record<BucketSize, MessageDescriptor>> = { day: msg`Day`, week: msg`Week`, month: msg`Month` }
const NO_SHOWS: Readonly<Record<NoShowKind, MessageDescriptor>> = {
  answered: msg`Called again`,
  unanswered: msg`Not called again`,
  no_contact: msg`No phone or e-mail`,
}
/** The name of a step, and its name after a colon. */
const FUNNEL: Readonly<Record<FunnelKey, { readonly label: MessageDescriptor; readonly word: MessageDescriptor }>> = {
  booked: { label: msg`Booked`, word: msg`booked` },
  shown: { label: msg`Shown`, word: msg`shown` },
  decided: { label: msg`Decided`, word: msg`decided` },
  won: { label: msg`Won`, word: msg`won` },
}
const FIGURES = { volume: 'calls', show: 'show_rate', close: 'close_rate' } as const satisfies Record<HourMeasure, string>

export const partLabel = (part: TrendPart): string => statusLabel(STATUSES[part])
/** Returns the name of a part within a list: "completed". */
export const partWord = (part: TrendPart): string => statusWord(STATUSES[part])
export const trendTitle = (size: BucketSize): string => i18n.t(TRENDS[size])
export const bucketSizeLabel = (size: BucketSize): string => i18n.t(BUCKETS[size])
export const noShowLabel = (kind: NoShowKind): string => i18n.t(NO_SHOWS[kind])
export const funnelLabel = (step: FunnelKey): string => i18n.t(FUNNEL[step].label)
export const funnelWord = (step: FunnelKey): string => i18n.t(FUNNEL[step].word)
export const hourLabel = (measure: HourMeasure): string => figureLabel(FIGURES[measure])

export const lossReasonsTitle = (): string => t`Loss reasons`
export const hoursTitle = (): string => t`Hours of the week`
export const funnelTitle = (): string => t`Funnel`
export const undecidedTitle = (): string => t`Undecided calls`
export const noShowsTitle = (): string => t`No-shows`
export const peopleTitle = (): string => t`Agents`

/** The meaning of the target’s line in the chart of calls. */
export const goalsLabel = (): string => t`Target for completed calls`
export const missingReassigned = (): string => t`Calls that were reassigned since then are missing on this device.`
export const noAccess = (): string => t`You don’t have access to the dashboard`

/** Returns the name of a loss reason, marked if it is no longer offered; "(none)" for lost calls without one. */
export const lossLabel = (row: Pick<ParetoRow, 'lossReasonId' | 'name' | 'isActive'>): string =>
  row.lossReasonId === null ? t`(none)` : reasonLabel(row)
