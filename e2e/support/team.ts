import { NO_OPTIONAL_FIELDS } from '../../core/model/call.ts'
import type { Api } from '../../core/contract/contract.ts'
import type { ClientId, Id } from '../../core/id.ts'
import type { NewCall } from '../../core/model/call.ts'
import type { Role } from '../../core/roles.ts'
import type { AppProcess } from './app-process.ts'
import type { BrowserSession } from './browser-session.ts'

export const PASSWORD = 'correct horse'

export type Person = { readonly id: Id; readonly name: string; readonly email: string; readonly role: Role }

/** A client with one person of every role and a second agent. */
export type Team = {
  readonly clientName: string
  readonly clientId: ClientId
  readonly admin: Person
  readonly lead: Person
  readonly agent: Person
  readonly colleague: Person
  readonly viewer: Person
  /** The admin's browser session, for data that a test needs. */
  readonly visitor: BrowserSession
  readonly api: Api
}

const NAMES: Readonly<Record<'lead' | 'agent' | 'colleague' | 'viewer', readonly [name: string, role: Role]>> = {
  lead: ['Lena Lead', 'team_lead'],
  agent: ['Ben Berg', 'agent'],
  colleague: ['Cleo Calm', 'agent'],
  viewer: ['Vera View', 'viewer'],
}

/** @param domain the domain of all e-mail addresses: the admin's is `ada@acme.test`. */
export async function createTeam(app: AppProcess, clientName = 'Acme', domain = 'acme.test'): Promise<Team> {
  const visitor = await app.visit()
  const { api } = visitor
  const { client, user } = await api.workspace.create({
    clientName,
    timeZone: 'Europe/Berlin',
    adminName: 'Ada Admin',
    adminEmail: `ada@${domain}`,
    adminPassword: PASSWORD,
  })
  const add = async (key: keyof typeof NAMES): Promise<Person> => {
    const [name, role] = NAMES[key]
    return api.users.create({ name, role, email: `${name.split(' ')[0]?.toLowerCase()}@${domain}`, password: PASSWORD })
  }
  const [lead, agent, colleague, viewer] = [await add('lead'), await add('agent'), await add('colleague'), await add('viewer')]
  return { clientName, clientId: client.id, admin: user, lead, agent, colleague, viewer, visitor, api }
}

/** Returns a completed, won call of `person`; default: completed now. */
export function someCall(person: Person, over: Partial<NewCall> = {}): NewCall {
  return {
    userId: person.id,
    prospectName: 'Jo Smith',
    ...NO_OPTIONAL_FIELDS,
    prospectPhone: '+49 30 5551234',
    callType: 'outbound',
    status: 'completed',
    outcome: 'won',
    callDuration: 180,
    // Now, so that the call is the first row of a list, whatever other tests have logged.
    completedAt: Date.now(),
    ...over,
  }
}

/** Returns the code with which an API call is refused; `ok` if it is not refused. */
export async function codeOf(answer: Promise<unknown>): Promise<string> {
  try {
    await answer
    return 'ok'
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : `untyped: ${String(error)}`
  }
}
