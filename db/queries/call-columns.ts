import type { AnySQLiteColumn } from 'drizzle-orm/sqlite-core'
import { CALL_ROW_COLUMNS, type Call } from '../../core/model/call.ts'
import { calls } from '../schema.ts'

const fields = Object.keys(CALL_ROW_COLUMNS) as (keyof Call)[]

/** The columns of a call by its fields: a SELECT of them returns rows of type `Call`. */
export const callColumns = Object.fromEntries(fields.map((field): [string, AnySQLiteColumn] => [field, calls[field]])) as Pick<
  typeof calls,
  keyof Call
>
