/** Code points whose upper case is shared with another letter that they are not: the dotless ı and the dotted İ of Turkish. */
const CASED = /[^\u0130\u0131]+/gu

/**
 * What names and e-mail addresses are compared by, on the device, on the server and in imports: without regard to the case of any
 * letter, to how accents are encoded (NFC), to spaces around them and to how many spaces stand between words. Two values with one key
 * cannot both exist in a client, so a change of this rule changes what is unique.
 *
 * JavaScript has no case folding. Upper case first and lower case then comes to the same: it joins ß with ss and the two forms of
 * sigma. The last step is there because the lower case of Σ depends on its neighbours.
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
