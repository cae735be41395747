import type { Call } from './call.ts'
import { languageOfCountry, nameKey } from '../text/name-key.ts'
import { otherSpellings } from '../text/other-spellings.ts'
import { phoneSearchTerms, phoneToE164 } from '../text/phone-number.ts'

/** Version of the rules below. The calls of a file with another version are derived again. */
export const DERIVATION_RULE = 2

export type CallTexts = Pick<Call, 'prospectName' | 'prospectEmail' | 'prospectPhone' | 'notes'>

/** Values that a device derives from a call and stores with it. They are neither audited nor synced. */
export type DerivedCall = {
  /** Sort key of the name; see `nameKey`. */
  readonly nameKey: string
  /**
   * The phone number as E.164, for example "+49305551234"; null if it is not certain. It identifies calls with the same prospect; search uses
   * its digits in the search terms.
   */
  readonly phoneE164: string | null
  /** Other spellings of the words of the name; see `otherSpellings`. Null: none. */
  readonly nameTerms: string | null
  /** Words by which search finds the call although it does not contain them: other spellings, and the digits of the number. Null: none. */
  readonly searchTerms: string | null
}

/** The columns of the derived values. */
export const DERIVED_COLUMNS = {
  nameKey: 'name_key',
  phoneE164: 'phone_e164',
  nameTerms: 'name_terms',
  searchTerms: 'search_terms',
} as const satisfies Record<keyof DerivedCall, string>
export const DERIVED_FIELDS = Object.keys(DERIVED_COLUMNS) as readonly (keyof DerivedCall)[]

/** @param country the client's default country, ISO 3166-1 alpha-2, or null. */
export function deriveCall(call: CallTexts, country: string | null): DerivedCall {
  const { prospectName, prospectEmail, prospectPhone, notes } = call
  const phoneE164 = prospectPhone === null ? null : phoneToE164(prospectPhone, country)
  const nameTerms = otherSpellings(prospectName)
  const terms = new Set([...(prospectPhone === null ? [] : phoneSearchTerms(prospectPhone, phoneE164)), ...nameTerms])
  for (const text of [prospectEmail, notes]) if (text !== null) for (const word of otherSpellings(text)) terms.add(word)
  return {
    nameKey: nameKey(prospectName, languageOfCountry(country)),
    phoneE164,
    nameTerms: nameTerms.length === 0 ? null : nameTerms.join(' '),
    searchTerms: terms.size === 0 ? null : [...terms].join(' '),
  }
}
