import type { SchemaObject } from '../../db/schema-objects.ts'

export type NextMigration = {
  /** Empty: the schemas are equal. */
  readonly sql: string
  /** What it does, in sentences. */
  readonly subjects: readonly string[]
}

const label = ({ type, name }: SchemaObject) => `${type} ${name}`
const spaced = (text: string | null) => (text ?? '').replaceAll(/\s+/g, ' ').trim()
/** The tables that FTS5 makes for itself have no statement. */
const isOwn = ({ sql }: SchemaObject) => sql !== null

/**
 * Returns the statements that bring the schema `before` to the schema `after`. Triggers and indexes that differ are made again.
 * @throws Error if a table differs in more than new columns: that migration is written by hand.
 */
export function migrationSql(before: readonly SchemaObject[], after: readonly SchemaObject[]): NextMigration {
  const existing = new Map(before.filter(isOwn).map((each) => [label(each), each]))
  const wanted = new Map(after.filter(isOwn).map((each) => [label(each), each]))
  const removed = [...existing.values()].filter((each) => !wanted.has(label(each)))
  const changed = [...wanted.values()].filter((each) => spaced(existing.get(label(each))?.sql ?? null) !== spaced(each.sql))
  const tables = changed.filter(({ type }) => type === 'table')
  const others = changed.filter(({ type }) => type !== 'table')
  const statements: string[] = []
  const subjects: string[] = []
  for (const table of tables) {
    const known = existing.get(label(table))
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
  const made = others.filter((each) => !existing.has(label(each)))
  if (removed.length > 0) subjects.push(`Removes ${removed.map(label).join(', ')}.`)
  if (made.length > 0) subjects.push(`Adds ${made.map(label).join(', ')}.`)
  if (subjects.length === 0 && others.length > 0) subjects.push(`Changes ${others.map(label).join(', ')}.`)
  return { sql: statements.join('\n\n'), subjects }
}

/** The definitions of the columns that `after` has in addition. */
function addedColumns(before: SchemaObject, after: SchemaObject): [string, string][] {
  const [old, next] = [partsOf(before), partsOf(after)]
  const added = next.filter((part) => !old.includes(part))
  const columns = added.map((part): [string, string] => [/^"(\w+)"/.exec(part)?.[1] ?? '', part])
  if (old.some((part) => !next.includes(part)) || columns.some(([name]) => name === ''))
    throw new Error(`The table ${after.name} differs in more than new columns. Write this migration by hand.`)
  return columns
}

/** The definitions of a table's columns and constraints: what is between the commas of the outermost parentheses. */
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
