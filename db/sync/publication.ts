import { and, eq, lte } from 'drizzle-orm'
import { toColumnar, type Columnar } from '../../core/sync/columnar.ts'
import { LIMITS } from '../../core/sync/protocol.ts'
import { AUDIT_COLUMNS, SYNC_TABLE_NAMES, syncTable, type Scalar, type SyncTableName } from '../../core/sync/tables.ts'
import { updateOf } from '../../platform/sqlite/prepared.ts'
import type { ReadableDb, WritableDb } from '../open.ts'
import { openReadable } from '../open.ts'
import { statement, type Named } from '../prepared.ts'
import { syncOutbox } from '../sync-schema.ts'
import { rows } from '../statements.ts'
import { DEVICE_TABLES } from '../device-rows.ts'
import { lastDeviceSeq } from '../queries/device-seq.ts'
import { isPending } from '../pending.ts'
import { saveVersions } from './versions.ts'

/** Bounds of one chunk, in rows and in bytes of the JSON of its data. A single row is smaller than a hundredth of the bytes. */
export type ChunkBounds = { readonly rows: number; readonly bytes: number }
export const CHUNK_BOUNDS: ChunkBounds = { rows: 1_000, bytes: LIMITS.pieceBytes }

/** Returns the rows of a chunk. It is always the same for the same file, so that an interrupted publication resumes. */
export type ChunkPlace = { readonly table: SyncTableName | 'audit_logs'; readonly offset: number; readonly rows: number }

export type PublicationPlan = {
  readonly chunks: readonly ChunkPlace[]
  readonly counts: Readonly<Record<string, number>>
  /** The device's last operation that the rows contain. */
  readonly deviceSeq: number
}

type UpTo = Named<{ deviceSeq: number }>

const acceptPublished = statement((orm, { deviceSeq }: UpTo) =>
  updateOf(orm, syncOutbox, { state: 'accepted' }).where(and(isPending, lte(syncOutbox.deviceSeq, deviceSeq))),
)

const removePublished = statement((orm, { deviceSeq }: UpTo) =>
  orm.delete(syncOutbox).where(and(lte(syncOutbox.deviceSeq, deviceSeq), eq(syncOutbox.state, 'accepted'))),
)

/**
 * Copies the workspace's current rows into a separate file while the person keeps working. A reader makes the copy. `query_only` also
 * forbids writing another file, so it is off meanwhile.
 */
export function freeze(db: ReadableDb, path: string): void {
  db.sqlite.pragma('query_only = OFF')
  try {
    db.sqlite.prepare('VACUUM INTO :path').run({ path })
  } finally {
    db.sqlite.pragma('query_only = ON')
  }
}

export function planPublication(frozen: ReadableDb, bounds: ChunkBounds = CHUNK_BOUNDS): PublicationPlan {
  const counts: Record<string, number> = {}
  const chunks: ChunkPlace[] = []
  for (const table of [...SYNC_TABLE_NAMES, 'audit_logs'] as const) {
    // The brackets around the columns, and around all of them.
    const frame = 2 * placeOf(table).columns.length + 2
    let [offset, count, bytes] = [0, 0, frame]
    for (const size of rowSizes(frozen, table)) {
      if (count === bounds.rows || (count > 0 && bytes + size > bounds.bytes)) {
        chunks.push({ table, offset, rows: count })
        offset += count
        count = 0
        bytes = frame
      }
      count++
      bytes += size
    }
    if (count > 0) chunks.push({ table, offset, rows: count })
    counts[table] = offset + count
  }
  return { chunks, counts, deviceSeq: lastDeviceSeq(frozen) }
}

/** Returns the bytes of each row in a chunk's JSON, in the order of the chunks. SQLite escapes the same characters as JSON. */
function rowSizes(frozen: ReadableDb, table: ChunkPlace['table']): IterableIterator<number> {
  const { columns, selected, order } = placeOf(table)
  const size = selected
    .split(', ')
    .map((column) => `octet_length(json_quote(${column}))`)
    .join(' + ')
  // A comma follows every value.
  const sql = `SELECT ${size} + ${columns.length} FROM ${table} ORDER BY ${order}`
  return frozen.sqlite.prepare<[], number>(sql).pluck().iterate()
}

function placeOf(table: ChunkPlace['table']): {
  readonly columns: readonly string[]
  readonly selected: string
  readonly order: string
} {
  if (table === 'audit_logs') return { columns: AUDIT_COLUMNS, selected: AUDIT_COLUMNS.join(', '), order: 'rowid' }
  const { key } = DEVICE_TABLES[table]
  const columns = syncTable(table).columns.map(({ name }) => name)
  return { columns: ['id', ...columns], selected: [key, ...columns].join(', '), order: table === 'calls' ? 'rowid' : key }
}

export function readChunk(frozen: ReadableDb, { table, offset, rows: count }: ChunkPlace): Columnar {
  const { columns, selected, order } = placeOf(table)
  const found = frozen.sqlite
    .prepare(`SELECT ${selected} FROM ${table} ORDER BY ${order} LIMIT :count OFFSET :offset`)
    .raw()
    .all({ count, offset }) as Scalar[][]
  return toColumnar(table, columns, found)
}

/**
 * Records what the server has after a publication: the versions of the rows, and that the operations up to `deviceSeq` need not be sent.
 * @param frozenPath the file that was published; the rows of the chunks are looked up in it.
 */
export function markPublished(
  db: WritableDb,
  frozenPath: string,
  published: readonly { readonly place: ChunkPlace; readonly firstVersion: number }[],
  deviceSeq: number,
): void {
  const frozen = openReadable(frozenPath)
  try {
    for (const { place, firstVersion } of published) {
      const { table } = place
      if (table === 'audit_logs') continue
      const versions = idsOfChunk(frozen, table, place).map((id, position) => {
        const version = firstVersion + position
        return [id, { version, base: version, fields: null }] as const
      })
      saveVersions(db, table, new Map(versions))
    }
  } finally {
    frozen.close()
  }
  // A trigger refuses to delete an unanswered operation.
  acceptPublished(db, { deviceSeq })
  removePublished(db, { deviceSeq })
}

/** SQL text, because the table is known only at run time. */
function idsOfChunk(frozen: ReadableDb, table: SyncTableName, { offset, rows: count }: ChunkPlace): string[] {
  const text = `SELECT ${DEVICE_TABLES[table].key} AS id FROM ${table} ORDER BY ${placeOf(table).order} LIMIT :count OFFSET :offset`
  return rows<{ id: string }>(frozen, text, { count, offset }).map(({ id }) => id)
}
