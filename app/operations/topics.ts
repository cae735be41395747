/** The topic of the sync's own records, which are not a table of the client's data. */
export const SYNC_TOPIC = 'sync'

/** Everything that an answer of the server may change. */
export const SYNCED_TOPICS = ['clients', 'users', 'loss_reasons', 'client_settings', 'calls', 'audit_logs', SYNC_TOPIC]
