import type { ColumnUsage } from '../../core/contract/imports.ts'
import { COLUMN_COUNTS } from '../../core/import/column-counts.ts'
import { table } from '../terminal/output.ts'

/** Returns a table with a line per column, and a line per example of values that did not fit or were cleaned. */
export function describeUsages(usages: readonly ColumnUsage[]): string {
  return table(
    ['Column', 'Fills', 'Read as', 'Values'],
    usages.flatMap((usage) => {
      const counts = COLUMN_COUNTS.flatMap(([key, label]) => (usage[key] === 0 ? [] : [`${usage[key]} ${label}`]))
      const examples = usage.examples.map(({ line, value, became, why }) => {
        const change = became === null || became === value ? '' : ` -> ${became}`
        return ['', '', '', `  line ${line}: ${value}${change} (${why.message})`]
      })
      const shown = usage.fields.length === 0 ? [] : examples
      const fills = usage.fields.length === 0 ? 'not used' : usage.fields.join(', ')
      return [
        [usage.column, fills, usage.readAs.map(({ message }) => message).join(', '), counts.join(', ') || 'empty'],
        ...shown,
      ]
    }),
  )
}
