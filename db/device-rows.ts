import type { SyncTableName, Scalar } from '../core/sync/tables.ts'

/** How this device's tables store a synced row. */
export type DeviceTable = {
  /** The column that holds the row's id. */
  readonly key: string
  /** The column that holds the client; null if the id is the client's. */
  readonly client: string | null
  /** The values that the device stores in columns that were not sent. */
  readonly hidden: (id: string) => Readonly<Record<string, Scalar>>
}

/** Reserved by RFC 2606: such an address belongs to no one. */
const UNKNOWN_EMAIL_DOMAIN = 'unknown.invalid'

const NOTHING = {}

export const DEVICE_TABLES: Readonly<Record<SyncTableName, DeviceTable>> = {
  clients: { key: 'id', client: null, hidden: () => NOTHING },
  users: { key: 'id', client: 'client_id', hidden: hiddenUser },
  loss_reasons: { key: 'id', client: 'client_id', hidden: () => NOTHING },
  client_settings: { key: 'key', client: 'client_id', hidden: () => NOTHING },
  calls: { key: 'id', client: 'client_id', hidden: () => NOTHING },
}

/** A colleague of whom this device may hold only the name (S14). The address belongs to no one, and no password matches. */
export function hiddenUser(id: string): Readonly<Record<string, Scalar>> {
  return { email: `${id}@${UNKNOWN_EMAIL_DOMAIN}`, password_hash: null, last_login: null, created_at: 0, updated_at: 0 }
}
