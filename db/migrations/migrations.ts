import { sql as firstSchema } from './0001-first-schema.ts'
import { sql as syncRefusals } from './0003-sync-refusals.ts'

export type Migration = {
  /** The database's `user_version` once it has run: 1, 2, 3 … without a gap. */
  readonly version: number
  readonly name: string
  readonly sql: string
}

/** Append-only: a released migration is never edited, because databases in the field have run it as it was. */
export const MIGRATIONS: readonly Migration[] = [
  { version: 1, name: 'first-schema', sql: firstSchema },
  { version: 2, name: 'sync-refusals', sql: syncRefusals },
]

export const SCHEMA_VERSION = MIGRATIONS.length
