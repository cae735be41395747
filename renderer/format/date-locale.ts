import { i18n } from '@lingui/core'
import type { DateWords } from '../../core/time/bucket-names.ts'
import type { Language } from '../texts/language.ts'

const DATES: Readonly<Record<Language, DateWords>> = {
  // British: the day is before the month.
  en: { locale: 'en-GB', dayOfMonth: 'd' },
  de: { locale: 'de', dayOfMonth: 'd.' },
}

/** Returns the language of the names of days and months. */
export function dateWords(): DateWords {
  return i18n.locale === 'de' ? DATES.de : DATES.en
}
