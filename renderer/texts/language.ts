import { i18n } from '@lingui/core'
import { cookieText, cookieValue } from '../device/cookies.ts'
import type { DeviceStorage } from '../device/storage.ts'
import { messages as english } from './en.po'

/** The languages of the window, in their own words. */
export const LANGUAGES = { en: 'English', de: 'Deutsch' } as const
export type Language = keyof typeof LANGUAGES

const KEY = 'propaganda-language'

const isLanguage = (value: string | null | undefined): value is Language =>
  value !== null && value !== undefined && Object.hasOwn(LANGUAGES, value)

/** The choice is stored in a cookie and in the storage, for the reasons in `shell/color-scheme.ts`. */
type Page = Pick<Document, 'cookie'>

/** Returns the language that was chosen on this device; null: that of the system. */
export function chosenLanguage(page: Page, storage: DeviceStorage | undefined): Language | null {
  const chosen = cookieValue(page.cookie, KEY) ?? storage?.getItem(KEY)
  return isLanguage(chosen) ? chosen : null
}

/** Stores the choice for the next load of the window. */
export function chooseLanguage(language: Language | null, page: Page, storage: DeviceStorage | undefined): void {
  page.cookie = cookieText(KEY, language)
  if (language === null) storage?.removeItem(KEY)
  else storage?.setItem(KEY, language)
}

/** Returns the first language of the system that the window has; English if it has none. @param languages BCP 47 tags, as of `navigator` */
export function systemLanguage(languages: readonly string[]): Language {
  return languages.map((tag) => tag.split('-')[0]?.toLowerCase()).find(isLanguage) ?? 'en'
}

/** Returns the tag of the system for a language, which also has its region: `de-CH` for `de`. Without one, returns the language. */
export function regionalTag(language: Language, languages: readonly string[]): string {
  return languages.find((tag) => tag.split('-')[0]?.toLowerCase() === language) ?? language
}

/**
 * Loads the texts of a language, also of calendars. Numbers have the format of the system's region.
 * @param languages of the system, as of `navigator`
 */
export async function activateLanguage(language: Language, languages: readonly string[] = []): Promise<void> {
  const locales = regionalTag(language, languages)
  if (language === 'en') return i18n.loadAndActivate({ locale: language, locales, messages: english })
  const [window, application] = await Promise.all([
    import('./de.po'),
    import('../../core/messages/texts/de.po'),
    import('dayjs/locale/de.js'),
  ])
  i18n.loadAndActivate({ locale: language, locales, messages: { ...window.messages, ...application.messages } })
}

/** Sends the language to the shell of the desktop, which has a menu, dialogs and notifications. A browser has no such shell. */
export function reportLanguage(language: Language, host: Pick<Window, 'location' | 'postMessage'>): void {
  if (host.location.protocol === 'app:') host.postMessage({ type: 'propaganda:language', language }, host.location.origin)
}
