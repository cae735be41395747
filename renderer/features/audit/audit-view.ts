import { isId, type UserId } from '../../../core/id.ts'
import { AUDIT_ACTIONS } from '../../../core/model/audit.ts'
import type { AuditAction } from '../../../core/model/audit.ts'
import type { SearchText } from '../../view/search-text.ts'
import { ANY_TIME, periodFromText, periodToText, rangeOf } from '../../format/period-choice.ts'
import type { PeriodChoice, PeriodContext } from '../../format/period-choice.ts'

/** The filters of the audit trail, stored in the address. */
export type AuditView = {
  readonly period: PeriodChoice
  readonly tableName: string | null
  readonly userId: UserId | null
  readonly actions: readonly AuditAction[]
}

export const WHOLE_TRAIL: AuditView = { period: ANY_TIME, tableName: null, userId: null, actions: [] }

/** The name of a table. A newer release may have others. */
const TABLE = /^[a-z_]{1,50}$/

export function auditViewFromSearch(search: SearchText): AuditView {
  const actions = new Set(search['actions']?.split(','))
  const user = search['user'] ?? ''
  return {
    period: periodFromText(search['period']),
    tableName: TABLE.exec(search['table'] ?? '')?.[0] ?? null,
    userId: isId(user) ? user : null,
    actions: AUDIT_ACTIONS.filter((action) => actions.has(action)),
  }
}

export function auditViewToSearch({ period, tableName, userId, actions }: AuditView): SearchText {
  const search = { period: periodToText(period), table: tableName ?? '', user: userId ?? '', actions: actions.join(',') }
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== ''))
}

export function auditFilterOf({ period, tableName, userId, actions }: AuditView, context: PeriodContext) {
  const range = rangeOf(period, context)
  return {
    ...(range !== null && range),
    ...(tableName !== null && { tableName }),
    ...(userId !== null && { userId }),
    ...(actions.length > 0 && { actions: [...actions] }),
  }
}
