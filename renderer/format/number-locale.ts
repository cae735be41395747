import { plural, t } from '@lingui/core/macro'
import { numberFormat, type AgeUnit, type NumberWords } from '../../core/figures/number-format.ts'
import { deviceStorage } from '../device/storage.ts'
import { chosenLanguage, regionalTag } from '../texts/language.ts'

/** Returns the system's region, or if the person chose another language, that language. Without a window, as in unit tests, it is English. */
function numberLocale(): string {
  if (typeof document === 'undefined') return 'en'
  const chosen = chosenLanguage(document, deviceStorage(globalThis))
  return chosen === null ? navigator.language : regionalTag(chosen, [navigator.language, ...navigator.languages])
}

export const NUMBER_LOCALE = numberLocale()

const AGES: Readonly<Record<AgeUnit, (n: number) => string>> = {
  day: (n) => t`${plural(n, { one: '# day', other: '# days' })}`,
  hour: (n) => t`${plural(n, { one: '# hour', other: '# hours' })}`,
  minute: (n) => t`${plural(n, { one: '# minute', other: '# minutes' })}`,
}

const WORDS: NumberWords = {
  points: (shown) => t`${shown} points`,
  isNew: () => t({ message: 'new', context: 'The figure was 0 before' }),
  hoursAndMinutes: (hours, minutes) => t`${hours} h ${minutes} min`,
  age: (unit, n) => AGES[unit](n),
  lessThanAMinute: () => t`less than a minute`,
}

/** Numbers in the language of the window. */
export const numbers = numberFormat(NUMBER_LOCALE, WORDS)
