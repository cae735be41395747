import { MIN_PHONE_DIGITS, PHONE_SEPARATORS } from '../core/model/prospect-identity.ts'

/**
 * Finds the calls with the same prospect, by phone number or by e-mail address (`core/model/prospect-identity.ts`). Both texts are expressions that are
 * indexed, so that no column and no trigger is needed. SQLite uses an index of an expression only if a query repeats it exactly.
 *
 * The statements are text, because Drizzle's kit cannot read an index of an expression with commas.
 */

/** The text by which a phone number identifies a prospect (`phoneIdentity`); null: it does not. @param of the table with a dot, or empty */
function phoneIdentitySql(of: string): string {
  const digits = PHONE_SEPARATORS.reduce((text, separator) => `replace(${text}, '${separator}', '')`, `${of}prospect_phone`)
  const isNumber = `length(${digits}) >= ${MIN_PHONE_DIGITS} AND ${digits} NOT GLOB '*[^0-9]*'`
  return `coalesce(${of}phone_e164, iif(${isNumber}, ${digits}, NULL))`
}

/** An index of an identity: its name, its expression, and the calls that it contains. */
type Identity = { readonly index: string; readonly text: (of: string) => string; readonly exists: (of: string) => string }

export const PHONE: Identity = {
  index: 'calls_by_phone',
  text: phoneIdentitySql,
  exists: (of) => `${of}prospect_phone IS NOT NULL`,
}
export const EMAIL: Identity = {
  index: 'calls_by_email',
  text: (of) => `lower(${of}prospect_email)`,
  exists: (of) => `${of}prospect_email IS NOT NULL`,
}

export const prospectIndexesSql: readonly string[] = [PHONE, EMAIL].map(
  ({ index, text, exists }) => `CREATE INDEX ${index} ON calls (${text('')}, event_at) WHERE ${exists('')};`,
)
