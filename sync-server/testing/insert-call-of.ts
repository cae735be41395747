import type { Scalar } from '../../core/sync/tables.ts'
import { wonCall, type Person } from './sample-workspace.ts'
import type { TestDevice } from './test-device.ts'

/** Inserts a call of the person on an admin's device, without a push. A viewer can have calls only from an earlier role. */
export function insertCallOf(admin: TestDevice, owner: Person, fields: Readonly<Record<string, Scalar>> = {}): string {
  const isViewer = owner.role === 'viewer'
  if (isViewer) admin.update('users', owner.id, { role: 'agent' })
  const id = admin.insertCall({ ...wonCall(owner.id), ...fields })
  if (isViewer) admin.update('users', owner.id, { role: 'viewer' })
  return id
}
