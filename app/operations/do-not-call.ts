import type { ProcedureInput } from '../../core/contract/procedures.ts'
import { AppError } from '../../core/errors.ts'
import { sentence } from '../../core/messages/sentence.ts'
import { revealsContact, type ContactTexts } from '../../core/model/do-not-call.ts'
import type { DoNotCallEntry } from '../../core/model/do-not-call-entry.ts'
import { must } from '../../core/assert.ts'
import { insertEntry, liftEntries } from '../../db/commands/do-not-call.ts'
import { contactHashes } from '../../db/contact-hash.ts'
import type { ReadableDb } from '../../db/open.ts'
import { getEntry, listEntries } from '../../db/queries/do-not-call.ts'
import { command, notFound, query, type OperationContext } from '../declaration/operation.ts'
import { invalid } from './call-rules.ts'
import { entriesOf, readContact, shownEntry } from './do-not-call-rules.ts'

const CHANGES = ['do_not_call', 'audit_logs']

type NewContact = ProcedureInput<'doNotCall.add'>

/** @throws AppError INVALID if a part cannot be read, or the reason contains it. */
function readableContact(
  context: OperationContext<ReadableDb>,
  { phone = '', email = '' }: NewContact['others'][number],
  reason: string | null,
): ContactTexts {
  const texts = readContact(context, { phone, email })
  if (phone !== '' && texts.phone === null)
    throw invalid([
      {
        path: 'phone',
        ...sentence('rule.whole-phone'),
      },
    ])
  if (email !== '' && texts.email === null) throw invalid([{ path: 'email', ...sentence('rule.not-email') }])
  if (reason !== null && revealsContact(reason, texts))
    throw invalid([
      {
        path: 'reason',
        ...sentence('rule.reason-has-contact'),
      },
    ])
  return texts
}

export const doNotCallOperations = {
  'doNotCall.check': query({
    access: 'do_not_call.check',
    thread: 'list',
    run: (context, contact: ProcedureInput<'doNotCall.check'>) => {
      const texts = readContact(context, contact)
      const [entry] = entriesOf(context, texts)
      const isReadable = (['phone', 'email'] as const).every((part) => (contact[part] ?? '') === '' || texts[part] !== null)
      return { entry: entry === undefined ? null : shownEntry(entry), isReadable }
    },
  }),
  'doNotCall.list': query({
    access: 'do_not_call.read',
    thread: 'list',
    run: ({ db, actor }, { after, limit }: ProcedureInput<'doNotCall.list'>) => {
      const last = after === null ? null : getEntry(db, actor.clientId, after)
      if (last === undefined) throw notFound('do-not-call-entry')
      const found = listEntries(db, actor.clientId, last, limit + 1)
      const rows = found.slice(0, limit)
      return { rows, next: found.length > limit ? must(rows.at(-1), 'A full page has rows').id : null }
    },
  }),
  'doNotCall.add': command({
    access: 'do_not_call.add',
    changes: CHANGES,
    run: (context, { reason, others, ...first }: NewContact): DoNotCallEntry[] => {
      const { db, actor, now, newId } = context
      const { clientId } = actor
      const contacts = [first, ...others].map((contact) => readableContact(context, contact, reason))
      for (const texts of contacts) {
        const listed = new Set(entriesOf(context, texts).map(({ contactHash }) => contactHash))
        for (const contactHash of contactHashes(clientId, texts))
          if (!listed.has(contactHash)) insertEntry(db, { id: newId(), clientId, contactHash, reason, createdAt: now })
      }
      const entries = contacts.flatMap((texts) => entriesOf(context, texts))
      return [...new Map(entries.map((entry) => [entry.id, entry])).values()].map(shownEntry)
    },
  }),
  'doNotCall.lift': command({
    access: 'do_not_call.lift',
    changes: CHANGES,
    run: ({ db, actor }, { id }: ProcedureInput<'doNotCall.lift'>) => {
      const entry = getEntry(db, actor.clientId, id)
      if (entry === undefined) throw notFound('do-not-call-entry')
      if (entry.liftedAt !== null) throw new AppError('CONFLICT', sentence('do-not-call.lifted'), {})
      liftEntries(db, entry.contactHash)
      return shownEntry(must(getEntry(db, actor.clientId, id), 'A lifted entry stays'))
    },
  }),
}
