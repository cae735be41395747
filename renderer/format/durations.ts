/** Returns a duration as `m:ss`, from one hour on as `h:mm:ss`. @param seconds whole, ≥ 0. */
export function formatDuration(seconds: number): string {
  const two = (n: number) => String(n).padStart(2, '0')
  const hours = Math.floor(seconds / 3600)
  const minutes = Math.floor((seconds % 3600) / 60)
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`
}

/** Returns the sum of many durations; from one hour on in hours and minutes. @param seconds whole, ≥ 0. */
export function formatTotalDuration(seconds: number): string {
  if (seconds < 3600) return formatDuration(seconds)
  const minutes = Math.round(seconds / 60)
  return `${Math.floor(minutes / 60).toLocaleString('en')} h ${minutes % 60} min`
}

const AGE_UNITS = [
  { ms: 86_400_000, one: 'day' },
  { ms: 3_600_000, one: 'hour' },
  { ms: 60_000, one: 'minute' },
] as const

/** Returns a time that has passed in its largest unit: "12 days", "1 hour". @param ms ≥ 0. */
export function formatAge(ms: number): string {
  const unit = AGE_UNITS.find((each) => ms >= each.ms)
  if (unit === undefined) return 'less than a minute'
  const count = Math.floor(ms / unit.ms)
  return `${count.toLocaleString('en')} ${unit.one}${count === 1 ? '' : 's'}`
}

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
