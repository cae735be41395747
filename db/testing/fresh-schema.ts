import { generateSQLiteDrizzleJson, generateSQLiteMigration } from 'drizzle-kit/api'
import { is } from 'drizzle-orm'
import { SQLiteTable } from 'drizzle-orm/sqlite-core'
import * as local from '../local-schema.ts'
import * as data from '../schema.ts'
import * as sync from '../sync-schema.ts'
import { DEFERRED_KEYS, WITHOUT_ROWID } from '../physical.ts'
import { derivedSql } from '../derived.ts'
import { triggersSql } from '../triggers.ts'

/** Adds the table's properties of `physical.ts` to Drizzle's statement. */
function physical(statement: string): string {
  const name = /^CREATE TABLE "(\w+)"/.exec(statement)?.[1]
  if (name === undefined) return statement
  const options = WITHOUT_ROWID.has(name) ? ' STRICT, WITHOUT ROWID' : ' STRICT'
  const deferred = DEFERRED_KEYS.has(name)
    ? statement.replaceAll(/(ON UPDATE no action ON DELETE no action)/g, '$1 DEFERRABLE INITIALLY DEFERRED')
    : statement
  return deferred.replace(/\);\s*$/, `)${options};`)
}

/** Returns the statements that create the current schema in an empty database. */
export async function freshSchema(): Promise<string[]> {
  const tables = Object.fromEntries(Object.entries({ ...data, ...sync, ...local }).filter(([, value]) => is(value, SQLiteTable)))
  const statements = await generateSQLiteMigration(await generateSQLiteDrizzleJson({}), await generateSQLiteDrizzleJson(tables))
  const drizzle = statements
    .flatMap((statement) => statement.split(/(?<=;)\s*\n(?=CREATE )/))
    .map((statement) => statement.trim().replaceAll('`', '"'))
  return [...drizzle.filter((statement) => statement !== '').map(physical), ...derivedSql, ...triggersSql()]
}
