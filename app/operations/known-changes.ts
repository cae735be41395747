import { AppError } from '../../core/errors.ts'
import { sentence } from '../../core/messages/sentence.ts'
import type { ReadableDb } from '../../db/open.ts'
import { changesSince, undoneChanges, type ChangeLine, type UndoneChange } from '../../db/queries/undone-changes.ts'
import { readLines } from '../../platform/files/line-file.ts'
import { Watch } from '../../platform/threads/watch.ts'
import type { PermittedContext } from '../declaration/operation.ts'

type Context = PermittedContext<ReadableDb>

/** The changes since an instant, and the watch of the work. */
export type KnownInput = {
  /** Files with the server's lines (`ChangeLine`), newest first; null: this device's own trail is complete. */
  readonly lines: readonly string[] | null
  /** The memory of a `Watch`. */
  readonly watch: SharedArrayBuffer | null
}

/** The number of lines that are in memory at a time. */
const CHUNK = 2_000

function* linesOf(files: readonly string[]): Generator<readonly ChangeLine[]> {
  let chunk: ChangeLine[] = []
  for (const file of files)
    for (const line of readLines(file)) {
      // This application wrote the file, so the line is not validated.
      chunk.push(line as ChangeLine)
      if (chunk.length < CHUNK) continue
      yield chunk
      chunk = []
    }
  if (chunk.length > 0) yield chunk
}

/** The error of a cancelled report. It is usually not shown, because its request was aborted. */
export function cancelled(): AppError<'CONFLICT'> {
  return new AppError('CONFLICT', sentence('report.cancelled'), {})
}

/** Yields the pieces and counts their items in the watch. @throws AppError CONFLICT after a cancellation */
function* watched<T>(pieces: Iterable<readonly T[]>, memory: SharedArrayBuffer | null): Generator<readonly T[]> {
  const watch = memory === null ? undefined : new Watch(memory)
  let done = 0
  for (const piece of pieces) {
    if (watch?.isCancelled === true) throw cancelled()
    yield piece
    done += piece.length
    if (watch !== undefined) watch.done = done
  }
}

/** Yields the changes since an instant with the call before and after each, newest first. @throws AppError CONFLICT after a cancellation */
export function changesOf({ db, actor }: Context, knownAt: number, { lines, watch }: KnownInput): Generator<UndoneChange> {
  const { clientId } = actor
  return undoneChanges(db, clientId, watched(lines === null ? changesSince(db, clientId, knownAt) : linesOf(lines), watch))
}

export const coverageOf = ({ reach }: Context, { lines }: KnownInput) =>
  lines !== null && reach === 'own' ? ('own' as const) : ('complete' as const)

/** Returns the instant at which the known time ends, at most now, and a context whose time is the last known millisecond. */
export function pastOf(
  context: Context,
  request: { readonly knownAt: number },
): { readonly knownAt: number; readonly past: Context } {
  const knownAt = Math.min(request.knownAt, context.now + 1)
  return { knownAt, past: { ...context, now: knownAt - 1 } }
}
