import { exceededBound, type JsonBounds } from '../../core/json-bounds.ts'
import { dataOfUpload } from './upload-body.ts'

/** Separates the JSON from the bytes of a file in a binary message of the RPC protocol. It occurs in no UTF-8 text. */
const DELIMITER = 0xff

const REQUEST = 1
const ABORT_SIGNAL = 4

/** Most bytes of the JSON of a message. The largest message of a window has a draft of 256 kB. Only a file can be larger. */
export const MAX_JSON_BYTES = 4 * 1024 * 1024
/** The deepest and widest message of a window is a mapping with a list of values: 9 levels. */
const BOUNDS: JsonBounds = { depth: 32, containers: 100_000, keys: 200_000, values: 500_000 }

/**
 * Whether data from a transport is a message as the RPC client of the window sends it, within the limits. Transports close the connection
 * on any other data: the RPC peer would fail outside of any `catch` or never answer, and JSON without limits blocks or ends the process.
 */
export function isRpcMessage(data: unknown): data is string | ArrayBuffer | Uint8Array {
  if (typeof data === 'string') return isMessage(data, undefined)
  const bytes = bytesOf(data)
  if (bytes === undefined) return false
  const end = bytes.subarray(0, MAX_JSON_BYTES + 1).indexOf(DELIMITER)
  // Bytes without a file are sent as text.
  return end !== -1 && isMessage(bytes.toString('utf8', 0, end), bytes.subarray(end + 1))
}

function isMessage(text: string, file: Buffer | undefined): boolean {
  const json = boundedJson(text)
  if (!isRecord(json) || typeof json.i !== 'string') return false
  const { t: kind = REQUEST } = json
  // Streams go from the application to the window only.
  if (kind === ABORT_SIGNAL) return file === undefined
  if (kind !== REQUEST || !isRecord(json.p)) return false
  const { u: url, h: headers = {}, m: method = 'POST' } = json.p
  // A GET would have its JSON in the address.
  if (method !== 'POST' || typeof url !== 'string' || !url.startsWith('/') || !URL.canParse(`http://orpc${url}`)) return false
  if (!isRecord(headers) || !Object.values(headers).every((value) => typeof value === 'string')) return false
  const { 'content-type': type, 'content-disposition': disposition } = headers
  if (disposition !== undefined) return false
  if (file === undefined) return type === undefined
  const form = typeof type === 'string' ? dataOfUpload(file, type, MAX_JSON_BYTES) : undefined
  return form !== undefined && isRecord(boundedJson(form))
}

/** Returns the parsed text; undefined if it is not JSON or exceeds a bound. */
function boundedJson(text: string): unknown {
  if (text.length > MAX_JSON_BYTES || exceededBound(text, BOUNDS) !== null) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Returns a view and not a copy, because an upload can have hundreds of megabytes. */
function bytesOf(data: unknown): Buffer | undefined {
  if (data instanceof ArrayBuffer) return Buffer.from(data)
  if (data instanceof Uint8Array) return Buffer.from(data.buffer, data.byteOffset, data.byteLength)
  return undefined
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
