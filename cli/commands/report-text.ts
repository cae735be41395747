import { cellText, partsText, type Cell } from '../../core/reports/cells.ts'
import { tableFor, type ReportDocument, type ReportTable } from '../../core/reports/report-document.ts'
import { numberFormat } from '../../core/figures/number-format.ts'
import { record, table } from '../terminal/output.ts'

const format = numberFormat('en')
/** The hours of the week have 168 rows, too many for a terminal. */
const LEFT_OUT: ReadonlySet<ReportTable['key']> = new Set(['hours'])

function tableText(shown: ReportTable, document: ReportDocument): string {
  if (shown.none !== undefined) return `${shown.title}\n${shown.none}`
  const { title, columns, rows } = tableFor(shown, 'paper')
  const definitions = new Map(document.definitions.map(({ label, definition }) => [label, definition]))
  const isFigures = shown.key === 'figures'
  const valueAt = columns.findIndex(({ key }) => key === 'value')
  const text = (cell: Cell) => cellText(cell, format, document.zone)
  const header = columns.map(({ label }) => label)
  const lines = rows.map(({ cells }) => {
    const line = cells.map((cell) => {
      const parts = cell.kind === 'ratio' && valueAt < 0 ? partsText(cell, format) : ''
      return parts === '' ? text(cell) : `${text(cell)} (${parts})`
    })
    if (valueAt < 0) return line
    const value = cells[valueAt]
    const parts = value === undefined ? '' : partsText(value, format)
    const [label = ''] = line
    return [...line.toSpliced(valueAt + 1, 0, parts), ...(isFigures ? [definitions.get(label) ?? ''] : [])]
  })
  const head = valueAt < 0 ? header : [...header.toSpliced(valueAt + 1, 0, 'n / d'), ...(isFigures ? ['Definition'] : [])]
  return `${title}\n${table(head, lines)}${shown.note === undefined ? '' : `\n${shown.note}`}`
}

/** Returns a report as tables for a terminal. */
export function reportText(document: ReportDocument): string {
  const facts = document.facts.map(({ label, cell }) => [label, cellText(cell, format, document.zone)] as const)
  const tables = document.tables.filter(({ key, rows, none }) => !LEFT_OUT.has(key) && (rows.length > 0 || none !== undefined))
  return [record(facts), ...tables.map((each) => tableText(each, document))].join('\n\n')
}
