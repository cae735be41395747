import { session } from 'electron'
import type { Fetch } from '../app/sync/transport/server-transport.ts'
import { denyPermissions } from './policy.ts'

/** The server's protocols. Files and the window's own scheme are refused. */
const PROTOCOLS: ReadonlySet<string> = new Set(['https:', 'http:'])

function isServerAddress(url: string): boolean {
  return URL.canParse(url) && PROTOCOLS.has(new URL(url).protocol)
}

/**
 * Returns a fetch function for the sync server. It uses its own session, because the default session's filter cancels every request to the
 * network, including those of the main process. Like every session of Electron it uses the system's proxy and certificates. It has no
 * window, so no page can use it. It is only in memory: no cache, no cookies, no permissions, no redirects.
 *
 * Call it after Electron is ready.
 */
export function syncFetch(): Fetch {
  const sync = session.fromPartition('sync', { cache: false })
  denyPermissions(sync)
  sync.webRequest.onBeforeRequest(({ url }, answer) => answer({ cancel: !isServerAddress(url) }))
  return async (url, init) => {
    // Electron applies no filter to files that the main process fetches.
    if (!isServerAddress(url)) throw new TypeError('The sync server can be reached over http and https only')
    return sync.fetch(url, { ...init, credentials: 'omit', redirect: 'error' })
  }
}
