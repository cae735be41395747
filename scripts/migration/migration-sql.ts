import { isInnerTable, isTable, objectLabel, type SchemaObject } from '../../db/schema-objects.ts'

export type NextMigration = {
  /** Empty: the schemas are equal. */
  readonly sql: string
  /** The changes, in sentences. */
  readonly subjects: readonly string[]
}

const spaced = (text: string | null) => (text ?? '').replaceAll(/\s+/g, ' ').trim()

/**
 * Returns the statements that change the schema `before` into the schema `after`. Triggers and indexes that differ are created again.
 * @throws Error if a table is removed or differs in more than new columns: that migration is written by hand.
 */
export function migrationSql(before: readonly SchemaObject[], after: readonly SchemaObject[]): NextMigration {
  const existing = byLabel(before)
  const wanted = byLabel(after)
  const removed = [...existing.values()].filter((each) => !wanted.has(objectLabel(each)))
  const changed = [...wanted.values()].filter((each) => spaced(existing.get(objectLabel(each))?.sql ?? null) !== spaced(each.sql))
  const tables = changed.filter(isTable)
  const others = changed.filter((each) => !isTable(each))
  const lost = removed.filter(isTable).map(({ name }) => name)
  if (lost.length > 0) throw new Error(`No longer in the schema: the tables ${lost.join(', ')}. Write this migration by hand.`)
  const statements: string[] = []
  const subjects: string[] = []
  for (const table of tables) {
    const known = existing.get(objectLabel(table))
    if (known === undefined) {
      statements.push(`${table.sql};`)
      subjects.push(`Adds the table ${table.name}.`)
      continue
    }
    for (const [column, definition] of addedColumns(known, table)) {
      statements.push(`ALTER TABLE "${table.name}" ADD COLUMN ${definition};`)
      subjects.push(`Adds the column ${table.name}.${column}.`)
    }
  }
  for (const { type, name } of [...removed, ...others]) statements.push(`DROP ${type.toUpperCase()} IF EXISTS "${name}";`)
  for (const { sql } of others) statements.push(`${sql};`)
  const made = others.filter((each) => !existing.has(objectLabel(each)))
  if (removed.length > 0) subjects.push(`Removes ${removed.map(objectLabel).join(', ')}.`)
  if (made.length > 0) subjects.push(`Adds ${made.map(objectLabel).join(', ')}.`)
  if (subjects.length === 0 && others.length > 0) subjects.push(`Changes ${others.map(objectLabel).join(', ')}.`)
  return { sql: statements.join('\n\n'), subjects }
}

/** Indexes the objects by their labels, without the tables that FTS5 creates itself. */
function byLabel(objects: readonly SchemaObject[]): Map<string, SchemaObject> {
  return new Map(objects.filter((each) => !isInnerTable(each)).map((each) => [objectLabel(each), each]))
}

/** Returns the names and definitions of the columns that only `after` has. */
function addedColumns(before: SchemaObject, after: SchemaObject): [string, string][] {
  const [old, next] = [partsOf(before), partsOf(after)]
  const added = next.filter((part) => !old.includes(part))
  const columns = added.map((part): [string, string] => [/^"(\w+)"/.exec(part)?.[1] ?? '', part])
  if (old.some((part) => !next.includes(part)) || columns.some(([name]) => name === ''))
    throw new Error(`The table ${after.name} differs in more than new columns. Write this migration by hand.`)
  return columns
}

/** Returns the definitions of a table's columns and constraints: the parts between the commas of the outermost parentheses. */
function partsOf({ sql }: SchemaObject): string[] {
  const text = sql ?? ''
  const parts: string[] = []
  let depth = 0
  let quote = ''
  let part = ''
  for (const sign of text.slice(text.indexOf('(') + 1, text.lastIndexOf(')'))) {
    if (quote !== '') quote = sign === quote ? '' : quote
    else if (sign === "'" || sign === '"') quote = sign
    else if (sign === '(') depth++
    else if (sign === ')') depth--
    if (sign === ',' && depth === 0 && quote === '') {
      parts.push(spaced(part))
      part = ''
    } else part += sign
  }
  return [...parts, spaced(part)].filter((each) => each !== '')
}
