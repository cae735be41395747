import { createHash } from 'node:crypto'
import { idFromDigest, type Id, type ClientId } from '../../core/id.ts'
import { importedIdParts } from '../../core/sync/same-name.ts'

function digest(parts: readonly string[]): Buffer {
  return createHash('sha256').update(parts.join('\0')).digest()
}

/**
 * Makes the ids of the rows of one file. An id depends only on the client, the source, and the key of the row. Without a key, it depends on
 * all values and on the number of equal rows above. So every import of the file, on any device, finds the same calls.
 */
export class RowIdentity {
  readonly #clientId: ClientId
  readonly #source: string
  /** First line of each key. Keyed by a latin-1 string of the digest, which takes a third of the memory of an id. */
  readonly #keys = new Map<string, number>()
  readonly #copies = new Map<string, number>()

  constructor(clientId: ClientId, source: string) {
    this.#clientId = clientId
    this.#source = source
  }

  /** Returns the id, and the first line with the same key; null if this is the first one. */
  ofKey(externalId: string, line: number): { readonly id: Id; readonly firstLine: number | null } {
    const hash = digest([this.#clientId, this.#source, 'key', externalId])
    const key = hash.toString('latin1', 0, 10)
    const firstLine = this.#keys.get(key) ?? null
    if (firstLine === null) this.#keys.set(key, line)
    return { id: idFromDigest(hash), firstLine }
  }

  ofContent(cells: readonly string[]): Id {
    const content = digest([JSON.stringify(cells)]).toString('latin1', 0, 16)
    const occurrence = (this.#copies.get(content) ?? 0) + 1
    this.#copies.set(content, occurrence)
    return idFromDigest(digest([this.#clientId, this.#source, 'row', JSON.stringify(cells), String(occurrence)]))
  }
}

/** Returns the id of a person or loss reason that an import creates. Devices that import equal names get the same id. */
export function importedRecordId(clientId: ClientId, kind: 'user' | 'loss_reason', name: string): Id {
  return idFromDigest(digest(importedIdParts(clientId, kind === 'user' ? 'users' : 'loss_reasons', name)))
}
