import type { OrmConnection } from '../../../platform/sqlite/prepared.ts'
import type { ChangeWrites, ReadTransaction, WriteTransaction } from '../store.ts'
import { deleteCalls, deletedCallReads, forgetDeletedCalls } from './deleted-calls.ts'
import { feedReads, writeConflicts, writeDepartures } from './feed.ts'
import { operationReads, writeOperations } from './operations.ts'
import { orderReads, orderWrites } from './order.ts'
import { pastReads } from './past.ts'
import { peopleReads, peopleWrites, recordClock } from './people.ts'
import { publicationReads, publicationWrites } from './publication.ts'
import { rowReads, writeAliases, writeRows } from './rows.ts'
import { appendLines } from './trail-lines.ts'
import { teamReads, teamWrites } from './team.ts'
import { trailReads } from './trail.ts'

/** The reads of one connection. They return promises, because other stores may be remote. */
export function readTransaction(db: OrmConnection): ReadTransaction {
  return {
    ...peopleReads(db),
    ...orderReads(db),
    ...rowReads(db),
    ...deletedCallReads(db),
    ...operationReads(db),
    ...feedReads(db),
    ...trailReads(db),
    ...pastReads(db),
    ...teamReads(db),
    ...publicationReads(db),
  }
}

export function writeTransaction(db: OrmConnection): WriteTransaction {
  return {
    ...readTransaction(db),
    ...peopleWrites(db),
    ...orderWrites(db),
    ...changeWrites(db),
    ...publicationWrites(db),
    ...teamWrites(db),
  }
}

function changeWrites(db: OrmConnection): ChangeWrites {
  return {
    async apply(clientId, changes) {
      const { deviceId, userId, receivedAt, lastClock } = changes
      deleteCalls(db, clientId, changes.deletedCalls)
      forgetDeletedCalls(db, clientId, changes.restoredCalls)
      writeRows(db, clientId, changes.rows)
      const deviceKey = recordClock(db, clientId, deviceId, lastClock)
      writeOperations(db, clientId, { deviceKey, userId, receivedAt }, changes.operations)
      writeAliases(db, clientId, changes.aliases)
      writeDepartures(db, clientId, changes.departures)
      writeConflicts(db, clientId, changes.conflicts)
      appendLines(db, clientId, changes.audit)
    },
    appendAudit: async (clientId, records) => appendLines(db, clientId, records),
  }
}
