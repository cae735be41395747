import type { ColumnFate } from '../../core/contract/imports.ts'
import { COLUMN_COUNTS } from '../../core/import/column-counts.ts'
import { table } from '../output.ts'

/** A line for each column, and one for each example of values that did not fit or were cleaned. */
export function describeFates(fates: readonly ColumnFate[]): string {
  return table(
    ['Column', 'Fills', 'Read as', 'Values'],
    fates.flatMap((fate) => {
      const counts = COLUMN_COUNTS.flatMap(([key, label]) => (fate[key] === 0 ? [] : [`${fate[key]} ${label}`]))
      const examples = fate.examples.map(({ line, value, became, why }) => {
        const change = became === null || became === value ? '' : ` -> ${became}`
        return ['', '', '', `  line ${line}: ${value}${change} (${why})`]
      })
      const shown = fate.fields.length === 0 ? [] : examples
      const fills = fate.fields.length === 0 ? 'not used' : fate.fields.join(', ')
      return [[fate.column, fills, fate.readAs ?? '', counts.join(', ') || 'empty'], ...shown]
    }),
  )
}
