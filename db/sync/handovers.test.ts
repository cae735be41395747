import { afterEach, beforeEach, expect, test } from 'vitest'
import { toColumnar, type Columnar } from '../../core/sync/columnar.ts'
import { ROW_COLUMNS, type Page, type PushResponse } from '../../core/sync/protocol.ts'
import { SYNC_TABLES } from '../../core/sync/tables.ts'
import { deleteCall, insertCall, restoreCall, updateCall } from '../commands/calls.ts'
import { putDraft } from '../commands/drafts.ts'
import { updateUser } from '../commands/users.ts'
import { answerOf, pageOf, scheduledCall } from '../testing/server-answers.ts'
import { scrubbedBytes } from '../testing/scrubbed-bytes.ts'
import { connectedWorkspace } from '../testing/connected-workspace.ts'
import type { TestWorkspace } from '../testing/test-workspace.ts'
import { PageApplier } from './apply-page.ts'
import { applyPushResponse } from './apply-push.ts'
import { getDeviceState } from './device-state.ts'
import { lastDeviceSeq } from '../queries/device-seq.ts'
import { openRejections, settleRejection } from './rejections.ts'

/* Ben's device. On the server his calls go to Ada and some come back, also between two contacts. */

let workspace: TestWorkspace
let me: string
beforeEach(() => {
  workspace = connectedWorkspace()
  me = workspace.agentId
  acceptAll()
})
afterEach(() => workspace.dispose())

const all = <T = unknown>(sql: string, ...values: (string | number)[]) => workspace.db.sqlite.prepare(sql).all(...values) as T[]
const asMe = <T>(work: () => T) => workspace.write(work, { userId: me })
const fromServer = <T>(work: () => T) => workspace.write(work, { userId: me, source: 'server' })

/** Accepts all operations. Their places in the server's order are before that of the first call from the server. */
function acceptAll(): void {
  workspace.db.sqlite.exec(`UPDATE sync_outbox SET state = 'accepted', server_seq = device_seq WHERE state = 'pending'`)
}

function setRole(role: 'team_lead' | 'agent'): void {
  workspace.write(() => updateUser(workspace.db, me, { role }), { userId: workspace.adminId })
  acceptAll()
}

function demote(page: Partial<Page> = {}): void {
  fromServer(() => workspace.db.sqlite.prepare(`UPDATE users SET role = 'agent' WHERE id = ?`).run(me))
  pull({ forget: ['calls_of_others', 'user_details'], ...page })
}

function pull(page: Partial<Page>): void {
  const intake = new PageApplier(pageOf(page), me)
  while (!fromServer(() => intake.write(workspace.db)));
}

function answer(first: number, response: Partial<PushResponse>): void {
  const last = lastDeviceSeq(workspace.db)
  const seq = Array.from({ length: last - first + 1 }, (_, n) => 1_000 + n)
  fromServer(() => applyPushResponse(workspace.db, me, first, last, answerOf({ seq, ...response })))
}

/** A call as the server sends it: created at place 100. `fields` has the places of later changes. */
function callRow(id: string, owner: string, notes: string, fields: Readonly<Record<string, number>> = {}): Columnar {
  const names = SYNC_TABLES.calls.columns.map(({ name }) => name)
  const values: Readonly<Record<string, unknown>> = { ...scheduledCall(owner, 'Jo'), notes }
  return toColumnar(
    'calls',
    ['id', ROW_COLUMNS.version, ROW_COLUMNS.base, ROW_COLUMNS.fields, ROW_COLUMNS.by, ...names],
    [
      [
        id,
        Math.max(100, ...Object.values(fields)),
        100,
        JSON.stringify(fields),
        workspace.adminId,
        ...names.map((name) => (values[name] ?? null) as string | number | null),
      ],
    ],
  )
}

/** A new call that the server sends. */
function received(owner: string, notes: string): string {
  const id = workspace.newId()
  pull({ rows: [callRow(id, owner, notes)] })
  return id
}

/** A call that this person made and that the server then gave to Ada. */
function givenToAda(): string {
  const call = { ...workspace.newCall(), userId: me, notes: 'own' }
  asMe(() => insertCall(workspace.db, call))
  acceptAll()
  pull({ rows: [callRow(call.id, workspace.adminId, 'Zerubbabel', { user_id: 120, notes: 121 })] })
  return call.id
}

const lines = (id: string) =>
  all<{ action: string; old: string | null }>(
    `SELECT action, old_values ->> '$.notes' AS old FROM audit_logs WHERE record_id = ? ORDER BY rowid`,
    id,
  )

const bytes = () => scrubbedBytes(workspace)

test.each(['page', 'answer'])(
  '[S15] nothing is left of the former values of a call that went away and came back between two contacts: %s',
  (how) => {
    const { db } = workspace
    const id = received(me, 'Zerubbabel')
    pull({ rows: [callRow(workspace.newId(), me, 'kept')] })
    asMe(() => updateCall(db, id, { notes: 'typed by me' }))
    fromServer(() => putDraft(db, { userId: me, form: `call:${id}`, value: { notes: 'Zerubbabel' }, updatedAt: 1 }))
    const back = [callRow(id, me, 'Montezuma', { user_id: 155, notes: 160 })]
    if (how === 'page') {
      acceptAll()
      pull({ rows: back })
    } else answer(lastDeviceSeq(db), { merged: [0], rows: back })
    expect(lines(id)).toEqual([])
    expect(all('SELECT notes FROM calls WHERE id = ?', id)).toEqual([{ notes: 'Montezuma' }])
    const held = bytes()
    expect(held.includes('zerubbabel')).toBe(false)
    for (const word of ['montezuma', 'kept']) expect(held.includes(word), word).toBe(true)
  },
)

test('[S12] a waiting edit survives if its call left and came back between two contacts', () => {
  const { db } = workspace
  const id = received(me, 'Zerubbabel')
  asMe(() => updateCall(db, id, { notes: 'typed by me' }))
  pull({ rows: [callRow(id, me, 'Montezuma', { user_id: 155, notes: 160 })] })
  expect(all('SELECT notes FROM calls WHERE id = ?', id)).toEqual([{ notes: 'typed by me' }])
  expect(all('SELECT state FROM sync_outbox WHERE row_id = ?', id)).toEqual([{ state: 'pending' }])
  expect(bytes().includes('zerubbabel')).toBe(false)
})

test('[S15] a call that an answer removed and that came back leaves nothing of its former values', () => {
  const { db } = workspace
  const id = received(me, 'Zerubbabel')
  asMe(() => updateCall(db, id, { notes: 'typed by me' }))
  answer(lastDeviceSeq(db), {
    rejected: [{ index: 0, code: 'FORBIDDEN', field: null, current: null }],
    removed: [{ table: 'calls', id, seq: 140, reason: 'deleted' }],
  })
  pull({ rows: [callRow(id, me, 'Montezuma', { user_id: 155, notes: 150 })] })
  expect(lines(id)).toEqual([])
  expect(bytes().includes('zerubbabel')).toBe(false)
})

test('an agent keeps the lines of an own call that others only edited', () => {
  const { db } = workspace
  const id = received(me, 'first')
  asMe(() => updateCall(db, id, { notes: 'typed by me' }))
  acceptAll()
  pull({ rows: [callRow(id, me, 'by Ada', { notes: 160 })] })
  expect(lines(id)).toEqual([{ action: 'UPDATE', old: 'first' }])
  expect(getDeviceState(db).isScrubPending).toBe(false)
})

test('a lead who gave a call to another person and got an answer with its row keeps the later lines', () => {
  const { db, adminId } = workspace
  setRole('team_lead')
  const id = received(adminId, 'first')
  const first = lastDeviceSeq(db) + 1
  asMe(() => updateCall(db, id, { userId: me, notes: 'mine' }))
  asMe(() => updateCall(db, id, { notes: 'mine too' }))
  answer(first, { merged: [0], rows: [callRow(id, me, 'mine too', { user_id: 1_000, notes: 1_001 })] })
  demote()
  expect(lines(id)).toEqual([{ action: 'UPDATE', old: 'mine' }])
})

test('[S15] after a demotion no line is left of a call that an answer removed while the person was a lead', () => {
  const { db } = workspace
  setRole('team_lead')
  const id = givenToAda()
  const first = lastDeviceSeq(db) + 1
  asMe(() => updateCall(db, id, { notes: 'typed by me' }))
  // The server has already demoted this person, so its answer contains none of Ada's calls.
  answer(first, {
    rejected: [{ index: 0, code: 'FORBIDDEN', field: null, current: null }],
    removed: [{ table: 'calls', id, seq: 130, reason: 'deleted' }],
  })
  demote()
  expect(lines(id).filter(({ action }) => action !== 'SYNC_REJECTED')).toEqual([])
  expect(bytes().includes('zerubbabel')).toBe(false)
})

test.each(['deleted', 'in the tables'])(
  '[S15] after a demotion no line from before a handover by the server is left of an own call: %s',
  (state) => {
    const { db } = workspace
    setRole('team_lead')
    const id = givenToAda()
    asMe(() => updateCall(db, id, { notes: 'typed by me' }))
    fromServer(() => putDraft(db, { userId: me, form: `call:${id}`, value: { notes: 'Zerubbabel' }, updatedAt: 1 }))
    acceptAll()
    pull({ rows: [callRow(id, me, 'mine again', { user_id: 130, notes: 131 })] })
    asMe(() => updateCall(db, id, { notes: 'still mine' }))
    if (state === 'deleted') asMe(() => deleteCall(db, id))
    acceptAll()
    demote()
    expect(lines(id)).toEqual([
      { action: 'UPDATE', old: 'mine again' },
      ...(state === 'deleted' ? [{ action: 'DELETE', old: 'still mine' }] : []),
    ])
    expect(bytes().includes('zerubbabel')).toBe(false)
  },
)

test('[S15] after a demotion no line is left of a call that the lead deleted after the server had given it to another person', () => {
  const { db } = workspace
  setRole('team_lead')
  const id = givenToAda()
  asMe(() => deleteCall(db, id))
  acceptAll()
  demote()
  expect(lines(id)).toEqual([])
  expect(bytes().includes('zerubbabel')).toBe(false)
})

test('[S15] after a demotion nothing is left of a lead’s own call that went away and came back before it', () => {
  const { db } = workspace
  setRole('team_lead')
  const id = received(me, 'Zerubbabel')
  asMe(() => updateCall(db, id, { userId: workspace.adminId }))
  asMe(() => updateCall(db, id, { userId: me, notes: 'typed by me' }))
  asMe(() => updateCall(db, id, { notes: 'Huitzilopochtli' }))
  asMe(() => updateCall(db, id, { notes: 'typed again' }))
  acceptAll()
  pull({ rows: [callRow(id, me, 'Montezuma', { user_id: 155, notes: 160 })] })
  demote()
  expect(lines(id)).toEqual([])
  expect(bytes().includes('zerubbabel')).toBe(false)
})

test('[S15] a demotion removes the draft of an own call that was another person’s when the form was opened', () => {
  const { db, adminId } = workspace
  setRole('team_lead')
  const id = received(adminId, 'Zerubbabel')
  for (const form of [`call:${id}`, `call:${id}:settle`, `call:${id}:${workspace.priceId}`])
    fromServer(() => putDraft(db, { userId: me, form, value: { notes: 'Zerubbabel' }, updatedAt: 1 }))
  pull({ rows: [callRow(id, me, 'Montezuma', { user_id: 155, notes: 160 })] })
  demote()
  expect(all('SELECT form FROM local_drafts')).toEqual([])
  expect(bytes().includes('zerubbabel')).toBe(false)
})

test('a demotion keeps every draft written for a call that was always the person’s', () => {
  const { db } = workspace
  setRole('team_lead')
  const id = received(me, 'mine')
  const forms = ['call:new', `call:${id}`, `call:${id}:settle`, `call:${id}:${workspace.priceId}`]
  for (const form of forms) fromServer(() => putDraft(db, { userId: me, form, value: { notes: 'typed' }, updatedAt: 1 }))
  demote()
  expect(all('SELECT form FROM local_drafts ORDER BY form')).toEqual(forms.toSorted().map((form) => ({ form })))
})

test.each(['deleted by the feed', 'deleted here', 'removed by an answer'])(
  'a call that was restored without a change of owner keeps its draft and its answered changes: %s',
  (how) => {
    const { db } = workspace
    const id = received(me, 'first')
    asMe(() => updateCall(db, id, { notes: 'typed by me' }))
    fromServer(() => putDraft(db, { userId: me, form: `call:${id}`, value: { notes: 'being typed' }, updatedAt: 1 }))
    const removed = [{ table: 'calls', id, seq: 140, reason: 'deleted' }] as const
    if (how === 'removed by an answer') answer(lastDeviceSeq(db), { merged: [0], removed: [...removed] })
    acceptAll()
    if (how === 'deleted by the feed') pull({ removed: [...removed] })
    if (how === 'deleted here') {
      asMe(() => deleteCall(db, id))
      answer(lastDeviceSeq(db), {})
    }
    // The server restores a call with the versions that its fields had.
    pull({ rows: [callRow(id, me, 'typed by me', { notes: 150 })] })
    expect(all('SELECT form FROM local_drafts')).toEqual([{ form: `call:${id}` }])
    expect(all(`SELECT action FROM sync_outbox WHERE row_id = ? AND action = 'UPDATE'`, id)).toHaveLength(1)
    expect(getDeviceState(db).isScrubPending).toBe(false)
    // Later it goes away and comes back.
    pull({ rows: [callRow(id, me, 'Montezuma', { user_id: 170, notes: 171 })] })
    expect([lines(id), all('SELECT form FROM local_drafts')]).toEqual([[], []])
    expect(bytes().includes('first')).toBe(false)
  },
)

test('a call that a person restores here, and whose row arrives before the answer, keeps its draft and its answered changes', () => {
  const { db } = workspace
  const id = received(me, 'first')
  asMe(() => updateCall(db, id, { notes: 'typed by me' }))
  acceptAll()
  asMe(() => deleteCall(db, id))
  answer(lastDeviceSeq(db), {})
  asMe(() => restoreCall(db, id))
  fromServer(() => putDraft(db, { userId: me, form: `call:${id}`, value: { notes: 'being typed' }, updatedAt: 1 }))
  const row = callRow(id, me, 'typed by me', { notes: 150 })
  pull({ rows: [row] })
  answer(lastDeviceSeq(db), { merged: [0], rows: [row] })
  expect(all('SELECT form FROM local_drafts')).toEqual([{ form: `call:${id}` }])
  expect(lines(id).map(({ action }) => action)).toEqual(['UPDATE', 'DELETE', 'INSERT'])
  expect(getDeviceState(db).isScrubPending).toBe(false)
})

test('[S15] nothing is left of the former values of a call that was deleted, restored and given away, and came back', () => {
  const { db } = workspace
  const id = received(me, 'Zerubbabel')
  asMe(() => updateCall(db, id, { notes: 'typed by me' }))
  acceptAll()
  pull({ removed: [{ table: 'calls', id, seq: 140, reason: 'deleted' }] })
  pull({ rows: [callRow(id, me, 'Montezuma', { user_id: 155, notes: 150 })] })
  expect(lines(id)).toEqual([])
  expect(bytes().includes('zerubbabel')).toBe(false)
})

test('[S15] nothing is left of the former values of a call that came back while its deletion waited', () => {
  const { db } = workspace
  const id = received(me, 'Zerubbabel')
  asMe(() => deleteCall(db, id))
  pull({ rows: [callRow(id, me, 'Montezuma', { user_id: 155, notes: 150 })] })
  expect(lines(id)).toEqual([])
  expect(all('SELECT action, state FROM sync_outbox WHERE row_id = ?', id)).toEqual([{ action: 'DELETE', state: 'pending' }])
  expect(bytes().includes('zerubbabel')).toBe(false)
})

/** A call of Ada that this person, a lead, takes over and edits before the server answers. Returns it and its first operation. */
function takenFromAda(): { readonly id: string; readonly first: number } {
  const { db, adminId } = workspace
  setRole('team_lead')
  const id = received(adminId, 'Zerubbabel')
  const first = lastDeviceSeq(db) + 1
  asMe(() => updateCall(db, id, { userId: me }))
  asMe(() => updateCall(db, id, { notes: 'typed by me' }))
  return { id, first }
}
const REFUSED = [0, 1].map((index) => ({ index, code: 'FORBIDDEN' as const, field: null, current: null }))
const dataLines = (id: string) => lines(id).filter(({ action }) => action !== 'SYNC_REJECTED')

test('[S15] a demotion removes a call that the person has given to themself if the server has not accepted it', () => {
  const { id, first } = takenFromAda()
  demote()
  expect(all('SELECT id FROM calls WHERE id = ?', id)).toEqual([])
  expect(dataLines(id)).toEqual([])
  answer(first, { rejected: REFUSED, removed: [{ table: 'calls', id, seq: 130, reason: 'deleted' }] })
  expect(dataLines(id)).toEqual([])
  expect(openRejections(workspace.db, me)).toHaveLength(2)
  expect(bytes().includes('zerubbabel')).toBe(false)
})

test.each(['before', 'after'])(
  '[S15] nothing is left of a call that the person gave to themself if the server refuses it %s the demotion is pulled',
  (order) => {
    const { db } = workspace
    const { id, first } = takenFromAda()
    if (order === 'after') fromServer(() => db.sqlite.prepare(`UPDATE users SET role = 'agent' WHERE id = ?`).run(me))
    answer(first, { rejected: REFUSED, removed: [{ table: 'calls', id, seq: 130, reason: 'deleted' }] })
    if (order === 'before') demote()
    expect(dataLines(id)).toEqual([])
    expect(bytes().includes('zerubbabel')).toBe(false)
  },
)

test('[S15] after a demotion no line is left of a refused takeover whose call came back with the answer', () => {
  const { db, adminId } = workspace
  const { id, first } = takenFromAda()
  answer(first, { rejected: REFUSED, rows: [callRow(id, adminId, 'Zerubbabel')] })
  for (const { opId } of openRejections(db, me)) asMe(() => settleRejection(db, opId))
  demote()
  expect(dataLines(id)).toEqual([])
  expect(bytes().includes('zerubbabel')).toBe(false)
})

test('[S15] nothing is left of a new call that went away and came back while its answer was lost', () => {
  const { db } = workspace
  const call = { ...workspace.newCall(), userId: me, notes: 'Zerubbabel' }
  const first = lastDeviceSeq(db) + 1
  asMe(() => insertCall(db, call))
  const back = callRow(call.id, me, 'Montezuma', { user_id: 2_000, notes: 2_001 })
  pull({ rows: [back] })
  // The device pushes again. The server repeats its verdict and sends the current row.
  answer(first, { rows: [back] })
  expect(all('SELECT notes FROM calls WHERE id = ?', call.id)).toEqual([{ notes: 'Montezuma' }])
  expect(lines(call.id)).toEqual([])
  expect(bytes().includes('zerubbabel')).toBe(false)
})

test('a new call whose row arrives before its answer keeps its lines and its draft', () => {
  const { db } = workspace
  const call = { ...workspace.newCall(), userId: me, notes: 'first' }
  const first = lastDeviceSeq(db) + 1
  asMe(() => insertCall(db, call))
  fromServer(() => putDraft(db, { userId: me, form: `call:${call.id}`, value: { notes: 'being typed' }, updatedAt: 1 }))
  const row = callRow(call.id, me, 'by Ada', { user_id: 1_000, notes: 1_500 })
  pull({ rows: [row] })
  answer(first, { rows: [row] })
  expect(lines(call.id).map(({ action }) => action)).toEqual(['INSERT'])
  expect(all('SELECT form FROM local_drafts')).toHaveLength(1)
})
