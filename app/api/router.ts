import { implement } from '@orpc/server'
import { contract } from '../../core/contract/contract.ts'
import type { Id } from '../../core/id.ts'
import type { BulkCalls } from '../bulk-calls.ts'
import type { ChangeHub } from '../change-hub.ts'
import type { Imports } from '../imports.ts'
import type { Log } from '../logging.ts'
import type { Passwords } from '../../platform/passwords/passwords.ts'
import type { Sessions, Signed } from '../sessions.ts'
import type { Workspaces } from '../workspaces.ts'
import type { DeviceSync } from '../sync/device-sync.ts'
import { restoreCall } from '../sync/questions/restore-call.ts'
import type { InputOf, OperationName, OutputOf } from '../operations/operations.ts'
import { createDemo } from '../demo-workspace.ts'
import { fileSize } from '../home.ts'
import { withContractErrors } from './errors.ts'
import { callHistory, listTrail } from './trail.ts'
import { followStatus, joinAndSignIn, publishFrom, requireSync, statusOf } from './sync.ts'

/** What a transport says of a request: on which connection it came. The same connection carries the same session. */
export type ApiContext = { readonly connection: string }

export type ApiServices = {
  readonly sessions: Sessions
  readonly workspaces: Workspaces
  readonly passwords: Passwords
  readonly imports: Imports
  readonly bulk: BulkCalls
  readonly hub: ChangeHub
  readonly log: Log
  readonly clock: () => number
  readonly sync: DeviceSync | undefined
}

/**
 * The API behind every shell and the command line. A procedure finds the session of its connection and hands on to an operation, which
 * checks the permission in the database's thread.
 */
export function createRouter(services: ApiServices) {
  const { sessions, workspaces, passwords, imports, bulk, hub, log, sync } = services
  const api = implement(contract)
    .$context<ApiContext>()
    .use(({ next, path, signal }) => withContractErrors(() => Promise.resolve(next()), path, log, signal))

  const signed = (context: ApiContext): Signed => sessions.require(context.connection)

  function run<N extends OperationName>(context: ApiContext, name: N, input: InputOf<N>): Promise<OutputOf<N>> {
    const { workspace, userId } = signed(context)
    return workspace.run(name, userId, input)
  }

  /** As `run`, for what only a person at the keyboard does: it puts off the idle lock. */
  function act<N extends OperationName>(context: ApiContext, name: N, input: InputOf<N>): Promise<OutputOf<N>> {
    sessions.touch(context.connection)
    return run(context, name, input)
  }

  /**
   * As `act`, for what the server decides once the workspace is connected (roles, deactivation, another person's password): offline it
   * is refused, and the answer waits for the server's verdict.
   */
  async function decide<N extends 'users.update' | 'users.setActive' | 'users.setPassword'>(
    context: ApiContext,
    name: N,
    input: InputOf<N> & { readonly id: Id },
  ): Promise<OutputOf<N>> {
    const confirm = await sync?.beginDecision(signed(context))
    const done = await act(context, name, input)
    await confirm?.(input.id)
    return done
  }

  return api.router({
    session: {
      get: api.session.get.handler(({ context }) => sessions.state(context.connection)),
      signIn: api.session.signIn.handler(({ context, input }) => sessions.signIn(context.connection, input)),
      signOut: api.session.signOut.handler(async ({ context }) => {
        imports.forget(context.connection)
        bulk.forget(context.connection)
        await sessions.signOut(context.connection)
        return {}
      }),
      lock: api.session.lock.handler(({ context }) => {
        sessions.lock(context.connection)
        return {}
      }),
      unlock: api.session.unlock.handler(({ context, input }) => sessions.unlock(context.connection, input.password)),
      touch: api.session.touch.handler(({ context }) => {
        sessions.touch(context.connection)
        return {}
      }),
      changePassword: api.session.changePassword.handler(async ({ context, input }) => {
        await sessions.confirmOwn(context.connection, input.current)
        return act(context, 'session.setOwnPassword', { passwordHash: await passwords.hash(input.next) })
      }),
    },
    workspace: {
      create: api.workspace.create.handler(async ({ context, input }) => {
        sessions.requireReplaceable(context.connection)
        const { adminPassword, ...seed } = input
        const passwordHash = await passwords.hash(adminPassword)
        const { clientId, userId } = await workspaces.create({ ...seed, passwordHash })
        return sessions.replace(context.connection, clientId, userId)
      }),
      createDemo: api.workspace.createDemo.handler(({ context, signal }) => createDemo(services, context.connection, signal)),
      status: api.workspace.status.handler(async ({ context }) => {
        const { workspace } = signed(context)
        const counts = await run(context, 'workspace.counts', null)
        return { clientId: workspace.clientId, path: workspace.path, bytes: fileSize(workspace.path), ...counts }
      }),
      rename: api.workspace.rename.handler(({ context, input }) => act(context, 'client.rename', input)),
    },
    users: {
      names: api.users.names.handler(({ context }) => run(context, 'users.names', null)),
      list: api.users.list.handler(({ context }) => run(context, 'users.list', null)),
      create: api.users.create.handler(async ({ context, input }) => {
        await act(context, 'users.requireEdit', null)
        const { password, ...user } = input
        return act(context, 'users.create', { ...user, passwordHash: await passwords.hash(password) })
      }),
      update: api.users.update.handler(({ context, input }) =>
        (input.patch.role === undefined ? act : decide)(context, 'users.update', input),
      ),
      setActive: api.users.setActive.handler(({ context, input }) => decide(context, 'users.setActive', input)),
      setPassword: api.users.setPassword.handler(async ({ context, input }) => {
        await act(context, 'users.requireEdit', null)
        return decide(context, 'users.setPassword', { id: input.id, passwordHash: await passwords.hash(input.password) })
      }),
    },
    lossReasons: {
      list: api.lossReasons.list.handler(({ context }) => run(context, 'lossReasons.list', null)),
      create: api.lossReasons.create.handler(({ context, input }) => act(context, 'lossReasons.create', input)),
      update: api.lossReasons.update.handler(({ context, input }) => act(context, 'lossReasons.update', input)),
      setActive: api.lossReasons.setActive.handler(({ context, input }) => act(context, 'lossReasons.setActive', input)),
    },
    calls: {
      list: api.calls.list.handler(({ context, input }) => run(context, 'calls.list', input)),
      count: api.calls.count.handler(({ context, input }) => run(context, 'calls.count', input)),
      get: api.calls.get.handler(({ context, input }) => run(context, 'calls.get', input)),
      create: api.calls.create.handler(({ context, input }) => act(context, 'calls.create', input)),
      update: api.calls.update.handler(({ context, input }) => act(context, 'calls.update', input)),
      delete: api.calls.delete.handler(({ context, input }) => act(context, 'calls.delete', input)),
      restore: api.calls.restore.handler(({ context, input }) => {
        sessions.touch(context.connection)
        return restoreCall(sync, signed(context), input.id)
      }),
      history: api.calls.history.handler(({ context, input }) => callHistory(sync, signed(context), input.id)),
      bulk: {
        count: api.calls.bulk.count.handler(({ context, input }) => run(context, 'calls.bulkCount', input.selection)),
        run: api.calls.bulk.run.handler(({ context, input, signal }) => {
          sessions.touch(context.connection)
          return bulk.run(context.connection, signed(context), input, signal)
        }),
        undo: api.calls.bulk.undo.handler(({ context, input, signal }) => {
          sessions.touch(context.connection)
          return bulk.undo(context.connection, signed(context), input.batchId, signal)
        }),
        cancel: api.calls.bulk.cancel.handler(({ context, input }) => {
          signed(context)
          bulk.cancel(context.connection, input.batchId)
          return {}
        }),
      },
    },
    settings: {
      get: api.settings.get.handler(({ context }) => run(context, 'settings.get', null)),
      update: api.settings.update.handler(({ context, input }) => act(context, 'settings.update', input)),
    },
    reports: {
      summary: api.reports.summary.handler(({ context, input }) => run(context, 'reports.summary', input)),
    },
    imports: {
      inspect: api.imports.inspect.handler(({ context, input }) =>
        imports.inspect(context.connection, signed(context), input.file, input.reading),
      ),
      reread: api.imports.reread.handler(({ context, input }) =>
        imports.reread(context.connection, signed(context), input.importId, input.reading),
      ),
      columns: api.imports.columns.handler(({ context, input }) => imports.columns(context.connection, signed(context), input)),
      run: api.imports.run.handler(({ context, input, signal }) =>
        imports.run(context.connection, signed(context), input, signal),
      ),
      maps: api.imports.maps.handler(({ context }) => run(context, 'imports.maps', null)),
      saveMap: api.imports.saveMap.handler(({ context, input }) => act(context, 'imports.saveMap', input)),
      deleteMap: api.imports.deleteMap.handler(({ context, input }) => act(context, 'imports.deleteMap', input)),
      list: api.imports.list.handler(({ context }) => run(context, 'imports.list', null)),
      undo: api.imports.undo.handler(async ({ context, input, signal }) => {
        const asker = signed(context)
        sessions.touch(context.connection)
        // Edits of other devices that the server has decide what is kept. Without the server, it decides when the undo arrives there.
        await sync?.settle(asker).catch(() => {})
        return imports.undo(asker, input, signal)
      }),
    },
    audit: { list: api.audit.list.handler(({ context, input }) => listTrail(sync, signed(context), input)) },
    drafts: {
      get: api.drafts.get.handler(({ context, input }) => run(context, 'drafts.get', input)),
      put: api.drafts.put.handler(({ context, input }) => act(context, 'drafts.put', input)),
      delete: api.drafts.delete.handler(({ context, input }) => act(context, 'drafts.delete', input)),
    },
    sync: {
      status: api.sync.status.handler(({ context }) => statusOf(sync, signed(context))),
      follow: api.sync.follow.handler(({ context, signal }) =>
        followStatus(sync, hub, context.connection, () => signed(context), signal),
      ),
      join: api.sync.join.handler(({ context, input, signal }) =>
        joinAndSignIn(sync, sessions, context.connection, input, signal),
      ),
      publish: api.sync.publish.handler(({ context, input }) => publishFrom(sync, signed(context), input)),
      now: api.sync.now.handler(async ({ context }) => {
        const asker = signed(context)
        await requireSync(sync).settle(asker)
        return statusOf(sync, asker)
      }),
      signInAgain: api.sync.signInAgain.handler(async ({ context, input }) => {
        const asker = signed(context)
        sessions.touch(context.connection)
        await requireSync(sync).signInAgain(asker, input)
        return statusOf(sync, asker)
      }),
      moveServer: api.sync.moveServer.handler(async ({ context, input }) => {
        sessions.touch(context.connection)
        const asker = signed(context)
        await requireSync(sync).moveServer(asker, input.serverUrl)
        return statusOf(sync, asker)
      }),
      nudge: api.sync.nudge.handler(({ context }) => {
        signed(context)
        sync?.nudge()
        return {}
      }),
      conflicts: api.sync.conflicts.handler(({ context }) => run(context, 'sync.conflicts', null)),
      useMine: api.sync.useMine.handler(({ context, input }) => act(context, 'sync.useMine', input)),
      keepTheirs: api.sync.keepTheirs.handler(({ context, input }) => act(context, 'sync.keepTheirs', input)),
      rejections: api.sync.rejections.handler(({ context }) => run(context, 'sync.rejections', null)),
      retry: api.sync.retry.handler(({ context, input }) => act(context, 'sync.retry', input)),
      discard: api.sync.discard.handler(({ context, input }) => act(context, 'sync.discard', input)),
    },
    events: { subscribe: api.events.subscribe.handler(({ context, signal }) => hub.subscribe(context.connection, signal)) },
  })
}

export type ApiRouter = ReturnType<typeof createRouter>
