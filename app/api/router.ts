import { implement, type Router } from '@orpc/server'
import { contract, type Contract } from '../../core/contract/contract.ts'
import { PROCEDURE_PATHS, type ProcedureInput, type ProcedurePath, type ProcedureResult } from '../../core/contract/procedures.ts'
import { operationNamed, operations, type DerivedPath } from '../operations/operations.ts'
import { auditHandlers } from './audit.ts'
import { bulkHandlers } from './bulk.ts'
import { callsHandlers } from './calls.ts'
import { withContractErrors } from './errors.ts'
import { eventsHandlers } from './events.ts'
import type { ApiContext, ApiRequest, ApiServices, Handler, HandWrittenPath } from './handlers.ts'
import { exportsHandlers } from './exports.ts'
import { remindersHandlers } from './reminders.ts'
import { reportsHandlers } from './reports.ts'
import { importsHandlers } from './imports.ts'
import { runForSessionOf, type RunForSession } from './run-for-session.ts'
import { knownHandlers } from './known.ts'
import { sessionHandlers } from './session.ts'
import { syncHandlers } from './sync.ts'
import { usersHandlers } from './users.ts'
import { workspaceHandlers } from './workspace.ts'

export type ApiRouter = Router<Contract, ApiContext>

/** Does not compile if an operation with the name of a procedure takes another input or returns another result than the procedure. */
const derived: {
  readonly [P in DerivedPath]: { readonly run: (context: never, input: ProcedureInput<P>) => ProcedureResult<P> }
} = operations

function derivedHandler<P extends DerivedPath>(run: RunForSession, path: P): Handler<P> {
  return ({ context, input }) => run(context, path, input as never) as Promise<ProcedureResult<P>>
}

/** An operation without a check of access serves no procedure, whatever its name is. */
function isDerived(path: ProcedurePath): path is DerivedPath {
  return path in derived && operationNamed(path as DerivedPath).access !== 'internal'
}

/** A procedure of the implemented contract, which has the contract's shape. */
type Unhandled = { readonly handler: (handler: (request: ApiRequest<ProcedurePath>) => unknown) => object }

function unhandledAt(node: object, path: ProcedurePath): Unhandled {
  return path.split('.').reduce<object>((parent, key) => parent[key as never], node) as Unhandled
}

function place(tree: Record<string, unknown>, path: ProcedurePath, procedure: object): void {
  const keys = path.split('.')
  const last = keys.pop() as string
  let node = tree
  for (const key of keys) node = (node[key] ??= {}) as Record<string, unknown>
  node[last] = procedure
}

/**
 * The API of every shell and the command line. A procedure finds the session of its connection and runs an operation, which checks the
 * permission in the database's thread.
 */
export function createRouter(services: ApiServices): ApiRouter {
  const { log } = services
  const run = runForSessionOf(services)
  const all = { ...services, run }
  const handWritten: { readonly [P in HandWrittenPath]: Handler<P> } = {
    ...sessionHandlers(all),
    ...workspaceHandlers(all),
    ...usersHandlers(all),
    ...callsHandlers(all),
    ...bulkHandlers(all),
    ...importsHandlers(all),
    ...exportsHandlers(all),
    ...reportsHandlers(all),
    ...auditHandlers(all),
    ...knownHandlers(all),
    ...syncHandlers(all),
    ...eventsHandlers(all),
    ...remindersHandlers(all),
  }
  const api = implement(contract)
    .$context<ApiContext>()
    .use(({ next, path, signal }) => withContractErrors(() => Promise.resolve(next()), path, log, signal))
  const tree: Record<string, unknown> = {}
  for (const path of PROCEDURE_PATHS) {
    const handler = isDerived(path) ? derivedHandler(run, path) : handWritten[path]
    place(tree, path, unhandledAt(api, path).handler(handler))
  }
  // The paths are those of the contract, so the tree has its shape.
  return api.router(tree as ApiRouter)
}
