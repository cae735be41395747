/*
 * Conditions of partial indexes of the audit trail. The migrations and the queries contain the same text, because SQLite uses a partial index
 * only if it recognises the condition.
 */

/** The condition of rare lines: all except new and edited calls. */
export const RARE_LINES = `(table_name <> 'calls' OR (action <> 'INSERT' AND action <> 'UPDATE'))`

/** The condition of lines in which the owner of a call changes. */
export const HANDOVER_LINES = `table_name = 'calls' AND action = 'UPDATE' AND new_values ->> '$.user_id' IS NOT NULL`
