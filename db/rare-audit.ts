import { DATA_ACTIONS } from '../core/model/audit.ts'

/**
 * All but the changes of calls, which are nearly everything: what one asks for by table or by event is found without walking them.
 * Queries repeat this text, because SQLite uses a partial index only where it recognises its condition.
 */
export const RARE_AUDIT = `(table_name <> 'calls' OR (${DATA_ACTIONS.map((action) => `action <> '${action}'`).join(' AND ')}))`
