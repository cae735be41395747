import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { MIGRATIONS, SCHEMA_VERSION } from '../../db/migrations/migrations.ts'
import { openMigrated } from '../../db/open.ts'
import { schemaFingerprint, schemaObjects } from '../../db/schema-objects.ts'
import { freshSchema } from '../../db/testing/fresh-schema.ts'
import { fingerprintModule } from '../migration/fingerprint-module.ts'
import { migrationSql } from '../migration/migration-sql.ts'
import { TREE } from '../tree.ts'

/*
 * `npm run migration -- NAME` writes the next migration of the device's database: the difference between a file that has run all migrations
 * and `db/schema.ts` with its generated triggers. It also adds the migration to the list, and writes the fingerprint of the new schema.
 */

const [name] = process.argv.slice(2)
if (name === undefined || !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name) || MIGRATIONS.some((each) => each.name === name)) {
  console.error('Give the migration a new name in kebab-case: npm run migration -- follow-up-note')
  process.exit(2)
}

const migrated = openMigrated(SCHEMA_VERSION)
const fresh = openMigrated(0)
for (const statement of await freshSchema()) fresh.exec(statement)
const { sql, subjects } = migrationSql(schemaObjects(migrated), schemaObjects(fresh))
migrated.exec(sql)
const fingerprint = schemaFingerprint(schemaObjects(migrated))
migrated.close()
fresh.close()

if (sql === '') {
  console.error('The migrations already produce the schema of db/schema.ts. Nothing was written.')
  process.exit(1)
}
const version = SCHEMA_VERSION + 1
const stem = `${String(version).padStart(4, '0')}-${name}`
const variable = name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
const folder = join(TREE, 'db', 'migrations')
writeFileSync(join(folder, `${stem}.ts`), `/** ${subjects.join(' ')} */\nexport const sql = \`\n${escaped(sql)}\n\`\n`)

const listPath = join(folder, 'migrations.ts')
const list = readFileSync(listPath, 'utf8')
const entered = list
  .replace(/(import \{ sql as [^\n]*\n)(?!import \{ sql)/, `$1import { sql as ${variable} } from './${stem}.ts'\n`)
  .replace(/\n\]\n/, `\n  { version: ${version}, name: '${name}', sql: ${variable} },\n]\n`)
writeFileSync(listPath, entered)
writeFileSync(join(folder, 'schema-fingerprint.ts'), fingerprintModule(fingerprint))
console.log(`Wrote db/migrations/${stem}.ts and added it to migrations.ts. ${subjects.join(' ')}`)

function escaped(text: string): string {
  return text.replaceAll(/[`\\]|\$\{/g, (special) => `\\${special}`)
}
