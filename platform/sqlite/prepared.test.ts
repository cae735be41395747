import { asc, eq } from 'drizzle-orm'
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openInMemory } from './database.ts'
import { insertOf, isAmong, query, statement, updateOf, withOrm, type Named, type OrmConnection } from './prepared.ts'

const notes = sqliteTable('notes', {
  id: integer('id').primaryKey(),
  isOpen: integer('is_open', { mode: 'boolean' }).notNull(),
  tags: text('tags', { mode: 'json' }).$type<readonly string[]>(),
})
const insertNote = insertOf(notes)
const notesAmong = query((orm, { ids }: Named<{ ids: string }>) =>
  orm.select().from(notes).where(isAmong(notes.id, ids)).orderBy(asc(notes.id)),
)

function open(): OrmConnection {
  const sqlite = openInMemory()
  sqlite.exec('CREATE TABLE notes (id INTEGER PRIMARY KEY, is_open INTEGER NOT NULL, tags TEXT) STRICT')
  return withOrm(sqlite)
}

let db: OrmConnection
beforeEach(() => void (db = open()))
afterEach(() => void db.sqlite.close())

test('each connection compiles a query and a statement once', () => {
  let compiled = 0
  const all = query((orm) => {
    compiled++
    return orm.select().from(notes)
  })
  const close = statement((orm) => {
    compiled++
    return updateOf(orm, notes, { isOpen: false })
  })
  const other = open()
  for (const each of [db, other, db, other]) {
    expect(all.all(each)).toEqual([])
    expect(close(each)).toBe(0)
  }
  expect(compiled).toBe(4)
  other.sqlite.close()
})

test('an inserted row is read as it was written, with a null that stays null', () => {
  const rows = [
    { id: 1, isOpen: true, tags: ['a', 'b'] },
    { id: 2, isOpen: false, tags: null },
  ]
  for (const row of rows) expect(insertNote(db, row)).toBe(1)
  expect(notesAmong.all(db, { ids: '[2, 1, 3]' })).toEqual(rows)
  expect(notesAmong.get(db, { ids: '[3]' })).toBeUndefined()
  expect(db.sqlite.prepare('SELECT tags FROM notes WHERE id = 2').pluck().get()).toBeNull()
})

test('an update encodes its values and its constants', () => {
  const retag = statement((orm, { id, tags }: Named<{ id: number; tags: readonly string[] | null }>) =>
    updateOf(orm, notes, { tags, isOpen: false }).where(eq(notes.id, id)),
  )
  insertNote(db, { id: 1, isOpen: true, tags: null })
  expect(retag(db, { id: 1, tags: ['c'] })).toBe(1)
  expect(retag(db, { id: 2, tags: ['c'] })).toBe(0)
  expect(notesAmong.all(db, { ids: '[1]' })).toEqual([{ id: 1, isOpen: false, tags: ['c'] }])
  retag(db, { id: 1, tags: null })
  expect(notesAmong.get(db, { ids: '[1]' })?.tags).toBeNull()
})
