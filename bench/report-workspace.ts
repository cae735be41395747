import { randomBytes } from 'node:crypto'
import { createIdGenerator, type ClientId, type Id, type LossReasonId, type UserId } from '../core/id.ts'
import { insertClient } from '../db/commands/clients.ts'
import { insertLossReason } from '../db/commands/loss-reasons.ts'
import { putSettings } from '../db/commands/settings.ts'
import { insertUser } from '../db/commands/users.ts'
import { createWorkspaceFile, openWritable } from '../db/open.ts'
import { immediately } from '../db/statements.ts'
import { beginBulkLoad, finishBulkLoad } from '../db/sync/bulk-load.ts'
import { writeTransaction } from '../db/write-transaction.ts'
import { checkpoint } from '../platform/sqlite/database.ts'

export const AGENTS = 60
export const REPORT_FROM = Date.UTC(2023, 0, 1)
export const REPORT_TO = Date.UTC(2026, 0, 1)
export const REPORT_ZONE = 'Europe/Berlin'
const DAY = 86_400_000

export type ReportWorkspace = { readonly path: string; readonly clientId: ClientId; readonly userIds: readonly UserId[] }

/**
 * Creates a workspace with `count` calls of 60 agents over three years, from 8 to 18 o'clock, with 50,000 phone numbers and 8 loss reasons. The calls are loaded like
 * a snapshot: all indexes, totals and text indexes are built at the end.
 */
export function makeReportWorkspace(path: string, count: number): ReportWorkspace {
  const newId: () => Id = createIdGenerator(Date.now, (length) => randomBytes(length))
  createWorkspaceFile(path, { deviceId: newId() })
  const db = openWritable(path)
  const clientId: ClientId = newId()
  const createdAt = REPORT_FROM
  const userIds: readonly UserId[] = Array.from({ length: AGENTS }, newId)
  const reasonIds: readonly LossReasonId[] = Array.from({ length: 8 }, newId)
  const context = { clientId, userId: userIds[0] as UserId, ipAddress: null, userAgent: null, now: createdAt, newTxId: newId() }
  writeTransaction(db, context, () => {
    insertClient(db, { id: clientId, name: 'Bench', email: null, phone: null, address: null, isActive: true, createdAt })
    for (const [n, id] of userIds.entries()) {
      const role = n === 0 ? 'admin' : 'agent'
      insertUser(db, {
        id,
        clientId,
        email: `p${n}@bench.test`,
        passwordHash: null,
        name: `Person ${n}`,
        role,
        isActive: true,
        createdAt,
      })
    }
    for (const [n, id] of reasonIds.entries())
      insertLossReason(db, { id, clientId, name: `Reason ${n}`, description: null, isActive: true, createdAt })
    putSettings(db, clientId, { time_zone: REPORT_ZONE })
  })
  immediately(db, () => {
    beginBulkLoad(db)
    const pick = (ids: readonly string[], value: string) => `(json('${JSON.stringify(ids)}') ->> ('$[' || ${value} || ']'))`
    db.sqlite.exec(`
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count}),
      drawn AS MATERIALIZED (SELECT i, abs(random()) % ${AGENTS} AS who, abs(random()) % 100 AS kind, abs(random()) % 100 AS how,
        abs(random()) % 8 AS why, abs(random()) % 1800 AS long,
        ${REPORT_FROM} + abs(random()) % ${(REPORT_TO - REPORT_FROM) / DAY} * ${DAY} + (8 * 3600 + abs(random()) % 36000) * 1000 AS at FROM n)
      INSERT INTO calls (id, client_id, user_id, prospect_name, prospect_phone, call_type, status, outcome, loss_reason_id, call_duration,
        scheduled_at, completed_at, created_at, updated_at)
      SELECT printf('%08x-0000-7000-8000-%012x', i, i), '${clientId}', ${pick(userIds, 'who')}, 'Prospect ' || (i % 5000), printf('030%07d', i % 50000),
        iif(how % 3 = 0, 'inbound', 'outbound'),
        CASE WHEN kind < 70 THEN 'completed' WHEN kind < 85 THEN 'no_show' WHEN kind < 93 THEN 'rescheduled' WHEN kind < 98 THEN 'scheduled' ELSE 'cancelled' END,
        CASE WHEN kind >= 70 THEN NULL WHEN how < 30 THEN 'won' WHEN how < 80 THEN 'lost' ELSE 'undecided' END,
        iif(kind < 70 AND how >= 30 AND how < 75, ${pick(reasonIds, 'why')}, NULL),
        iif(kind < 70 AND how % 10 > 0, long, NULL), iif(kind < 70, NULL, at), iif(kind < 70, at, NULL), at, at FROM drawn`)
    finishBulkLoad(db)
  })
  checkpoint(db.sqlite)
  db.close()
  return { path, clientId, userIds }
}
