import { bulkOperations } from './bulk-calls.ts'
import { callOperations } from './calls.ts'
import { importOperations } from './imports.ts'
import { peopleOperations } from './people.ts'
import { recordOperations } from './records.ts'
import { syncOperations } from './sync.ts'
import { signInOperations } from './sign-in.ts'
import type { Operation } from './operation.ts'

/** Everything that is ever done to a workspace, by name. */
export const operations = {
  ...bulkOperations,
  ...callOperations,
  ...importOperations,
  ...peopleOperations,
  ...recordOperations,
  ...syncOperations,
  ...signInOperations,
}

export type Operations = typeof operations
export type OperationName = keyof Operations
export type InputOf<N extends OperationName> = Operations[N] extends Operation<infer I, infer _O> ? I : never
export type OutputOf<N extends OperationName> = Operations[N] extends Operation<infer _I, infer O> ? O : never
