import type { OpId, TxId } from '../id.ts'
import { assert, must } from '../assert.ts'
import { SyncError } from './errors.ts'
import type { Operation, OperationAction, OperationOrigin } from './operation.ts'
import type { PushBody } from './protocol.ts'
import { columnOf, isSyncTable, type Scalar } from './tables.ts'

/** Columns that identify the row. They are not sent, because the operation has the row's id and the token decides the client. */
const IDENTITY: ReadonlySet<string> = new Set(['id', 'client_id', 'key'])

/** The key of a person's setting is a column of its table, the key of a client's setting is the row's id. */
function isIdentity(table: string, name: string): boolean {
  return IDENTITY.has(name) && !(isSyncTable(table) && columnOf(table, name) !== undefined)
}

type Shape = {
  readonly table: string
  readonly action: OperationAction
  readonly columns: readonly string[]
  readonly values: Scalar[][]
  readonly bases: number[][]
  readonly origin?: OperationOrigin
}

/**
 * Returns the body of POST /v1/push. The operations are in the order of `deviceSeq` and make complete transactions.
 */
export function encodePush(operations: readonly Operation[]): PushBody {
  const transactions: PushBody['transactions'] = { id: [], hlc: [], wallTime: [], schemaVersion: [], size: [] }
  const packed: PushBody['operations'] = { id: [], deviceSeq: [], rowId: [], shape: [] }
  const shapes: Shape[] = []
  const indexes = new Map<string, number>()
  for (const op of operations) {
    const last = transactions.id.length - 1
    if (transactions.id[last] === op.txId) transactions.size[last] = (transactions.size[last] ?? 0) + 1
    else {
      transactions.id.push(op.txId)
      transactions.hlc.push(op.hlc)
      transactions.wallTime.push(op.wallTime)
      transactions.schemaVersion.push(op.schemaVersion)
      transactions.size.push(1)
    }
    const columns = Object.keys(op.fields)
      .filter((name) => !isIdentity(op.table, name))
      .toSorted()
    const { origin } = op
    const key = JSON.stringify([op.table, op.action, columns, origin])
    let index = indexes.get(key)
    if (index === undefined) {
      index = shapes.length
      indexes.set(key, index)
      const bases = op.action === 'UPDATE' ? columns.map(() => []) : []
      const made = { table: op.table, action: op.action, columns, values: columns.map(() => []), bases }
      shapes.push(origin === undefined ? made : { ...made, origin })
    }
    const shape = must(shapes[index], 'The shape was created above')
    for (const [place, name] of columns.entries()) {
      const field = must(op.fields[name], 'Every column is a field')
      shape.values[place]?.push(field.new)
      shape.bases[place]?.push(field.base ?? 0)
    }
    packed.id.push(op.opId)
    packed.deviceSeq.push(op.deviceSeq)
    packed.rowId.push(op.rowId)
    packed.shape.push(index)
  }
  return { transactions, operations: packed, shapes: shapes as PushBody['shapes'] }
}

/** An operation as the server reads it. `bases` is empty except for an UPDATE. */
export type PushedOperation = {
  readonly opId: OpId
  readonly deviceSeq: number
  readonly table: string
  readonly rowId: string
  readonly action: OperationAction
  readonly values: Readonly<Record<string, Scalar>>
  readonly bases: Readonly<Record<string, number>>
  readonly origin?: OperationOrigin
}

export type PushedTransaction = {
  readonly txId: TxId
  readonly hlc: string
  readonly wallTime: number
  readonly schemaVersion: number
  readonly operations: readonly PushedOperation[]
}

function malformed(path: string): SyncError {
  return new SyncError('MALFORMED', 'The operations do not fit together; nothing was changed', { path })
}

function sameLength(columns: readonly (readonly unknown[])[], path: string): number {
  const length = columns[0]?.length ?? 0
  if (columns.some((column) => column.length !== length)) throw malformed(path)
  return length
}

const NO_BASES: Readonly<Record<string, number>> = {}

/**
 * Decodes a body of `encodePush` that matches its schema. The columns of a shape are sorted, so that a retry sends the same text as
 * the first attempt.
 * @throws SyncError MALFORMED if the parts do not fit together.
 */
export function decodePush(request: PushBody): PushedTransaction[] {
  const { transactions, operations, shapes } = request
  const { id, hlc, wallTime, schemaVersion, size } = transactions
  sameLength([id, hlc, wallTime, schemaVersion, size], 'transactions')
  const total = sameLength([operations.id, operations.deviceSeq, operations.rowId, operations.shape], 'operations')
  if (size.reduce((sum, each) => sum + each, 0) !== total) throw malformed('transactions.size')
  const lengths = shapes.map(({ action, columns, values, bases }, index) => {
    const path = `shapes.${index}`
    if (values.length !== columns.length || columns.some((name, place) => place > 0 && name <= (columns[place - 1] ?? '')))
      throw malformed(path)
    if (bases.length !== (action === 'UPDATE' ? columns.length : 0)) throw malformed(path)
    return columns.length === 0 ? null : sameLength([...values, ...bases], path)
  })
  const taken = shapes.map(() => 0)
  let next = 0
  let lastSeq = 0
  const read = (): PushedOperation => {
    const at = next++
    const index = operations.shape[at] ?? -1
    const shape = shapes[index]
    if (shape === undefined) throw malformed('operations.shape')
    const row = taken[index] ?? 0
    taken[index] = row + 1
    const deviceSeq = operations.deviceSeq[at] ?? 0
    if (deviceSeq <= lastSeq) throw malformed('operations.deviceSeq')
    lastSeq = deviceSeq
    const { columns, action, table } = shape
    const values: Record<string, Scalar> = {}
    const bases: Record<string, number> = action === 'UPDATE' ? {} : NO_BASES
    for (let place = 0; place < columns.length; place++) {
      const name = columns[place] ?? ''
      const value = shape.values[place]?.[row]
      if (value === undefined) throw malformed(`shapes.${index}`)
      values[name] = value
      if (action === 'UPDATE') bases[name] = shape.bases[place]?.[row] ?? 0
    }
    const operation = {
      opId: operations.id[at] ?? '',
      deviceSeq,
      table,
      rowId: operations.rowId[at] ?? '',
      action,
      values,
      bases,
    }
    return shape.origin === undefined ? operation : { ...operation, origin: shape.origin }
  }
  const decoded = id.map((txId, place): PushedTransaction => ({
    txId,
    hlc: hlc[place] ?? '',
    wallTime: wallTime[place] ?? 0,
    schemaVersion: schemaVersion[place] ?? 1,
    operations: Array.from({ length: size[place] ?? 0 }, read),
  }))
  if (lengths.some((length, index) => length !== null && length !== taken[index])) throw malformed('shapes')
  if (new Set(operations.id).size !== total) throw malformed('operations.id')
  assert(next === total, 'Every operation was read')
  return decoded
}
