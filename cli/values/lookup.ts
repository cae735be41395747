import type { Api } from '../../core/contract/contract.ts'
import type { SignedIn } from '../../core/contract/session.ts'
import { AppError } from '../../core/errors.ts'
import { isId, type UserId, type LossReasonId } from '../../core/id.ts'
import { reach } from '../../core/roles.ts'
import { uniqueKey } from '../../core/text/unique-key.ts'

const same = (a: string, b: string) => uniqueKey(a) === uniqueKey(b)

function missing(what: string, text: string): AppError<'NOT_FOUND'> {
  return AppError.inEnglish('NOT_FOUND', `There is no ${what} “${text}”, or you don’t have access to it. Nothing was done.`)
}

function several(what: string, text: string, instead: string): AppError<'CONFLICT'> {
  return AppError.inEnglish('CONFLICT', `Several ${what} are called “${text}”. Nothing was done. Use ${instead} instead.`, {
    field: 'name',
  })
}

/** Finds records by the names that people use. */
export class Lookup {
  readonly #api: Api
  readonly #session: SignedIn

  constructor(api: Api, session: SignedIn) {
    this.#api = api
    this.#session = session
  }

  /** Returns a user's id by id, e-mail address or name; `me` is the signed-in person. @throws AppError NOT_FOUND, CONFLICT */
  async user(text: string): Promise<UserId> {
    const { user } = this.#session
    // Without the annotation, the type guard excludes every string in the false branch.
    const given: boolean = isId(text)
    if (given) return text
    if (text === 'me' || same(text, user.email)) return user.id
    if (text.includes('@')) {
      // Only some roles may see addresses. For other roles, every address except their own is unknown.
      const users = reach(user.role, 'users.read') === 'all' ? await this.#api.users.list() : []
      const found = users.find(({ email }) => same(email, text))
      if (found === undefined) throw missing('user', text)
      return found.id
    }
    const [found, other] = (await this.#api.users.names()).filter(({ name }) => same(name, text))
    if (found === undefined) throw missing('user', text)
    if (other !== undefined) throw several('people', text, 'the e-mail address or the id')
    return found.id
  }

  users(texts: readonly string[]): Promise<UserId[]> {
    return Promise.all(texts.map((text) => this.user(text)))
  }

  /** Returns a loss reason's id by id or name. @throws AppError NOT_FOUND */
  async lossReason(text: string): Promise<LossReasonId> {
    if (isId(text)) return text
    const found = (await this.#api.lossReasons.list()).find(({ name }) => same(name, text))
    if (found === undefined) throw missing('loss reason', text)
    return found.id
  }

  /** Returns names by id, for printing. */
  async names(): Promise<{
    readonly user: (id: UserId) => string
    readonly lossReason: (id: LossReasonId | null) => string
    readonly client: string
  }> {
    const [users, reasons] = await Promise.all([this.#api.users.names(), this.#api.lossReasons.list()])
    const people = new Map(users.map(({ id, name, isActive }) => [id, isActive ? name : `${name} (inactive)`]))
    const lost = new Map(reasons.map(({ id, name }) => [id, name]))
    return {
      user: (id) => people.get(id) ?? id,
      lossReason: (id) => (id === null ? '' : (lost.get(id) ?? id)),
      client: this.#session.client.name,
    }
  }
}
