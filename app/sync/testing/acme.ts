import type { ClientId, UserId } from '../../../core/id.ts'
import { TEST_PASSWORD } from '../../testing/test-application.ts'
import type { Device } from './device.ts'

export const ADMIN_EMAIL = 'ada@acme.test'
export const AGENT_EMAIL = 'ben@acme.test'

export type Acme = { readonly clientId: ClientId; readonly adminId: UserId; readonly agentId: UserId }

/**
 * Creates a client with an agent on the admin's device, publishes it and joins it on the agent's device.
 * @param prepare creates data before the publication.
 */
export async function foundAcme(
  serverUrl: string,
  admin: Device,
  agent: Device,
  prepare: (acme: Acme) => Promise<unknown> = async () => {},
): Promise<Acme> {
  const session = await admin.create('Acme', ADMIN_EMAIL)
  const ben = { email: AGENT_EMAIL, name: 'Ben Agent', role: 'agent', password: TEST_PASSWORD } as const
  const { id: agentId } = await admin.api.users.create(ben)
  const acme = { clientId: session.client.id, adminId: session.user.id, agentId }
  await prepare(acme)
  await admin.publish(serverUrl)
  await agent.join(serverUrl, AGENT_EMAIL)
  return acme
}
