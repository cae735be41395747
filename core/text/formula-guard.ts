/**
 * Whether a spreadsheet would run a text as a formula; East Asian versions also run the full-width signs, and spaces before a sign are ignored.
 * A sign before digits only, as in a phone number or a negative number, is not a formula.
 */
function isFormula(text: string): boolean {
  return /^[\t\r\n]/.test(text) || /^ *[=@＝＠＋－]/.test(text) || (/^ *[+-]/.test(text) && !/^ *[+-][\d\s().,/-]*$/.test(text))
}

/** Matches a text that begins with a letter or a digit, as nearly all do. Tested first for speed: an export tests millions of texts. */
function isOrdinary(text: string): boolean {
  const first = text.charCodeAt(0)
  return (first > 64 && first < 0xff00) || (first >= 48 && first <= 57)
}

/** Whether a text needs a guard. A guarded text needs one as well, so that `unguard` restores every text. */
function isGuarded(text: string): boolean {
  return !isOrdinary(text) && isFormula(text.startsWith("'") ? text.replace(/^'+/, '') : text)
}

const guardStart = (text: string) => (isGuarded(text) ? `'${text}` : text)
const unguardStart = (text: string) => (text.startsWith("'") && isGuarded(text) ? text.slice(1) : text)

/**
 * Where a cell begins within a text for a spreadsheet whose lists are separated by semicolons, as in most of Europe: it reads a file with commas
 * as one cell a line, and quotes within that cell have no effect.
 */
const BREAK = /[;\r\n]/
const AFTER_BREAK = /(?<=[;\r\n])[^;\r\n]+/g

const afterBreaks = (text: string, change: (part: string) => string) =>
  BREAK.test(text) ? text.replaceAll(AFTER_BREAK, change) : text

/**
 * Puts an apostrophe before a text that a spreadsheet would run as a formula, also within the text. The option `escape_formulas` of csv-stringify
 * would change phone numbers and could not be reversed.
 */
export function guard(text: string): string {
  return afterBreaks(guardStart(text), guardStart)
}

/** The inverse of `guard`. */
export function unguard(text: string): string {
  return unguardStart(afterBreaks(text, unguardStart))
}
