import type { Change } from '../../core/metrics/change.ts'

const number = new Intl.NumberFormat('en', { maximumFractionDigits: 1, signDisplay: 'exceptZero' })

/** Returns a change as text: "+12.5 %", "−3.1 points", "new". */
export function changeText(change: NonNullable<Change>): string {
  if (change.kind === 'new') return 'new'
  const value = number.format(100 * change.value).replace('-', '−')
  return change.kind === 'points' ? `${value} points` : `${value} %`
}
