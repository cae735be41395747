import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CallId, DeviceId, Id, UserId } from '../../core/id.ts'
import type { Role } from '../../core/roles.ts'
import type { SyncRow } from '../../core/sync/judge.ts'
import { SYNC_TABLES, type Scalar, type SyncTableName } from '../../core/sync/tables.ts'
import { readTeamCells } from '../../core/sync/team-protocol.ts'
import type { TeamCell } from '../../core/team/team-cells.ts'
import { hashToken } from '../service/authenticate.ts'
import { isTeamDue, publishTeam, readTeam } from '../service/team.ts'
import { SqliteStore } from '../store/sqlite/sqlite-store.ts'
import { columnarTables, idsFrom, sampleWorkspace, seeded, type Person, type SampleWorkspace } from './sample-workspace.ts'

/** The data that a person's device received. */
export type Received = { readonly cells: readonly TeamCell[]; readonly since: number; readonly today: number }

/** A server's store with a client of several agents, without HTTP and with a clock that the test moves. Calls are written in the same way as by pushes. */
export class TeamOffice {
  readonly folder = mkdtempSync(join(tmpdir(), 'propaganda-team-'))
  readonly path = join(this.folder, 'server.db')
  readonly newId: () => Id
  readonly workspace: SampleWorkspace
  readonly agents: readonly Person[]
  readonly #deviceId: DeviceId
  store: SqliteStore
  now: number

  constructor(seed: number, now: number, agents = 6) {
    this.now = now
    this.newId = idsFrom(seeded(seed), () => this.now)
    this.store = new SqliteStore(this.path, 'a'.repeat(16))
    this.workspace = sampleWorkspace('Acme', this.newId)
    this.#deviceId = this.newId()
    const template = this.workspace.rows.users.find(({ id }) => id === this.workspace.people.agent.id)
    this.agents = Array.from({ length: agents }, (_, index) => {
      const person = { id: this.newId(), name: `Agent ${index}`, email: `agent${index}@acme.test`, role: 'agent' as const }
      this.workspace.rows.users.push({ ...template, ...person })
      return person
    })
  }

  async begin(): Promise<void> {
    const { clientId, people } = this.workspace
    const about = {
      publicationId: this.newId(),
      userId: people.admin.id,
      deviceId: this.#deviceId,
      deviceName: 'x',
      deviceSeq: 0,
    }
    await this.store.write(async (tx) => {
      const progress = { startedAt: this.now, nextChunk: 0, lastSeq: 0, secretHash: null }
      await tx.beginPublication(clientId, { ...about, ...progress })
      for (const page of columnarTables(this.workspace)) {
        const first = await tx.allocate(clientId, page.data[0]?.length ?? 0, new Uint8Array([1]))
        await tx.publishRows(clientId, page, first, people.admin.id)
      }
      await tx.finishPublication(clientId, this.now)
      for (const { id } of [...Object.values(people), ...this.agents])
        await tx.saveToken(clientId, {
          hash: hashToken(this.token(id)),
          deviceId: this.#deviceId,
          deviceName: 'x',
          userId: id,
          at: this.now,
        })
    })
  }

  token(userId: UserId): string {
    return userId.padEnd(43, 'A')
  }

  async #write(table: SyncTableName, id: string, values: Readonly<Record<string, Scalar>>, isNew: boolean): Promise<void> {
    const { clientId, people } = this.workspace
    await this.store.write(async (tx) => {
      const seq = await tx.allocate(clientId, 1, new Uint8Array([2]))
      const stored = isNew ? undefined : (await tx.rows(clientId, table, [id])).get(id)?.values
      const empty = Object.fromEntries(SYNC_TABLES[table].columns.map(({ name }) => [name, null]))
      const row: SyncRow = {
        values: { ...empty, ...stored, ...values },
        version: seq,
        versions: { base: seq, overrides: null },
        changedBy: people.admin.id,
      }
      await tx.apply(clientId, { ...this.#nothing(), rows: [{ table, id, row, isNew }] })
    })
  }

  #nothing() {
    const none = {
      operations: [],
      rows: [],
      deletedCalls: [],
      restoredCalls: [],
      aliases: [],
      departures: [],
      conflicts: [],
      audit: [],
    }
    const by = { deviceId: this.#deviceId, userId: this.workspace.people.admin.id, receivedAt: this.now }
    return { ...by, lastClock: '0'.repeat(16), ...none }
  }

  async addCall(userId: UserId, completedAt: number, fields: Readonly<Record<string, Scalar>> = {}): Promise<CallId> {
    const id = this.newId()
    const call = { user_id: userId, prospect_name: 'Jo', call_type: 'inbound', status: 'completed', outcome: 'won' }
    const times = { completed_at: completedAt, created_at: completedAt, updated_at: completedAt }
    await this.#write('calls', id, { ...call, ...times, ...fields }, true)
    return id
  }

  editCall(id: string, fields: Readonly<Record<string, Scalar>>): Promise<void> {
    return this.#write('calls', id, fields, false)
  }

  async deleteCall(id: string): Promise<void> {
    const { clientId } = this.workspace
    await this.store.write(async (tx) => {
      const seq = await tx.allocate(clientId, 1, new Uint8Array([3]))
      const row = (await tx.rows(clientId, 'calls', [id])).get(id)
      if (row !== undefined) await tx.apply(clientId, { ...this.#nothing(), deletedCalls: [{ id, row, seq }] })
    })
  }

  setZone(zone: string): Promise<void> {
    return this.#write('client_settings', 'time_zone', { value: JSON.stringify(zone) }, false)
  }

  setRole(userId: UserId, role: Role): Promise<void> {
    return this.#write('users', userId, { role }, false)
  }

  setActive(userId: UserId, isActive: boolean): Promise<void> {
    return this.#write('users', userId, { is_active: Number(isActive) }, false)
  }

  /** Sends requests as a device does until nothing is left. */
  async read(userId: UserId, since = 0): Promise<Received> {
    const cells: TeamCell[] = []
    const request = { store: this.store, token: this.token(userId), now: this.now }
    for (let at = since, requests = 0; requests < 1_000; requests++) {
      if (await isTeamDue(request)) await publishTeam(request)
      const { answer } = await readTeam({ ...request, since: at })
      cells.push(...readTeamCells(answer.cells))
      at = answer.since
      if (answer.complete) return { cells, since: at, today: answer.today }
    }
    throw new Error('The answers never end')
  }

  async dispose(): Promise<void> {
    await this.store.close()
    rmSync(this.folder, { recursive: true, force: true })
  }
}
