import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { LoggedCall } from '../../core/contract/calls.ts'
import type { UserId } from '../../core/id.ts'
import type { Call, NewCall } from '../../core/model/call.ts'
import { DERIVED_COLUMNS } from '../../core/model/call-derivation.ts'
import { CALL_ROW_COLUMNS, NO_OPTIONAL_FIELDS } from '../../core/model/call.ts'
import { CALL_STATUSES } from '../../core/model/call-fields.ts'
import { deleteCall, restoreCall, updateCall } from '../../db/commands/calls.ts'
import { insertUser } from '../../db/commands/users.ts'
import { getCall } from '../../db/queries/calls.ts'
import { TestWorkspace } from '../../db/testing/test-workspace.ts'
import { operationContext } from '../testing/operation-context.ts'
import type { InputOf, OperationName, OutputOf } from './operations.ts'
import { runOperation } from './run-operation.ts'

const DAY = 86_400_000

let workspace: TestWorkspace
beforeEach(() => {
  workspace = new TestWorkspace()
})
afterEach(() => workspace.dispose())

/** Runs an operation of the person in one transaction, as the application does. */
function run<N extends OperationName>(name: N, input: InputOf<N>, userId: UserId = workspace.agentId): OutputOf<N> {
  return workspace.write(() => runOperation(name, operationContext(workspace, userId), input), { userId })
}

const log = (input: InputOf<'calls.log'>, userId?: UserId) => run('calls.log', input, userId)

function won(over: Partial<NewCall> = {}) {
  return {
    ...NO_OPTIONAL_FIELDS,
    userId: workspace.agentId,
    prospectName: 'Jo Smith',
    prospectPhone: '+49 30 5551234',
    callType: 'inbound' as const,
    status: 'completed' as const,
    outcome: 'won' as const,
    completedAt: workspace.now,
    followsCallId: null,
    ...over,
  }
}

const missed = (status: 'no_show' | 'rescheduled') => won({ status, outcome: null, completedAt: null, callType: 'outbound' })
const inDays = (days: number) => ({ scheduledAt: workspace.now + days * DAY, callType: 'outbound' as const, notes: null })
const none = { next: null, settles: null }

const rowOf = ({ id }: Pick<Call, 'id'>) => getCall(workspace.db, workspace.clientId, id)
const countOf = (table: string) => workspace.db.sqlite.prepare(`SELECT count(*) FROM ${table}`).pluck().get() as number

/** Returns the code and the message of the refusal, and checks that nothing was written. */
function refusal(work: () => unknown): string {
  const before = [countOf('audit_logs'), countOf('sync_outbox'), countOf('calls')]
  try {
    work()
  } catch (error) {
    expect([countOf('audit_logs'), countOf('sync_outbox'), countOf('calls')]).toEqual(before)
    return `${String((error as { code?: unknown }).code)} ${(error as Error).message}`
  }
  throw new Error('Nothing was refused')
}

/** A row without its time of change. */
function known(call: Call | undefined) {
  if (call === undefined) return undefined
  const { updatedAt: _, ...rest } = call
  return rest
}

test('a call and its follow-up are logged in one audited transaction', () => {
  const lines = countOf('audit_logs')
  const { call, next, settled } = log({ call: won({ notes: 'Wants a quote' }), next: inDays(3), settles: null })
  expect(settled).toBeNull()
  expect(next).toMatchObject({
    ...{ followsCallId: call.id, status: 'scheduled', callType: 'outbound', notes: null, callDuration: null },
    ...{ prospectName: 'Jo Smith', prospectPhone: '+49 30 5551234', userId: workspace.agentId },
  })
  expect(known(rowOf(call))).toEqual(known(call))
  expect(known(next === null ? undefined : rowOf(next))).toEqual(known(next ?? undefined))
  expect(countOf('audit_logs')).toBe(lines + 2)
  const transactions = workspace.db.sqlite
    .prepare('SELECT DISTINCT tx_id FROM sync_outbox ORDER BY device_seq DESC LIMIT 2')
    .all()
  const ofLast = workspace.db.sqlite.prepare('SELECT count(*) FROM sync_outbox WHERE tx_id = ?').pluck()
  expect(ofLast.get((transactions[0] as { tx_id: string }).tx_id)).toBe(2)
  expect(run('calls.chain', { id: call.id }).map(({ id }) => id)).toEqual([call.id, next?.id])
})

test('a scheduled call becomes the finished one, with its id, its scheduled time and its place in the chain', () => {
  const first = log({ call: won({ outcome: 'undecided' }), next: inDays(1), settles: null })
  const planned = first.next
  if (planned === null) throw new Error('There is a next call')
  workspace.now += DAY
  const second = log({ call: missed('rescheduled'), next: inDays(2), settles: planned.id })
  expect(second.settled).toEqual(planned)
  expect(second.call).toMatchObject({
    ...{ id: planned.id, status: 'rescheduled', scheduledAt: planned.scheduledAt, followsCallId: first.call.id },
    createdAt: planned.createdAt,
  })
  expect(second.next).toMatchObject({ followsCallId: planned.id, status: 'scheduled' })
  expect(run('calls.chain', { id: first.call.id }).map(({ id }) => id)).toEqual([first.call.id, planned.id, second.next?.id])
})

test('requests that do not fit are refused with the field, and nothing is saved', () => {
  const { next: planned } = log({ call: won(), next: inDays(1), settles: null })
  if (planned === null) throw new Error('There is a next call')
  const unfinished = won({ status: 'scheduled', outcome: null, completedAt: null })
  expect(refusal(() => log({ call: unfinished, ...none }))).toMatch(/^INVALID .*still scheduled/)
  const past = { ...inDays(1), scheduledAt: workspace.now - 1 }
  expect(refusal(() => log({ call: won(), next: past, settles: null }))).toMatch(/^INVALID .*future/)
  expect(refusal(() => log({ call: won(), next: null, settles: workspace.newId() }))).toMatch(/^NOT_FOUND/)
  expect(refusal(() => log({ call: won({ userId: workspace.newId() }), ...none }, workspace.adminId))).toMatch(/^INVALID/)
  const follows = { ...won(), followsCallId: workspace.newId() }
  expect(refusal(() => log({ call: follows, ...none }))).toMatch(/^INVALID .*continues does not exist/)
  log({ call: won(), next: null, settles: planned.id })
  expect(refusal(() => log({ call: won(), next: null, settles: planned.id }))).toMatch(/^CONFLICT .*no longer scheduled/)
})

test('a scheduled call that someone else has edited since is not settled', () => {
  const { next: planned } = log({ call: won(), next: inDays(1), settles: null })
  if (planned === null) throw new Error('There is a next call')
  workspace.write(() => updateCall(workspace.db, planned.id, { notes: 'By the lead' }))
  const request = { call: won(), next: null, settles: planned.id, expected: { notes: planned.notes } }
  expect(refusal(() => log(request))).toMatch(/^CONFLICT Someone else has changed this/)
})

test('an agent logs, settles and sees own calls only', () => {
  const { db, clientId, now } = workspace
  const otherId = workspace.newId()
  const person = { id: otherId, clientId, email: 'cy@acme.test', name: 'Cy', role: 'agent' as const, passwordHash: null }
  workspace.write(() => insertUser(db, { ...person, isActive: true, createdAt: now }))
  const logged = log({ call: won(), next: inDays(1), settles: null })
  const own = { ...won(), userId: otherId }
  expect(refusal(() => log({ call: won(), ...none }, otherId))).toMatch(/^FORBIDDEN/)
  expect(refusal(() => log({ call: own, next: null, settles: logged.next?.id ?? '' }, otherId))).toMatch(/^NOT_FOUND/)
  expect(refusal(() => log({ call: { ...own, followsCallId: logged.call.id }, ...none }, otherId))).toMatch(/^INVALID/)
  expect(refusal(() => run('calls.chain', { id: logged.call.id }, otherId))).toMatch(/^NOT_FOUND/)
  expect(refusal(() => run('calls.undoLog', logged, otherId))).toMatch(/^NOT_FOUND/)
})

test('undo is refused after an edit of either row, and nothing changes', () => {
  for (const edited of ['call', 'next'] as const) {
    const logged = log({ call: won(), next: inDays(1), settles: null })
    const id = logged[edited]?.id ?? ''
    workspace.write(() => updateCall(workspace.db, id, { notes: 'Edited since' }))
    expect(refusal(() => run('calls.undoLog', logged))).toMatch(/^CONFLICT/)
  }
  const gone = log({ call: won(), next: inDays(1), settles: null })
  workspace.write(() => deleteCall(workspace.db, gone.next?.id ?? ''))
  expect(refusal(() => run('calls.undoLog', gone))).toMatch(/^NOT_FOUND/)
})

test('redo is refused unless the call was taken back, and rows that do not belong together are refused', () => {
  const logged = log({ call: won(), next: inDays(1), settles: null })
  expect(refusal(() => run('calls.redoLog', logged))).toMatch(/^CONFLICT .*not deleted/)
  const other = log({ call: won(), next: inDays(1), settles: null })
  expect(refusal(() => run('calls.undoLog', { ...logged, next: other.next }))).toMatch(/^INVALID/)
  expect(refusal(() => run('calls.undoLog', { ...logged, settled: other.call }))).toMatch(/^INVALID/)
})

const pastStatus = fc.constantFrom(...CALL_STATUSES.filter((status) => status !== 'scheduled'))
const logStep = fc.record({
  status: pastStatus,
  outcome: fc.constantFrom('won', 'lost', 'undecided'),
  hasReason: fc.boolean(),
  notes: fc.option(fc.constantFrom('Note', 'Another note')),
  days: fc.option(fc.integer({ min: 1, max: 9 })),
  settles: fc.boolean(),
  after: fc.constantFrom('keep', 'undo', 'undo and redo', 'twice', 'delete the next', 'delete and restore the next'),
})

test('log, undo and redo return the same rows, in chains of any length', () => {
  fc.assert(
    fc.property(fc.array(logStep, { minLength: 1, maxLength: 8 }), (steps) => {
      let agenda: Call | null = null
      const columns = Object.values({ ...CALL_ROW_COLUMNS, ...DERIVED_COLUMNS }).filter((name) => name !== 'updated_at')
      const rows = () => workspace.db.sqlite.prepare(`SELECT ${columns.join(', ')} FROM calls ORDER BY id`).all()
      for (const step of steps) {
        const { status, notes, days, after: deed } = step
        const completed = status === 'completed'
        const outcome = completed ? (step.outcome as NewCall['outcome']) : null
        const lossReasonId = outcome === 'lost' && step.hasReason ? workspace.priceId : null
        const call = won({ status, outcome, lossReasonId, notes, completedAt: completed ? workspace.now : null })
        const settles = step.settles && agenda !== null ? agenda.id : null
        const before = rows()
        const logged: LoggedCall = log({ call, next: days === null ? null : inDays(days), settles })
        const after = rows()
        if (deed === 'undo' || deed === 'undo and redo' || deed === 'twice') {
          expect(run('calls.undoLog', logged).call?.id ?? null).toBe(settles)
          expect(rows()).toEqual(before)
          if (deed === 'undo') continue
          const again = run('calls.redoLog', logged)
          expect([known(again.call), known(again.next ?? undefined)]).toEqual([
            known(logged.call),
            known(logged.next ?? undefined),
          ])
          expect(rows()).toEqual(after)
          if (deed === 'twice') {
            run('calls.undoLog', again)
            expect(rows()).toEqual(before)
            run('calls.redoLog', again)
            expect(rows()).toEqual(after)
          }
        }
        if (settles !== null) agenda = null
        agenda = logged.next ?? agenda
        if (logged.next === null || !deed.startsWith('delete')) continue
        const { id } = logged.next
        workspace.write(() => deleteCall(workspace.db, id))
        expect(rowOf(logged.call)?.id).toBe(logged.call.id)
        agenda = null
        if (deed === 'delete the next') continue
        workspace.write(() => restoreCall(workspace.db, id))
        expect(rows()).toEqual(after)
        agenda = logged.next
      }
    }),
    { numRuns: 25 },
  )
})
