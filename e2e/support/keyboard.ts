import type { CDPSession, Page } from '@playwright/test'

/** Slows the page's main thread by this factor, as on a busy machine. */
const BUSY = 6

const HELD = { alt: 1, ctrl: 2, shift: 8 } as const

type Held = keyof typeof HELD

/** A key press: `key`, `code`, the Windows key code and the text that it types. */
type Key = { readonly key: string; readonly code: string; readonly windowsVirtualKeyCode: number; readonly text?: string }

const NAMED: Readonly<Record<string, Key>> = {
  Enter: { key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 13, text: '\r' },
  Tab: { key: 'Tab', code: 'Tab', windowsVirtualKeyCode: 9 },
  Escape: { key: 'Escape', code: 'Escape', windowsVirtualKeyCode: 27 },
  Backspace: { key: 'Backspace', code: 'Backspace', windowsVirtualKeyCode: 8 },
  ArrowDown: { key: 'ArrowDown', code: 'ArrowDown', windowsVirtualKeyCode: 40 },
  ' ': { key: ' ', code: 'Space', windowsVirtualKeyCode: 32, text: ' ' },
}

function keyOf(name: string): Key {
  const named = NAMED[name]
  if (named !== undefined) return named
  const place = name.toUpperCase()
  const code = /^\d$/.test(name) ? `Digit${name}` : /^[A-Z]$/.test(place) ? `Key${place}` : ''
  return { key: name, code, windowsVirtualKeyCode: code === '' ? 0 : place.charCodeAt(0), text: name }
}

/**
 * A keyboard that does not wait, like a person: key presses enter the browser's queue one after another, even if the page has not handled
 * the earlier ones. `page.keyboard` waits for the page after each key.
 */
export class Keyboard {
  readonly #cdp: CDPSession

  private constructor(cdp: CDPSession) {
    this.#cdp = cdp
  }

  static async of(page: Page): Promise<Keyboard> {
    return new Keyboard(await page.context().newCDPSession(page))
  }

  async busy(): Promise<void> {
    await this.#cdp.send('Emulation.setCPUThrottlingRate', { rate: BUSY })
  }

  async idle(): Promise<void> {
    await this.#cdp.send('Emulation.setCPUThrottlingRate', { rate: 1 })
  }

  /** Types characters, and presses the keys whose names are in angle brackets: `n`, `Jo Smith`, `<Tab>`, `<ctrl+Enter>`, `<alt+2>`. */
  async rush(keys: string): Promise<void> {
    const sent: Promise<void>[] = []
    for (const [, chord, character] of keys.matchAll(/<([^<>]+)>|([^<])/g)) {
      const parts = chord === undefined ? [character ?? ''] : chord.split('+')
      const held = parts.slice(0, -1) as Held[]
      sent.push(this.press(keyOf(parts.at(-1) ?? ''), held))
    }
    await Promise.all(sent)
  }

  /** Holds a key down for `repeats` repetitions. */
  async hold(name: string, repeats: number): Promise<void> {
    const key = keyOf(name)
    const sent = [this.#down(key, 0)]
    for (let n = 0; n < repeats; n++) sent.push(this.#down(key, 0, true))
    sent.push(this.#send('keyUp', key, 0))
    await Promise.all(sent)
  }

  async press(key: Key, held: readonly Held[] = []): Promise<void> {
    const modifiers = held.reduce((sum, name) => sum | HELD[name], 0)
    await Promise.all([this.#down(key, modifiers), this.#send('keyUp', key, modifiers)])
  }

  /** Presses a key that types a character although Alt is held down, like Option on a Mac. */
  async pressTyping(key: Key & { readonly text: string }): Promise<void> {
    await this.#send('keyDown', key, HELD.alt, { text: key.text })
    await this.#send('keyUp', key, HELD.alt)
  }

  /** Sets the text that an input method is composing. */
  async compose(text: string): Promise<void> {
    await this.#cdp.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length })
  }

  async commit(text: string): Promise<void> {
    await this.#cdp.send('Input.insertText', { text })
  }

  async #down(key: Key, modifiers: number, autoRepeat = false): Promise<void> {
    // Keys that are pressed together with Ctrl or Alt type nothing.
    const types = key.text !== undefined && (modifiers & (HELD.ctrl | HELD.alt)) === 0
    await this.#send(types ? 'keyDown' : 'rawKeyDown', key, modifiers, { autoRepeat, ...(types && { text: key.text }) })
  }

  async #send(
    type: 'keyDown' | 'rawKeyDown' | 'keyUp',
    { key, code, windowsVirtualKeyCode }: Key,
    modifiers: number,
    more: { readonly autoRepeat?: boolean; readonly text?: string } = {},
  ): Promise<void> {
    await this.#cdp.send('Input.dispatchKeyEvent', { type, key, code, windowsVirtualKeyCode, modifiers, ...more })
  }
}
