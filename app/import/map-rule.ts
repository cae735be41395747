import type { ImportField, ImportFieldRule } from '../../core/contract/imports.ts'
import { AppError } from '../../core/errors.ts'

export type RowIssue = { readonly field: ImportField | null; readonly message: string }
/** What a rule makes of a row, trimmed; '' where there is nothing. */
export type CellReader = (cells: readonly string[]) => string

/** Longest piece of a file's value that a message quotes. */
const QUOTED = 60
/** Most texts whose results are kept for a column; in a column with more different texts, few of them repeat. */
const REMEMBERED = 50_000

export function quote(text: string): string {
  return `“${text.length > QUOTED ? `${text.slice(0, QUOTED)}…` : text}”`
}

/** Returns `compute` with its results kept by input: agents, days and times of day repeat in a file. */
export function remembering<T, K = string>(compute: (input: K) => T): (input: K) => T {
  const known = new Map<K, T>()
  return (input) => {
    const before = known.get(input)
    if (before !== undefined) return before
    const value = compute(input)
    if (known.size < REMEMBERED) known.set(input, value)
    return value
  }
}

export function invalidMap(path: string, message: string): AppError<'INVALID'> {
  return new AppError('INVALID', `${message} Nothing was imported; correct the map.`, {
    issues: [{ path: `map.${path}`, message }],
  })
}

/** Every column a rule reads. */
export function columnsOf(rule: ImportFieldRule): readonly string[] {
  return rule.column === undefined ? (rule.columns ?? []) : [rule.column]
}

export function compileRule(field: ImportField, rule: ImportFieldRule, columns: readonly string[]): CellReader {
  const places = columnsOf(rule).map((name) => {
    const place = columns.indexOf(name)
    if (place < 0)
      throw invalidMap(`fields.${field}`, `The file has no column ${quote(name)}; it has ${columns.map(quote).join(', ')}.`)
    return place
  })
  const [place] = places
  if (place === undefined) {
    if (rule.constant === undefined)
      throw invalidMap(`fields.${field}`, `The rule for ${field} names neither a column nor a constant.`)
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
  const translate = remembering((text) => values.get(text.toLowerCase()) ?? rest ?? text)
  return (cells) => translate(read(cells))
}
