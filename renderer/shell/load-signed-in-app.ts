import type { ComponentType } from 'react'
import { tabStorage } from '../device/storage.ts'

const KEY = 'propaganda-signed-in'

/** Loads the rest of the window and the page at the address. */
export async function loadSignedInApp(): Promise<{ default: ComponentType }> {
  const { SignedInApp, preloadPage } = await import('./signed-in-app.tsx')
  preloadPage(window.location.hash)
  return { default: SignedInApp }
}

/** Loads the rest of the window early. A failure is shown when the window needs it. */
export function preloadSignedInApp(): void {
  void loadSignedInApp().catch(() => {})
}

/** Keeps whether a person is signed in, for the next load of this tab. */
export function rememberSignedIn(isSignedIn: boolean): void {
  if (isSignedIn) tabStorage(window)?.setItem(KEY, '1')
  else tabStorage(window)?.removeItem(KEY)
}

/** Whether a person was signed in when this tab was last loaded. Probably they still are, so the code is loaded before the application answers. */
export function wasSignedIn(): boolean {
  return tabStorage(window)?.getItem(KEY) === '1'
}
