import { sentence } from '../../core/messages/sentence.ts'
import type { Text, Translatable } from '../../core/messages/text.ts'
import type { ClientId, Id } from '../../core/id.ts'
import { uniqueKey } from '../../core/text/unique-key.ts'
import { importedRecordId } from './row-identity.ts'

/** A person or a loss reason that a file names. */
export type Named = { readonly id: Id; readonly name: string; readonly email?: string; readonly isActive: boolean }

export type NewRecord = { readonly id: Id; readonly name: string }

/** `create`: the record does not exist yet. A row that uses its id must call `require`. */
export type Found = { readonly id: Id; readonly create: NewRecord | null }
export type Resolution = Found | { readonly refusal: Translatable }

type Kind = {
  readonly kind: 'user' | 'loss_reason'
  readonly maxLength: number
  /** Null: records may be created; else why not, and what to do. */
  readonly whyNot: Text | null
}

function grouped(records: readonly { readonly id: Id; readonly name: string }[]): Map<string, Set<Id>> {
  const groups = new Map<string, Set<Id>>()
  for (const { id, name } of records) {
    const key = uniqueKey(name)
    groups.set(key, (groups.get(key) ?? new Set()).add(id))
  }
  return groups
}

/**
 * Finds the person or loss reason that a file names: by e-mail address, by current name, by an earlier name (old files name a renamed agent
 * by it), else as a record to create.
 */
export class Names {
  readonly #required = new Map<Id, NewRecord>()
  readonly #kind: Kind
  readonly #clientId: ClientId
  readonly #current: readonly Named[]
  readonly #byName: ReadonlyMap<string, ReadonlySet<Id>>
  readonly #readPast: () => readonly { readonly id: Id; readonly name: string }[]
  readonly #resolveAlias: (id: Id) => Id
  readonly #resolved = new Map<string, Resolution>()
  #past: ReadonlyMap<string, ReadonlySet<Id>> | undefined

  /**
   * @param readPast returns all names that records ever had. Called only for a name that no record has.
   * @param resolveAlias returns the id that replaced an id, or the id itself.
   */
  constructor(
    kind: Kind,
    clientId: ClientId,
    current: readonly Named[],
    readPast: () => readonly { readonly id: Id; readonly name: string }[],
    resolveAlias: (id: Id) => Id,
  ) {
    this.#kind = kind
    this.#clientId = clientId
    this.#current = current
    this.#byName = grouped(current)
    this.#readPast = readPast
    this.#resolveAlias = resolveAlias
  }

  resolve(name: string): Resolution {
    const key = uniqueKey(name)
    const known = this.#resolved.get(key)
    if (known !== undefined) return known
    const resolution = this.#find(name, key)
    this.#resolved.set(key, resolution)
    return resolution
  }

  /** Marks a record as needed by a row. Only needed records are created. */
  require({ create }: Found): void {
    if (create !== null) this.#required.set(create.id, create)
  }

  /** The records to create. */
  get created(): readonly NewRecord[] {
    return [...this.#required.values()]
  }

  /** Whether the record has, or had, the name. */
  hasName(id: Id, name: string): boolean {
    const key = uniqueKey(name)
    return this.#byName.get(key)?.has(id) === true || this.#pastOf(key).has(id)
  }

  get #what(): 'agent' | 'reason' {
    return this.#kind.kind === 'user' ? 'agent' : 'reason'
  }

  #pastOf(key: string): ReadonlySet<Id> {
    this.#past ??= grouped(this.#readPast())
    return this.#past.get(key) ?? new Set()
  }

  #find(name: string, key: string): Resolution {
    const { kind, maxLength, whyNot } = this.#kind
    const what = this.#what
    const byEmail = this.#current.find(({ email }) => email !== undefined && uniqueKey(email) === key)
    if (byEmail !== undefined) return { id: byEmail.id, create: null }
    const now = this.#pick(this.#byName.get(key) ?? new Set(), name)
    if (now !== undefined) return now
    const before = this.#pick(this.#pastOf(key), name)
    if (before !== undefined) return before
    if (key === '') return { refusal: sentence(`import.${what}.invisible`) }
    if (name.length > maxLength) return { refusal: sentence(`import.${what}.long`, { most: maxLength }) }
    if (whyNot !== null) return { refusal: sentence(`import.${what}.unknown`, { name, why: whyNot }) }
    const id = this.#resolveAlias(importedRecordId(this.#clientId, kind, name))
    return { id, create: this.#current.some((record) => record.id === id) ? null : { id, name } }
  }

  /** Returns the only active record, or the only record if none is active. If there are several, returns a refusal. */
  #pick(ids: ReadonlySet<Id>, name: string): Resolution | undefined {
    const all = this.#current.filter(({ id }) => ids.has(id))
    const active = all.filter(({ isActive }) => isActive)
    const [only, ...others] = active.length > 0 ? active : all
    if (only === undefined) return undefined
    if (others.length === 0) return { id: only.id, create: null }
    return { refusal: sentence(`import.${this.#what}.several`, { count: all.length, name }) }
  }
}
