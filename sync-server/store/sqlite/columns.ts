import { customType } from 'drizzle-orm/sqlite-core'
import type { Id } from '../../../core/id.ts'
import type { Scalar } from '../../../core/sync/tables.ts'
import { fromBytes, toBytes } from './uuid-bytes.ts'

export const bytes = customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => 'blob' })

/** A UUID as 16 bytes. */
export const idBytes = customType<{ data: Id; driverData: Uint8Array }>({
  dataType: () => 'blob',
  toDriver: toBytes,
  fromDriver: fromBytes,
})

export const columnNames = customType<{ data: string[]; driverData: string }>({
  dataType: () => 'text',
  toDriver: (names) => names.join(','),
  fromDriver: (text) => text.split(','),
})

/** A value of a synced column, as it crosses the wire. */
export const scalar = customType<{ data: Scalar; driverData: Scalar }>({ dataType: () => 'any' })
