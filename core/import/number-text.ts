import { visible } from './visible-text.ts'

export const DECIMAL_SIGNS = ['.', ','] as const
export type DecimalSign = (typeof DECIMAL_SIGNS)[number]

/** Groups of three digits (in India, two) with a sign between them. Several groups can only be thousands. */
const GROUPED: Readonly<Record<DecimalSign, RegExp>> = {
  // The key is the decimal sign, so the groups are separated by the other one.
  '.': /^\d{1,3}(?:(?:,\d{2})+,\d{3}|(?:,\d{3})+)(?:\.\d+)?$/,
  ',': /^\d{1,3}(?:\.\d{3})+(?:,\d+)?$/,
}
/** Signs that group digits and are never decimal signs. */
const APOSTROPHES = /(?<=\d)['’`_ ](?=\d{3}(?:\D|$))/g
const PLAIN = /^\d+$/
const DECIMAL = /^(\d*)([.,])(\d+)$/

/** Whether a number is ambiguous: in `1,234`, the sign may separate thousands or decimals. */
function isUndecided(whole: string, part: string): boolean {
  return part.length === 3 && whole.length >= 1 && whole.length <= 3 && !whole.startsWith('0')
}

/** Returns the decimal sign that a number proves; null if it has no sign, `undecided` for `1,234`, undefined for other texts. */
export function decimalSignOf(text: string): DecimalSign | null | 'undecided' | undefined {
  const digits = visible(text).trim().replaceAll(APOSTROPHES, '')
  if (PLAIN.test(digits)) return null
  const decimal = DECIMAL.exec(digits)
  if (decimal !== null) {
    const [, whole = '', sign, part = ''] = decimal
    return isUndecided(whole, part) ? 'undecided' : (sign as DecimalSign)
  }
  return DECIMAL_SIGNS.find((sign) => GROUPED[sign].test(digits))
}

/**
 * Reads a number ≥ 0 with thousands or decimal separators. `decimal` matters only for ambiguous texts such as `1,234` and `1.234`. Without
 * it, they are not numbers.
 */
export function readNumber(text: string, decimal: DecimalSign | undefined): number | undefined {
  const digits = visible(text).trim().replaceAll(APOSTROPHES, '')
  const proven = decimalSignOf(digits)
  if (proven === undefined) return undefined
  if (proven === null) return Number(digits)
  const sign = proven === 'undecided' ? decimal : proven
  if (sign === undefined) return undefined
  const group = sign === '.' ? ',' : '.'
  return Number(digits.replaceAll(group, '').replace(sign, '.'))
}
