type KeyboardApi = { getLayoutMap: () => Promise<{ get: (code: string) => string | undefined }> }

let layout: { get: (code: string) => string | undefined } | undefined

/** Reads which character each key types alone. Chromium provides this to secure pages; elsewhere `keyAlone` returns undefined. */
export function watchKeyboardLayout(target: Window): void {
  const keyboard = (target.navigator as Navigator & { readonly keyboard?: KeyboardApi }).keyboard
  const read = () => {
    keyboard?.getLayoutMap().then(
      (found) => (layout = found),
      // The browser refuses it, for example in a frame.
      () => {},
    )
  }
  read()
  // The layout may have been changed in the meantime.
  target.addEventListener('focus', read)
}

/** The character that the key at this place of the keyboard types alone. */
export const keyAlone = (code: string): string | undefined => layout?.get(code)
