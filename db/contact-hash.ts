import type { ClientId } from '../core/id.ts'
import type { ContactTexts } from '../core/model/do-not-call.ts'
import { derivedKey, hmacSha256 } from '../platform/digest/hmac.ts'

/*
 * The do-not-call list holds contacts as HMACs under a key of the client, so that a file lists no contacts of other people's prospects. The key is
 * derived from the client's id, which every device of the client holds anyway. So a person with the file cannot read the contacts, but can test
 * whether a number is on the list (docs/security.md).
 */

const keys = new Map<ClientId, Uint8Array>()

function keyOf(clientId: ClientId): Uint8Array {
  const known = keys.get(clientId)
  if (known !== undefined) return known
  const key = derivedKey(clientId, 'do-not-call')
  keys.set(clientId, key)
  return key
}

/** Returns the hashes of the readable parts of a contact. */
export function contactHashes(clientId: ClientId, { phone, email }: ContactTexts): string[] {
  return [phone, email].flatMap((text) => (text === null ? [] : [hmacSha256(keyOf(clientId), text)]))
}
