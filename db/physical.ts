/**
 * Properties of the tables that Drizzle's schema cannot express. `testing/fresh-schema.ts` adds them to Drizzle's SQL, so that the test
 * which compares a migrated database with a fresh one covers them too.
 */

/** Tables that are clustered on their text key. A rowid would be a second key by which INSERT OR REPLACE can remove a row. */
export const WITHOUT_ROWID: ReadonlySet<string> = new Set([
  'clients',
  'users',
  'loss_reasons',
  'client_settings',
  'user_settings',
  'do_not_call',
  'sync_rows',
  'sync_aliases',
  'sync_conflicts',
  'sync_refusals',
  'local_call_totals',
  'local_day_totals',
  'local_everyone_totals',
  'local_month_totals',
  'local_day_losses',
  'local_everyone_losses',
  'local_month_losses',
  'local_hour_totals',
  'local_everyone_hours',
  'local_no_shows',
  'local_team_cells',
  'local_team_state',
  'local_sign_in_addresses',
  'local_drafts',
  'local_handovers',
  'local_left_calls',
  'local_import_maps',
])

/** Tables whose foreign keys are checked at COMMIT: the first transaction audits the client before its user exists. */
export const DEFERRED_KEYS: ReadonlySet<string> = new Set(['audit_logs'])
