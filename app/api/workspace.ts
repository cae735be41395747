import { createDemo } from '../jobs/demo-workspace.ts'
import { fileSize } from '../workspace/home.ts'
import type { HandlerServices, HandlersOf } from './handlers.ts'

export function workspaceHandlers(services: HandlerServices): HandlersOf<'workspace'> {
  const { sessions, workspaces, passwords, run } = services
  return {
    'workspace.create': async ({ context, input }) => {
      sessions.requireReplaceable(context.connection)
      const { adminPassword, ...seed } = input
      const passwordHash = await passwords.hash(adminPassword)
      const { clientId, userId } = await workspaces.create({ ...seed, passwordHash })
      return sessions.replace(context.connection, clientId, userId)
    },
    'workspace.createDemo': ({ context, signal }) => createDemo(services, context.connection, signal),
    'workspace.status': async ({ context }) => {
      const { workspace } = sessions.require(context.connection)
      const counts = await run(context, 'workspace.counts', null)
      return { clientId: workspace.clientId, path: workspace.path, bytes: fileSize(workspace.path), ...counts }
    },
  }
}
