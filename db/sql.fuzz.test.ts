import type { CallId } from '../core/id.ts'
import fc from 'fast-check'
import { afterEach, expect, test } from 'vitest'
import { insertEntry } from './commands/do-not-call.ts'
import { putUserSetting } from './commands/settings.ts'
import { currentState, replayAudit, replayOutbox } from './testing/replay.ts'
import { TestWorkspace } from './testing/test-workspace.ts'

const RUNS = Number(process.env.FUZZ_RUNS ?? 60)

/** Values for SQL that a run replaces with ids of its file. `$CALL`, `$USER` … are existing ids, `$NEW` is a new one. */
const COLUMNS = {
  calls: [
    'id',
    'client_id',
    'user_id',
    'prospect_name',
    'notes',
    'call_type',
    'status',
    'outcome',
    'loss_reason_id',
    'call_duration',
    'scheduled_at',
    'completed_at',
    'created_at',
    'rowid',
  ],
  users: ['id', 'client_id', 'email', 'name', 'role', 'password_hash', 'is_active', 'last_login', 'created_at'],
  loss_reasons: ['id', 'client_id', 'name', 'description', 'is_active', 'created_at'],
  clients: ['id', 'name', 'email', 'is_active', 'created_at'],
  client_settings: ['client_id', 'key', 'value'],
  user_settings: ['client_id', 'id', 'user_id', 'key', 'value'],
  do_not_call: ['client_id', 'id', 'contact_hash', 'reason', 'user_id', 'created_at', 'lifted_at', 'lifted_by'],
} as const
type Table = keyof typeof COLUMNS
const TABLES = Object.keys(COLUMNS) as Table[]
const COPIES: Record<Table, string> = {
  calls: `INTO calls (id, client_id, user_id, prospect_name, call_type, status, created_at, updated_at) SELECT $ID, client_id, user_id, prospect_name, 'inbound', 'scheduled', created_at, $NOW FROM calls`,
  users: `INTO users (id, client_id, email, name, role, is_active, created_at, updated_at) SELECT $ID, client_id, $EMAIL, name, role, 1, created_at, $NOW FROM users`,
  loss_reasons: `INTO loss_reasons (id, client_id, name, is_active, created_at, updated_at) SELECT $ID, client_id, $NAME, 1, created_at, $NOW FROM loss_reasons`,
  clients: `INTO clients (id, name, is_active, created_at, updated_at) SELECT $ID, name, 1, created_at, $NOW FROM clients`,
  client_settings: `INTO client_settings (client_id, key, value) SELECT client_id, $KEY, value FROM client_settings`,
  user_settings: `INTO user_settings (client_id, id, user_id, key, value) SELECT client_id, user_id || ':' || $KEY, user_id, $KEY, value FROM user_settings`,
  do_not_call: `INTO do_not_call (client_id, id, contact_hash, user_id, created_at) SELECT client_id, $ID, contact_hash, user_id, created_at FROM do_not_call`,
}

const table = fc.constantFrom(...TABLES)
const conflict = fc.constantFrom('', ' OR REPLACE', ' OR IGNORE', ' OR ABORT', ' OR FAIL', ' OR ROLLBACK')
const id = fc.constantFrom('$CALL', '$USER', '$REASON', '$CLIENT', '$NEW', `'${'0'.repeat(36)}'`)
const value = fc.oneof(
  id,
  fc.constantFrom(
    'NULL',
    '0',
    '1',
    '-1',
    "''",
    "'x'",
    "'{}'",
    "'agent'",
    "'completed'",
    "'lost'",
    "'won'",
    "'ada@acme.test'",
    "'Price'",
    "'time_zone'",
    '$NOW',
    '1e18',
    "x'00'",
    "'Jo' || abs(random() % 5)",
  ),
)
const columnOf = (of: Table) => fc.constantFrom(...COLUMNS[of])
const where = (of: Table) =>
  fc.oneof(
    fc.constant(''),
    fc.tuple(columnOf(of), value).map(([column, to]) => ` WHERE ${column} = ${to}`),
    columnOf(of).map((column) => ` WHERE ${column} IS NOT NULL`),
    fc.constant(
      of === 'client_settings' || of === 'user_settings'
        ? ' WHERE length(key) % 2'
        : of === 'do_not_call'
          ? ' WHERE created_at % 2'
          : ' WHERE rowid % 2',
    ),
    fc.constant(` WHERE 1 = (SELECT count(*) FROM ${of})`),
  )
/** Assignments that are valid for a row, so that not every statement is refused for another reason than the tested one. */
const SOUND: Record<Table, readonly string[]> = {
  calls: [
    "notes = 'a'",
    'notes = NULL',
    "notes = notes || 'b'",
    "prospect_name = 'P'",
    'call_duration = 5',
    "call_type = 'inbound'",
    'user_id = $USER',
    "status = 'scheduled', outcome = NULL, loss_reason_id = NULL, completed_at = NULL",
    "status = 'completed', outcome = 'won', loss_reason_id = NULL, completed_at = 7",
  ],
  users: [
    "name = 'N'",
    'is_active = 1 - is_active',
    "role = 'viewer'",
    'last_login = $NOW',
    "password_hash = printf('%060d', abs(random() % 9))",
    'password_hash = NULL',
  ],
  loss_reasons: ["description = 'D'", 'description = NULL', 'is_active = 1 - is_active'],
  clients: ["name = 'Acme ' || abs(random() % 9)", "phone = '1'", 'phone = NULL'],
  client_settings: ["value = '1'", 'value = json_array(value)'],
  user_settings: ["value = '1'", 'value = json_array(value)'],
  do_not_call: ['lifted_at = 7, lifted_by = user_id', 'lifted_at = NULL, lifted_by = NULL'],
}
const sound = (of: Table) =>
  fc.array(fc.constantFrom(...SOUND[of]), { minLength: 1, maxLength: 1 }).map((list) => list.join(', '))
const tail = fc.constantFrom('', '', ' RETURNING *')
const ids = fc.constantFrom('id', '$NEW', '$CALL', '$USER', '$REASON', 'lower(hex(randomblob(18)))')
const emails = fc.constantFrom('email', "'ben@acme.test'", "'N' || abs(random()) || '@acme.test'", "'BEN@ACME.TEST'")
const names = fc.constantFrom('name', "'PRICE'", "'R' || abs(random())")
const keys = fc.constantFrom('key', "'k' || abs(random() % 3)")

const copy = fc
  .tuple(table, ids, emails, names, keys)
  .map(([of, newId, email, name, key]) =>
    COPIES[of].replace('$ID', newId).replace('$EMAIL', email).replace('$NAME', name).replace('$KEY', key),
  )
const upsert = table.chain((of) =>
  fc.tuple(columnOf(of), value).map(([column, to]) => {
    const key =
      of === 'client_settings' ? 'client_id, key' : of === 'user_settings' || of === 'do_not_call' ? 'client_id, id' : 'id'
    const from = COPIES[of].replace('$ID', 'id').replace('$EMAIL', 'email').replace('$NAME', 'name').replace('$KEY', 'key')
    return `INSERT ${from} WHERE true ON CONFLICT (${key}) DO UPDATE SET ${column} = ${to}`
  }),
)
const assignments = (of: Table) =>
  fc
    .array(fc.tuple(columnOf(of), value), { minLength: 1, maxLength: 3 })
    .map((list) => list.map(([column, to]) => `${column} = ${to}`).join(', '))

const statement: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 8,
    arbitrary: table.chain((of) =>
      fc.tuple(conflict, sound(of), where(of), tail).map(([or, set, at, end]) => `UPDATE${or} ${of} SET ${set}${at}${end}`),
    ),
  },
  {
    weight: 4,
    arbitrary: table.map(
      (of) =>
        `INSERT ${COPIES[of].replace('$ID', 'lower(hex(randomblob(18)))').replace('$EMAIL', "'N' || abs(random()) || '@acme.test'").replace('$NAME', "'R' || abs(random())").replace('$KEY', "'k' || abs(random())")} LIMIT 1`,
    ),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      'DELETE FROM calls',
      'DELETE FROM calls WHERE rowid % 2',
      'DELETE FROM client_settings',
      'DELETE FROM calls WHERE id = $CALL RETURNING id',
    ),
  },
  {
    weight: 6,
    arbitrary: table.chain((of) =>
      fc.tuple(conflict, assignments(of), where(of), tail).map(([or, set, at, end]) => `UPDATE${or} ${of} SET ${set}${at}${end}`),
    ),
  },
  { weight: 3, arbitrary: table.chain((of) => fc.tuple(where(of), tail).map(([at, end]) => `DELETE FROM ${of}${at}${end}`)) },
  { weight: 5, arbitrary: fc.tuple(conflict, copy, tail).map(([or, what, end]) => `INSERT${or} ${what}${end}`) },
  { weight: 2, arbitrary: fc.tuple(copy, tail).map(([what, end]) => `REPLACE ${what}${end}`) },
  { weight: 2, arbitrary: upsert },
  {
    weight: 1,
    arbitrary: fc
      .tuple(conflict, value)
      .map(([or, to]) => `WITH x AS (SELECT id FROM calls) UPDATE${or} calls SET notes = ${to} FROM x WHERE calls.id = x.id`),
  },
  { weight: 1, arbitrary: value.map((to) => `UPDATE calls SET notes = ${to}, rowid = rowid + 1000`) },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      'UPDATE audit_logs SET new_values = NULL',
      'UPDATE OR REPLACE audit_logs SET rowid = 1',
      'DELETE FROM audit_logs',
      'DELETE FROM audit_logs WHERE rowid = 1',
      'INSERT OR REPLACE INTO audit_logs SELECT * FROM audit_logs LIMIT 1',
      "REPLACE INTO audit_logs (rowid, id, client_id, table_name, record_id, action, created_at) SELECT 1, $NEW, client_id, 'calls', id, 'IMPORT', 1 FROM calls",
      "UPDATE sync_outbox SET fields = '{}'",
      'DELETE FROM sync_outbox',
      'UPDATE OR REPLACE sync_outbox SET device_seq = 1',
      'INSERT OR REPLACE INTO sync_outbox SELECT * FROM sync_outbox LIMIT 1',
    ),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(
        fc.constantFrom(
          'recursive_triggers',
          'foreign_keys',
          'ignore_check_constraints',
          'defer_foreign_keys',
          'count_changes',
          'legacy_alter_table',
          'reverse_unordered_selects',
          'trusted_schema',
        ),
        fc.boolean(),
      )
      .map(([pragma, on]) => `PRAGMA ${pragma} = ${on ? 'ON' : 'OFF'}`),
  },
  { weight: 1, arbitrary: fc.constantFrom('BEGIN', 'COMMIT', 'ROLLBACK', 'SAVEPOINT s', 'RELEASE s', 'ROLLBACK TO s') },
)

const SET_CONTEXT = `INSERT OR REPLACE INTO local_write_context (singleton, client_id, user_id, tx_id, hlc, now, sync, schema_version)
  VALUES (1, $CLIENT, $USER, $NEW, '0000000000010000', $NOW, 1, 1)`
const NO_CONTEXT = 'DELETE FROM local_write_context'

const mostly = fc.nat(3).map((n) => n > 0)

let workspace: TestWorkspace | undefined
afterEach(() => {
  workspace?.dispose()
  workspace = undefined
})

function fill(sql: string, { clientId, adminId, agentId, priceId, now, newId }: TestWorkspace, callId: CallId): string {
  const words: Record<string, string> = {
    CALL: `'${callId}'`,
    USER: `'${now % 2 === 0 ? adminId : agentId}'`,
    REASON: `'${priceId}'`,
    CLIENT: `'${clientId}'`,
    NOW: String(now),
  }
  return sql.replaceAll(/\$([A-Z]+)/g, (_, word: string) => (word === 'NEW' ? `'${newId()}'` : (words[word] ?? 'NULL')))
}

test(`[S2] no SQL statement changes an audited row without its audit row and its operation (${RUNS} runs)`, () => {
  let changed = 0
  fc.assert(
    fc.property(fc.array(fc.tuple(statement, mostly), { minLength: 1, maxLength: 30, size: 'max' }), (statements) => {
      workspace?.dispose()
      const current = (workspace = new TestWorkspace())
      const call = current.addCall({
        status: 'completed',
        outcome: 'lost',
        lossReasonId: current.priceId,
        completedAt: 1_000,
        notes: 'n',
      })
      current.addCall()
      current.write(() => putUserSetting(current.db, current.clientId, current.agentId, 'theme', 1))
      const listed = { clientId: current.clientId, contactHash: 'h'.repeat(43), reason: null, createdAt: 1 }
      current.write(() => insertEntry(current.db, { ...listed, id: current.newId() }))
      const { sqlite } = current.db
      const trail = () => sqlite.prepare<[], Record<string, unknown>>('SELECT * FROM audit_logs ORDER BY rowid').all()
      const operations = () => sqlite.prepare<[], Record<string, unknown>>('SELECT * FROM sync_outbox ORDER BY device_seq').all()
      let [auditBefore, outboxBefore] = [trail(), operations()]
      for (const [sql, withContext] of statements) {
        current.now += 1_000
        const text = fill(sql, current, call.id)
        try {
          sqlite.exec(fill(withContext ? SET_CONTEXT : NO_CONTEXT, current, call.id))
          sqlite.exec(text)
        } catch {
          // The statement was refused. The checks below test that it left no partial change.
        }
        const state = currentState(sqlite, 'without secrets')
        expect(replayAudit(sqlite), text).toEqual(state)
        expect(replayOutbox(sqlite), text).toEqual(currentState(sqlite, 'with secrets'))
        const [auditAfter, outboxAfter] = [trail(), operations()]
        // Only a rollback removes lines, and only lines that were not committed.
        if (!/^(ROLLBACK|COMMIT)/.test(text) && !text.includes('OR ROLLBACK')) {
          expect(auditAfter.slice(0, auditBefore.length), text).toEqual(auditBefore)
          expect(outboxAfter.slice(0, outboxBefore.length), text).toEqual(outboxBefore)
        }
        if (auditAfter.length > auditBefore.length) changed++
        if (!withContext && !sqlite.inTransaction) expect(auditAfter.length, text).toBeLessThanOrEqual(auditBefore.length)
        ;[auditBefore, outboxBefore] = [auditAfter, outboxAfter]
      }
    }),
    { numRuns: RUNS },
  )
  // If every statement were refused, the test would prove nothing.
  expect(changed).toBeGreaterThan(RUNS)
})
