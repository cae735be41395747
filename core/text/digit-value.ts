/**
 * Returns the value of a decimal digit (Unicode's `Nd`) of any script, 0 … 9. Unicode has such digits in runs from zero to nine. The runs of
 * mathematical digits have no gap between them.
 */
export function digitValue(digit: string): number {
  const code = digit.codePointAt(0) ?? 0
  if (code >= 0x1d7ce && code <= 0x1d7ff) return (code - 0x1d7ce) % 10
  let start = code
  while (start > code - 9 && /\p{Nd}/u.test(String.fromCodePoint(start - 1))) start--
  return code - start
}

/** Returns the ASCII digits of a text, in their order. Digits of other scripts are converted. */
export function digitsOf(text: string): string {
  return text.replaceAll(/[^0-9]/gu, (character) => (/\p{Nd}/u.test(character) ? String(digitValue(character)) : ''))
}
