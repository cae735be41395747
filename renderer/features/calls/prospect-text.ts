import { digitsOf } from '../../../core/text/digit-value.ts'
import { withoutInvisible } from '../../../core/text/invisible-characters.ts'

type Kind = 'prospectName' | 'prospectPhone' | 'prospectEmail'

/** The fewest digits of a text that is taken for a phone number. */
const FEWEST_DIGITS = 3

/** Returns a copied text without invisible characters and without the beginning of a link. */
const copied = (text: string) =>
  withoutInvisible(text)
    .trim()
    .replace(/^(?:tel|callto|sip|mailto):/i, '')

/** An extension, which follows the number of a switchboard. */
const EXTENSION = /\s*(?:ext\.?|x|#|;ext=)\s*\p{Nd}{1,8}$/iu

/** Returns the field to which a text belongs that may be a name, a phone number or an e-mail address. */
export function fieldOfText(text: string): Kind {
  const typed = copied(text).normalize('NFKC')
  if (/^[^\s@]+@[^\s@]+$/u.test(typed)) return 'prospectEmail'
  const number = typed.replace(EXTENSION, '')
  const isNumber = /^[+(]?[\p{Nd}\s().\-/+]+$/u.test(number) && digitsOf(number).length >= FEWEST_DIGITS
  return isNumber ? 'prospectPhone' : 'prospectName'
}

type Texts = Record<Kind, string>

/**
 * Moves a phone number or an e-mail address that was typed as the name to its own field. If that field has a text, the typed one is a name.
 * @returns the field that the text was moved to; null: the values are unchanged
 */
export function placedText<Values extends Texts>(
  values: Values,
): { readonly values: Values; readonly to: Exclude<Kind, 'prospectName'> } | null {
  const to = fieldOfText(values.prospectName)
  if (to === 'prospectName' || values[to].trim() !== '') return null
  return { values: { ...values, [to]: copied(values.prospectName), prospectName: '' }, to }
}
