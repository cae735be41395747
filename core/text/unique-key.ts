import { withoutInvisible } from './invisible-characters.ts'

/** ASCII words with single spaces between them. Only their case can differ from the key. */
const PLAIN = /^[!-~]+(?: [!-~]+)*$/
/** Accents of Greek letters. Capital letters do not have them. */
const GREEK_MARKS = /(?<=\p{Script=Greek}\p{M}*)\p{M}/gu
/** Turkish and Azerbaijani have the letter i with and without a dot, each with its own capital. */
const DOTLESS_I = /ı/gu
const DOT_OF_I = /(?<=i)\u0307/gu

/**
 * Returns the key by which names and e-mail addresses are compared, on the device, on the server and in imports. The key ignores invisible
 * characters, the case of every letter in every language, the encoding of characters (NFKC), surrounding spaces, and the number of spaces
 * between words. Two values with the same key cannot both exist in a client, so a change of this rule changes which values are unique.
 *
 * JavaScript has no case folding. Upper case followed by lower case has the same effect: it makes ß equal to ss, and the two forms of sigma
 * equal. Differences between languages are removed: "IŞIK" is "Işık" in Turkish and "işik" elsewhere, "ΓΙΩΡΓΟΣ" has no accent and
 * "Γιώργος" has one. Each pair is one name.
 */
export function uniqueKey(value: string): string {
  if (PLAIN.test(value)) return value.toLowerCase()
  let key = value
  // Some characters fold into several, which fold again.
  for (let folded = fold(key); folded !== key; folded = fold(key)) key = folded
  return key
}

function fold(text: string): string {
  return withoutInvisible(text.normalize('NFKC'))
    .trim()
    .replaceAll(/\s+/gu, ' ')
    .toUpperCase()
    .toLowerCase()
    .replaceAll('ς', 'σ')
    .replaceAll(DOTLESS_I, 'i')
    .normalize('NFD')
    .replaceAll(DOT_OF_I, '')
    .replaceAll(GREEK_MARKS, '')
    .normalize('NFKC')
}
