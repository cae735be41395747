/** Code points that share their upper case with a different letter: the dotless ı and the dotted İ of Turkish. */
const CASED = /[^\u0130\u0131]+/gu

/**
 * Returns the key that names and e-mail addresses are compared by, on the device, on the server and in imports. The key ignores the case
 * of every letter, the encoding of accents (NFC), surrounding spaces, and the number of spaces between words. Two values with one key
 * cannot both exist in a client, so a change of this rule changes what is unique.
 *
 * JavaScript has no case folding. Upper case followed by lower case has the same effect: it makes ß equal to ss, and the two forms of sigma
 * equal. The last step is needed because the lower case of Σ depends on its neighbours.
 */
export function uniqueKey(value: string): string {
  return value
    .normalize('NFC')
    .trim()
    .replaceAll(/\s+/gu, ' ')
    .replaceAll(CASED, (part) => part.toUpperCase().toLowerCase())
    .replaceAll('ς', 'σ')
    .normalize('NFC')
}
