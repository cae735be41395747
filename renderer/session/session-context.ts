import type { UserId } from '../../core/id.ts'
import { createContext, use } from 'react'
import type { SignedIn } from '../../core/contract/session.ts'
import { may, reach } from '../../core/roles.ts'
import type { Permission, Reach } from '../../core/roles.ts'

const SessionContext = createContext<SignedIn | undefined>(undefined)
export const SessionProvider = SessionContext.Provider

/** The signed-in person, the client and its settings. Available only inside the session gate. */
export function useSession(): SignedIn {
  const session = use(SessionContext)
  if (session === undefined) throw new Error('useSession outside a signed-in session')
  return session
}

export type Rights = {
  reach: (permission: Permission) => Reach
  /** @param ownerId the owner of the record; null: it has no owner. */
  may: (permission: Permission, ownerId: UserId | null) => boolean
  /** Whether the person may schedule a call for an agent. People who may reassign calls may schedule them for others. */
  mayPlanFor: (ownerId: UserId) => boolean
}

export function useRights(): Rights {
  const { user } = useSession()
  const mayOn: Rights['may'] = (permission, ownerId) => may(user.role, permission, user.id, ownerId)
  return {
    reach: (permission) => reach(user.role, permission),
    may: mayOn,
    mayPlanFor: (ownerId) =>
      mayOn('calls.create', ownerId) || (reach(user.role, 'calls.create') !== 'none' && mayOn('calls.reassign', ownerId)),
  }
}
