type KeyboardApi = { getLayoutMap: () => Promise<{ get: (code: string) => string | undefined }> }

let layout: { get: (code: string) => string | undefined } | undefined

/** Reads the character of each key without modifiers. Chromium provides it to secure pages; elsewhere `keyAlone` returns undefined. */
export function watchKeyboardLayout(target: Window): void {
  const keyboard = (target.navigator as Navigator & { readonly keyboard?: KeyboardApi }).keyboard
  const read = () => {
    keyboard?.getLayoutMap().then(
      (found) => (layout = found),
      // The browser refuses access, for example in a frame.
      () => {},
    )
  }
  read()
  // The layout may have been changed in the meantime.
  target.addEventListener('focus', read)
}

/** Returns the character that the key at this position of the keyboard types without modifiers. */
export const keyAlone = (code: string): string | undefined => layout?.get(code)
