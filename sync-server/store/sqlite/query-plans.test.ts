import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Sqlite } from '../../../platform/sqlite/database.ts'
import { withOrm } from '../../../platform/sqlite/prepared.ts'
import type { ReadTransaction } from '../store.ts'
import { openWritable } from './open.ts'
import { readTransaction } from './transactions.ts'

let folder = ''
let sqlite: Sqlite
let tx: ReadTransaction
/** The texts of the statements that were compiled since it was emptied. */
const compiled: string[] = []

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'propaganda-store-'))
  sqlite = openWritable(join(folder, 'server.db'), '0'.repeat(16))
  const prepare = sqlite.prepare.bind(sqlite)
  const recording = (text: string) => {
    compiled.push(text)
    return prepare(text)
  }
  sqlite.prepare = recording as typeof sqlite.prepare
  tx = readTransaction(withOrm(sqlite))
})
afterAll(() => {
  sqlite.close()
  rmSync(folder, { recursive: true, force: true })
})

function plan(text: string): string[] {
  // EXPLAIN needs a value for every parameter, whichever it is.
  const statement = sqlite.prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${text.replaceAll(/\?|:\w+/g, '?1')}`)
  return statement.all({ 1: null }).map(({ detail }) => detail)
}

const range = { after: 1, upTo: 9, limit: 5 }

test.each<[string, (client: string) => Promise<unknown>]>([
  ['rows', (client) => tx.rows(client, 'calls', ['id'])],
  ['deletedOwners', (client) => tx.deletedOwners(client, ['id'])],
  ['deletedCalls', (client) => tx.deletedCalls(client, ['id'])],
  ['aliases', (client) => tx.aliases(client, ['id'])],
  ['authors', (client) => tx.authors(client, [1])],
  ['verdicts', (client) => tx.verdicts(client, 'device', [1])],
  ['verdictsOf', (client) => tx.verdictsOf(client, 'user', ['00'])],
  ['feed', (client) => tx.feed(client, { table: 'calls', columns: ['id'], owner: null, ...range })],
  ['feed of one person', (client) => tx.feed(client, { table: 'calls', columns: ['id'], owner: { only: 'user' }, ...range })],
  ['removals', (client) => tx.removals(client, range, null)],
  ['removals of one person', (client) => tx.removals(client, range, { only: 'user' })],
  ['conflicts', (client) => tx.conflicts(client, 'user', range, { calls: 'own', users: 'names' })],
  ['callTrailSizes', (client) => tx.callTrailSizes(client, ['id'], 9)],
  ['changedDays', (client) => tx.changedDays(client, 9, 5)],
  ['countPeople', (client) => tx.countPeople(client, { from: 1, to: 2 })],
  ['publishedDay', (client) => tx.publishedDay(client, 1)],
  ['teamCells', (client) => tx.teamCells(client, 1, 5)],
  ['callTrails', (client) => tx.callTrails(client, ['id'])],
])('%s do not read all rows of the client', async (_, read) => {
  compiled.length = 0
  await read('client')
  const texts = [...compiled]
  expect(texts).not.toEqual([])
  const whole = texts.flatMap((text) =>
    plan(text).filter((step) => /^SCAN (?!json_each|wanted|\(subquery)|^SEARCH (?!client_state).*\(client_id=\?\)/.test(step)),
  )
  expect(whole).toEqual([])
})
