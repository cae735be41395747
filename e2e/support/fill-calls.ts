import { randomBytes } from 'node:crypto'
import { createIdGenerator } from '../../core/id.ts'
import { insertCalls } from '../../db/commands/calls.ts'
import { openWritable } from '../../db/open.ts'
import { writeTransaction } from '../../db/write-transaction.ts'
import { someCall, type Team } from './team.ts'

const IN_ONE_TRANSACTION = 5_000

/** Returns the prospect's name of call number `n`, newest first, like the list. */
export const prospectNumber = (n: number): string => `Prospect ${String(n).padStart(7, '0')}`

/**
 * Adds `count` calls to the team's workspace without the application, but with its commands and triggers. Call number 0 is the newest;
 * calls are a minute apart.
 */
export async function fillCalls({ api, clientId, agent, colleague }: Team, count: number, file?: string): Promise<void> {
  const path = file ?? (await api.workspace.status()).path
  const now = Date.now()
  const newId = createIdGenerator(Date.now, (length) => randomBytes(length))
  const db = openWritable(path)
  try {
    for (let from = 0; from < count; from += IN_ONE_TRANSACTION) {
      const calls = Array.from({ length: Math.min(IN_ONE_TRANSACTION, count - from) }, (_, index) => {
        const n = from + index
        const completedAt = now - n * 60_000
        const call = someCall(n % 2 === 0 ? agent : colleague, { prospectName: prospectNumber(n), completedAt })
        return { ...call, id: newId(), clientId, createdAt: completedAt }
      })
      const context = { clientId, userId: agent.id, ipAddress: null, userAgent: null, now, newTxId: newId() }
      writeTransaction(db, context, () => insertCalls(db, calls))
    }
  } finally {
    db.close()
  }
}
