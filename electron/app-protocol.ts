import { protocol, type Session } from 'electron'
import { randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import type { Download } from '../app/export/export-files.ts'
import { downloadHeaders, downloadToken } from '../app/shell/download.ts'
import { contentPolicy, SECURITY_HEADERS } from '../app/shell/content-policy.ts'
import { RendererFiles, type RendererFile } from '../app/shell/renderer-files.ts'

const SCHEME = 'app'
const HOST = 'propaganda'

/** The window's origin. Its files have no other address; `file:` is never used. */
export const APP_ORIGIN = `${SCHEME}://${HOST}`

/** Call it before Electron is ready. `standard` gives the scheme its own origin, `secure` the features that need a secure one. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ])
}

/** Returns whether an address belongs to the window. */
export function isAppUrl(url: string): boolean {
  const parsed = URL.parse(url)
  return parsed !== null && parsed.protocol === `${SCHEME}:` && parsed.host === HOST
}

/** @param findDownload returns the file of an export by its token */
export function serveAppProtocol(
  session: Session,
  rendererRoot: string,
  findDownload: (token: string) => Download | undefined,
): void {
  const files = new RendererFiles(rendererRoot)
  session.protocol.handle(SCHEME, async (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return plain(405, 'Use GET to read files')
    if (!isAppUrl(request.url)) return plain(404, 'There is nothing here')
    const token = downloadToken(pathOf(request.url))
    if (token !== undefined) return download(findDownload(token), request.method === 'HEAD')
    const nonce = randomBytes(16).toString('base64')
    const file = await files.find(pathOf(request.url), nonce)
    return file === undefined ? plain(404, 'There is nothing here') : found(file, nonce, request.method === 'HEAD')
  })
}

/** Returns the path as the window sent it, percent-encoded. A parsed URL has its dots resolved, which hides an attack. */
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

async function download(file: Download | undefined, headOnly: boolean): Promise<Response> {
  if (file === undefined) return plain(404, 'This file is no longer available. Export it again.')
  const { size } = await stat(file.path)
  const headers = { ...SECURITY_HEADERS, ...downloadHeaders(file.fileName, size) }
  const body = headOnly ? null : (Readable.toWeb(createReadStream(file.path)) as ReadableStream<Uint8Array>)
  return new Response(body, { headers })
}

function plain(status: number, text: string): Response {
  return new Response(text, { status, headers: { ...SECURITY_HEADERS, 'content-type': 'text/plain; charset=utf-8' } })
}
