import { NO_OPTIONAL_FIELDS } from '../core/model/call.ts'
import fc from 'fast-check'
import { afterEach, expect, test } from 'vitest'
import { AppError } from '../core/errors.ts'
import type { NewCall } from '../core/model/call.ts'
import { CALL_OUTCOMES, CALL_STATUSES } from '../core/model/call-fields.ts'
import { ROLES } from '../core/roles.ts'
import { deleteCall, insertCall, insertCalls, restoreCall, updateCall } from './commands/calls.ts'
import { updateClient } from './commands/clients.ts'
import { recordEvent } from './commands/events.ts'
import { insertLossReason, setLossReasonActive, updateLossReason } from './commands/loss-reasons.ts'
import { putSettings } from './commands/settings.ts'
import { insertUser, recordLogin, setUserActive, setUserPassword, updateUser } from './commands/users.ts'
import { currentState, replayAudit, replayOutbox } from './testing/replay.ts'
import { PLANTED_HASH, TestWorkspace } from './testing/test-workspace.ts'

const RUNS = Number(process.env.FUZZ_RUNS ?? 60)

/** A step chooses its rows by number, so that it is valid after any earlier steps. */
type Step = (workspace: TestWorkspace, made: Made) => void
type Made = { readonly calls: string[]; readonly users: string[]; readonly reasons: string[] }

const pick = <T>(list: readonly T[], n: number): T => list[n % list.length] as T
const number = fc.nat(1_000)
const text = fc.oneof(
  fc.constantFrom('Jo', 'Ann-Kathrin', "O'Neil", '"quoted"', '名前', '{"a":1}', 'null', '\\', '\n'),
  fc.string({ minLength: 1, maxLength: 12 }),
)
const nonBlank = text.map((value) => value.trim() || 'x')
const nullable = fc.option(nonBlank, { nil: null })

const callPatch: fc.Arbitrary<Partial<NewCall>> = fc
  .record({
    name: nonBlank,
    email: nullable,
    phone: nullable,
    notes: nullable,
    duration: fc.option(fc.nat(86_400), { nil: null }),
    at: fc.nat(4e12),
    status: fc.constantFrom(...CALL_STATUSES),
    outcome: fc.constantFrom(...CALL_OUTCOMES),
  })
  .map(({ name, email, phone, notes, duration, at, status, outcome }) => ({
    prospectName: name,
    prospectEmail: email,
    prospectPhone: phone,
    notes,
    callDuration: duration,
    status,
    outcome: status === 'completed' ? outcome : null,
    completedAt: status === 'completed' ? at : null,
    scheduledAt: status === 'completed' ? null : at,
  }))

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(number, number, callPatch).map(([user, reason, patch]): Step => ({ db, ...workspace }, made) => {
    const lossReasonId = patch.outcome === 'lost' ? pick(made.reasons, reason) : null
    const base = {
      id: workspace.newId(),
      clientId: workspace.clientId,
      createdAt: workspace.now,
      callType: 'inbound' as const,
      prospectName: 'x',
      status: 'scheduled' as const,
      prospectEmail: null,
      prospectPhone: null,
      outcome: null,
      notes: null,
      callDuration: null,
      scheduledAt: null,
      completedAt: null,
    }
    made.calls.push(insertCall(db, { ...NO_OPTIONAL_FIELDS, ...base, ...patch, lossReasonId, userId: pick(made.users, user) }).id)
  }),
  fc.tuple(number, callPatch).map(([call, patch]): Step => ({ db }, made) => {
    updateCall(db, pick(made.calls, call), { ...patch, lossReasonId: null })
  }),
  fc.tuple(number, number).map(([call, user]): Step => ({ db }, made) => {
    updateCall(db, pick(made.calls, call), { userId: pick(made.users, user) })
  }),
  number.map(
    (call): Step =>
      ({ db }, made) =>
        deleteCall(db, pick(made.calls, call)),
  ),
  number.map((call): Step => ({ db }, made) => {
    restoreCall(db, pick(made.calls, call))
  }),
  fc.tuple(number, fc.nat(20)).map(([user, count]): Step => (workspace, made) => {
    const rows = Array.from({ length: count }, () => ({ ...workspace.newCall(), userId: pick(made.users, user) }))
    insertCalls(workspace.db, rows)
    made.calls.push(...rows.map((row) => row.id))
  }),
  nonBlank.map((name): Step => (workspace, made) => {
    const { db, clientId, now: createdAt } = workspace
    made.reasons.push(
      insertLossReason(db, { id: workspace.newId(), clientId, name, description: null, isActive: true, createdAt }).id,
    )
  }),
  fc.tuple(number, nonBlank, nullable).map(([reason, name, description]): Step => ({ db }, made) => {
    updateLossReason(db, pick(made.reasons, reason), { name, description })
  }),
  fc.tuple(number, fc.boolean()).map(([reason, isActive]): Step => ({ db }, made) => {
    setLossReasonActive(db, pick(made.reasons, reason), isActive)
  }),
  fc.tuple(nonBlank, fc.nat(5), fc.constantFrom(...ROLES)).map(([name, n, role]): Step => (workspace, made) => {
    const { db, clientId, now: createdAt } = workspace
    const user = {
      id: workspace.newId(),
      clientId,
      email: `u${n}@acme.test`,
      name,
      role,
      passwordHash: null,
      isActive: true,
      createdAt,
    }
    made.users.push(insertUser(db, user).id)
  }),
  fc.tuple(number, nonBlank, fc.constantFrom(...ROLES)).map(([user, name, role]): Step => ({ db }, made) => {
    updateUser(db, pick(made.users, user), { name, role })
  }),
  fc.tuple(number, fc.boolean()).map(([user, isActive]): Step => ({ db }, made) => {
    setUserActive(db, pick(made.users, user), isActive)
  }),
  number.map((user): Step => ({ db }, made) => {
    setUserPassword(db, pick(made.users, user), PLANTED_HASH)
  }),
  number.map(
    (user): Step =>
      ({ db, now }, made) =>
        recordLogin(db, pick(made.users, user), now),
  ),
  nonBlank.map((name): Step => ({ db, clientId }) => {
    updateClient(db, clientId, { name })
  }),
  fc.integer({ min: 1, max: 7 }).map(
    (week_start): Step =>
      ({ db, clientId }) =>
        putSettings(db, clientId, { week_start }),
  ),
  number.map((user): Step => ({ db }, made) => {
    recordEvent(db, { tableName: 'users', recordId: pick(made.users, user), action: 'LOGIN', newValues: {} })
  }),
)

let workspace: TestWorkspace | undefined
afterEach(() => {
  workspace?.dispose()
  workspace = undefined
})

test(`[S2] after any commands a replay of the audit trail and of the outbox gives the rows (${RUNS} runs)`, () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ steps: fc.array(step, { minLength: 1, maxLength: 4 }), fails: fc.boolean() }), { maxLength: 25 }),
      (transactions) => {
        workspace?.dispose()
        const current = (workspace = new TestWorkspace())
        const made: Made = {
          calls: [current.addCall().id],
          users: [current.adminId, current.agentId],
          reasons: [current.priceId, current.timingId],
        }
        for (const { steps, fails } of transactions) {
          const before = structuredClone(made)
          try {
            current.write(() => {
              for (const run of steps) run(current, made)
              // A transaction that is rolled back at its end changes nothing.
              if (fails) throw AppError.inEnglish('NOT_FOUND', 'Given up')
            })
          } catch (error) {
            // The refusals of the commands by name. Any other error is a bug.
            if (!(error instanceof AppError) || !['NOT_FOUND', 'CONFLICT', 'INVALID'].includes(error.code)) throw error
            for (const key of ['calls', 'users', 'reasons'] as const) made[key].splice(0, made[key].length, ...before[key])
          }
        }
        const { sqlite } = current.db
        expect(replayAudit(sqlite)).toEqual(currentState(sqlite, 'without secrets'))
        expect(replayOutbox(sqlite)).toEqual(currentState(sqlite, 'with secrets'))
        const audit = sqlite
          .prepare<[], { text: string }>(`SELECT coalesce(old_values, '') || coalesce(new_values, '') AS text FROM audit_logs`)
          .all()
        expect(audit.filter((line) => line.text.includes('PLANTEDSECRET'))).toEqual([])
      },
    ),
    { numRuns: RUNS },
  )
})
