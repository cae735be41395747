import type { z } from 'zod'
import type { rejectionSchema } from '../../../core/contract/sync.ts'
import type { UserId } from '../../../core/id.ts'
import { NO_OPTIONAL_FIELDS, type Call, type CallFields } from '../../../core/model/call.ts'
import { CALL_COLUMNS } from '../../../core/model/call-fields.ts'

export type Rejection = z.infer<typeof rejectionSchema>

/**
 * The call as the person meant it: what was refused, on top of what stands there now.
 *
 * @param standing undefined: the refused change was to make the call, and there is none.
 */
export function meantCall({ rowId, values, at }: Rejection, standing: Call | undefined, empty: CallFields): Call {
  const refused = Object.fromEntries(
    Object.entries(CALL_COLUMNS)
      .filter(([, column]) => column in values)
      .map(([field, column]) => [field, values[column]]),
  ) as Partial<CallFields>
  const base = standing ?? { ...empty, id: rowId, clientId: rowId, eventAt: at, createdAt: at, updatedAt: at }
  return { ...base, ...refused }
}

/** What a call begins with that the server refused to make, before what was typed. */
export function emptyCall(userId: UserId): CallFields {
  return { ...NO_OPTIONAL_FIELDS, userId, prospectName: '', callType: 'outbound', status: 'scheduled' }
}
