import { z } from 'zod'
import { doNotCallIdSchema } from '../id.ts'
import { doNotCallEntrySchema, doNotCallReasonSchema } from '../model/do-not-call-entry.ts'
import { procedure } from './base.ts'

const contactSchema = z
  .object({ phone: z.string().trim().max(50).optional(), email: z.string().trim().max(254).optional() })
  .refine(({ phone = '', email = '' }) => phone !== '' || email !== '', 'Enter a phone number or an e-mail address')

export const doNotCallContract = {
  /**
   * Returns the oldest entry in force of the contact; null: it is not on the list. `isReadable`: whether the number and the address that were
   * given can be compared with the list; a number without a country code cannot if the client has no default country.
   */
  check: procedure.input(contactSchema).output(z.object({ entry: doNotCallEntrySchema.nullable(), isReadable: z.boolean() })),
  /** Returns the entries, the newest first, also lifted ones; `next` is the `after` of the next page. The list contains no contacts. */
  list: procedure
    .input(z.object({ after: doNotCallIdSchema.nullable().default(null), limit: z.int().min(1).max(500).default(100) }))
    .output(z.object({ rows: z.array(doNotCallEntrySchema), next: doNotCallIdSchema.nullable() })),
  /**
   * Adds the number and the address of a contact, and of `others`, which are further numbers and addresses of the same prospect. Returns the
   * entries that list them; a part that is on the list already gets no second entry.
   * @throws INVALID if a part cannot be read, or the reason contains it. Nothing is added then.
   */
  add: procedure
    .input(
      contactSchema.safeExtend({
        others: z.array(contactSchema).max(100).default([]),
        reason: doNotCallReasonSchema.default(null),
      }),
    )
    .output(z.array(doNotCallEntrySchema)),
  /**
   * Lifts the entry and every other entry of its contact. The entries stay in the list.
   * @throws CONFLICT if it was already lifted.
   */
  lift: procedure.input(z.object({ id: doNotCallIdSchema })).output(doNotCallEntrySchema),
}
