import type { ImportField, ImportFieldRule } from '../../core/contract/imports.ts'
import { AppError } from '../../core/errors.ts'

export type RowIssue = { readonly field: ImportField | null; readonly message: string }
/** Returns the value that a rule gives for a row, trimmed; '' if there is none. */
export type CellReader = (cells: readonly string[]) => string

/** Most characters of a value that a message quotes. */
const QUOTED = 60
/** Most memoized results of a column. In a column with more different values, few of them repeat. */
const MAX_MEMOIZED = 50_000

export function quote(text: string): string {
  return `“${text.length > QUOTED ? `${text.slice(0, QUOTED)}…` : text}”`
}

/** Returns `compute` with memoized results. Agents, days and times of day repeat in a file. */
export function memoized<T, K = string>(compute: (input: K) => T): (input: K) => T {
  const known = new Map<K, T>()
  return (input) => {
    const before = known.get(input)
    if (before !== undefined) return before
    const value = compute(input)
    if (known.size < MAX_MEMOIZED) known.set(input, value)
    return value
  }
}

export function invalidMapping(path: string, message: string): AppError<'INVALID'> {
  return new AppError('INVALID', `${message} Nothing was imported; correct the mapping.`, {
    issues: [{ path: `map.${path}`, message }],
  })
}

/** Returns the columns that a rule reads. */
export function columnsOf(rule: ImportFieldRule): readonly string[] {
  return rule.column === undefined ? (rule.columns ?? []) : [rule.column]
}

export function compileRule(field: ImportField, rule: ImportFieldRule, columns: readonly string[]): CellReader {
  const places = columnsOf(rule).map((name) => {
    const place = columns.indexOf(name)
    if (place < 0)
      throw invalidMapping(`fields.${field}`, `The file has no column ${quote(name)}; it has ${columns.map(quote).join(', ')}.`)
    return place
  })
  const [place] = places
  if (place === undefined) {
    if (rule.constant === undefined)
      throw invalidMapping(`fields.${field}`, `The rule for ${field} names neither a column nor a constant.`)
    const constant = rule.constant.trim()
    return () => constant
  }
  const read =
    places.length === 1
      ? (cells: readonly string[]) => (cells[place] ?? '').trim()
      : (cells: readonly string[]) =>
          places
            .map((index) => (cells[index] ?? '').trim())
            .filter((part) => part !== '')
            .join(rule.separator)
  if (rule.values === undefined) return read
  const values = new Map(Object.entries(rule.values).map(([from, to]) => [from.trim().toLowerCase(), (to ?? '').trim()]))
  const rest = values.get('*')
  const translate = memoized((text) => values.get(text.toLowerCase()) ?? rest ?? text)
  return (cells) => translate(read(cells))
}
