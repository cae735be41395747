import type { ClientId } from '../../core/id.ts'
import type { SimulatedDevice } from './simulation.ts'

/** Returns the rows and versions in a device's file, without the device's own times of changes. */
export function held(device: SimulatedDevice): Record<string, unknown> {
  const { clientId } = device.rows<{ clientId: ClientId }>('SELECT id AS clientId FROM clients')[0] ?? { clientId: '' }
  return {
    clientId,
    calls:
      device.rows(`SELECT id, user_id, prospect_name, prospect_email, prospect_phone, call_type, status, outcome, loss_reason_id,
      completed_at, notes, call_duration, scheduled_at, created_at, follows_call_id FROM calls ORDER BY id`),
    users: device.rows('SELECT id, name, role, is_active, email, password_hash FROM users ORDER BY id'),
    reasons: device.rows('SELECT id, name, description, is_active FROM loss_reasons ORDER BY id'),
    settings: device.rows('SELECT key, value FROM client_settings ORDER BY key'),
    personal: device.rows('SELECT id, user_id, key, value FROM user_settings ORDER BY id'),
    doNotCall: device.rows(
      'SELECT id, contact_hash, reason, user_id, created_at, lifted_at, lifted_by FROM do_not_call ORDER BY id',
    ),
    versions: device
      .rows<{ base: number; fields: string | null }>(
        'SELECT table_name, row_id, version, base, fields FROM sync_rows ORDER BY 1, 2',
      )
      .map(({ fields, base, ...rest }) => {
        const named = Object.entries((fields === null ? {} : JSON.parse(fields)) as Record<string, number>)
        return { ...rest, base, fields: named.filter(([, version]) => version !== base).toSorted(([a], [b]) => (a < b ? -1 : 1)) }
      }),
  }
}
