import { numbers } from './number-locale.ts'

export { formatDuration } from '../../core/figures/number-format.ts'
export const { totalDuration: formatTotalDuration, age: formatAge } = numbers

/**
 * Parses a typed duration: `4:05`, `1:02:03`, plain seconds `245`, or `4m 5s`. Minutes and seconds after the first colon are at most 59.
 * @returns whole seconds; null for an empty text; undefined for any other text.
 */
export function parseDuration(text: string): number | null | undefined {
  const typed = text.trim().toLowerCase()
  if (typed === '') return null
  if (/^\d{1,6}$/.test(typed)) return Number(typed)
  const clock = /^(?:(\d{1,3}):)?(\d{1,3}):(\d{1,2})$/.exec(typed)
  if (clock) {
    const [, hours, minutes, seconds] = clock
    if (Number(seconds) > 59 || (hours !== undefined && Number(minutes) > 59)) return undefined
    return Number(hours ?? 0) * 3600 + Number(minutes) * 60 + Number(seconds)
  }
  const units = /^(?:(\d{1,3})\s*h)?\s*(?:(\d{1,4})\s*m(?:in)?)?\s*(?:(\d{1,5})\s*s)?$/.exec(typed)
  if (!units) return undefined
  return Number(units[1] ?? 0) * 3600 + Number(units[2] ?? 0) * 60 + Number(units[3] ?? 0)
}
