import { and, asc, eq, isNotNull, sql } from 'drizzle-orm'
import { must } from '../../../core/assert.ts'
import type { ClientId, DeviceId, UserId } from '../../../core/id.ts'
import type { HybridTime } from '../../../core/hybrid-clock.ts'
import { insertOf, query, statement, updateOf, type Named, type OrmConnection } from '../../../platform/sqlite/prepared.ts'
import type { PeopleReads, PeopleWrites } from '../store.ts'
import { clients, clientState, devices, tokens, users } from './schema.ts'

const principalOf = query((orm, { tokenHash }: Named<{ tokenHash: Uint8Array }>) =>
  orm
    .select({
      clientId: tokens.clientId,
      userId: tokens.userId,
      role: users.role,
      isActive: users.isActive,
      deviceId: devices.deviceId,
      isRevoked: sql`${devices.revokedAt} IS NOT NULL`.mapWith(Boolean),
      lastClock: devices.lastClock,
    })
    .from(tokens)
    .innerJoin(devices, eq(devices.deviceKey, tokens.deviceKey))
    .innerJoin(users, and(eq(users.clientId, tokens.clientId), eq(users.id, tokens.userId)))
    .where(eq(tokens.hash, tokenHash)),
)

const accountsOf = query((orm, { emailKey }: Named<{ emailKey: string }>) =>
  orm
    .select({
      clientId: users.clientId,
      clientName: clients.name,
      userId: users.id,
      name: users.name,
      role: users.role,
      isActive: users.isActive,
      passwordHash: users.passwordHash,
    })
    .from(users)
    .innerJoin(clients, eq(clients.id, users.clientId))
    .innerJoin(clientState, eq(clientState.clientId, users.clientId))
    .where(and(eq(users.emailKey, emailKey), isNotNull(clientState.publishedAt)))
    .orderBy(asc(users.clientId)),
)

const activeAdminsOf = query((orm, { clientId }: Named<{ clientId: ClientId }>) =>
  orm
    .select({ id: users.id })
    .from(users)
    .where(and(eq(users.clientId, clientId), eq(users.role, 'admin'), eq(users.isActive, true))),
)

export function peopleReads(db: OrmConnection): PeopleReads {
  return {
    principal: async (tokenHash) => principalOf.get(db, { tokenHash }),
    accounts: async (emailKey) => accountsOf.all(db, { emailKey }),
    activeAdmins: async (clientId) => activeAdminsOf.all(db, { clientId }).map(({ id }) => id),
  }
}

const usersOfDevice = query((orm, { clientId, deviceId }: Named<{ clientId: ClientId; deviceId: DeviceId }>) =>
  orm
    .select({ userId: tokens.userId })
    .from(devices)
    .innerJoin(tokens, eq(tokens.deviceKey, devices.deviceKey))
    .where(and(eq(devices.clientId, clientId), eq(devices.deviceId, deviceId))),
)

/** Adds the device, or renames it. */
const nameDevice = query((orm, { clientId, deviceId, name }: Named<{ clientId: ClientId; deviceId: DeviceId; name: string }>) =>
  orm
    .insert(devices)
    .values({ clientId, deviceId, name })
    .onConflictDoUpdate({ target: [devices.clientId, devices.deviceId], set: { name: sql`excluded.name` } })
    .returning({ deviceKey: devices.deviceKey }),
)

const setLastClock = query((orm, values: Named<{ clientId: ClientId; deviceId: DeviceId; lastClock: HybridTime }>) =>
  updateOf(orm, devices, { lastClock: values.lastClock })
    .where(and(eq(devices.clientId, values.clientId), eq(devices.deviceId, values.deviceId)))
    .returning({ deviceKey: devices.deviceKey }),
)

const deleteToken = statement((orm, { deviceKey, userId }: Named<{ deviceKey: number; userId: UserId }>) =>
  orm.delete(tokens).where(and(eq(tokens.deviceKey, deviceKey), eq(tokens.userId, userId))),
)
const insertToken = insertOf(tokens)

type Login = { clientId: ClientId; userId: UserId; seq: number; at: number }
const setLastLogin = statement((orm, { clientId, userId, seq, at }: Named<Login>) =>
  updateOf(orm, users, {
    lastLogin: sql`max(coalesce(${users.lastLogin}, 0), ${at})`,
    version: seq,
    changedBy: userId,
  }).where(and(eq(users.clientId, clientId), eq(users.id, userId))),
)

export function peopleWrites(db: OrmConnection): PeopleWrites {
  return {
    deviceUsers: async (clientId, deviceId) => usersOfDevice.all(db, { clientId, deviceId }).map(({ userId }) => userId),

    async saveToken(clientId, { hash, deviceId, deviceName, userId, at }) {
      const device = nameDevice.get(db, { clientId, deviceId, name: deviceName })
      const { deviceKey } = must(device, 'The device was written')
      deleteToken(db, { deviceKey, userId })
      insertToken(db, { hash, clientId, userId, deviceKey, createdAt: at })
    },

    async recordLogin(clientId, userId, seq, at) {
      setLastLogin(db, { clientId, userId, seq, at })
    },
  }
}

/** Records the clock of the device's last operation. Returns the device's key. */
export function recordClock(db: OrmConnection, clientId: ClientId, deviceId: DeviceId, lastClock: HybridTime): number {
  return must(setLastClock.get(db, { clientId, deviceId, lastClock }), 'The device is known').deviceKey
}
