import { createHmac, hkdfSync } from 'node:crypto'

const KEY_BYTES = 32

/** Returns a key of 32 bytes for one purpose, derived by HKDF-SHA-256 (RFC 5869). It is as secret as `secret`. */
export function derivedKey(secret: string, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, '', purpose, KEY_BYTES))
}

/** Returns the HMAC-SHA-256 of a text in UTF-8, in base64url. */
export function hmacSha256(key: Uint8Array, text: string): string {
  return createHmac('sha256', key).update(text).digest('base64url')
}
