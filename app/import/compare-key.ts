import type { CallId } from '../../core/id.ts'
import type { ReadableDb } from '../../db/open.ts'
import { callsById, valuesEverHeld } from '../../db/queries/import-lookups.ts'
import { getDeviceState } from '../../db/sync/device-state.ts'
import type { OperationContext } from '../declaration/operation.ts'
import type { KnownPast } from './import-chunk.ts'
import { isAnotherCall, type KeyComparison, type KeyedRow } from './key-evidence.ts'

/** Most calls whose history is read. This many are enough to tell a majority from an exception. */
const MOST_HISTORIES = 500

export type KeyFindings = KeyComparison & {
  /** Calls that seem to contradict the key and whose history is not on this device. */
  readonly unknown: readonly CallId[]
}

/**
 * Compares the rows of a file with the existing calls that have the same keys. A call agrees with its row if the row has the call's time,
 * or a time that the call had before a correction.
 * @param past the server's answer about the `unknown` calls of an earlier comparison; null before that request.
 */
export function compareKey(
  { db, actor }: OperationContext<ReadableDb>,
  rows: readonly KeyedRow[],
  past: KnownPast | null,
): KeyFindings {
  const isConnected = getDeviceState(db).serverUrl !== null
  const calls = callsById(
    db,
    actor.clientId,
    rows.map(({ id }) => id),
  )
  let [agreeing, contradicting, histories] = [0, 0, 0]
  const unknown: CallId[] = []
  for (const { id, eventAt } of rows) {
    const call = calls.get(id)
    if (call === undefined) continue
    if (!isAnotherCall(call, eventAt)) agreeing++
    else if (histories === MOST_HISTORIES) continue
    else {
      histories++
      const here = valuesEverHeld(db, actor.clientId, id)
      if (here === undefined && isConnected && past === null) unknown.push(id)
      const there = past?.held[id] ?? {}
      const times = ['completed_at', 'scheduled_at'].flatMap((column) => [...(here?.get(column) ?? []), ...(there[column] ?? [])])
      if (times.includes(eventAt)) agreeing++
      else contradicting++
    }
  }
  return { agreeing, contradicting, unknown }
}
