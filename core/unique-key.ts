import { withoutInvisible } from './invisible-characters.ts'

/** Words in ASCII with single spaces between them: nothing but the case can differ. */
const PLAIN = /^[!-~]+(?: [!-~]+)*$/
/** Accents of Greek letters. Capital letters are written without them. */
const GREEK_MARKS = /(?<=\p{Script=Greek}\p{M}*)\p{M}/gu
/** Turkish and Azerbaijani have two letters i, with and without a dot. Other languages write each of them as the other's capital. */
const DOTLESS_I = /ı/gu
const DOT_OF_I = /(?<=i)\u0307/gu

/**
 * Returns the key that names and e-mail addresses are compared by, on the device, on the server and in imports. The key ignores invisible
 * characters, the case of every letter in every language, the encoding of characters (NFKC), surrounding spaces, and the number of spaces
 * between words. Two values with one key cannot both exist in a client, so a change of this rule changes what is unique.
 *
 * JavaScript has no case folding. Upper case followed by lower case has the same effect: it makes ß equal to ss, and the two forms of sigma
 * equal. What differs between languages is removed: "IŞIK" is "Işık" in Turkish and "işik" elsewhere, "ΓΙΩΡΓΟΣ" has no accent and
 * "Γιώργος" has one. All of these are one name.
 */
export function uniqueKey(value: string): string {
  if (PLAIN.test(value)) return value.toLowerCase()
  let key = value
  // Some characters change into several, which change again.
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
