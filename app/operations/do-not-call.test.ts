import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { UserId } from '../../core/id.ts'
import { NO_OPTIONAL_FIELDS, type NewCall } from '../../core/model/call.ts'
import { TestWorkspace } from '../../db/testing/test-workspace.ts'
import { operationContext } from '../testing/operation-context.ts'
import type { InputOf, OperationName, OutputOf } from './operations.ts'
import { runOperation } from './run-operation.ts'

const PHONE = '+49 30 5551234'
const EMAIL = 'jo@example.com'
const DAY = 86_400_000

let workspace: TestWorkspace
beforeEach(() => {
  workspace = new TestWorkspace()
})
afterEach(() => workspace.dispose())

function run<N extends OperationName>(name: N, input: InputOf<N>, userId: UserId = workspace.agentId): OutputOf<N> {
  return workspace.write(() => runOperation(name, operationContext(workspace, userId), input), { userId })
}

const add = (contact: { phone?: string; email?: string }, reason: string | null = null, userId?: UserId) =>
  run('doNotCall.add', { ...contact, others: [], reason }, userId)
const check = (contact: { phone?: string; email?: string }) => run('doNotCall.check', contact)
const lift = (id: string) => run('doNotCall.lift', { id }, workspace.adminId)

function codeOf(work: () => unknown): string {
  try {
    work()
    return 'ok'
  } catch (error) {
    return String((error as { code?: unknown }).code)
  }
}

function planned(over: Partial<NewCall> = {}) {
  return {
    ...NO_OPTIONAL_FIELDS,
    userId: workspace.agentId,
    prospectName: 'Jo Smith',
    prospectPhone: PHONE,
    callType: 'outbound' as const,
    status: 'scheduled' as const,
    scheduledAt: workspace.now + DAY,
    followsCallId: null,
    ...over,
  }
}

test('a contact on the list is recognised in any spelling, and its entry names who, when and why', () => {
  expect(check({ phone: PHONE })).toEqual({ entry: null, isReadable: true })
  const [entry] = add({ phone: PHONE, email: EMAIL }, 'Asked in writing')
  expect(entry).toMatchObject({ reason: 'Asked in writing', userId: workspace.agentId, liftedAt: null, liftedBy: null })
  for (const contact of [{ phone: '+4930 5551234' }, { email: 'JO@example.com ' }, { phone: PHONE, email: 'other@example.com' }])
    expect(check(contact).entry).toMatchObject({ reason: 'Asked in writing' })
  expect(check({ phone: '+49 30 5551235' })).toEqual({ entry: null, isReadable: true })
  expect(check({ phone: '030 5551234' })).toEqual({ entry: null, isReadable: false })
})

test('an address with invisible characters matches the listed one; a text that is not an address cannot be compared', () => {
  add({ email: 'jo@example.com\u200B' })
  expect(check({ email: '\uFEFFJo@example.com' }).entry).not.toBeNull()
  expect(codeOf(() => run('calls.create', planned({ prospectPhone: null, prospectEmail: 'jo@exam\u00ADple.com' })))).toBe(
    'DO_NOT_CALL',
  )
  for (const email of ['n/a', 'jo@', 'jo at example.com']) expect(check({ email })).toEqual({ entry: null, isReadable: false })
  expect(check({ phone: PHONE, email: 'n/a' }).isReadable).toBe(false)
  add({ email: 'info@müller.example' })
  expect(check({ email: 'Info@MU\u0308LLER.example' }).entry).not.toBeNull()
})

test('all contacts of a prospect are added together, or none is', () => {
  const others = [{ phone: '+49 30 5559999' }, { email: EMAIL }]
  for (const [reason, more] of [
    [`Wrote from ${EMAIL}`, others],
    ['Asked in writing', [...others, { phone: '030 1' }]],
  ] as const)
    expect(codeOf(() => run('doNotCall.add', { phone: PHONE, others: [...more], reason }))).toBe('INVALID')
  expect(workspace.db.sqlite.prepare('SELECT count(*) AS n FROM do_not_call').get()).toEqual({ n: 0 })
  expect(run('doNotCall.add', { phone: PHONE, others: [...others, { phone: PHONE }], reason: null })).toHaveLength(3)
  for (const contact of [{ phone: PHONE }, ...others]) expect(check(contact).entry).not.toBeNull()
})

test('neither the table nor the trail nor the outbox contains a contact', () => {
  add({ phone: PHONE, email: EMAIL }, 'Asked in writing')
  const { sqlite } = workspace.db
  const dump = ['do_not_call', 'audit_logs', 'sync_outbox'].map((table) =>
    JSON.stringify(sqlite.prepare(`SELECT * FROM ${table}`).all()),
  )
  expect(dump.join()).not.toMatch(/5551234|jo@example/)
  expect(dump[0]).toContain('Asked in writing')
})

test('adding a listed contact again makes no second entry', () => {
  const [first] = add({ phone: PHONE }, 'First')
  expect(add({ phone: PHONE }, 'Second')).toEqual([first])
  expect(add({ phone: PHONE, email: EMAIL }, 'Third').map(({ reason }) => reason)).toEqual(['First', 'Third'])
})

test('a contact that cannot be read is refused, and so is a reason that contains the contact', () => {
  for (const refused of [
    () => add({ phone: '030 5551234' }),
    () => add({ phone: '5551234', email: EMAIL }),
    () => add({ email: 'not an address' }),
    () => add({ phone: PHONE }, 'Never call 030 555 1234'),
    () => add({ email: EMAIL }, 'Jo@Example.com asked'),
  ])
    expect(codeOf(refused)).toBe('INVALID')
  expect(run('doNotCall.list', { after: null, limit: 10 }, workspace.adminId).rows).toEqual([])
})

test('a lifted entry stays in the list; every entry of its contact is lifted, and the contact can be added again', () => {
  const [first] = add({ phone: PHONE }, 'First')
  // Another device added the contact before it received the first entry.
  const id = workspace.newId()
  const insert = `INSERT INTO do_not_call SELECT client_id, ?, contact_hash, 'Other', user_id, created_at, NULL, NULL FROM do_not_call`
  workspace.write(() => workspace.db.sqlite.prepare(insert).run(id))
  const lifted = lift(first?.id ?? '')
  expect(lifted).toMatchObject({ liftedBy: workspace.adminId, liftedAt: workspace.now })
  expect(check({ phone: PHONE }).entry).toBeNull()
  expect(codeOf(() => lift(first?.id ?? ''))).toBe('CONFLICT')
  expect(codeOf(() => lift(workspace.newId()))).toBe('NOT_FOUND')
  expect(add({ phone: PHONE }, 'Again')).toMatchObject([{ reason: 'Again', liftedAt: null }])
  const { rows } = run('doNotCall.list', { after: null, limit: 10 }, workspace.adminId)
  expect(rows.map(({ reason, liftedBy }) => [reason, liftedBy !== null])).toEqual([
    ['Again', false],
    ['Other', true],
    ['First', true],
  ])
})

test('the list is read in pages, the newest entry first', () => {
  for (let n = 0; n < 5; n++) add({ email: `p${n}@example.com` }, `Reason ${n}`)
  const found: (string | null)[] = []
  let after: string | null = null
  do {
    const page: OutputOf<'doNotCall.list'> = run('doNotCall.list', { after, limit: 2 }, workspace.adminId)
    found.push(...page.rows.map(({ reason }) => reason))
    after = page.next
  } while (after !== null)
  expect(found).toEqual(['Reason 4', 'Reason 3', 'Reason 2', 'Reason 1', 'Reason 0'])
})

test('an agent adds and checks, and neither lists nor lifts', () => {
  const [entry] = add({ phone: PHONE })
  expect(codeOf(() => run('doNotCall.list', { after: null, limit: 10 }))).toBe('FORBIDDEN')
  expect(codeOf(() => run('doNotCall.lift', { id: entry?.id ?? '' }))).toBe('FORBIDDEN')
})

test('scheduling an outbound call with a listed prospect asks first, and is carried out when it is confirmed', () => {
  const [entry] = add({ phone: PHONE }, 'Asked in writing')
  const refused = () => run('calls.create', planned())
  const question =
    'This prospect is on the do-not-call list. Ben added the contact on 2026-01-05. Reason: Asked in writing. Nothing was saved. Confirm to schedule the call anyway.'
  expect(refused).toThrow(question)
  try {
    refused()
  } catch (error) {
    expect(error).toMatchObject({
      code: 'DO_NOT_CALL',
      data: { entryId: entry?.id, userId: workspace.agentId, addedBy: 'Ben', day: '2026-01-05', reason: 'Asked in writing' },
    })
  }
  expect(run('calls.create', { ...planned(), despiteDoNotCall: true })).toMatchObject({ status: 'scheduled' })
  expect(codeOf(() => run('calls.create', planned({ callType: 'inbound' })))).toBe('ok')
  expect(codeOf(() => run('calls.create', planned({ prospectPhone: '+49 30 999999' })))).toBe('ok')
  expect(codeOf(() => run('calls.create', planned({ status: 'no_show' })))).toBe('ok')
})

test('an edit asks only if it schedules a call', () => {
  const call = run('calls.create', planned())
  add({ phone: PHONE })
  const edit = (patch: Partial<NewCall>, despiteDoNotCall = false) =>
    codeOf(() => run('calls.update', { id: call.id, patch, despiteDoNotCall }))
  expect(edit({ notes: 'A note' })).toBe('ok')
  expect(edit({ scheduledAt: workspace.now + 2 * DAY })).toBe('DO_NOT_CALL')
  expect(edit({ scheduledAt: workspace.now + 2 * DAY }, true)).toBe('ok')
  expect(edit({ status: 'cancelled' })).toBe('ok')
  expect(edit({ status: 'scheduled' })).toBe('DO_NOT_CALL')
})

test('logging a call asks about an outbound next call; undo and redo do not ask again', () => {
  add({ email: EMAIL })
  const call = planned({ status: 'no_show', prospectPhone: null, prospectEmail: EMAIL })
  const next = { scheduledAt: workspace.now + DAY, callType: 'outbound' as const, notes: null }
  const log = (over: object) => run('calls.log', { call, next, settles: null, ...over })
  const before = workspace.db.sqlite.prepare('SELECT count(*) FROM audit_logs').pluck().get()
  expect(codeOf(() => log({}))).toBe('DO_NOT_CALL')
  expect(workspace.db.sqlite.prepare('SELECT count(*) FROM audit_logs').pluck().get()).toBe(before)
  expect(codeOf(() => log({ next: null }))).toBe('ok')
  expect(codeOf(() => log({ next: { ...next, callType: 'inbound' } }))).toBe('ok')
  const logged = log({ despiteDoNotCall: true })
  run('calls.undoLog', logged)
  expect(codeOf(() => run('calls.redoLog', logged))).toBe('ok')
})

test('a contact is on the list exactly while one of its entries is in force, whatever is added and lifted', () => {
  const step = fc.tuple(fc.constantFrom('add', 'lift'), fc.nat(3))
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
      const contacts = Array.from({ length: 4 }, () => `${workspace.newId()}@example.com`)
      const listed = new Map<string, string>()
      for (const [action, n] of steps) {
        const email = contacts[n] ?? ''
        const id = listed.get(email)
        if (action === 'add') listed.set(email, add({ email })[0]?.id ?? '')
        else if (id !== undefined) {
          lift(id)
          listed.delete(email)
        }
        for (const each of contacts) expect(check({ email: each }).entry?.id).toBe(listed.get(each))
      }
    }),
    { numRuns: 20 },
  )
})
