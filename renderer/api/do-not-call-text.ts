import { t } from '@lingui/core/macro'
import { API_ERRORS } from '../../core/errors.ts'

/**
 * Returns the question before a call is scheduled with a prospect who does not want to be called. The English is that of the application's
 * message. @param data of the error DO_NOT_CALL; the answer is undefined if they are not its data.
 */
export function doNotCallText(data: unknown): string | undefined {
  const read = API_ERRORS.DO_NOT_CALL.data.safeParse(data)
  if (!read.success) return undefined
  const { addedBy, day, reason } = read.data
  const who = addedBy ?? t`A colleague`
  return reason === null
    ? t`This prospect is on the do-not-call list. ${who} added the contact on ${day}. Nothing was saved. Confirm to schedule the call anyway.`
    : t`This prospect is on the do-not-call list. ${who} added the contact on ${day}. Reason: ${reason}. Nothing was saved. Confirm to schedule the call anyway.`
}
