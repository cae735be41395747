/** Parts JSON from a file's bytes in a binary message of the RPC protocol; it occurs in no UTF-8 text. */
const DELIMITER = 0xff

const REQUEST = 1
const EVENT_ITERATOR = 3
const ABORT_SIGNAL = 4

/**
 * Whether what a transport received is a message that the RPC protocol's peer can take apart without throwing. Transports drop the line
 * on anything else: the peer would only print an error, and whoever sent it would wait for ever.
 */
export function isRpcMessage(data: unknown): data is string | ArrayBuffer | Uint8Array {
  const text = textOf(data)
  if (text === undefined) return false
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return false
  }
  if (!isRecord(json) || typeof json.i !== 'string') return false
  const kind = json.t ?? REQUEST
  if (kind === ABORT_SIGNAL) return true
  if (!isRecord(json.p)) return false
  if (kind === EVENT_ITERATOR) return true
  if (kind !== REQUEST) return false
  const { u: url, h: headers, m: method } = json.p
  return (
    typeof url === 'string' &&
    url.startsWith('/') &&
    URL.canParse(`http://orpc${url}`) &&
    (headers === undefined || isRecord(headers)) &&
    (method === undefined || typeof method === 'string')
  )
}

function textOf(data: unknown): string | undefined {
  if (typeof data === 'string') return data
  // A view, not a copy: an upload may have hundreds of megabytes.
  const bytes =
    data instanceof ArrayBuffer
      ? Buffer.from(data)
      : data instanceof Uint8Array
        ? Buffer.from(data.buffer, data.byteOffset, data.byteLength)
        : undefined
  const end = bytes?.indexOf(DELIMITER)
  return bytes?.toString('utf8', 0, end === -1 ? bytes.length : end)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
