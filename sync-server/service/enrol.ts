import type { Id } from '../../core/id.ts'
import { SyncError } from '../../core/sync/errors.ts'
import type { EnrolRequest, EnrolResponse } from '../../core/sync/protocol.ts'
import { uniqueKey } from '../../core/text/unique-key.ts'
import type { Account, Store } from '../store/store.ts'
import { hashToken } from './authenticate.ts'
import type { Change, RequestOrigin } from './push.ts'

type EnrolContext = { readonly store: Store; readonly now: number; readonly newId: () => Id; readonly newToken: () => string }

/** Bounds the bcrypt rounds of one request. More accounts with one e-mail address are not plausible. */
const MOST_ACCOUNTS = 20

/** Returns the accounts whose passwords are to be compared: those of the given client, else those of all clients. */
export async function findAccounts(
  store: Store,
  { email, clientId }: Pick<EnrolRequest, 'email' | 'clientId'>,
): Promise<readonly Account[]> {
  const accounts = await store.read((tx) => tx.accounts(uniqueKey(email)))
  return accounts.filter((account) => clientId === undefined || account.clientId === clientId).slice(0, MOST_ACCOUNTS)
}

/** Records a failed attempt in the audit trail of each account with this address. */
export async function recordFailure(
  { store, now, newId }: EnrolContext,
  origin: RequestOrigin,
  accounts: readonly Account[],
): Promise<void> {
  if (accounts.length === 0) return
  await store.write(async (tx) => {
    for (const { clientId, userId } of accounts) {
      await tx.lockClient(clientId)
      const newValues = JSON.stringify({ reason: 'password', enrol: 1 })
      const event = {
        id: newId(),
        userId,
        table: 'users',
        recordId: userId,
        action: 'LOGIN_FAILED',
        oldValues: null,
        newValues,
      } as const
      await tx.appendAudit(clientId, [{ ...event, ...origin, createdAt: now }])
    }
  })
}

/**
 * Gives a device a token after the password was checked. A device id belongs to the person who enrolled it first, and to people who sign in
 * with a token of the same device. Otherwise another person could use up the numbers of their operations.
 */
export async function enrolDevice(
  { store, now, newId, newToken }: EnrolContext,
  origin: RequestOrigin,
  { clientId, userId }: Pick<Account, 'clientId' | 'userId'>,
  device: EnrolRequest['device'],
  presentToken: string | undefined,
): Promise<{ response: EnrolResponse; change: Change }> {
  return store.write(async (tx) => {
    await tx.lockClient(clientId)
    const user = (await tx.rows(clientId, 'users', [userId])).get(userId)?.values
    if (user?.['is_active'] !== 1) throw new SyncError('USER_DEACTIVATED', 'This account is deactivated. Ask an admin')
    const others = await tx.deviceUsers(clientId, device.id)
    const present = presentToken === undefined ? undefined : await tx.principal(hashToken(presentToken))
    const isSignedInHere = present?.clientId === clientId && present.deviceId === device.id && !present.isRevoked
    if (others.length > 0 && !others.includes(userId) && !isSignedInHere)
      throw new SyncError('DEVICE_TAKEN', 'Another person enrolled a device under this id; choose a new one')
    const token = newToken()
    const hash = hashToken(token)
    await tx.saveToken(clientId, { hash, deviceId: device.id, deviceName: device.name, userId, at: now })
    const seq = await tx.allocate(clientId, 1, hash)
    await tx.recordLogin(clientId, userId, seq, now)
    const event = { id: newId(), userId, table: 'users', recordId: userId, action: 'LOGIN', oldValues: null } as const
    await tx.appendAudit(clientId, [{ ...event, newValues: JSON.stringify({ enrol: 1 }), ...origin, createdAt: now }])
    const response = {
      token,
      epoch: store.epoch,
      clientId,
      user: { id: userId, name: String(user['name']), role: user['role'] as EnrolResponse['user']['role'] },
      serverTime: now,
    }
    return { response, change: { clientId, head: seq, everyone: true, owners: [], deviceId: device.id, renewed: [] } }
  })
}
