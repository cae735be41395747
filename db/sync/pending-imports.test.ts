import { afterEach, beforeEach, expect, test } from 'vitest'
import { insertCall } from '../commands/calls.ts'
import { answerOf, CREATED, pageOf, scheduledCall, serverRows } from '../testing/server-answers.ts'
import { TestWorkspace } from '../testing/test-workspace.ts'
import { PageApplier } from './apply-page.ts'
import { applyPushResponse } from './apply-push.ts'
import { lastDeviceSeq } from '../queries/device-seq.ts'

let workspace: TestWorkspace
beforeEach(() => {
  workspace = new TestWorkspace()
  workspace.write(() => workspace.db.sqlite.exec(`UPDATE sync_outbox SET state = 'accepted', server_seq = device_seq`), {
    source: 'server',
  })
})
afterEach(() => workspace.dispose())

const call = (id: string) => workspace.db.sqlite.prepare('SELECT * FROM calls WHERE id = ?').get(id)

function takePage(id: string, version: number, values: Parameters<typeof serverRows>[1][number]['values']): void {
  const intake = new PageApplier(
    pageOf({ rows: [serverRows('calls', [{ id, version, by: workspace.agentId, values }])] }),
    workspace.adminId,
  )
  while (!workspace.write(() => intake.write(workspace.db), { source: 'server' }));
}

/** Applies the answer that the server accepted the last operation whole. */
function accept(seq: number): void {
  const last = lastDeviceSeq(workspace.db)
  workspace.write(() => applyPushResponse(workspace.db, workspace.adminId, last, last, answerOf({ seq: [seq] })), {
    source: 'server',
  })
}

test('an import proposes null for its empty fields, so that no mixture with a colleague’s import results', () => {
  const own = workspace.newCall({ userId: workspace.adminId })
  workspace.write(() => insertCall(workspace.db, own))
  takePage(own.id, 900, { ...scheduledCall(workspace.adminId, own.prospectName), prospect_email: 'jo@theirs.test' })
  accept(1_000)
  // The server's row after that.
  takePage(own.id, 1_000, scheduledCall(workspace.adminId, own.prospectName))
  expect(call(own.id)).toMatchObject({ prospect_email: null })
})

test('[S9] a colleague’s import of the same call can be written while the person’s own import waits', () => {
  const { adminId, priceId, db } = workspace
  const own = workspace.newCall({ userId: adminId, status: 'completed', outcome: 'won', completedAt: CREATED })
  workspace.write(() => insertCall(db, own))
  const lost = { status: 'completed', outcome: 'lost', loss_reason_id: priceId, completed_at: CREATED }
  takePage(own.id, 900, { ...scheduledCall(adminId, own.prospectName), ...lost })
  expect(call(own.id)).toMatchObject({ outcome: 'won', loss_reason_id: null })
})
