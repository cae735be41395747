import { i18n } from '@lingui/core'
import { messages as english } from './en.po'
import { regionalTag, type Language } from './language.ts'

/** Returns the texts of a language. Its names of days and months for calendars are loaded too. */
async function messagesOf(language: Language) {
  if (language === 'en') return english
  const [texts] = await Promise.all([import('./de.po'), import('dayjs/locale/de')])
  return texts.messages
}

/** Loads the texts of a language. Numbers in them have the format of the system's region. @param languages BCP 47 tags, as of `navigator` */
export async function activateLanguage(language: Language, languages: readonly string[]): Promise<void> {
  const messages = await messagesOf(language)
  i18n.loadAndActivate({ locale: language, locales: regionalTag(language, languages), messages })
}
