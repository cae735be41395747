import { connect } from '../sync/device-state.ts'
import { TestWorkspace } from './test-workspace.ts'

/** A workspace of Ben's device that is connected to a server. The server already has the people and the loss reasons. */
export function connectedWorkspace(): TestWorkspace {
  const workspace = new TestWorkspace()
  workspace.take(() => connect(workspace.db, { serverUrl: 'http://s.test', userId: workspace.agentId, epoch: 'e' }))
  for (const table of ['users', 'loss_reasons'])
    workspace.db.sqlite.exec(
      `INSERT INTO sync_rows (client_id, table_name, row_id, version, base) SELECT client_id, '${table}', id, 1, 1 FROM ${table}`,
    )
  return workspace
}
