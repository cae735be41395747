/** A longer cell is text. The patterns below take hours on a megabyte of digits. */
const MAX_KIND_LENGTH = 500
/** Share of the filled cells of a column that must be of one kind. */
const SAME_KIND = 0.8
/** Share of the rows in which a column must be filled to count as always filled. */
const ALWAYS_FILLED = 0.95
/** Most rows from which the kinds of the columns are found. */
const JUDGED_ROWS = 500

export type CellKind = 'empty' | 'number' | 'date' | 'address' | 'text'

export function kindOf(cell: string): CellKind {
  const text = cell.trim()
  if (text === '') return 'empty'
  if (text.length > MAX_KIND_LENGTH) return 'text'
  if (text.includes('@') && /^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(text)) return 'address'
  if (!/^[\d+(.,-]/.test(text)) return 'text'
  if (/^[+-]?[\d.,\s]*\d[\d.,\s]*%?$/.test(text)) return 'number'
  if (
    /^\d[\d:./\s-]*\d$/.test(text) ||
    /^\d{4}-\d\d-\d\dT/.test(text) ||
    /^\d{1,2}[-. ]\p{L}{3,9}\.?[-. ]\d{2,4}/u.test(text) ||
    /^[+(\d][\d\s()./-]{5,}$/.test(text)
  )
    return 'date'
  return 'text'
}

/** A column by which a row is recognised. Numbers and dates are one kind: dates and telephone numbers have both forms. */
export type ColumnKind = { readonly index: number; readonly kind: 'figure' | 'address'; readonly isAlwaysFilled: boolean }

function columnKindOf(cell: string): ColumnKind['kind'] | 'empty' | 'text' {
  const kind = kindOf(cell)
  return kind === 'number' || kind === 'date' ? 'figure' : kind
}

/** Returns the columns whose cells are numbers, dates or addresses. A single row gives none. */
export function columnKinds(rows: readonly (readonly string[])[], width: number): ColumnKind[] {
  const judged = rows.filter((cells) => cells.length > 1).slice(0, JUDGED_ROWS)
  const found: ColumnKind[] = []
  for (let index = 0; index < width; index++) {
    const kinds = judged.map((cells) => columnKindOf(cells[index] ?? '')).filter((kind) => kind !== 'empty')
    const isAlwaysFilled = kinds.length >= judged.length * ALWAYS_FILLED
    for (const kind of ['figure', 'address'] as const) {
      const count = kinds.filter((other) => other === kind).length
      if (count > 1 && count >= kinds.length * SAME_KIND) found.push({ index, kind, isAlwaysFilled })
    }
  }
  return found
}

/**
 * How a line fits the rows of a table.
 * - `row`: it is like a row, or like a row without its last value.
 * - `start`: its cells are like the first cells of a row. Prose can fit this way: a postal code and a town are like a number and a name.
 */
export type RowFit = 'row' | 'start' | 'none'

const isFilled = (cell: string | undefined) => cell !== undefined && cell.trim() !== ''

/** Compares the cells of a line with the columns of known kind or, without such columns, with the width of the rows. */
export function fitOf(cells: readonly string[], width: number, kinds: readonly ColumnKind[]): RowFit {
  if (cells.length < 2) return 'none'
  if (kinds.length === 0) return cells.length === width && cells.filter(isFilled).length > 1 ? 'row' : 'none'
  let filled = 0
  let isComplete = cells.length >= width - 1
  for (const { index, kind, isAlwaysFilled } of kinds) {
    // A stray mark at a value does not change the kind of the value.
    const found = columnKindOf((cells[index] ?? '').replaceAll('"', ''))
    if (found === 'empty') isComplete &&= !isAlwaysFilled
    else if (found === kind) filled++
    else return 'none'
  }
  if (filled === 0) return 'none'
  return isComplete ? 'row' : 'start'
}
