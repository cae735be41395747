/** A published sum: the unknown values that it adds. Equal values of a person are the same unknown. */
export type Equation = readonly { readonly person: string; readonly value: string }[]

/** Arithmetic modulo a prime: exact, and small sums of small numbers never vanish by chance. */
const PRIME = 2_147_483_647n
const mod = (n: bigint) => ((n % PRIME) + PRIME) % PRIME

function inverse(n: bigint): bigint {
  let [result, base, exponent] = [1n, mod(n), PRIME - 2n]
  for (; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = mod(result * base)
    base = mod(base * base)
  }
  return result
}

/**
 * Returns the persons other than the attacker whose values can be isolated: some linear combination of the sums, without the attacker's own
 * values, depends on the values of one person only.
 */
export function soleValues(equations: readonly Equation[], attacker: string): string[] {
  const keys = [...new Set(equations.flatMap((sum) => sum.map(({ person, value }) => `${person} ${value}`)))]
  const personOf = (key: string) => key.slice(0, key.indexOf(' '))
  const unknown = keys.filter((key) => personOf(key) !== attacker)
  const persons = [...new Set(unknown.map(personOf))]
  return persons.filter((person) => {
    // The columns of all other persons first: a row that elimination empties there, but not in the person's columns, isolates the person.
    const others = unknown.filter((key) => personOf(key) !== person)
    const own = unknown.filter((key) => personOf(key) === person)
    const rows = equations.map((sum) => {
      const has = new Set(sum.map((each) => `${each.person} ${each.value}`))
      return [...others, ...own].map((key) => (has.has(key) ? 1n : 0n))
    })
    const rank = eliminate(rows, others.length)
    return rows.slice(rank).some((row) => row.slice(others.length).some((cell) => cell !== 0n))
  })
}

/** Brings the first columns to echelon form; returns the number of rows that are not empty there. */
function eliminate(rows: bigint[][], columns: number): number {
  let rank = 0
  for (let column = 0; column < columns && rank < rows.length; column++) {
    const pivot = rows.findIndex((row, index) => index >= rank && row[column] !== 0n)
    if (pivot < 0) continue
    const [head, other] = [rows[pivot], rows[rank]]
    if (head === undefined || other === undefined) continue
    rows[rank] = head
    rows[pivot] = other
    const factor = inverse(head[column] ?? 0n)
    for (const [index, row] of rows.entries()) {
      const times = mod((row[column] ?? 0n) * factor)
      if (index === rank || times === 0n) continue
      rows[index] = row.map((cell, place) => mod(cell - times * (head[place] ?? 0n)))
    }
    rank++
  }
  return rank
}
