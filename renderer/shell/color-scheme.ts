import { isMantineColorScheme, localStorageColorSchemeManager } from '@mantine/core'
import type { MantineColorScheme, MantineColorSchemeManager } from '@mantine/core'
import { cookieText, cookieValue } from '../device/cookies.ts'

const KEY = 'propaganda-color-scheme'

/** Returns the chosen theme in a `document.cookie`; undefined if there is none. */
export function schemeFromCookie(cookie: string): MantineColorScheme | undefined {
  const value = cookieValue(cookie, KEY)
  return isMantineColorScheme(value) ? value : undefined
}

/**
 * Stores the chosen theme in a cookie and in the storage. The storage belongs to one origin, and the loopback shell's origin changes with
 * its port; a cookie is shared by all ports of 127.0.0.1. Under `app:` there are no cookies. The storage also notifies other tabs.
 */
export function colorSchemeManager(page: Pick<Document, 'cookie'>): MantineColorSchemeManager {
  const storage = localStorageColorSchemeManager({ key: KEY })
  return {
    ...storage,
    get: (otherwise) => schemeFromCookie(page.cookie) ?? storage.get(otherwise),
    set: (scheme) => {
      page.cookie = cookieText(KEY, scheme)
      storage.set(scheme)
    },
    clear: () => {
      page.cookie = cookieText(KEY, null)
      storage.clear()
    },
  }
}
