/** How the quotation marks of one line are read. */
export type Quoting =
  /** A cell that begins with a quotation mark ends at the next mark before a delimiter. If another character follows that mark, the marks are text. */
  | 'strict'
  /** As `strict`, but a mark inside a quoted cell with another character after it is text of that cell. */
  | 'lenient'
  /** As `strict`, but spaces are allowed before the opening mark. */
  | 'spaced'
  /** Marks are text; a pair around a whole cell is removed if it closes on the same line. */
  | 'line'

type Run = { readonly end: number; readonly isOdd: boolean }

/** Returns the end of the consecutive quotation marks from `at`, and whether their number is odd. */
export function quoteRun(text: string, at: number): Run {
  let end = at
  while (text.charCodeAt(end) === 0x22) end++
  return { end, isOdd: (end - at) % 2 === 1 }
}

function endsCell(text: string, at: number, delimiter: string): boolean {
  return at >= text.length || text.startsWith(delimiter, at)
}

/**
 * Finds the end of a quoted cell whose text begins at `from`.
 * @returns the place of the closing mark; -1 if the line ends first; -2 if another character follows a mark (not `lenient`).
 */
function closingQuote(text: string, from: number, delimiter: string, lenient: boolean): number {
  for (let at = text.indexOf('"', from); at >= 0;) {
    const { end, isOdd } = quoteRun(text, at)
    if (isOdd) {
      if (endsCell(text, end, delimiter)) return end - 1
      if (!lenient) return -2
    }
    at = text.indexOf('"', end)
  }
  return -1
}

export type Split = {
  readonly cells: string[]
  /** Text of the last cell if it is quoted and does not end on this line, else null. */
  readonly open: string | null
}

const unescape = (text: string) => text.replaceAll('""', '"')

/** Returns the cells of a line, from the place `from` on. */
export function splitCells(text: string, delimiter: string, quoting: Quoting = 'strict', from = 0): Split {
  const cells: string[] = []
  let at = from
  for (;;) {
    let start = at
    if (quoting === 'spaced') while (text[start] === ' ') start++
    if (text[start] === '"') {
      const close = closingQuote(text, start + 1, delimiter, quoting === 'lenient')
      if (close >= 0) {
        cells.push(unescape(text.slice(start + 1, close)))
        at = close + 1
        if (at >= text.length) return { cells, open: null }
        at += delimiter.length
        continue
      }
      if (close === -1 && quoting !== 'line') return { cells, open: unescape(text.slice(start + 1)) }
    }
    const end = text.indexOf(delimiter, at)
    if (end < 0) {
      cells.push(text.slice(at))
      return { cells, open: null }
    }
    cells.push(text.slice(at, end))
    at = end + delimiter.length
  }
}

/** Effect of a further line on an open quoted cell. */
export type Continuation =
  /** The whole line belongs to the cell. */
  | { readonly kind: 'inside'; readonly text: string }
  /** The cell ends on the line; `rest` is the place after the closing mark. */
  | { readonly kind: 'closes'; readonly text: string; readonly rest: number }
  /** Another quoted cell begins on the line, so the open cell was never closed. */
  | { readonly kind: 'opens' }

/** @param opensCount false: a mark that looks like the opening of another cell is text. */
export function continueCell(text: string, delimiter: string, opensCount: boolean): Continuation {
  for (let at = text.indexOf('"'); at >= 0;) {
    const { end, isOdd } = quoteRun(text, at)
    if (isOdd) {
      if (endsCell(text, end, delimiter)) return { kind: 'closes', text: unescape(text.slice(0, end - 1)), rest: end }
      if (opensCount && (at === 0 || text.startsWith(delimiter, at - delimiter.length))) return { kind: 'opens' }
    }
    at = text.indexOf('"', end)
  }
  return { kind: 'inside', text: unescape(text) }
}
