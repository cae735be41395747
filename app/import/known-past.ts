import { pastResponseSchema } from '../../core/sync/protocol.ts'
import type { ImportPast, KnownPast } from './import-chunk.ts'

/** Returns the history that the server's answers hold together. @throws Error if an answer does not follow the protocol. */
export function knownPast(answers: ImportPast): KnownPast {
  const parts = answers.map((answer) => pastResponseSchema.parse(JSON.parse(new TextDecoder().decode(answer))))
  return {
    deleted: parts.flatMap(({ deleted }) => deleted),
    held: Object.assign({}, ...parts.map(({ held }) => held)) as KnownPast['held'],
    names: parts.flatMap(({ names }) => names),
  }
}
