import { protocol, type Session } from 'electron'
import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { contentPolicy, SECURITY_HEADERS } from '../app/shell/content-policy.ts'
import { RendererFiles, type RendererFile } from '../app/shell/renderer-files.ts'

const SCHEME = 'app'
const HOST = 'propaganda'

/** The window's origin. Its files have no other address; `file:` is never used. */
export const APP_ORIGIN = `${SCHEME}://${HOST}`

/** To be called before Electron is ready. `standard` gives the scheme an origin of its own, `secure` what needs one. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ])
}

/** Whether an address is the window's own. */
export function isAppUrl(url: string): boolean {
  const parsed = URL.parse(url)
  return parsed !== null && parsed.protocol === `${SCHEME}:` && parsed.host === HOST
}

export function serveAppProtocol(session: Session, rendererRoot: string): void {
  const files = new RendererFiles(rendererRoot)
  session.protocol.handle(SCHEME, async (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return plain(405, 'Files are read with GET')
    if (!isAppUrl(request.url)) return plain(404, 'There is nothing here')
    const nonce = randomBytes(16).toString('base64')
    const file = await files.find(pathOf(request.url), nonce)
    return file === undefined ? plain(404, 'There is nothing here') : found(file, nonce, request.method === 'HEAD')
  })
}

/** As the window wrote it, percent-encoded: the parsed URL's path has its dots resolved already, which would hide an attempt. */
function pathOf(url: string): string {
  return url.slice(APP_ORIGIN.length).split(/[?#]/, 1)[0] || '/'
}

function found({ type, size, immutable, body }: RendererFile, nonce: string, headOnly: boolean): Response {
  const headers = {
    ...SECURITY_HEADERS,
    'content-type': type,
    'content-length': String(size),
    'cache-control': immutable ? 'max-age=31536000, immutable' : 'no-store',
    'content-security-policy': contentPolicy(nonce, []),
  }
  if (headOnly) return new Response(null, { headers })
  return new Response(typeof body === 'string' ? body : (Readable.toWeb(body()) as ReadableStream<Uint8Array>), { headers })
}

function plain(status: number, text: string): Response {
  return new Response(text, { status, headers: { ...SECURITY_HEADERS, 'content-type': 'text/plain; charset=utf-8' } })
}
