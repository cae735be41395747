import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openWritable } from './open.ts'
import { MIGRATIONS } from './schema.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'propaganda-open-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('a migration computes the keys of names again by the present rule', () => {
  const path = join(folder, 'server.db')
  const rekeying = MIGRATIONS.findIndex((sql) => sql.includes('UPDATE loss_reasons SET name_key') && !sql.includes('ALTER TABLE'))
  const old = openWritable(path, 'a'.repeat(16), rekeying)
  const id = (digit: string) => `00000000-0000-7000-8000-00000000000${digit}`
  old.pragma('foreign_keys = OFF')
  old.exec(`INSERT INTO loss_reasons (id, client_id, name, name_key, is_active, created_at, updated_at, version, base, changed_by)
    VALUES ('${id('1')}', '${id('c')}', 'FİYAT\u200b', 'of an earlier rule', 1, 1, 1, 1, 1, '${id('a')}')`)
  old.close()
  const db = openWritable(path, 'a'.repeat(16))
  expect(db.prepare('SELECT name, name_key AS key FROM loss_reasons').all()).toEqual([{ name: 'FİYAT\u200b', key: 'fiyat' }])
  db.close()
})
