import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Page, PushResponse } from '../../core/sync/protocol.ts'
import { deleteCall, insertCall, updateCall } from '../commands/calls.ts'
import { putDraft } from '../commands/drafts.ts'
import { recordEvent } from '../commands/events.ts'
import { updateUser } from '../commands/users.ts'
import { answerOf, pageOf, scheduledCall, serverRows } from '../testing/server-answers.ts'
import { scrubbedBytes } from '../testing/scrubbed-bytes.ts'
import { connectedWorkspace } from '../testing/connected-workspace.ts'
import type { TestWorkspace } from '../testing/test-workspace.ts'
import { PageApplier } from './apply-page.ts'
import { applyPushResponse } from './apply-push.ts'
import { getDeviceState } from './device-state.ts'
import { lastDeviceSeq } from '../queries/device-seq.ts'
import { openRejections } from './rejections.ts'
import { scrubFile } from './scrub.ts'
import { scrubTextStep } from '../text-index.ts'

/* A team lead, Ben, whose device holds calls of Ada. The server then makes him an agent, or takes a call away from him. */

let workspace: TestWorkspace
let me: string
beforeEach(() => {
  workspace = connectedWorkspace()
  me = workspace.agentId
  asAda(() => updateUser(workspace.db, me, { role: 'team_lead' }))
  answerAll()
})
afterEach(() => workspace.dispose())

const all = <T = unknown>(sql: string, ...values: (string | number)[]) => workspace.db.sqlite.prepare(sql).all(...values) as T[]
const asAda = <T>(work: () => T) => workspace.write(work, { userId: workspace.adminId })
const asMe = <T>(work: () => T) => workspace.write(work, { userId: me })

/** Runs `work` as a write of the server's data, which writes no line to the trail. */
function fromServer<T>(work: () => T): T {
  return workspace.write(work, { userId: me, source: 'server' })
}

function answerAll(): void {
  const sql = `UPDATE sync_outbox SET state = 'accepted', server_seq = 1 WHERE state = 'pending'`
  workspace.db.sqlite.exec(sql)
}

function pull(page: Partial<Page>): void {
  const intake = new PageApplier(pageOf(page), me)
  fromServer(() => intake.write(workspace.db))
}

function demote(): void {
  fromServer(() => workspace.db.sqlite.prepare(`UPDATE users SET role = 'agent' WHERE id = ?`).run(me))
  pull({ forget: ['calls_of_others', 'user_details'] })
}

function answer(first: number, response: Partial<PushResponse>): void {
  const last = lastDeviceSeq(workspace.db)
  const seq = Array.from({ length: last - first + 1 }, (_, n) => 1_000 + n)
  fromServer(() => applyPushResponse(workspace.db, me, first, last, answerOf({ seq, ...response })))
}

function callOf(owner: string, notes: string) {
  const call = { ...workspace.newCall(), userId: owner, notes }
  asAda(() => insertCall(workspace.db, call))
  answerAll()
  return call
}

const bytes = () => scrubbedBytes(workspace)

test('[S15] after a demotion no text is left of a call whose deletion waits to be sent', () => {
  const { id } = callOf(workspace.adminId, 'Zerubbabel')
  asMe(() => updateCall(workspace.db, id, { prospectName: 'Typed by me' }))
  asMe(() => deleteCall(workspace.db, id))
  demote()
  expect(all('SELECT 1 FROM audit_logs WHERE record_id = ?', id)).toEqual([])
  expect(all('SELECT action, state FROM sync_outbox WHERE row_id = ? ORDER BY device_seq', id)).toEqual([
    { action: 'UPDATE', state: 'pending' },
    { action: 'DELETE', state: 'pending' },
  ])
  expect(bytes().includes('zerubbabel')).toBe(false)
  const first = lastDeviceSeq(workspace.db) - 1
  const refused = (index: number) => ({ index, code: 'FORBIDDEN' as const, field: 'notes', current: 'Zerubbabel' })
  answer(first, { rejected: [refused(0), refused(1)], removed: [{ table: 'calls', id, seq: 1, reason: 'deleted' }] })
  expect(openRejections(workspace.db, me).map(({ action, values, current }) => ({ action, values, current }))).toEqual([
    { action: 'DELETE', values: {}, current: null },
    { action: 'UPDATE', values: { prospect_name: 'Typed by me' }, current: null },
  ])
  const held = bytes()
  expect(held.includes('zerubbabel')).toBe(false)
  expect(held.includes('typed by me')).toBe(true)
})

test('[S14] after a demotion the lines of an own call since it became the person’s stay; earlier lines do not', () => {
  const { db } = workspace
  const own = callOf(me, 'Montezuma')
  const taken = callOf(workspace.adminId, 'Zerubbabel')
  asMe(() => updateCall(db, taken.id, { notes: 'Quetzalcoatl' }))
  asMe(() => updateCall(db, taken.id, { userId: me, notes: 'mine now' }))
  asMe(() => updateCall(db, taken.id, { notes: 'still mine' }))
  const deleted = callOf(me, 'Huitzilopochtli')
  asMe(() => deleteCall(db, deleted.id))
  answerAll()
  demote()
  const lines = all<{ id: string; action: string; old: string | null }>(
    `SELECT record_id AS id, action, old_values ->> '$.notes' AS old FROM audit_logs WHERE table_name = 'calls' ORDER BY rowid`,
  )
  expect(lines).toEqual([
    { id: own.id, action: 'INSERT', old: null },
    { id: taken.id, action: 'UPDATE', old: 'mine now' },
    { id: deleted.id, action: 'INSERT', old: null },
    { id: deleted.id, action: 'DELETE', old: 'Huitzilopochtli' },
  ])
  const held = bytes()
  // This person typed “Quetzalcoatl” into the call.
  expect(held.includes('zerubbabel')).toBe(false)
  for (const word of ['montezuma', 'huitzilopochtli', 'still mine']) expect(held.includes(word), word).toBe(true)
})

test('[S15] a demotion keeps an own call whose change of owner was refused, and removes one whose change of owner waits', () => {
  const { db, adminId } = workspace
  const [refused, waiting] = [callOf(me, 'Montezuma'), callOf(me, 'Quetzalcoatl')]
  asMe(() => updateCall(db, refused.id, { userId: adminId }))
  const values = { ...scheduledCall(me, 'Jo'), notes: 'Montezuma' }
  const rows = [serverRows('calls', [{ id: refused.id, version: 5, by: me, values }])]
  answer(lastDeviceSeq(db), { rejected: [{ index: 0, code: 'FORBIDDEN', field: 'user_id', current: me }], rows })
  asMe(() => updateCall(db, waiting.id, { userId: adminId }))
  demote()
  expect(all('SELECT id, notes FROM calls')).toEqual([{ id: refused.id, notes: 'Montezuma' }])
})

test('[S15] a demotion removes drafts, events and answered changes of colleagues’ calls; waiting operations stay', () => {
  const { db, adminId } = workspace
  const { id } = callOf(adminId, 'before')
  fromServer(() => {
    putDraft(db, { userId: me, form: `call:${id}`, value: { notes: 'Zerubbabel' }, updatedAt: 1 })
    putDraft(db, { userId: me, form: `user:${adminId}`, value: { email: 'montezuma@acme.test' }, updatedAt: 1 })
    putDraft(db, { userId: me, form: 'call:new', value: { notes: 'my draft' }, updatedAt: 1 })
  })
  asAda(() =>
    recordEvent(db, {
      tableName: 'calls',
      recordId: workspace.newId(),
      action: 'IMPORT',
      newValues: { source: 'huitzilopochtli.csv' },
    }),
  )
  asAda(() => updateUser(db, adminId, { email: 'quetzalcoatl@acme.test' }))
  answerAll()
  asMe(() => updateCall(db, id, { notes: 'typed and waiting' }))
  demote()
  const held = bytes()
  for (const word of ['zerubbabel', 'montezuma', 'huitzilopochtli', 'quetzalcoatl']) expect(held.includes(word), word).toBe(false)
  for (const word of ['my draft', 'typed and waiting']) expect(held.includes(word), word).toBe(true)
})

test('[S15] when a call moves away, settled refusals and the server’s value in open ones are removed', () => {
  const { db } = workspace
  const { id } = callOf(me, 'own')
  const first = lastDeviceSeq(db) + 1
  asMe(() => updateCall(db, id, { notes: 'Typed once' }))
  asMe(() => updateCall(db, id, { notes: 'Typed twice' }))
  const refused = (index: number) => ({ index, code: 'INVALID' as const, field: 'notes', current: 'Zerubbabel' })
  answer(first, { rejected: [refused(0), refused(1)] })
  workspace.db.sqlite.prepare(`UPDATE sync_outbox SET settled_at = 1 WHERE device_seq = ?`).run(first)
  pull({ removed: [{ table: 'calls', id, seq: 5, reason: 'moved' }] })
  expect(openRejections(db, me).map(({ values, current }) => ({ values, current }))).toEqual([
    { values: { notes: 'Typed twice' }, current: null },
  ])
  const held = bytes()
  for (const word of ['zerubbabel', 'typed once']) expect(held.includes(word), word).toBe(false)
})

test.each(['moved away', 'demoted'])(
  '[S15] conflicts of a call that left the scope are removed, and those of an own call stay: %s',
  (how) => {
    const { adminId } = workspace
    const own = callOf(me, 'own')
    const foreign = callOf(how === 'demoted' ? adminId : me, 'foreign')
    const conflict = (rowId: string, seq: number, notes: string) => ({
      seq,
      table: 'calls' as const,
      rowId,
      columns: ['notes'],
      winning: { notes },
      losing: { notes: 'typed by me' },
      winningOpId: workspace.newId(),
      losingOpId: workspace.newId(),
      winningUserId: adminId,
      losingUserId: me,
      version: seq,
      createdAt: 1,
    })
    pull({ conflicts: [conflict(own.id, 7, 'Montezuma'), conflict(foreign.id, 8, 'Zerubbabel')] })
    if (how === 'demoted') demote()
    else pull({ removed: [{ table: 'calls', id: foreign.id, seq: 9, reason: 'moved' }] })
    expect(all('SELECT row_id AS id FROM sync_conflicts')).toEqual([{ id: own.id }])
    const held = bytes()
    expect([held.includes('montezuma'), held.includes('zerubbabel')]).toEqual([true, false])
  },
)

test('[S15] a call that an answer removes leaves an agent’s device, and the answer is no deletion by the agent', () => {
  const { db, adminId } = workspace
  demote()
  const first = lastDeviceSeq(db) + 1
  // Ada's call was restored here while it was visible, so an operation is waiting.
  asMe(() => insertCall(db, { ...workspace.newCall(), userId: adminId, notes: 'Zerubbabel' }))
  const [waiting] = all<{ id: string }>('SELECT id FROM calls WHERE user_id = ?', adminId)
  const id = waiting?.id ?? ''
  answer(first, {
    rejected: [{ index: 0, code: 'FORBIDDEN', field: 'user_id', current: null }],
    removed: [{ table: 'calls', id, seq: 1, reason: 'deleted' }],
  })
  expect(all('SELECT 1 FROM calls')).toEqual([])
  expect(all(`SELECT action FROM audit_logs WHERE record_id = ?`, id)).toEqual([{ action: 'SYNC_REJECTED' }])
  expect(getDeviceState(db).isScrubPending).toBe(true)
})

test('[S15] a lead keeps the history of a call that an answer removes', () => {
  const { db } = workspace
  const { id } = callOf(workspace.adminId, 'kept')
  const first = lastDeviceSeq(db) + 1
  asMe(() => updateCall(db, id, { notes: 'typed' }))
  answer(first, {
    rejected: [{ index: 0, code: 'DELETED', field: null, current: null }],
    removed: [{ table: 'calls', id, seq: 1, reason: 'deleted' }],
  })
  expect(all(`SELECT action FROM audit_logs WHERE record_id = ? ORDER BY rowid`, id)).toEqual([
    { action: 'INSERT' },
    { action: 'UPDATE' },
    { action: 'SYNC_REJECTED' },
  ])
})

test('[S15] an agent keeps the history of their own deleted call when a later answer removes it again', () => {
  const { db } = workspace
  demote()
  asMe(() => insertCall(db, { ...workspace.newCall(), userId: me }))
  const [{ id } = { id: '' }] = all<{ id: string }>('SELECT id FROM calls WHERE user_id = ?', me)
  answerAll()
  const first = lastDeviceSeq(db) + 1
  asMe(() => updateCall(db, id, { notes: 'typed' }))
  fromServer(() => db.sqlite.prepare('DELETE FROM calls WHERE id = ?').run(id))
  answer(first, {
    rejected: [{ index: 0, code: 'DELETED', field: null, current: null }],
    removed: [{ table: 'calls', id, seq: 1, reason: 'deleted' }],
  })
  const actions = all<{ action: string }>('SELECT action FROM audit_logs WHERE record_id = ? ORDER BY rowid', id)
  expect(actions.map(({ action }) => action)).toEqual(['INSERT', 'UPDATE', 'SYNC_REJECTED'])
})

test('copies that SQLite leaves when it moves rows between pages are overwritten too', () => {
  const { db, adminId, path } = workspace
  let state = 1
  const random = () => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31
  const words: string[] = []
  const load = (n: number) => {
    const word = `word${n}end`
    const isOwn = random() < 0.5
    if (!isOwn) words.push(word)
    // Names come in any order, so that the pages of the index of names are split and merged.
    const prospectName = `${random()} ${word} ${'x'.repeat(Math.floor(random() * 150))}`
    insertCall(db, { ...workspace.newCall(), userId: isOwn ? me : adminId, prospectName })
  }
  for (let n = 0; n < 1_000; n += 250)
    fromServer(() => {
      for (let each = n; each < n + 250; each++) load(each)
    })
  demote()
  for (let isFirst = true; !scrubTextStep(db, isFirst); isFirst = false);
  db.sqlite.pragma('wal_checkpoint(TRUNCATE)')
  const left = () => {
    const held = readFileSync(path).toString('latin1')
    return words.filter((word) => held.includes(word)).length
  }
  // SQLite's own overwriting leaves these copies; the rewrite removes them.
  expect(left()).toBeGreaterThan(0)
  expect(scrubFile(db)).toBe(true)
  expect(left()).toBe(0)
})

test('while a reader is open the scrub is postponed, and nothing is lost', () => {
  const { db } = workspace
  callOf(workspace.adminId, 'Zerubbabel')
  const reader = workspace.reader()
  reader.sqlite.exec('BEGIN')
  reader.sqlite.prepare('SELECT count(*) FROM calls').get()
  demote()
  db.sqlite.pragma('busy_timeout = 0')
  expect(scrubFile(db)).toBe(false)
  reader.sqlite.exec('COMMIT')
  expect(scrubFile(db)).toBe(true)
  reader.close()
})
