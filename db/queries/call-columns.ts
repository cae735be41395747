import { CALL_ROW_COLUMNS, type Call } from '../../core/model/call.ts'

/** The columns of a call under the names of its fields, for a SELECT that gives rows of type `Call`. @param table the table or its alias. */
export function callColumns(table: string): string {
  const columns = Object.entries(CALL_ROW_COLUMNS) as [keyof Call, string][]
  return columns.map(([field, column]) => `${table}.${column} AS ${field}`).join(', ')
}
