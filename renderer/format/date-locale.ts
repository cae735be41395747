import { i18n } from '@lingui/core'

/** Returns the locale of the names of days and months. English dates are British: the day is before the month. */
export function dateLocale(): string {
  return i18n.locale === 'en' ? 'en-GB' : i18n.locale
}
