import type { ImportField, ImportFieldRule } from '../../core/contract/imports.ts'
import { AppError } from '../../core/errors.ts'
import { sentence } from '../../core/messages/sentence.ts'
import { asValue, type Sentence } from '../../core/messages/text.ts'

export type RowIssue = Sentence & { readonly field: ImportField | null }
/** Returns the value that a rule gives for a row, trimmed; '' if there is none. */
export type CellReader = (cells: readonly string[]) => string

/** Most characters of a value that a message quotes. */
const QUOTED = 60
/** Most memoized results of a column. In a column with more different values, few of them repeat. */
const MAX_MEMOIZED = 50_000

/** Returns a value as messages quote it. */
export function shortened(value: string): string {
  return value.length > QUOTED ? `${value.slice(0, QUOTED)}…` : value
}

export function quote(value: string): string {
  return `“${shortened(value)}”`
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

export function invalidMapping(path: string, why: Sentence): AppError<'INVALID'> {
  const { message, text } = why
  return new AppError('INVALID', sentence('import.correct-mapping', { why: asValue(why) }), {
    issues: [{ path: `map.${path}`, message, text }],
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
      throw invalidMapping(
        `fields.${field}`,
        sentence('import.no-column', { column: shortened(name), columns: columns.map(quote).join(', ') }),
      )
    return place
  })
  const [place] = places
  if (place === undefined) {
    if (rule.constant === undefined) throw invalidMapping(`fields.${field}`, sentence('import.empty-rule', { field }))
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
