import { request, type IncomingHttpHeaders } from 'node:http'

export type RawAnswer = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: string }

/** Sends a request exactly as given: unlike fetch, with any Host, without following redirects, and with dots in the path. */
export function rawRequest(
  origin: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
  method = 'GET',
): Promise<RawAnswer> {
  const { hostname, port } = new URL(origin)
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path, method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks).toString() })
      })
    })
    sent.once('upgrade', () => reject(new Error('The server upgraded the connection')))
    sent.once('error', reject)
    sent.end()
  })
}

/** A browser with access: the cookie that it sends, and the key that its window stores. */
export type Entry = { readonly cookie: string; readonly key: string }

/** Opens a launch address. @param cookie the cookie of a browser that already has access */
export async function enter(url: string, cookie?: string): Promise<Entry> {
  const { origin, pathname, search } = new URL(url)
  const answer = await rawRequest(origin, `${pathname}${search}`, cookie === undefined ? {} : { cookie })
  const set = answer.headers['set-cookie']?.[0]?.split(';')[0]
  const key = keyOfLaunchPage(answer.body)
  if (answer.status !== 200 || set === undefined || key === undefined)
    throw new Error(`No access: ${answer.status} ${answer.body}`)
  return { cookie: set, key }
}

/** Returns the key that the page at a launch address stores. */
export function keyOfLaunchPage(page: string): string | undefined {
  return /setItem\('[\w.]+', '([\w-]{43})'\)/.exec(page)?.[1]
}
