/**
 * Invisible characters: soft hyphens, zero-width spaces and joiners, byte order marks, direction marks, variation selectors, fillers,
 * and control characters other than white space. Copied text and exported files contain them.
 */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Cf}]|(?!\s)\p{Cc}/gu

export function withoutInvisible(text: string): string {
  return text.replaceAll(INVISIBLE, '')
}
