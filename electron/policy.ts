import { shell, type App, type Session, type WebContents } from 'electron'
import { DOWNLOAD_PATH } from '../app/export/download-path.ts'
import { isContactLink } from '../core/text/contact-link.ts'
import { APP_ORIGIN, isAppUrl } from './app-protocol.ts'

/** Hosts that a link may open in the person's browser. */
export type ExternalHosts = readonly string[]

/** Returns whether a link may open in the browser: https, a listed host, no password and no other port. */
export function mayOpenOutside(url: string, hosts: ExternalHosts): boolean {
  const parsed = URL.parse(url)
  if (parsed === null || parsed.protocol !== 'https:' || parsed.port !== '') return false
  return parsed.username === '' && parsed.password === '' && hosts.includes(parsed.hostname)
}

/** Refuses every permission and device, and prevents the spell checker from downloading dictionaries. */
export function denyPermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false))
  session.setPermissionCheckHandler(() => false)
  session.setDevicePermissionHandler(() => false)
  session.setDisplayMediaRequestHandler((_request, answer) => answer({}))
  session.setSpellCheckerEnabled(false)
}

/** Denies a page all access to the system, the network and the disk, except saving a file that it made or exported. */
export function restrictSession(session: Session): void {
  denyPermissions(session)
  session.webRequest.onBeforeRequest(({ url }, answer) => {
    const { protocol } = new URL(url)
    answer({ cancel: !isAppUrl(url) && !url.startsWith(`blob:${APP_ORIGIN}/`) && protocol !== 'devtools:' })
  })
  session.on('will-download', (event, item) => {
    const isOwn = [`blob:${APP_ORIGIN}/`, `${APP_ORIGIN}${DOWNLOAD_PATH}`].some((start) => item.getURL().startsWith(start))
    if (!isOwn) event.preventDefault()
  })
}

/** Prevents every page, including later ones, from navigating elsewhere and from opening windows. */
export function restrictContents(app: App, hosts: ExternalHosts): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.setWindowOpenHandler(({ url }) => {
      if (mayOpenOutside(url, hosts)) void shell.openExternal(url)
      return { action: 'deny' }
    })
    contents.on('will-attach-webview', (event) => event.preventDefault())
    denyNavigation(contents)
  })
}

function denyNavigation(contents: WebContents): void {
  // The page may navigate within the window's own files. The main process loads the first one itself. A contact link opens its program.
  contents.on('will-frame-navigate', (event) => {
    if (isAppUrl(event.url)) return
    event.preventDefault()
    // A phone number or an e-mail address goes to the person's program, which asks before it calls or sends.
    if (isContactLink(event.url)) void shell.openExternal(event.url)
  })
  contents.on('will-redirect', (event) => {
    if (!isAppUrl(event.url)) event.preventDefault()
  })
}
