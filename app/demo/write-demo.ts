import type { WritableDb } from '../../db/open.ts'
import type { OperationContext } from '../operations/operation.ts'
import type { DemoCall, DemoData } from './demo-data.ts'

/** Calls a transaction takes at once. */
export const DEMO_CHUNK_CALLS = 500

/**
 * The body of a write operation, first step: users and loss reasons beside those the new workspace has.
 * @param input.passwordHash of `DEMO_PASSWORD`, for every demo account.
 */
export function writeDemoPeople(
  _context: OperationContext<WritableDb>,
  _input: Pick<DemoData, 'users' | 'lossReasons'> & { readonly passwordHash: string },
): null {
  throw new Error('Not written yet')
}

/** The body of a write operation: one chunk of calls. */
export function writeDemoChunk(_context: OperationContext<WritableDb>, _calls: readonly DemoCall[]): null {
  throw new Error('Not written yet')
}
