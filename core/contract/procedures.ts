import type { AnyContractProcedure, InferSchemaInput, InferSchemaOutput } from '@orpc/contract'
import { contract, type Contract } from './contract.ts'

type PathsIn<Node> = {
  [Key in keyof Node & string]: Node[Key] extends AnyContractProcedure ? Key : `${Key}.${PathsIn<Node[Key]>}`
}[keyof Node & string]

type At<Node, Path extends string> = Path extends keyof Node
  ? Node[Path]
  : Path extends `${infer Head}.${infer Rest}`
    ? Head extends keyof Node
      ? At<Node[Head], Rest>
      : never
    : never

type Definition<Path extends ProcedurePath> = Extract<At<Contract, Path>, AnyContractProcedure>['~orpc']

/** The place of a procedure in the contract, such as `calls.bulk.run`. */
export type ProcedurePath = PathsIn<Contract>

/** What a handler of the procedure receives: the validated input. */
export type ProcedureInput<Path extends ProcedurePath> = InferSchemaOutput<NonNullable<Definition<Path>['inputSchema']>>

/** What a handler of the procedure returns, before the contract validates it. */
export type ProcedureResult<Path extends ProcedurePath> = InferSchemaInput<NonNullable<Definition<Path>['outputSchema']>>

function pathsIn(node: object, above: readonly string[]): string[] {
  if ('~orpc' in node) return [above.join('.')]
  return Object.entries(node).flatMap(([key, child]) => pathsIn(child as object, [...above, key]))
}

/** Every procedure of the contract. */
export const PROCEDURE_PATHS = pathsIn(contract, []) as readonly ProcedurePath[]
