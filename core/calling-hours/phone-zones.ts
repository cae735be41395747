import { PHONE_ZONES } from './phone-zone-table.ts'

let table: ReadonlyMap<string, readonly string[]> | undefined

/** Reads the table at the first use, so that a process that never needs it starts faster. */
function zonesByPrefix(): ReadonlyMap<string, readonly string[]> {
  table ??= new Map(
    PHONE_ZONES.trim()
      .split('\n')
      .flatMap((line) => {
        const [zones = '', ...prefixes] = line.split(' ')
        const list = zones.split('&')
        return prefixes.map((prefix) => [prefix, list] as const)
      }),
  )
  return table
}

/**
 * Returns the IANA time zones in which a phone number may be, by its longest known beginning; none if they are unknown. A mobile number may be
 * in each zone of its country.
 * @param e164 for example "+351212345678"; null: unknown
 */
export function zonesOfPhone(e164: string | null): readonly string[] {
  if (e164 === null) return []
  const zones = zonesByPrefix()
  for (let length = e164.length; length > 1; length--) {
    const found = zones.get(e164.slice(1, length))
    if (found !== undefined) return found
  }
  return []
}
