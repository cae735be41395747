import type { Change } from '../../core/metrics/change.ts'

const number = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1, signDisplay: 'exceptZero' })

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0, signDisplay: 'exceptZero' })
const minus = (text: string) => text.replace('-', '−')

/** @param value share: 0.01 is one percentage point. */
export const signedPoints = (value: number) => `${minus(number.format(100 * value))} points`
export const signedCount = (value: number) => minus(whole.format(value))

/** Returns a change as text: "+12.5 %", "−3.1 points", "new". */
export function changeText(change: NonNullable<Change>): string {
  if (change.kind === 'new') return 'new'
  return change.kind === 'points' ? signedPoints(change.value) : `${minus(number.format(100 * change.value))} %`
}
