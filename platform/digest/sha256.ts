import { createHash } from 'node:crypto'

/** Returns the SHA-256 of the parts in a row, in base64url. A text counts as UTF-8. */
export function sha256(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest('base64url')
}
