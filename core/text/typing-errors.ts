/** Fewest letters of a word in which one typing error is accepted. A shorter word with an error is too often another word. */
const LEAST_FOR_ONE = 4
/** Fewest letters of a word in which two typing errors are accepted. */
const LEAST_FOR_TWO = 8

const WORD_OF_LETTERS = /^\p{L}+$/u

/** Returns how many typing errors search accepts in a word; 0 for a number. */
export function acceptedErrors(word: string): 0 | 1 | 2 {
  if (!WORD_OF_LETTERS.test(word)) return 0
  const { length } = Array.from(word)
  return length < LEAST_FOR_ONE ? 0 : length < LEAST_FOR_TWO ? 1 : 2
}

/**
 * Returns how many typing errors turn one word into the other: letters that are missing, added, replaced, or exchanged with the next letter
 * (optimal string alignment distance). Returns `most + 1` if there are more than `most`.
 */
export function typingErrors(one: string, other: string, most: number): number {
  const [a, b] = [Array.from(one), Array.from(other)]
  if (Math.abs(a.length - b.length) > most) return most + 1
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (const [row, letter] of a.entries()) {
    const next = [row + 1]
    for (const [column, against] of b.entries()) {
      const replaced = at(last, column) + (letter === against ? 0 : 1)
      const isExchanged = row > 0 && column > 0 && letter === b[column - 1] && a[row - 1] === against
      const exchanged = isExchanged ? at(beforeLast, column - 1) + 1 : Infinity
      next.push(Math.min(replaced, exchanged, at(last, column + 1) + 1, at(next, column) + 1))
    }
    if (Math.min(...next) > most) return most + 1
    ;[beforeLast, last] = [last, next]
  }
  return Math.min(at(last, b.length), most + 1)
}

const at = (row: readonly number[], column: number) => row[column] ?? Infinity
