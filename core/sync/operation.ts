import type { OpId, TxId } from '../id.ts'
import type { HybridTime } from '../hybrid-clock.ts'
import type { AuditAction } from '../model/audit.ts'
import type { Scalar } from './tables.ts'

/** `SYNC_REJECTED` is written by the server only and comes from no device. */
export type OperationAction = Exclude<AuditAction, 'SYNC_REJECTED'>

/**
 * Whether the operation restores a deleted call. It carries no values: the server restores the last values that it accepted, which the
 * restoring device may never have received. An INSERT of a deleted call does not restore it, because imports send INSERTs too.
 */
export function isRestore({ table, action }: { readonly table: string; readonly action: string }): boolean {
  return table === 'calls' && action === 'RESTORE'
}

/**
 * One change as a device made it: a row of its outbox. `opId` identifies it and gives no order; `deviceSeq` is the device's order. The
 * person and the client are not part of it, because the server reads them from the token.
 */
export type Operation = {
  readonly opId: OpId
  readonly txId: TxId
  readonly deviceSeq: number
  /** Version of the device's tables, for the server's records. */
  readonly schemaVersion: number
  readonly table: string
  readonly rowId: string
  readonly action: OperationAction
  /**
   * By column: the new value, and for an UPDATE the server's version of the field that the edit was made on (0: none known).
   * A DELETE and the RESTORE of a call have no fields; an event has its values.
   */
  readonly fields: Readonly<Record<string, { readonly new: Scalar; readonly base?: number }>>
  readonly hlc: HybridTime
  /** The device's clock, ms. */
  readonly wallTime: number
  /** `import`: a row of a file, which is a transaction of its own. Absent: an action of a person. */
  readonly origin?: OperationOrigin
}

/**
 * The origins that the server distinguishes. A DELETE with the origin `import` undoes an import: it deletes only what the same device
 * imported and no other device edited since.
 */
export type OperationOrigin = 'import'

export const REJECT_CODES = [
  /** The role does not allow it. */
  'FORBIDDEN',
  /** The row does not exist, or this person may not see it. */
  'NOT_FOUND',
  /** The row was deleted; delete beats an edit (S11). */
  'DELETED',
  /** A value is not valid, or the row would break a rule. */
  'INVALID',
  /** A unique value is taken, no admin would remain, or the import that is undone is not the last change of the call. */
  'CONFLICT',
  /** Another operation of the same transaction was rejected (S4). */
  'TRANSACTION',
] as const
export type RejectCode = (typeof REJECT_CODES)[number]

export type Rejection = {
  readonly code: RejectCode
  readonly field: string | null
  /** The server's value at `field`; for a taken unique value the id of the row that has it; null if there is none to show. */
  readonly current: Scalar
}

export const VERDICTS = ['accepted', 'merged', 'rejected'] as const
export type Verdict = (typeof VERDICTS)[number]
