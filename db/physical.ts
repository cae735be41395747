/**
 * What Drizzle's schema cannot say about the tables. `testing/fresh-schema.ts` adds it to Drizzle's SQL, so that the test which compares
 * a migrated database with a fresh one covers it too.
 */

/** Clustered on the text key. A rowid would be a second identity, and one more way for INSERT OR REPLACE to remove a row. */
export const WITHOUT_ROWID: ReadonlySet<string> = new Set([
  'clients',
  'users',
  'loss_reasons',
  'client_settings',
  'sync_rows',
  'sync_aliases',
  'sync_conflicts',
  'sync_refusals',
  'local_call_totals',
  'local_sign_in_addresses',
  'local_drafts',
  'local_handovers',
  'local_left_calls',
  'local_import_maps',
])

/** Foreign keys checked at COMMIT: the first transaction writes the audit row of the client before the user who made it exists. */
export const DEFERRED_KEYS: ReadonlySet<string> = new Set(['audit_logs'])
