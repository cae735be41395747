import createBidi from 'bidi-js'

const bidi = createBidi()

/** Characters that may run from right to left: the blocks of these scripts, and the marks that set a direction. */
const FROM_THE_RIGHT = /[\u0590-\u08ff\u200f\u202b\u202e\u2067\ufb1d-\ufdff\ufe70-\ufeff\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u

/**
 * Returns the embedding level of each UTF-16 unit of a line that starts at the left (Unicode Bidirectional Algorithm): odd levels run from right
 * to left. Undefined: the whole line runs from left to right.
 */
export function directionLevels(line: string): Uint8Array | undefined {
  return FROM_THE_RIGHT.test(line) ? bidi.getEmbeddingLevels(line, 'ltr').levels : undefined
}

/** Returns the form of a character that runs from right to left: an opening bracket becomes a closing one. */
export function mirrored(character: string): string {
  return bidi.getMirroredCharacter(character) ?? character
}

/** Returns the pieces of a line in the order in which they are drawn from the left (rule L2 of the algorithm). */
export function inVisualOrder<T extends { readonly level: number }>(pieces: readonly T[]): readonly T[] {
  const highest = pieces.reduce((most, { level }) => Math.max(most, level), 0)
  let ordered = pieces
  for (let level = highest; level > 0; level--) ordered = withReversed(ordered, level)
  return ordered
}

/** Reverses each series of pieces at a level or above. */
function withReversed<T extends { readonly level: number }>(pieces: readonly T[], level: number): T[] {
  const done: T[] = []
  let series: T[] = []
  for (const piece of pieces) {
    if (piece.level >= level) {
      series.unshift(piece)
      continue
    }
    done.push(...series, piece)
    series = []
  }
  return [...done, ...series]
}
