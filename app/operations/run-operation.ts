import { AppError } from '../../core/errors.ts'
import { sentence } from '../../core/messages/sentence.ts'
import { reach, type Reach, type Role } from '../../core/roles.ts'
import type { ReadableDb } from '../../db/open.ts'
import { getPrincipal } from '../../db/queries/users.ts'
import { forbidden, type InternalContext, type Operation, type OperationContext } from '../declaration/operation.ts'
import { operationNamed, type InputOf, type OperationName, type OutputOf } from './operations.ts'

type Grant = { readonly role?: Role; readonly reach?: Reach }

/** @throws AppError SESSION_EXPIRED if the actor does not exist or is deactivated. */
function roleOf({ db, actor }: OperationContext<ReadableDb>): Role {
  const principal = getPrincipal(db, actor.userId)
  if (principal === undefined || !principal.isActive) throw new AppError('SESSION_EXPIRED', sentence('session.inactive'))
  return principal.role
}

/**
 * Returns the handler's information about the actor, by the access that the operation declares.
 * @throws AppError SESSION_EXPIRED, FORBIDDEN
 */
export function checkAccess({ access, reach: least }: Operation, context: OperationContext<ReadableDb>): Grant {
  if (access === 'internal') return {}
  const role = roleOf(context)
  if (access === 'member') return { role }
  const reached = reach(role, access)
  if (reached === 'none' || (reached === 'own' && least !== 'own')) throw forbidden(access)
  return { role, reach: reached }
}

/**
 * Checks the access that the operation declares, then runs it. A write runs inside its transaction, so that the role cannot change
 * between the check and the write.
 * @throws AppError SESSION_EXPIRED, FORBIDDEN, or as the operation does
 */
export function runOperation<N extends OperationName>(
  name: N,
  context: InternalContext<ReadableDb>,
  input: InputOf<N>,
): OutputOf<N> {
  const operation = operationNamed(name)
  return operation.run({ ...context, ...checkAccess(operation, context) } as never, input as never) as OutputOf<N>
}
