import type { z } from 'zod'
import type { rejectionSchema } from '../../../core/contract/sync.ts'
import type { UserId } from '../../../core/id.ts'
import { NO_OPTIONAL_FIELDS, type Call, type CallFields } from '../../../core/model/call.ts'
import { CALL_COLUMNS } from '../../../core/model/call-fields.ts'

export type Rejection = z.infer<typeof rejectionSchema>

/**
 * Returns the call with the refused values applied.
 *
 * @param existing the current call; undefined if the server refused to create it.
 */
export function proposedCall({ rowId, values, at }: Rejection, existing: Call | undefined, empty: CallFields): Call {
  const refused = Object.fromEntries(
    Object.entries(CALL_COLUMNS)
      .filter(([, column]) => column in values)
      .map(([field, column]) => [field, values[column]]),
  ) as Partial<CallFields>
  const { follows_call_id: follows = null } = values
  const followsCallId = typeof follows === 'string' ? follows : null
  const made = { id: rowId, clientId: rowId, followsCallId, eventAt: at, createdAt: at, updatedAt: at }
  const base = existing ?? { ...empty, ...made }
  return { ...base, ...refused }
}

/** Returns the initial values of a refused new call, to which the refused values are applied. */
export function emptyCall(userId: UserId): CallFields {
  return { ...NO_OPTIONAL_FIELDS, userId, prospectName: '', callType: 'outbound', status: 'scheduled' }
}
