import { cellUnit, cellValue, type Cell as ReportCell } from '../../core/reports/cells.ts'
import {
  rowCount,
  tableFor,
  type ReportColumn,
  type ReportDocument,
  type ReportTable,
} from '../../core/reports/report-document.ts'
import type { Cell, ColumnKind, SheetColumn, SheetWriter } from '../../platform/sheets/sheet.ts'

const DAY = 86_400_000

/** A column of a file that shows one part of the cells of a column of the document. */
type FileColumn = SheetColumn & { readonly valueOf: (cell: ReportCell) => Cell }

/** The units of a column of the document. A column of several units becomes a column for each, so that every column has one type. */
type Unit = 'text' | 'calls' | 'average' | 'rate' | 'seconds' | 'days' | 'change' | 'time'

const UNIT_OF: Readonly<Record<ReportCell['kind'], Unit>> = {
  text: 'text',
  count: 'calls',
  average: 'average',
  ratio: 'rate',
  share: 'rate',
  duration: 'seconds',
  mean: 'seconds',
  age: 'days',
  change: 'change',
  instant: 'time',
}
const KIND_OF: Readonly<Record<Unit, ColumnKind>> = {
  text: 'text',
  calls: 'integer',
  average: 'number',
  rate: 'percent',
  seconds: 'number',
  days: 'number',
  change: 'percent',
  time: 'time',
}
/** Units that are part of the header even if the column has only one unit. */
const NAMED: ReadonlySet<Unit> = new Set(['seconds', 'days'])

function numberOf(cell: ReportCell): number | null {
  if (cell.kind === 'text') return null
  if (cell.kind === 'change') return cell.change === null || cell.change.kind === 'new' ? null : cell.change.value
  return cell.kind === 'age' && cell.value !== null ? cell.value / DAY : cell.value
}

const isQuotient = (cell: ReportCell) => cell.kind === 'ratio' || cell.kind === 'mean'

function columnsOf({ label }: ReportColumn, cells: readonly ReportCell[]): readonly FileColumn[] {
  // An empty text in a column of numbers is an empty cell.
  const filled = cells.filter((cell) => cell.kind !== 'text' || cell.text !== '')
  const units = [...new Set(filled.map(({ kind }) => UNIT_OF[kind]))]
  const columns = (units.length === 0 ? (['text'] as const) : units).map((unit): FileColumn => {
    const header = units.length > 1 || NAMED.has(unit) ? `${label} (${unit})` : label
    if (unit === 'text')
      return { header, kind: 'text', valueOf: (cell) => (cell.kind === 'text' && cell.text !== '' ? cell.text : null) }
    return { header, kind: KIND_OF[unit], valueOf: (cell) => (UNIT_OF[cell.kind] === unit ? numberOf(cell) : null) }
  })
  const more: FileColumn[] = []
  if (filled.some(isQuotient))
    for (const part of ['n', 'd'] as const)
      more.push({
        header: `${label} ${part}`,
        kind: 'integer',
        valueOf: (cell) => (cell.kind === 'ratio' || cell.kind === 'mean' ? cell[part] : null),
      })
  if (units.includes('change'))
    more.push({
      header: `${label} in`,
      kind: 'text',
      valueOf: (cell) => (cell.kind === 'change' ? (cell.change?.kind ?? null) : null),
    })
  return [...columns, ...more]
}

/** Writes a table as a sheet with one type per column. Quotients have separate columns for numerator and denominator. */
export function writeTable(table: ReportTable, writer: SheetWriter): number {
  const { title, columns, rows } = tableFor(table, 'file')
  const places = columns.flatMap((column, index) =>
    columnsOf(
      column,
      rows.flatMap(({ cells }) => cells[index] ?? []),
    ).map((place) => ({ ...place, index })),
  )
  writer.beginSheet(title, places)
  for (const { cells } of rows)
    writer.addRow(
      places.map(({ index, valueOf }) => {
        const cell = cells[index]
        return cell === undefined ? null : valueOf(cell)
      }),
    )
  return rows.length
}

const TEXT = (header: string, width: number): SheetColumn => ({ header, kind: 'text', width })

/** Writes the report as a workbook: its facts, a sheet for each table, and the definitions. Returns the number of rows of the tables. */
export function writeWorkbook(document: ReportDocument, writer: SheetWriter): number {
  writer.beginSheet(document.title, [TEXT(document.title, 20), TEXT(document.client, 50), { header: 'Time', kind: 'time' }])
  for (const { label, cell } of document.facts)
    writer.addRow(cell.kind === 'instant' ? [label, null, cell.value] : [label, cellValue(cell, document.zone), null])
  for (const table of document.tables) writeTable(table, writer)
  writer.beginSheet('Definitions', [TEXT('Metric', 20), TEXT('Definition', 90)])
  for (const { label, definition } of document.definitions) writer.addRow([label, definition])
  return rowCount(document)
}

const LONG_COLUMNS: readonly SheetColumn[] = [
  { header: 'section', kind: 'text' },
  { header: 'key', kind: 'text' },
  { header: 'row', kind: 'text' },
  { header: 'column', kind: 'text' },
  { header: 'unit', kind: 'text' },
  { header: 'value', kind: 'number' },
  { header: 'n', kind: 'number' },
  { header: 'd', kind: 'number' },
]

/**
 * Writes the report as one table with a line for each value, so that a program needs no layout. A value is a number with all its digits, or a
 * text; a value that does not exist is empty. Returns the number of rows of the tables.
 */
export function writeLong(document: ReportDocument, writer: SheetWriter): number {
  const { zone } = document
  writer.beginSheet(document.title, LONG_COLUMNS)
  for (const { key, label, cell } of document.facts)
    writer.addRow(['report', key, label, 'value', cellUnit(cell), cellValue(cell, zone), null, null])
  for (const { key: section, columns, rows } of document.tables)
    for (const { key, cells } of rows) {
      const names = cells.flatMap((cell, index) => (cell.kind === 'text' && columns[index]?.only !== 'file' ? [cell.text] : []))
      const row = section === 'hours' ? names.slice(0, 2).join(' ') : (names[0] ?? '')
      for (const [index, cell] of cells.entries()) {
        const column = columns[index]
        if (column === undefined || cell.kind === 'text') continue
        const [n, d] = cell.kind === 'ratio' || cell.kind === 'mean' ? [cell.n, cell.d] : [null, null]
        writer.addRow([section, key, row, column.key, cellUnit(cell), cellValue(cell, zone), n, d])
      }
    }
  return rowCount(document)
}
