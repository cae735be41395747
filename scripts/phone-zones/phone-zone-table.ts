import { IANAZone } from 'luxon'
import { RENAMED_ZONES } from '../../core/time/renamed-zones.ts'

const HEAD = `/**
 * The time zones of phone numbers by the beginning of their E.164 form: a line for each set of zones, joined by \`&\`, followed by its prefixes.
 * A number has the zones of its longest prefix. The data is \`resources/timezones/map_data.txt\` of Google's libphonenumber (Apache License 2.0).
 * \`node scripts/commands/phone-zones.ts FILE\` writes this file from a newer one.
 */`

/**
 * Returns the text of the table. Prefixes with the same zones as a shorter one are left out, and so are zones that the runtime does not have.
 * @param source lines of a prefix and zones: "351|Atlantic/Azores&Europe/Lisbon"
 * @throws Error for another line
 */
export function phoneZoneTable(source: string): string {
  const zonesOf = new Map<string, string>()
  for (const line of source.split(/\r?\n/)) {
    if (line === '' || line.startsWith('#')) continue
    const [, prefix, zones] = /^(\d+)\|(\S+)$/.exec(line) ?? []
    if (prefix === undefined || zones === undefined) throw new Error(`Not a prefix with zones: ${line}`)
    const named = zones.split('&').map((zone) => RENAMED_ZONES[zone] ?? zone)
    const known = named.filter((zone) => IANAZone.isValidZone(zone)).toSorted()
    if (known.length > 0) zonesOf.set(prefix, known.join('&'))
  }
  const prefixes = Map.groupBy(
    [...zonesOf.keys()].filter((prefix) => zonesOf.get(prefix) !== zonesOfShorter(zonesOf, prefix)).toSorted(),
    (prefix) => zonesOf.get(prefix) ?? '',
  )
  const lines = [...prefixes].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([zones, all]) => `${zones} ${all.join(' ')}`)
  return `${HEAD}\nexport const PHONE_ZONES = \`\n${lines.join('\n')}\n\`\n`
}

function zonesOfShorter(zonesOf: ReadonlyMap<string, string>, prefix: string): string | undefined {
  for (let length = prefix.length - 1; length > 0; length--) {
    const zones = zonesOf.get(prefix.slice(0, length))
    if (zones !== undefined) return zones
  }
  return undefined
}
