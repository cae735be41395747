import type { PastResponse } from '../../core/sync/protocol.ts'
import type { ImportPast, KnownPast } from './import-chunk.ts'

/** Returns the history that the server's answers contain together. `engine.checkPast` has checked the answers. */
export function knownPast(answers: ImportPast): KnownPast {
  const parts = answers.map((answer) => JSON.parse(new TextDecoder().decode(answer)) as PastResponse)
  return {
    deleted: parts.flatMap(({ deleted }) => deleted),
    held: Object.assign({}, ...parts.map(({ held }) => held)) as KnownPast['held'],
    names: parts.flatMap(({ names }) => names),
  }
}
