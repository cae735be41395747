import { AppError } from '../../core/errors.ts'
import { sentence, clause } from '../../core/messages/sentence.ts'
import {
  contactTexts,
  isPlannedOutbound,
  type Contact,
  type ContactTexts,
  type PlannedFields,
} from '../../core/model/do-not-call.ts'
import type { DoNotCallEntry } from '../../core/model/do-not-call-entry.ts'
import { localDay } from '../../core/time/time-range.ts'
import { contactHashes } from '../../db/contact-hash.ts'
import { defaultCountry } from '../../db/derive-calls.ts'
import type { ReadableDb } from '../../db/open.ts'
import { entriesInForce, type StoredEntry } from '../../db/queries/do-not-call.ts'
import { getSettings } from '../../db/queries/settings.ts'
import { getUser } from '../../db/queries/users.ts'
import type { OperationContext } from '../declaration/operation.ts'

type Context = OperationContext<ReadableDb>

export function readContact({ db, actor }: Context, contact: Contact): ContactTexts {
  return contactTexts(contact, defaultCountry(db, actor.clientId))
}

/** Returns the entries in force of a contact, the oldest first. */
export function entriesOf({ db, actor }: Context, texts: ContactTexts): StoredEntry[] {
  return entriesInForce(db, actor.clientId, contactHashes(actor.clientId, texts))
}

/** Returns the entry without the hash, which stays in the workspace. */
export function shownEntry({ id, reason, userId, createdAt, liftedAt, liftedBy }: StoredEntry): DoNotCallEntry {
  return { id, reason, userId, createdAt, liftedAt, liftedBy }
}

/**
 * Asks before an outbound call is scheduled with a prospect who does not want to be called.
 * @param despite the person has confirmed it.
 * @throws AppError DO_NOT_CALL
 */
export function requireMayCall(context: Context, call: PlannedFields, despite: boolean | undefined): void {
  if (despite === true || !isPlannedOutbound(call)) return
  const [entry] = entriesOf(context, readContact(context, { phone: call.prospectPhone, email: call.prospectEmail }))
  if (entry !== undefined) throw onTheList(context, entry)
}

function onTheList({ db, actor }: Context, entry: DoNotCallEntry): AppError<'DO_NOT_CALL'> {
  const addedBy = getUser(db, actor.clientId, entry.userId)?.name ?? null
  const who = addedBy ?? clause('do-not-call.colleague')
  const day = localDay(entry.createdAt, getSettings(db, actor.clientId).time_zone)
  const { reason } = entry
  return new AppError(
    'DO_NOT_CALL',
    reason === null ? sentence('do-not-call.listed', { who, day }) : sentence('do-not-call.listed-why', { who, day, reason }),
    { entryId: entry.id, userId: entry.userId, addedBy, createdAt: entry.createdAt, day, reason: entry.reason },
  )
}
