import { RENAMED_ZONES } from '../../core/time/renamed-zones.ts'
import { foldText } from './match-typed.ts'

/** Characters that separate words: all except letters and digits. */
function words(text: string): string[] {
  return foldText(text).match(/[\p{L}\p{N}]+/gu) ?? []
}

const namesOf = (zone: string) => [zone, ...Object.keys(RENAMED_ZONES).filter((old) => RENAMED_ZONES[old] === zone)]

/** Returns the names of a zone as one text, with and without spaces, because people also type "newyork". */
function searchedText(zone: string): string {
  const texts = namesOf(zone).map((name) => words(name))
  return texts.flatMap((each) => [each.join(' '), each.join('')]).join('\n')
}

/** Returns the zones whose present or old names contain all typed words. Zones with words that begin with the typed ones come first. */
export function findTimeZones(zones: readonly string[], typed: string): string[] {
  const wanted = words(typed)
  const found = zones.filter((zone) => {
    const text = searchedText(zone)
    return wanted.every((word) => text.includes(word))
  })
  const begins = (zone: string) => {
    const begun = namesOf(zone).flatMap((name) => words(name))
    return wanted.every((word) => begun.some((each) => each.startsWith(word)))
  }
  const { true: first = [], false: others = [] } = Object.groupBy(found, (zone) => String(begins(zone)) as 'true' | 'false')
  return [...first, ...others]
}
