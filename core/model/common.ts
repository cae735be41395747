import { z } from 'zod'
import { withoutInvisible } from '../text/invisible-characters.ts'

/** Milliseconds since the Unix epoch, UTC; from 1970 up to the year 9999. */
export const timestampSchema = z.int().min(0).max(253_402_300_799_999)

/** Returns a schema that trims a text and converts an empty one to null. */
export function optionalText(max: number) {
  return z
    .string()
    .trim()
    .max(max)
    .transform((text) => (text === '' ? null : text))
    .nullable()
}

/** Returns a schema that trims a text and refuses one without a visible character. */
export function requiredText(max: number, what: string) {
  return z
    .string()
    .trim()
    .min(1, `${what} is required`)
    .max(max)
    .refine((text) => text === '' || withoutInvisible(text).trim() !== '', { error: `${what} is required` })
}

/** An e-mail address as typed, trimmed. Comparisons ignore case. */
export const emailSchema = z.string().trim().max(254).pipe(z.email('Not an e-mail address'))

/** Name of an IANA time zone of this runtime, for example `Europe/Berlin`. */
export const timeZoneSchema = z
  .string()
  .max(100)
  .refine(
    (zone) => {
      try {
        return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== ''
      } catch {
        return false
      }
    },
    { message: 'Not an IANA time zone, for example Europe/Berlin' },
  )

/** Returns the bytes of `text` in UTF-8. */
function utf8Length(text: string): number {
  let bytes = 0
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
  }
  return bytes
}

/** bcrypt reads 72 bytes and ignores the rest, so a longer password is refused. */
export const newPasswordSchema = z
  .string()
  .min(8, 'At least 8 characters')
  .refine((text) => utf8Length(text) <= 72, { message: 'At most 72 bytes' })

/**
 * Range of bcrypt's work factor. 4 is the minimum of the algorithm, and each step doubles the time. A hash from one device is compared on
 * others, so the maximum limits the time of a comparison everywhere.
 */
export const BCRYPT_COST = { min: 4, max: 14 } as const

/** A bcrypt hash in the modular format, for example `$2b$12$…`: 22 characters of salt and 31 of hash. */
export const passwordHashSchema = z
  .string()
  .regex(/^\$2[aby]\$[0-9]{2}\$[./A-Za-z0-9]{53}$/, 'Not a bcrypt hash')
  .refine(
    (hash) => {
      const cost = Number(hash.slice(4, 6))
      return cost >= BCRYPT_COST.min && cost <= BCRYPT_COST.max
    },
    { message: `The work factor is not between ${BCRYPT_COST.min} and ${BCRYPT_COST.max}` },
  )

/** Returns the patch without undefined fields, so that it never clears a field by accident. */
export function definedOnly<T extends object>(patch: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
}
