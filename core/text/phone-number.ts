import { AsYouType, isSupportedCountry, parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/min'
import { digitsOf } from './digit-value.ts'
import { withoutInvisible } from './invisible-characters.ts'

/** Most digits of a number (ITU-T E.164). */
const MOST_DIGITS = 15
/** Fewest digits of a partial number that is completed with the country code. Fewer digits match too many numbers. */
const LEAST_COMPLETED = 5

/** Returns the country (ISO 3166-1 alpha-2); undefined if it has no numbering plan, so that only numbers with a country code are read. */
function supported(country: string | null): CountryCode | undefined {
  return country !== null && isSupportedCountry(country) ? country : undefined
}

function cleaned(typed: string): string {
  return withoutInvisible(typed.normalize('NFKC'))
    .trim()
    .replace(/^(?:tel|phone|callto|sip):/i, '')
}

/**
 * Returns a phone number as E.164, for example "+49305551234". Returns null if the text is not one number, if its country is unknown, or if
 * its length is impossible. An extension is left out.
 */
export function phoneToE164(typed: string, country: string | null): string | null {
  const text = cleaned(typed)
  // The parser rejects such texts too, but more slowly.
  if (text.length > 50 || !/\p{Nd}/u.test(text)) return null
  const defaultCountry = supported(country)
  const number = parsePhoneNumberFromString(text, { extract: false, ...(defaultCountry && { defaultCountry }) })
  return number?.isPossible() === true ? number.number : null
}

/** Fewest digits of a number that can be dialled, such as an extension. */
const LEAST_DIALLED = 3

/** Returns the address that dials a phone number in the phone program of the computer; null if the text is not a number. */
export function dialAddress(typed: string, country: string | null): string | null {
  const e164 = phoneToE164(typed, country)
  if (e164 !== null) return `tel:${e164}`
  const text = cleaned(typed)
  if (!/^[+\p{Nd}\s()./-]+$/u.test(text)) return null
  const digits = digitsOf(text)
  if (digits.length < LEAST_DIALLED || digits.length > MOST_DIGITS + 2) return null
  return `tel:${text.startsWith('+') ? '+' : ''}${digits}`
}

/**
 * Returns the digits by which search finds a phone number, in addition to the typed groups: those of its E.164 form and, if it was typed in
 * groups, all groups joined.
 */
export function phoneSearchTerms(typed: string, e164: string | null): string[] {
  const main = withoutInvisible(typed).replace(/[^\p{Nd}]*(?:ext|x|#|;).*$/iu, '')
  const joined = digitsOf(main)
  const isGrouped = /\p{Nd}[^\p{Nd}]+\p{Nd}/u.test(main)
  const terms = e164 === null ? [] : [e164.slice(1)]
  if (isGrouped && joined.length > 2 && joined.length <= MOST_DIGITS + 2 && !terms.includes(joined)) terms.push(joined)
  return terms
}

/**
 * Returns the beginnings of digits for which search looks when a person types a number or a part of it: as typed, without the international
 * prefix 00, and with the country code in place of the trunk prefix.
 */
export function phoneSearchPrefixes(typed: string, country: string | null): string[] {
  const text = cleaned(typed)
  const digits = digitsOf(text)
  const isInternational = /^[(\s]*[+\uFF0B]/u.test(text)
  const prefixes = new Set([digits])
  if (!isInternational && digits.startsWith('00') && digits.length > 2) prefixes.add(digits.slice(2))
  if (isInternational || digits.startsWith('0') || digits.length >= LEAST_COMPLETED) {
    const typing = new AsYouType(supported(country))
    typing.input(isInternational ? `+${digits}` : digits)
    const number = typing.getNumber()?.number
    // One or two digits of a country code match the numbers of many countries.
    if (number !== undefined && number.length > 3) prefixes.add(number.slice(1))
  }
  return [...prefixes].filter((prefix) => prefix !== '')
}
