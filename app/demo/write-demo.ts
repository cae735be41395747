import { insertCalls } from '../../db/commands/calls.ts'
import { insertLossReason } from '../../db/commands/loss-reasons.ts'
import { insertUser } from '../../db/commands/users.ts'
import type { WritableDb } from '../../db/open.ts'
import { putSettings } from '../../db/commands/settings.ts'
import { listLossReasons } from '../../db/queries/loss-reasons.ts'
import type { OperationContext } from '../declaration/operation.ts'
import type { DemoCall, DemoData } from './demo-data.ts'

/** The prospects' phone numbers are written without a country. */
const DEMO_COUNTRY = 'DE'

/** Calls per transaction. */
export const DEMO_CHUNK_CALLS = 500

function reasonIds({ db, actor }: OperationContext<WritableDb>): Map<string, string> {
  return new Map(listLossReasons(db, actor.clientId).map(({ name, id }) => [name, id]))
}

/**
 * Writes the country of the phone numbers, the users, and the loss reasons that the new workspace lacks.
 * @param input.passwordHash of `DEMO_PASSWORD`, for every demo account.
 */
export function writeDemoPeople(
  context: OperationContext<WritableDb>,
  input: Pick<DemoData, 'users' | 'lossReasons'> & { readonly passwordHash: string },
): null {
  const { clientId } = context.actor
  for (const user of input.users) insertUser(context.db, { ...user, clientId, passwordHash: input.passwordHash })
  putSettings(context.db, clientId, { default_country: DEMO_COUNTRY })
  const present = reasonIds(context)
  for (const reason of input.lossReasons) if (!present.has(reason.name)) insertLossReason(context.db, { ...reason, clientId })
  return null
}

/** Writes one chunk of calls. */
export function writeDemoChunk(context: OperationContext<WritableDb>, calls: readonly DemoCall[]): null {
  const reasons = reasonIds(context)
  const { clientId } = context.actor
  const rows = calls.map(({ lossReason, ...call }) => ({
    ...call,
    clientId,
    lossReasonId: lossReason === null ? null : (reasons.get(lossReason) ?? null),
  }))
  insertCalls(context.db, rows)
  return null
}
