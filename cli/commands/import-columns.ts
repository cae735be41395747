import type { ColumnFate } from '../../core/contract/imports.ts'
import { table } from '../output.ts'

const COUNTS = [
  ['used', 'used'],
  ['cleaned', 'cleaned'],
  ['doubted', 'doubtful'],
  ['leftOut', 'left out'],
  ['refused', 'in refused rows'],
] as const

/** A line for each column, and one for each example of values that did not fit or were cleaned. */
export function describeFates(fates: readonly ColumnFate[]): string {
  return table(
    ['Column', 'Fills', 'Read as', 'Values'],
    fates.flatMap((fate) => {
      const counts = COUNTS.flatMap(([key, label]) => (fate[key] === 0 ? [] : [`${fate[key]} ${label}`]))
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
