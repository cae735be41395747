import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { SqliteStore } from '../store/sqlite/sqlite-store.ts'
import { openWritable } from '../store/sqlite/open.ts'
import { readCursor, type Position } from './cursor.ts'

const EPOCH = '0123456789abcdef'
const folder = mkdtempSync(join(tmpdir(), 'propaganda-unsealed-'))
const path = join(folder, 'server.db')
const fresh = join(folder, 'new.db')
let store: SqliteStore
afterEach(async () => {
  await store.close()
  for (const name of [path, fresh]) for (const suffix of ['', '-wal', '-shm']) rmSync(`${name}${suffix}`, { force: true })
})

const read = (cursor: string): Promise<Position | string> =>
  store
    .read((tx) =>
      readCursor(tx, cursor, { epoch: store.epoch, cursorKey: store.cursorKey, clientId: 'acme', userId: 'somebody' }),
    )
    .catch((error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : String(error)))

test('[S6] after an update, the server accepts the unauthenticated cursors that it gave out before, and no others', async () => {
  // A file of the first version, whose server did not authenticate cursors.
  const old = openWritable(path, EPOCH, 1)
  old.exec(`INSERT INTO client_state VALUES ('acme', 41, 0, 1, 'p', 'u', 'd', 'n', 0, 0, 0, 7)`)
  old.close()
  store = new SqliteStore(path, 'f'.repeat(16))
  const at = { scope: { calls: 'own', users: 'names' }, parents: 40, calls: 39, fill: null, known: [] }
  expect(await read(`1.${EPOCH}.on.40.39`)).toEqual(at)
  expect(await read(`1.${EPOCH}.af.0.41.s12-41.k3-5`)).toMatchObject({
    scope: { calls: 'all', users: 'full' },
    fill: { kind: 'scope', done: 12, upTo: 41 },
  })
  // The device is ahead of this file, which is an older copy of the server's.
  for (const cursor of ['on.42.41', 'on.40.42', 'on.40.41.x0-42', 'on.40.41.k41-42'])
    expect(await read(`1.${EPOCH}.${cursor}`), cursor).toBe('EPOCH')
  // Numbers given out since the update occur only in authenticated cursors.
  await store.write((tx) => tx.allocate('acme', 2, new Uint8Array([1])))
  expect(await read(`1.${EPOCH}.on.43.43`)).toBe('EPOCH')
  expect(await read(`1.${EPOCH}.on.40.39`)).toEqual(at)
  expect(await read(`1.${'e'.repeat(16)}.on.40.39`)).toBe('EPOCH')
  for (const cursor of ['on.40', 'xx.40.40', 'on.a.40', 'on.40.40.'])
    expect(await read(`1.${EPOCH}.${cursor}`), cursor).toBe('CURSOR')
})

test('unauthenticated cursors are refused for a client that was published after the update', async () => {
  store = new SqliteStore(fresh, EPOCH)
  expect(await read(`1.${EPOCH}.on.0.0`)).toBe('CURSOR')
})
