import { cookieText, cookieValue } from './cookies.ts'

/** The languages of the window, in their own words. */
export const LANGUAGES = { en: 'English', de: 'Deutsch' } as const
export type Language = keyof typeof LANGUAGES

const KEY = 'propaganda-language'

const isLanguage = (value: string | null | undefined): value is Language =>
  value !== null && value !== undefined && Object.hasOwn(LANGUAGES, value)

/** Where the choice is stored: see color-scheme.ts. A storage that the browser refuses throws when the property is read. */
type Page = Pick<Document, 'cookie'>
type Storage = Pick<globalThis.Storage, 'getItem' | 'setItem' | 'removeItem'>

/** Returns the language that was chosen on this device; null: that of the system. */
export function chosenLanguage(page: Page, storage: Storage | undefined): Language | null {
  const chosen = cookieValue(page.cookie, KEY) ?? storage?.getItem(KEY)
  return isLanguage(chosen) ? chosen : null
}

/** Stores the choice for the next load of the window. */
export function chooseLanguage(language: Language | null, page: Page, storage: Storage | undefined): void {
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

/** Returns undefined if the browser refuses access: reading the property throws then. */
export function deviceStorage(page: Pick<Window, 'localStorage'>): Storage | undefined {
  try {
    return page.localStorage
  } catch {
    return undefined
  }
}
