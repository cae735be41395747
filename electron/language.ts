import { setupI18n } from '@lingui/core'
import { readFileSync } from 'node:fs'
import { messages as german } from '../core/messages/texts/de.po'
import { sentence, type MessageId } from '../core/messages/sentence.ts'
import { sentenceIn, type Sentence } from '../core/messages/text.ts'
import { writeAtomicFile } from '../platform/files/atomic-file.ts'

/** The messages by language. English has none, because every sentence contains its English. */
const MESSAGES = { en: {}, de: german } as const
type Language = keyof typeof MESSAGES

const isLanguage = (value: unknown): value is Language => typeof value === 'string' && Object.hasOwn(MESSAGES, value)

/** The language of the menu, the dialogs and the notifications: that of the window, which reports it when it loads. */
export class ShellLanguage {
  readonly #path: string
  readonly #i18n = setupI18n()
  #language: Language

  /**
   * @param path the file with the language that the window reported last
   * @param system the language of the system, for a first start; BCP 47
   */
  constructor(path: string, system: string) {
    this.#path = path
    const [first] = system.split('-')
    this.#language = storedLanguage(path) ?? (isLanguage(first) ? first : 'en')
    this.#activate()
  }

  /** Takes the language of the window. Returns whether it is another one than before. @param language as the window sent it, unchecked */
  use(language: unknown): boolean {
    if (!isLanguage(language) || language === this.#language) return false
    this.#language = language
    this.#activate()
    try {
      writeAtomicFile(this.#path, language)
    } catch {
      // The next window reports its language again.
    }
    return true
  }

  textOf(of: Sentence): string {
    return sentenceIn(of, this.#i18n)
  }

  #activate(): void {
    const locale = this.#language
    this.#i18n.loadAndActivate({ locale, messages: MESSAGES[locale] })
  }
}

function storedLanguage(path: string): Language | undefined {
  try {
    const stored = readFileSync(path, 'utf8')
    return isLanguage(stored) ? stored : undefined
  } catch {
    return undefined
  }
}

/** The texts of the menu. */
export type MenuText = Extract<MessageId, `menu.${string}`>

/** Returns the text of a menu item. */
export type MenuLabels = (id: MenuText) => string

/** @param product the name of the product, which some items contain */
export function menuLabels(language: ShellLanguage, product: string): MenuLabels {
  return (id) =>
    language.textOf(
      id === 'menu.about' || id === 'menu.hide' || id === 'menu.quit-product' ? sentence(id, { product }) : sentence(id),
    )
}
