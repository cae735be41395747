import { i18n } from '@lingui/core'
import { t } from '@lingui/core/macro'
import type { DateWords } from '../../core/time/bucket-names.ts'

/** Returns the locale of the names of days and months. English dates are British: the day is before the month. */
export function dateLocale(): string {
  return i18n.locale === 'en' ? 'en-GB' : i18n.locale
}

/** Returns the language of dates. */
export function dateWords(): DateWords {
  return {
    locale: dateLocale(),
    day: t({ message: 'd', comment: 'A pattern of Luxon: 1' }),
    dayOfMonth: t({ message: 'd LLL', comment: 'A pattern of Luxon: 1 Dec' }),
    date: t({ message: 'd LLL yyyy', comment: 'A pattern of Luxon: 1 Dec 2026' }),
    weekdayAndDate: t({ message: 'ccc d LLL yyyy', comment: 'A pattern of Luxon: Tue 1 Dec 2026' }),
  }
}
