import type { ClientId } from '../../core/id.ts'
import { SyncError } from '../../core/sync/errors.ts'
import { LIMITS, type PastRequest, type PastResponse } from '../../core/sync/protocol.ts'
import type { Scalar } from '../../core/sync/tables.ts'
import { reach } from '../../core/roles.ts'
import type { AuditRecord, ReadTransaction, Store } from '../store/store.ts'
import { authenticate } from './authenticate.ts'

/** The number of calls whose trails are measured at a time. */
const SLICE = 50
/** The most lines of one call's trail that are read. */
const MOST_LINES = 1_000
/**
 * The most bytes of new values in one call's trail, and in all trails that are read for one answer. A call with more is left out, like a
 * call whose trail is incomplete: an import then changes nothing of it. Otherwise a call that was edited very often would fill the memory.
 */
const MOST_BYTES = LIMITS.pageBytes
/** The bytes per call for its id, quotation marks and names of columns. */
const CALL_BYTES = 200

/**
 * Returns the history that an import needs and a joined device lacks: deleted calls, earlier values of fields, earlier names. Only for
 * roles that may import; their scope is the whole client.
 */
export async function readPast(
  store: Store,
  token: string | undefined,
  { ids, names }: PastRequest,
): Promise<{ past: PastResponse; covered: number; clientId: ClientId }> {
  return store.read(async (tx) => {
    const { clientId, role } = await authenticate(tx, token)
    if (reach(role, 'import.run') !== 'all') throw new SyncError('NOT_FOUND', 'This role is not allowed to import')
    const held: PastResponse['held'] = {}
    let covered = 0
    for (let bytes = 0; covered < ids.length && bytes < MOST_BYTES;) {
      const slice = await measured(tx, clientId, ids.slice(covered, covered + SLICE), MOST_BYTES - bytes)
      Object.assign(held, await valuesEverHeld(tx, clientId, slice.readable))
      // Every call counts, including one of which nothing is read.
      bytes += slice.bytes + slice.covered * CALL_BYTES
      covered += slice.covered
    }
    const deleted = [...(await tx.deletedOwners(clientId, ids.slice(0, covered))).keys()]
    return { past: { deleted, held, names: names ? [...(await tx.namesEverHeld(clientId))] : [] }, covered, clientId }
  })
}

/** Returns how many of `ids`, from the first on and at least one, have room in the answer, and which of them are read. */
async function measured(
  tx: ReadTransaction,
  clientId: ClientId,
  ids: readonly string[],
  room: number,
): Promise<{ readonly covered: number; readonly readable: readonly string[]; readonly bytes: number }> {
  const sizes = await tx.callTrailSizes(clientId, ids, MOST_LINES)
  const readable: string[] = []
  let [covered, bytes] = [0, 0]
  for (const id of ids) {
    const size = sizes.get(id)
    const isRead = size !== undefined && size <= MOST_BYTES
    if (isRead && covered > 0 && bytes + size > room) break
    covered++
    if (!isRead) continue
    readable.push(id)
    bytes += size
  }
  return { covered, readable, bytes }
}

async function valuesEverHeld(tx: ReadTransaction, clientId: ClientId, ids: readonly string[]): Promise<PastResponse['held']> {
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
