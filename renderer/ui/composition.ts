/** The key code of keys that an input method handles. */
const HANDLED_BY_INPUT_METHOD = 229

/**
 * Keeps keys from the window's shortcuts, lists and forms while an input method composes text. Enter accepts a candidate there, Escape
 * discards it, and arrows move between candidates. It must be called before any other listener is added.
 */
export function leaveKeysToInputMethods(target: Window): void {
  const keep = (event: KeyboardEvent) => {
    if (!event.isComposing && event.keyCode !== HANDLED_BY_INPUT_METHOD) return
    event.stopImmediatePropagation()
    // Without this Enter submits the form.
    if (event.key === 'Enter') event.preventDefault()
  }
  target.addEventListener('keydown', keep, { capture: true })
}
