const CLOCK = /^(?:(\d{1,4}):)?(\d{1,5}):([0-5]\d)(?:[.,]\d+)?$/
const SECONDS = /^\d{1,9}(?:[.,]\d+)?$/
const UNITS = /^(?:(\d+)\s*h(?:ours?|rs?)?)?[\s,]*(?:(\d+)\s*m(?:in(?:utes?|s)?)?)?[\s,]*(?:(\d+)\s*s(?:ec(?:onds?|s)?)?)?\.?$/i

/**
 * A duration as people and phone systems write it, in whole seconds: `143`, `2:23` (minutes and seconds), `0:02:23`, `2m 23s`.
 * Two numbers with a colon are minutes and seconds, never hours and minutes. Undefined for anything else.
 */
export function parseDuration(text: string): number | undefined {
  const trimmed = text.trim()
  if (trimmed === '') return undefined
  if (SECONDS.test(trimmed)) return Math.round(Number(trimmed.replace(',', '.')))
  const clock = CLOCK.exec(trimmed)
  if (clock !== null) {
    const [, hours, minutes, seconds] = clock
    if (hours !== undefined && Number(minutes) > 59) return undefined
    return Number(hours ?? 0) * 3_600 + Number(minutes) * 60 + Number(seconds)
  }
  const units = UNITS.exec(trimmed)
  if (units === null || (units[1] ?? units[2] ?? units[3]) === undefined) return undefined
  return Number(units[1] ?? 0) * 3_600 + Number(units[2] ?? 0) * 60 + Number(units[3] ?? 0)
}
