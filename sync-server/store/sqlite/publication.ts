import { and, eq, sql } from 'drizzle-orm'
import type { ClientId } from '../../../core/id.ts'
import { columnarRows } from '../../../core/sync/columnar.ts'
import { SYNC_TABLE_NAMES, isSyncTable, type Scalar } from '../../../core/sync/tables.ts'
import { insertOf, query, statement, updateOf, type Named, type OrmConnection } from '../../../platform/sqlite/prepared.ts'
import { statementsOf } from '../../../platform/sqlite/statements.ts'
import type { AuditRecord, PublicationReads, PublicationWrites, StoredPublication } from '../store.ts'
import { auditLogs, chain, clientState, publicationChunks } from './schema.ts'
import { storedRow, syncedTable } from './synced-tables.ts'
import { forgetTeam } from './team.ts'
import { appendLines } from './trail-lines.ts'

type OfClient = { clientId: ClientId }

const publicationOfClient = query((orm, { clientId }: Named<OfClient>) =>
  orm
    .select({
      publicationId: clientState.publicationId,
      userId: clientState.publicationUser,
      deviceId: clientState.publicationDevice,
      deviceName: clientState.publicationDeviceName,
      deviceSeq: clientState.publicationDeviceSeq,
      startedAt: clientState.publicationStartedAt,
      nextChunk: clientState.publicationNextChunk,
      lastSeq: clientState.publicationLastSeq,
      secretHash: clientState.publicationSecret,
      finishedAt: clientState.publishedAt,
    })
    .from(clientState)
    .where(eq(clientState.clientId, clientId)),
)

const chunkOf = query((orm, { clientId, chunk }: Named<OfClient & { chunk: number }>) =>
  orm
    .select({ digest: publicationChunks.digest, firstSeq: publicationChunks.firstSeq })
    .from(publicationChunks)
    .where(and(eq(publicationChunks.clientId, clientId), eq(publicationChunks.chunk, chunk))),
)

export function publicationOf(db: OrmConnection, clientId: ClientId): StoredPublication | undefined {
  return publicationOfClient.get(db, { clientId })
}

export function publicationReads(db: OrmConnection): PublicationReads {
  return {
    publication: async (clientId) => publicationOf(db, clientId),
    publicationChunk: async (clientId, index) => chunkOf.get(db, { clientId, chunk: index }),

    async counts(clientId) {
      // SQL text, because the table is known only at run time.
      const count = (table: string, client: string): [string, number] => {
        const text = `SELECT count(*) AS count FROM ${table} WHERE ${client} = :clientId`
        return [table, statementsOf(db.sqlite).one<{ count: number }>(text, { clientId })?.count ?? 0]
      }
      const synced = SYNC_TABLE_NAMES.map((table) => count(table, syncedTable(table).client))
      return Object.fromEntries([...synced, count('audit_logs', 'client_id')])
    },
  }
}

const insertState = insertOf(clientState)
const insertChunk = insertOf(publicationChunks)

const setProgress = statement((orm, values: Named<OfClient & { nextChunk: number; lastSeq: number }>) =>
  updateOf(orm, clientState, {
    publicationNextChunk: values.nextChunk,
    publicationLastSeq: values.lastSeq,
  }).where(eq(clientState.clientId, values.clientId)),
)

const setFinished = statement((orm, { clientId, at }: Named<OfClient & { at: number }>) =>
  updateOf(orm, clientState, { publishedAt: at, floor: sql`${clientState.seq}` }).where(eq(clientState.clientId, clientId)),
)

const deleteLines = statement((orm, { clientId }: Named<OfClient>) =>
  orm.delete(auditLogs).where(eq(auditLogs.clientId, clientId)),
)
const deleteChunks = statement((orm, { clientId }: Named<OfClient>) =>
  orm.delete(publicationChunks).where(eq(publicationChunks.clientId, clientId)),
)
const deleteChain = statement((orm, { clientId }: Named<OfClient>) => orm.delete(chain).where(eq(chain.clientId, clientId)))
const deleteState = statement((orm, { clientId }: Named<OfClient>) =>
  orm.delete(clientState).where(eq(clientState.clientId, clientId)),
)

/** Deletes a client whose publication is not finished: it has rows and a trail, but no devices and no operations. */
function deleteClient(db: OrmConnection, clientId: ClientId): void {
  deleteLines(db, { clientId })
  // SQL text, because the table is known only at run time.
  for (const table of SYNC_TABLE_NAMES.toReversed())
    statementsOf(db.sqlite).run(`DELETE FROM ${table} WHERE ${syncedTable(table).client} = :clientId`, { clientId })
  // After the calls, whose deletion notes their days.
  forgetTeam(db, clientId)
  deleteChunks(db, { clientId })
  deleteChain(db, { clientId })
  deleteState(db, { clientId })
}

export function publicationWrites(db: OrmConnection): PublicationWrites {
  return {
    async beginPublication(clientId, publication) {
      deleteClient(db, clientId)
      insertState(db, {
        clientId,
        seq: 0,
        floor: 0,
        publishedAt: null,
        publicationId: publication.publicationId,
        publicationUser: publication.userId,
        publicationDevice: publication.deviceId,
        publicationDeviceName: publication.deviceName,
        publicationDeviceSeq: publication.deviceSeq,
        publicationStartedAt: publication.startedAt,
        publicationNextChunk: publication.nextChunk,
        publicationLastSeq: publication.lastSeq,
        publicationSecret: publication.secretHash,
        unsealedUntil: 0,
      })
    },

    async publishRows(clientId, page, firstSeq, changedBy) {
      if (page.table === 'audit_logs') return appendLines(db, clientId, Array.from(columnarRows(page), auditRecord))
      if (!isSyncTable(page.table)) throw new RangeError(`${page.table} is not synced`)
      const { insert } = syncedTable(page.table)
      let seq = firstSeq
      for (const values of columnarRows(page)) {
        const row = { values, version: seq, versions: { base: seq, overrides: null }, changedBy }
        insert(db, storedRow(page.table, clientId, String(values['id']), row))
        seq++
      }
    },

    async savePublicationChunk(clientId, index, { digest, firstSeq }, lastSeq) {
      insertChunk(db, { clientId, chunk: index, digest, firstSeq })
      setProgress(db, { clientId, nextChunk: index + 1, lastSeq })
    },

    async finishPublication(clientId, at) {
      setFinished(db, { clientId, at })
      deleteChunks(db, { clientId })
    },
  }
}

function auditRecord(values: Readonly<Record<string, Scalar>>): AuditRecord {
  const text = (name: string) => (values[name] === null || values[name] === undefined ? null : String(values[name]))
  return {
    id: String(values['id']),
    userId: text('user_id'),
    table: String(values['table_name']),
    recordId: String(values['record_id']),
    action: String(values['action']) as AuditRecord['action'],
    oldValues: text('old_values'),
    newValues: text('new_values'),
    ipAddress: text('ip_address'),
    userAgent: text('user_agent'),
    createdAt: Number(values['created_at']),
  }
}
