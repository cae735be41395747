import { hashSync } from 'bcryptjs'
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { mersenne } from 'pure-rand/generator/mersenne'
import { createIdGenerator, type Id, type ClientId, type UserId, type LossReasonId } from '../../core/id.ts'
import { toColumnar, type Columnar } from '../../core/sync/columnar.ts'
import { ROLES, type Role } from '../../core/roles.ts'
import { SYNC_TABLES, SYNC_TABLE_NAMES, type Scalar, type SyncTableName } from '../../core/sync/tables.ts'

/** Returns a source of random numbers from 0 up to, not including, 1 that a seed repeats exactly. */
export function seeded(seed: number): () => number {
  const generator = mersenne(seed)
  return () => uniformFloat64(generator)
}

export function idsFrom(random: () => number, clock: () => number = Date.now): () => Id {
  return createIdGenerator(clock, (length) => Uint8Array.from({ length }, () => Math.floor(random() * 256)))
}

export type Row = { readonly id: string } & Readonly<Record<string, Scalar>>

export type Person = { readonly id: Id; readonly email: string; readonly name: string; readonly role: Role }

/** A client with a person of every role, some loss reasons and settings. */
export type SampleWorkspace = {
  readonly clientId: ClientId
  readonly people: Readonly<Record<Role | 'other', Person>>
  readonly lossReasonIds: readonly LossReasonId[]
  readonly rows: Readonly<Record<SyncTableName, Row[]>>
}

/** Has a low cost, because tests sign in often. */
const TEST_COST = 4
export const SAMPLE_PASSWORD = 'correct horse battery'
let hashed: string | undefined

export function samplePasswordHash(): string {
  return (hashed ??= hashSync(SAMPLE_PASSWORD, TEST_COST))
}

const CREATED = 1_760_000_000_000
const stamps = { created_at: CREATED, updated_at: CREATED }

export function sampleWorkspace(name: string, newId: () => Id): SampleWorkspace {
  const clientId = newId()
  const domain = `${name.toLowerCase().replaceAll(' ', '-')}.test`
  const person = (key: Role | 'other', role: Role): Person => ({
    id: newId(),
    email: `${key}@${domain}`,
    name: `${name} ${key}`,
    role,
  })
  const people = Object.fromEntries([
    ...ROLES.map((role) => [role, person(role, role)]),
    ['other', person('other', 'agent')],
  ]) as SampleWorkspace['people']
  const lossReasonIds = [newId(), newId(), newId()]
  const users = Object.values(people).map(({ id, email, name: fullName, role }): Row => ({
    id,
    name: fullName,
    role,
    is_active: 1,
    email,
    last_login: null,
    password_hash: samplePasswordHash(),
    ...stamps,
  }))
  return {
    clientId,
    people,
    lossReasonIds,
    rows: {
      clients: [{ id: clientId, name, email: null, phone: null, address: null, is_active: 1, ...stamps }],
      users,
      loss_reasons: lossReasonIds.map((id, index): Row => ({
        id,
        name: `Reason ${index + 1}`,
        description: null,
        is_active: 1,
        ...stamps,
      })),
      client_settings: [
        { id: 'time_zone', value: '"Europe/Berlin"' },
        { id: 'week_start', value: '1' },
      ],
      user_settings: [],
      do_not_call: [],
      calls: [],
    },
  }
}

/** Returns a row with every column that is sent when a workspace is published. */
export function columnarOf(table: SyncTableName, rows: readonly Row[]): Columnar {
  const columns = ['id', ...SYNC_TABLES[table].columns.map(({ name }) => name)]
  return toColumnar(
    table,
    columns,
    rows.map((row) => columns.map((name) => row[name] ?? null)),
  )
}

export function columnarTables(workspace: SampleWorkspace): Columnar[] {
  return SYNC_TABLE_NAMES.flatMap((table) => {
    const rows = workspace.rows[table]
    return rows.length === 0 ? [] : [columnarOf(table, rows)]
  })
}

export type CallFields = Readonly<Record<string, Scalar>>

/** Returns the fields of a won call of `userId`. */
export function wonCall(userId: UserId, prospectName = 'Jo Smith'): CallFields {
  return {
    user_id: userId,
    prospect_name: prospectName,
    call_type: 'outbound',
    status: 'completed',
    outcome: 'won',
    completed_at: CREATED,
    call_duration: 180,
    created_at: CREATED,
  }
}

export const LOST_UNIT = (lossReasonId: LossReasonId): CallFields => ({
  status: 'completed',
  outcome: 'lost',
  loss_reason_id: lossReasonId,
  completed_at: CREATED,
})
export const NO_SHOW_UNIT: CallFields = { status: 'no_show', outcome: null, loss_reason_id: null, completed_at: null }
