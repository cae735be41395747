import { hashSync } from 'bcryptjs'
import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { must } from '../core/assert.ts'
import type { Api } from '../core/contract/contract.ts'
import { idFromDigest } from '../core/id.ts'
import { setUserPassword, updateUser } from '../db/commands/users.ts'
import { openWritable } from '../db/open.ts'
import { writeTransaction } from '../db/write-transaction.ts'
import { openApplication, BENCH_PASSWORD } from './bench-application.ts'
import { makeListWorkspace, TO, type ListWorkspace } from './list-workspace.ts'

export type ListApplication = {
  readonly workspace: ListWorkspace
  /** The path of the workspace's file. */
  readonly path: string
  readonly admin: Api
  readonly agent: Api
  readonly close: () => Promise<void>
}

/** Opens an application with many calls, and signs in an admin and an agent. */
export async function openListApplication(calls: number): Promise<ListApplication> {
  const folder = mkdtempSync(join(tmpdir(), 'propaganda-bench-'))
  const made = join(folder, 'made', 'workspace.db')
  process.stdout.write(`\nCreating ${calls.toLocaleString('en')} calls …\n`)
  const workspace = makeListWorkspace(made, calls)
  const [adminId, agentId] = [must(workspace.userIds[0], 'An admin'), must(workspace.userIds[3], 'An agent')]
  const db = openWritable(made)
  const context = {
    clientId: workspace.clientId,
    userId: adminId,
    ipAddress: null,
    userAgent: null,
    now: TO,
    newTxId: idFromDigest(new Uint8Array(16)),
  }
  writeTransaction(db, context, () => {
    updateUser(db, adminId, { role: 'admin' })
    for (const id of [adminId, agentId]) setUserPassword(db, id, hashSync(BENCH_PASSWORD, 4))
  })
  db.close()
  const path = join(folder, 'home', 'workspaces', workspace.clientId, 'workspace.db')
  mkdirSync(dirname(dirname(path)), { recursive: true })
  renameSync(dirname(made), dirname(path))

  const application = openApplication(join(folder, 'home'))
  const admin = application.apiOf(application.openConnection('admin'))
  const agent = application.apiOf(application.openConnection('agent'))
  await admin.session.signIn({ email: 'agent0@bench.test', password: BENCH_PASSWORD })
  await agent.session.signIn({ email: 'agent3@bench.test', password: BENCH_PASSWORD })
  const close = async () => {
    await application.close()
    rmSync(folder, { recursive: true, force: true })
  }
  return { workspace, path, admin, agent, close }
}
