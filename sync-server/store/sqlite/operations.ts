import { and, asc, eq } from 'drizzle-orm'
import type { ClientId, DeviceId, OpId, UserId } from '../../../core/id.ts'
import { publicationAuthor } from '../../../core/sync/judge.ts'
import type { Author } from '../../../core/sync/merge.ts'
import { insertOf, isAmong, query, type Named, type OrmConnection } from '../../../platform/sqlite/prepared.ts'
import type { Changes, OperationReads } from '../store.ts'
import { publicationOf } from './publication.ts'
import { devices, operations } from './schema.ts'
import { toBytes } from './uuid-bytes.ts'

const authorsAmong = query((orm, { clientId, seqs }: Named<{ clientId: ClientId; seqs: string }>) =>
  orm
    .select({
      seq: operations.seq,
      opId: operations.opId,
      deviceId: devices.deviceId,
      deviceSeq: operations.deviceSeq,
      userId: operations.userId,
      clock: operations.clock,
    })
    .from(operations)
    .innerJoin(devices, eq(devices.deviceKey, operations.deviceKey))
    .where(and(eq(operations.clientId, clientId), isAmong(operations.seq, seqs))),
)

const VERDICT = {
  seq: operations.seq,
  opId: operations.opId,
  deviceSeq: operations.deviceSeq,
  table: operations.table,
  rowId: operations.rowId,
  digest: operations.digest,
  verdict: operations.verdict,
  rejection: operations.rejection,
}

type DeviceSeqs = { clientId: ClientId; deviceId: DeviceId; deviceSeqs: string }
/** By number, not by range: a device chooses its numbers, and a range may contain all of its operations. */
const verdictsAmong = query((orm, { clientId, deviceId, deviceSeqs }: Named<DeviceSeqs>) =>
  orm
    .select(VERDICT)
    .from(devices)
    .innerJoin(operations, eq(operations.deviceKey, devices.deviceKey))
    .where(and(eq(devices.clientId, clientId), eq(devices.deviceId, deviceId), isAmong(operations.deviceSeq, deviceSeqs)))
    .orderBy(asc(operations.deviceSeq)),
)

const verdictOf = query((orm, { clientId, userId, opId }: Named<{ clientId: ClientId; userId: UserId; opId: Uint8Array }>) =>
  orm
    .select(VERDICT)
    .from(operations)
    .where(and(eq(operations.clientId, clientId), eq(operations.opId, opId), eq(operations.userId, userId))),
)

export function operationReads(db: OrmConnection): OperationReads {
  return {
    async authors(clientId, seqs) {
      const authors = new Map<number, Author>()
      if (seqs.length === 0) return authors
      for (const { seq, ...author } of authorsAmong.all(db, { clientId, seqs: JSON.stringify(seqs) })) authors.set(seq, author)
      const published = publicationOf(db, clientId)
      if (published === undefined) return authors
      const author = publicationAuthor(published.deviceId, published.deviceSeq, published.userId, published.startedAt)
      for (const seq of seqs) if (!authors.has(seq) && seq <= published.lastSeq) authors.set(seq, author)
      return authors
    },

    async verdicts(clientId, deviceId, deviceSeqs) {
      if (deviceSeqs.length === 0) return []
      return verdictsAmong.all(db, { clientId, deviceId, deviceSeqs: JSON.stringify(deviceSeqs) })
    },

    async verdictsOf(clientId, userId, opIds) {
      return opIds.flatMap((opId: OpId) => verdictOf.all(db, { clientId, userId, opId: toBytes(opId) }))
    },
  }
}

const insertOperation = insertOf(operations)

type Sender = { readonly deviceKey: number; readonly userId: UserId; readonly receivedAt: number }

export function writeOperations(db: OrmConnection, clientId: ClientId, sender: Sender, written: Changes['operations']): void {
  for (const operation of written) insertOperation(db, { ...operation, ...sender, clientId })
}
