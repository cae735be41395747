import type { Id } from '../../core/id.ts'
import { uniqueKey } from '../../core/unique-key.ts'
import { importedRecordId } from './row-identity.ts'

/** Someone or something that a file calls by name. */
export type Named = { readonly id: Id; readonly name: string; readonly email?: string; readonly isActive: boolean }

export type NewRecord = { readonly id: Id; readonly name: string }

/** `create`: the record does not exist yet; whoever uses the id claims it. */
export type Found = { readonly id: Id; readonly create: NewRecord | null }
export type Resolution = Found | { readonly refusal: string }

type Kind = {
  readonly kind: 'user' | 'loss_reason'
  /** For messages: "agent", "loss reason". */
  readonly what: string
  readonly maxLength: number
  /** Null: may be created; else why not, and what to do. */
  readonly whyNot: string | null
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
 * Finds who or what a file means by a name: by e-mail address, by the name now, by a name held before (a renamed agent stays the same
 * person for the files of old), else a record to be created.
 */
export class Names {
  readonly #claimed = new Map<Id, NewRecord>()
  readonly #kind: Kind
  readonly #clientId: Id
  readonly #current: readonly Named[]
  readonly #byName: ReadonlyMap<string, ReadonlySet<Id>>
  readonly #readPast: () => readonly { readonly id: Id; readonly name: string }[]
  readonly #standsFor: (id: Id) => Id
  readonly #resolved = new Map<string, Resolution>()
  #past: ReadonlyMap<string, ReadonlySet<Id>> | undefined

  /**
   * @param readPast reads all names ever held; called only for a name that no record has at present.
   * @param standsFor returns the record that replaced an id, or the id itself.
   */
  constructor(
    kind: Kind,
    clientId: Id,
    current: readonly Named[],
    readPast: () => readonly { readonly id: Id; readonly name: string }[],
    standsFor: (id: Id) => Id,
  ) {
    this.#kind = kind
    this.#clientId = clientId
    this.#current = current
    this.#byName = grouped(current)
    this.#readPast = readPast
    this.#standsFor = standsFor
  }

  resolve(name: string): Resolution {
    const key = uniqueKey(name)
    const known = this.#resolved.get(key)
    if (known !== undefined) return known
    const resolution = this.#find(name, key)
    this.#resolved.set(key, resolution)
    return resolution
  }

  /** Says that a row needs what was found; only then is it created. */
  claim({ create }: Found): void {
    if (create !== null) this.#claimed.set(create.id, create)
  }

  /** What has to be created. */
  get created(): readonly NewRecord[] {
    return [...this.#claimed.values()]
  }

  /** Whether `id` is, or was, called `name`. */
  answersTo(id: Id, name: string): boolean {
    const key = uniqueKey(name)
    return this.#byName.get(key)?.has(id) === true || this.#pastOf(key).has(id)
  }

  #pastOf(key: string): ReadonlySet<Id> {
    this.#past ??= grouped(this.#readPast())
    return this.#past.get(key) ?? new Set()
  }

  #find(name: string, key: string): Resolution {
    const { kind, what, maxLength, whyNot } = this.#kind
    const byEmail = this.#current.find(({ email }) => email !== undefined && uniqueKey(email) === key)
    if (byEmail !== undefined) return { id: byEmail.id, create: null }
    const now = this.#pick(this.#byName.get(key) ?? new Set(), name)
    if (now !== undefined) return now
    const before = this.#pick(this.#pastOf(key), name)
    if (before !== undefined) return before
    if (key === '') return { refusal: `The ${what} has no visible character` }
    if (name.length > maxLength) return { refusal: `The ${what} is longer than ${maxLength} characters` }
    if (whyNot !== null) return { refusal: `There is no ${what} “${name}”. ${whyNot}` }
    const id = this.#standsFor(importedRecordId(this.#clientId, kind, name))
    return { id, create: this.#current.some((record) => record.id === id) ? null : { id, name } }
  }

  /** The one of several that is active; a refusal where that does not decide. */
  #pick(ids: ReadonlySet<Id>, name: string): Resolution | undefined {
    const all = this.#current.filter(({ id }) => ids.has(id))
    const active = all.filter(({ isActive }) => isActive)
    const [only, ...others] = active.length > 0 ? active : all
    if (only === undefined) return undefined
    if (others.length === 0) return { id: only.id, create: null }
    const instead = this.#kind.kind === 'user' ? 'Write the e-mail address instead.' : 'Rename one of them.'
    return { refusal: `${all.length} people or things are called “${name}”. ${instead}` }
  }
}
