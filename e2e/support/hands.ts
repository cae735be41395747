import type { Page } from '@playwright/test'

/** A person's keystrokes: each key press counts as one, also a character and a key that is held together with Ctrl or Alt. */
export class Hands {
  readonly #page: Page
  readonly #pause: (key: string) => number
  #keys = 0
  #typed = 0

  /** @param pause ms that the person needs for a key; default: none */
  constructor(page: Page, pause: (key: string) => number = () => 0) {
    this.#page = page
    this.#pause = pause
  }

  /** The keystrokes until now. */
  get keystrokes(): number {
    return this.#keys + this.#typed
  }

  /** The keystrokes without the texts that only this person can know, such as a new name. */
  get beyondTyped(): number {
    return this.#keys
  }

  /** Presses keys, such as `Alt+n` and `Enter`. */
  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      await this.#page.waitForTimeout(this.#pause(key))
      await this.#page.keyboard.press(key)
      this.#keys += 1
    }
  }

  /** Types a text that counts as keystrokes of the flow, such as the beginning of a name. */
  async key(text: string): Promise<void> {
    for (const character of text) await this.press(character)
  }

  /** Types a text that only the person knows. */
  async type(text: string): Promise<void> {
    for (const character of text) {
      await this.#page.waitForTimeout(this.#pause(character))
      await this.#page.keyboard.type(character)
      this.#typed += 1
    }
  }
}

/** Counts pointer presses in the page from now on. Returns a function that reads the count. */
export async function watchMouse(page: Page): Promise<() => Promise<number>> {
  await page.evaluate(() => {
    document.documentElement.dataset['presses'] = '0'
    window.addEventListener(
      'pointerdown',
      () => {
        const { dataset } = document.documentElement
        dataset['presses'] = String(Number(dataset['presses']) + 1)
      },
      { capture: true },
    )
  })
  return async () => Number(await page.locator('html').getAttribute('data-presses'))
}
