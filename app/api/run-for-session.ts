import type { Operation } from '../declaration/operation.ts'
import { operationNamed, type InputOf, type OperationName, type OutputOf } from '../operations/operations.ts'
import type { ApiContext, ApiServices } from './handlers.ts'

/**
 * Runs an operation for the person who is signed in on the connection.
 * @throws AppError UNAUTHENTICATED, SESSION_EXPIRED, SESSION_LOCKED, or as the operation does
 */
export type RunForSession = <N extends OperationName>(context: ApiContext, name: N, input: InputOf<N>) => Promise<OutputOf<N>>

/** Returns the row on which the server decides, if the operation with this input needs its decision. */
function decidedRow(operation: Operation, input: unknown) {
  return operation.thread === 'write' ? operation.decidedRow?.(input as never) : undefined
}

/** A command delays the idle lock, because only a person requests one. A change that the server decides waits for its verdict. */
export function runForSessionOf({ sessions, sync }: Pick<ApiServices, 'sessions' | 'sync'>): RunForSession {
  return async ({ connection }, name, input) => {
    const operation = operationNamed(name)
    const row = decidedRow(operation, input)
    const confirm = row === undefined ? undefined : await sync?.beginDecision(sessions.require(connection))
    if (operation.thread === 'write') sessions.touch(connection)
    const { workspace, userId } = sessions.require(connection)
    const result = await workspace.run(name, userId, input)
    if (row !== undefined) await confirm?.(row)
    return result
  }
}
