import { session } from 'electron'
import type { Fetch } from '../app/sync/server-connection.ts'
import { denyPermissions } from './policy.ts'

/** What the server speaks. Files and the window's own scheme have no business on this way out. */
const PROTOCOLS: ReadonlySet<string> = new Set(['https:', 'http:'])

function isServerAddress(url: string): boolean {
  return URL.canParse(url) && PROTOCOLS.has(new URL(url).protocol)
}

/**
 * Fetches from the sync server in a session of its own: the default session's filter cancels everything that would leave the machine,
 * for the main process too. Like every session of Electron it honours the system's proxy and certificates. It has no window, so no page
 * can use it, and it is in memory only: no cache, no cookies, no permissions, no redirects.
 *
 * To be called when Electron is ready.
 */
export function syncFetch(): Fetch {
  const sync = session.fromPartition('sync', { cache: false })
  denyPermissions(sync)
  sync.webRequest.onBeforeRequest(({ url }, answer) => answer({ cancel: !isServerAddress(url) }))
  return async (url, init) => {
    // Electron asks no filter about files that the main process fetches.
    if (!isServerAddress(url)) throw new TypeError('The sync server is reached over http and https only')
    return sync.fetch(url, { ...init, credentials: 'omit', redirect: 'error' })
  }
}
