import { request, type IncomingHttpHeaders } from 'node:http'

export type RawAnswer = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: string }

/** A request exactly as given: unlike fetch it sends any Host, follows no redirect and keeps dots in the path. */
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

/** The cookie of a browser that opens `url`, as it is sent back. */
export async function enter(url: string, cookie?: string): Promise<string> {
  const { origin, pathname, search } = new URL(url)
  const answer = await rawRequest(origin, `${pathname}${search}`, cookie === undefined ? {} : { cookie })
  const set = answer.headers['set-cookie']?.[0]?.split(';')[0]
  if (answer.status !== 303 || set === undefined) throw new Error(`Not let in: ${answer.status} ${answer.body}`)
  return set
}
