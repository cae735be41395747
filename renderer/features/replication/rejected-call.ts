import type { z } from 'zod'
import type { rejectionSchema } from '../../../core/contract/replication.ts'
import type { Call, CallFields } from '../../../core/model/call.ts'

export type Rejection = z.infer<typeof rejectionSchema>

/** Under which column the database keeps a field of a call. */
const COLUMNS: Readonly<Record<keyof CallFields, string>> = {
  userId: 'user_id',
  prospectName: 'prospect_name',
  prospectEmail: 'prospect_email',
  prospectPhone: 'prospect_phone',
  callType: 'call_type',
  status: 'status',
  outcome: 'outcome',
  lossReasonId: 'loss_reason_id',
  notes: 'notes',
  callDuration: 'call_duration',
  scheduledAt: 'scheduled_at',
  completedAt: 'completed_at',
}

/**
 * The call as the person meant it: what was refused, on top of what stands there now.
 *
 * @param standing undefined: the refused change was to make the call, and there is none.
 */
export function meantCall({ rowId, values, at }: Rejection, standing: Call | undefined, empty: CallFields): Call {
  const refused = Object.fromEntries(
    Object.entries(COLUMNS)
      .filter(([, column]) => column in values)
      .map(([field, column]) => [field, values[column]]),
  ) as Partial<CallFields>
  const base = standing ?? { ...empty, id: rowId, clientId: rowId, eventAt: at, createdAt: at, updatedAt: at }
  return { ...base, ...refused }
}
