import { SyncError } from '../../core/sync/errors.ts'
import { LIMITS, type PastRequest, type PastResponse } from '../../core/sync/protocol.ts'
import type { Scalar } from '../../core/sync/tables.ts'
import { reach } from '../../core/roles.ts'
import type { AuditRecord, ReadTransaction, Store } from '../store/store.ts'
import { authenticate } from './authenticate.ts'

/** The number of calls whose trails are read at a time, because notes are long and the answer is bounded in bytes. */
const SLICE = 50

/**
 * Returns the history that an import needs and a joined device lacks: deleted calls, earlier values of fields, earlier names. Only for
 * roles that may import; their scope is the whole client.
 */
export async function readPast(
  store: Store,
  token: string | undefined,
  { ids, names }: PastRequest,
): Promise<{ past: PastResponse; clientId: string }> {
  return store.read(async (tx) => {
    const { clientId, role } = await authenticate(tx, token)
    if (reach(role, 'import.run') !== 'all') throw new SyncError('NOT_FOUND', 'This role may not import')
    const held: PastResponse['held'] = {}
    let covered = 0
    for (let bytes = 0; covered < ids.length && bytes < LIMITS.pageBytes; covered += SLICE) {
      const found = await valuesEverHeld(tx, clientId, ids.slice(covered, covered + SLICE))
      Object.assign(held, found)
      bytes += JSON.stringify(found).length
    }
    covered = Math.min(covered, ids.length)
    const deleted = [...(await tx.deletedOwners(clientId, ids.slice(0, covered))).keys()]
    return { past: { covered, deleted, held, names: names ? [...(await tx.namesEverHeld(clientId))] : [] }, clientId }
  })
}

async function valuesEverHeld(tx: ReadTransaction, clientId: string, ids: readonly string[]): Promise<PastResponse['held']> {
  const byCall = Map.groupBy(await tx.callTrails(clientId, ids), ({ recordId }) => recordId)
  return Object.fromEntries(
    [...byCall].flatMap(([id, trail]) => {
      const held = heldOf(trail)
      return held === undefined ? [] : [[id, held]]
    }),
  )
}

/** Returns undefined if the trail does not reach back to the call's creation. */
function heldOf(trail: readonly Pick<AuditRecord, 'action' | 'newValues'>[]): Record<string, Scalar[]> | undefined {
  const lines = trail.map(({ action, newValues }) => ({ action, values: parsed(newValues) }))
  const inserted = lines.filter(({ action }) => action === 'INSERT')
  if (inserted.length === 0) return undefined
  const held = new Map<string, Set<Scalar>>()
  for (const { values } of lines)
    for (const [column, value] of Object.entries(values)) {
      // The line of an INSERT has no nulls.
      const isNull = inserted.some((line) => !Object.hasOwn(line.values, column))
      if (!held.has(column)) held.set(column, new Set(isNull ? [null] : []))
      held.get(column)?.add(value)
    }
  return Object.fromEntries([...held].map(([column, values]) => [column, [...values]]))
}

function parsed(json: string | null): Readonly<Record<string, Scalar>> {
  return json === null ? {} : (JSON.parse(json) as Record<string, Scalar>)
}
