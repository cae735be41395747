import { SYNC_TABLE_NAMES } from '../../core/sync/tables.ts'

/** The topic of the sync's own records, which are not a table of the client's data. */
export const SYNC_TOPIC = 'sync'

/** Everything that an answer of the server may change. */
export const SYNCED_TOPICS = [...SYNC_TABLE_NAMES, 'audit_logs', SYNC_TOPIC]

/** The topic of the published totals of the team. */
export const TEAM_TOPIC = 'team'
