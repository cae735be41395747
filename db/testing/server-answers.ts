import type { UserId } from '../../core/id.ts'
import { toColumnar, type Columnar } from '../../core/sync/columnar.ts'
import { DIGEST_HEADER, envelopeHeaders, envelopeText } from '../../core/sync/envelope.ts'
import { ROW_COLUMNS, type Page, type PushResponse } from '../../core/sync/protocol.ts'
import { SYNC_TABLES, type Scalar, type SyncTableName } from '../../core/sync/tables.ts'
import { sha256 } from '../../platform/digest/sha256.ts'

/* Answers of the server, for tests of the device. */

type ServerRow = {
  readonly id: string
  readonly version: number
  readonly by: string
  /** Columns that are not named are null. */
  readonly values: Readonly<Record<string, Scalar>>
}

export const CREATED = Date.UTC(2026, 0, 5, 8)

export function serverRows(table: SyncTableName, rows: readonly ServerRow[], columns?: readonly string[]): Columnar {
  const names = columns ?? SYNC_TABLES[table].columns.map(({ name }) => name)
  return toColumnar(
    table,
    ['id', ROW_COLUMNS.version, ROW_COLUMNS.base, ROW_COLUMNS.fields, ROW_COLUMNS.by, ...names],
    rows.map(({ id, version, by, values }) => [id, version, version, null, by, ...names.map((name) => values[name] ?? null)]),
  )
}

export function scheduledCall(userId: UserId, prospectName: string): Record<string, Scalar> {
  return {
    user_id: userId,
    prospect_name: prospectName,
    call_type: 'outbound',
    status: 'scheduled',
    created_at: CREATED,
    updated_at: CREATED,
  }
}

export function pageOf(page: Partial<Page>): Page {
  return {
    epoch: 'e',
    scope: { calls: 'all', users: 'full' },
    forget: [],
    head: 1,
    rows: [],
    removed: [],
    conflicts: [],
    cursor: 'next',
    complete: true,
    progress: null,
    ...page,
  }
}

export function answerOf(response: Partial<PushResponse>): PushResponse {
  return {
    epoch: 'e',
    head: 1,
    serverTime: CREATED,
    seq: [],
    merged: [],
    rejected: [],
    rows: [],
    removed: [],
    conflicts: [],
    aliases: [],
    cursor: 'next',
    isCovered: false,
    complete: false,
    ...response,
  }
}

/** Returns the answer as it is on the wire: the envelope as headers, the rest as body. */
export function wireAnswer(answer: Page | PushResponse): { readonly headers: Record<string, string>; readonly body: string } {
  const { epoch, cursor, complete, progress, ...body } = { progress: null, ...answer }
  const parts = [body.rows, body.removed, body.conflicts, ...('forget' in body ? [body.forget] : [])]
  const isEmpty = parts.every(({ length }) => length === 0)
  const headers = envelopeHeaders({ epoch, cursor, complete, progress, isEmpty })
  const json = JSON.stringify(body)
  return {
    headers: {
      ...headers,
      [DIGEST_HEADER]: sha256(
        envelopeText((name) => headers[name]),
        json,
      ),
    },
    body: json,
  }
}
