import { DATA_ACTIONS } from '../core/model/audit.ts'

/**
 * The condition of all lines except changes of calls, which are nearly all lines. A query by table or event reads only the others. Queries
 * repeat this text, because SQLite uses a partial index only if it recognises its condition.
 */
export const RARE_AUDIT = `(table_name <> 'calls' OR (${DATA_ACTIONS.map((action) => `action <> '${action}'`).join(' AND ')}))`
