import type { ListedRow } from '../../core/contract/imports.ts'
import type { CallFields } from '../../core/model/call.ts'
import { contactTexts } from '../../core/model/do-not-call.ts'
import { contactHashes } from '../../db/contact-hash.ts'
import { defaultCountry } from '../../db/derive-calls.ts'
import type { ReadableDb } from '../../db/open.ts'
import { entriesInForce, hasEntriesInForce } from '../../db/queries/do-not-call.ts'
import type { OperationContext } from '../declaration/operation.ts'

/** A row of a file that schedules an outbound call. */
export type PlannedRow = Pick<CallFields, 'prospectName' | 'prospectPhone' | 'prospectEmail'> & { readonly line: number }

/** Returns the rows whose prospects are on the do-not-call list. */
export function listedAmong({ db, actor }: OperationContext<ReadableDb>, planned: readonly PlannedRow[]): ListedRow[] {
  if (planned.length === 0 || !hasEntriesInForce(db)) return []
  const { clientId } = actor
  const country = defaultCountry(db, clientId)
  const hashed = planned.map((row) => ({
    row,
    hashes: contactHashes(clientId, contactTexts({ phone: row.prospectPhone, email: row.prospectEmail }, country)),
  }))
  const all = hashed.flatMap(({ hashes }) => hashes)
  const listed = new Set(entriesInForce(db, clientId, all).map(({ contactHash }) => contactHash))
  return hashed.flatMap(({ row: { line, prospectName }, hashes }) =>
    hashes.some((hash) => listed.has(hash)) ? [{ line, prospectName }] : [],
  )
}
