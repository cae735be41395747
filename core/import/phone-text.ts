import { sentence } from '../messages/sentence.ts'
import type { Sentence } from '../messages/text.ts'
import { digitValue } from '../text/digit-value.ts'
import { visible } from './visible-text.ts'

/**
 * Result of reading a cell of a phone column.
 * - `kept`: used unchanged.
 * - `cleaned`: the same number without characters that a spreadsheet, a link or a page put around it.
 * - `doubted`: used unchanged, but it may not be a number, or may be several.
 * - `lost`: the cell has no number, or only a part of it. It is left out.
 */
export type PhoneReading =
  | { readonly kind: 'kept' | 'cleaned'; readonly phone: string }
  | { readonly kind: 'doubted'; readonly phone: string; readonly why: Sentence }
  | { readonly kind: 'lost'; readonly why: Sentence }

/** Most and fewest digits of a number (E.164), without an extension. */
const MAX_DIGITS = 15
const MIN_DIGITS = 3

const FORMULA = /^=\s*"([^"]*)"$/
const SCHEME = /^(?:tel|callto|phone|sms|fax|mobile|whatsapp):(?:\/\/)?/i
/** A number with an exponent, and a number with decimals, as a spreadsheet or a script writes it. */
const EXPONENT = /^\+?(\d)(?:[.,](\d+))?[eE]\+?(\d{1,2})$/
const WITH_ZEROS = /^(\+?\d{6,})[.,]0{1,2}$/
const DASHES = /[\u2010-\u2015\u2043\u2212\ufe58\ufe63\uff0d]/g
/** Words that mean that there is no number. */
const NONE =
  /^(?:-+|\?+|n\/?a|none|null|nan|nil|unknown|unbekannt|anonym(?:ous)?|restricted|private|withheld|unavailable|no (?:phone|number)|keine?|0+)$/i
const EXTENSION = /(?:[;,]\s*(?:ext|isub)=|\s*(?:ext(?:ension)?|durchwahl|dw|app|poste|interno|x|#)[.:]?\s*)(\d{1,7})$/i
const NUMBER = /^\+?[\d\s()./-]+$/

function asciiDigits(text: string): string {
  return text.normalize('NFKC').replaceAll(/\p{Nd}/gu, (digit) => String(digitValue(digit)))
}

/** Returns the digits of a number with an exponent; undefined if some digits are lost. */
function expand(text: string): string | undefined {
  const match = EXPONENT.exec(text)
  if (match === null) return undefined
  const [, first = '', rest = '', exponent = '0'] = match
  return rest.length === Number(exponent) ? first + rest : undefined
}

function unwrap(cell: string): string {
  let text = asciiDigits(visible(cell)).replaceAll(DASHES, '-').trim()
  text = (FORMULA.exec(text)?.[1] ?? text).trim()
  text = text.replace(/^'(?=[+\d(])/, '').replace(SCHEME, '')
  return (WITH_ZEROS.exec(text)?.[1] ?? text).replaceAll(/\s+/g, ' ').trim()
}

/** Reads a cell of a phone column. Digits are never added, left out or guessed. */
export function readPhone(cell: string): PhoneReading {
  const text = unwrap(cell)
  if (EXPONENT.test(text)) {
    const digits = expand(text)
    if (digits !== undefined && digits.length >= MIN_DIGITS) return { kind: 'cleaned', phone: digits }
    return {
      kind: 'lost',
      why: sentence('import.rounded-phone'),
    }
  }
  if (text === '' || NONE.test(text)) return { kind: 'lost', why: sentence('import.no-phone') }
  const extension = EXTENSION.exec(text)
  const main = extension === null ? text : text.slice(0, extension.index)
  const digits = main.replaceAll(/\D/g, '').length
  if (digits < MIN_DIGITS) {
    if (!/\d/.test(text)) return { kind: 'lost', why: sentence('import.no-digits') }
    return { kind: 'doubted', phone: text, why: sentence('import.few-digits') }
  }
  if (!NUMBER.test(main)) return { kind: 'doubted', phone: text, why: sentence('import.more-than-phone') }
  if (digits > MAX_DIGITS) return { kind: 'doubted', phone: text, why: sentence('import.many-digits') }
  const phone = extension === null ? text : `${main.trim()} ext. ${extension[1] ?? ''}`
  return phone === cell.trim() ? { kind: 'kept', phone } : { kind: 'cleaned', phone }
}
