import { createHash } from 'node:crypto'
import { SyncError } from '../../core/sync/errors.ts'
import type { Principal, ReadTransaction } from '../store/store.ts'

/** Returns the hash under which a store finds a token. The token itself is not stored. */
export function hashToken(token: string): Uint8Array {
  return createHash('sha256').update(token).digest()
}

/** 32 random bytes, base64url. */
const TOKEN = /^[A-Za-z0-9_-]{43}$/

export function bearerToken(header: string | undefined): string | undefined {
  const token = header?.startsWith('Bearer ') === true ? header.slice(7) : undefined
  return token !== undefined && TOKEN.test(token) ? token : undefined
}

/**
 * Returns the person and device of the token. It is read in the transaction that uses it, so a changed role or a revoked device takes
 * effect with the next request (S13, S17).
 */
export async function authenticate(tx: ReadTransaction, token: string | undefined): Promise<Principal> {
  const principal = token === undefined ? undefined : await tx.principal(hashToken(token))
  if (principal === undefined)
    throw new SyncError('UNAUTHENTICATED', 'This device is not enrolled on this server; sign in to the server')
  if (principal.isRevoked)
    throw new SyncError('DEVICE_REVOKED', 'The server has revoked this device. Everything on it is kept; ask an admin')
  if (!principal.isActive)
    throw new SyncError('USER_DEACTIVATED', 'This account is deactivated. Saved work is kept; ask an admin')
  return principal
}
