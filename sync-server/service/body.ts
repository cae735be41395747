import { gunzipSync, gzipSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import type { z } from 'zod'
import { SyncError } from '../../core/sync/errors.ts'
import { LIMITS } from '../../core/sync/protocol.ts'

export type Encoding = 'identity' | 'gzip' | 'zstd'

/** Below this, compressing costs more than it saves. */
const WORTH_BYTES = 1_024
/** Of zlib; zstd's own default of 3 is both faster and smaller. */
const GZIP_LEVEL = 3

export function isEncoding(name: string): name is Encoding {
  return name === 'identity' || name === 'gzip' || name === 'zstd'
}

/** The best encoding that the other side reads. zstd takes about half of gzip's time here and a tenth less bytes. */
export function chooseEncoding(acceptEncoding: string | undefined): Encoding {
  const offered = (acceptEncoding ?? '').split(',').map((each) => each.trim().toLowerCase())
  const accepted = offered.filter((each) => !/;\s*q=0(\.0*)?$/.test(each)).map((each) => each.split(';')[0]?.trim())
  return accepted.includes('zstd') ? 'zstd' : accepted.includes('gzip') ? 'gzip' : 'identity'
}

/** @throws SyncError TOO_LARGE for a body that grows beyond the limit, MALFORMED for one that cannot be unpacked. */
function unpack(body: Uint8Array, encoding: Encoding): Uint8Array {
  try {
    if (encoding === 'gzip') return gunzipSync(body, { maxOutputLength: LIMITS.requestBytes })
    if (encoding === 'zstd') return zstdDecompressSync(body, { maxOutputLength: LIMITS.requestBytes })
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge()
    throw new SyncError('MALFORMED', 'The body could not be unpacked', { path: '' }, error)
  }
  if (body.length > LIMITS.requestBytes) throw tooLarge()
  return body
}

function tooLarge(): SyncError {
  return new SyncError('TOO_LARGE', 'The request is larger than this server takes; send less at once', {
    limit: LIMITS.requestBytes,
  })
}

/** A request's body, checked against its schema. @throws SyncError */
export function readBody<S extends z.ZodType>(schema: S, body: Uint8Array, encoding: Encoding): z.infer<S> {
  const bytes = unpack(body, encoding)
  let decoded: unknown
  try {
    decoded = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (error) {
    throw new SyncError('MALFORMED', 'The body is not JSON', { path: '' }, error)
  }
  const parsed = schema.safeParse(decoded)
  if (parsed.success) return parsed.data
  const path = (parsed.error.issues[0]?.path ?? []).map(String).join('.').slice(0, 200)
  throw new SyncError('MALFORMED', 'The body does not follow the protocol; nothing was changed', { path })
}

export type Packed = { readonly body: Uint8Array; readonly encoding: Encoding }

export function packBody(json: Uint8Array, encoding: Encoding): Packed {
  if (encoding === 'identity' || json.length < WORTH_BYTES) return { body: json, encoding: 'identity' }
  return { body: encoding === 'zstd' ? zstdCompressSync(json) : gzipSync(json, { level: GZIP_LEVEL }), encoding }
}
