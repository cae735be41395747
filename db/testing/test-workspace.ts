import { NO_OPTIONAL_FIELDS } from '../../core/model/call.ts'
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { mersenne } from 'pure-rand/generator/mersenne'
import { createIdGenerator, type Id, type ClientId, type UserId, type LossReasonId } from '../../core/id.ts'
import type { Call, NewCall } from '../../core/model/call.ts'
import { insertCall } from '../commands/calls.ts'
import { insertClient } from '../commands/clients.ts'
import { insertLossReason } from '../commands/loss-reasons.ts'
import { putSettings } from '../commands/settings.ts'
import { insertUser } from '../commands/users.ts'
import { openReadable, type ReadableDb, type WritableDb } from '../open.ts'
import { writeTransaction, type WriteContext } from '../write-transaction.ts'
import { openNew } from './open-new.ts'

/** Has the 60 characters of a bcrypt hash. Tests search for it where no hash may be. */
export const PLANTED_HASH = '$2b$12$PLANTEDSECRETPLANTEDSECRETPLANTEDSECRETPLANTEDSECRETx'

function randomBytesFrom(seed: number): (length: number) => Uint8Array {
  const generator = mersenne(seed)
  return (length) => Uint8Array.from({ length }, () => uniformInt(generator, 0, 255))
}

export const START = Date.UTC(2026, 0, 5, 9)

/** A workspace file in a new folder, with a client, an admin, an agent, two loss reasons and a clock that tests move. */
export class TestWorkspace {
  readonly folder: string
  readonly path: string
  readonly clientId: ClientId
  readonly adminId: UserId
  readonly agentId: UserId
  readonly priceId: LossReasonId
  readonly timingId: LossReasonId
  now = START
  readonly newId: () => Id
  db: WritableDb

  /** @param within the folder in which this workspace creates its own. */
  constructor(seed = 1, within = tmpdir()) {
    this.folder = mkdtempSync(join(within, 'propaganda-db-'))
    this.path = join(this.folder, 'workspace.db')
    this.newId = createIdGenerator(() => this.now, randomBytesFrom(seed))
    this.db = openNew(this.path, this.newId())
    this.clientId = this.newId()
    this.adminId = this.newId()
    this.agentId = this.newId()
    this.priceId = this.newId()
    this.timingId = this.newId()
    this.write(() => {
      const { db, clientId, now: createdAt } = this
      insertClient(db, { id: clientId, name: 'Acme', email: null, phone: null, address: null, isActive: true, createdAt })
      const person = { clientId, isActive: true, createdAt }
      insertUser(db, {
        ...person,
        id: this.adminId,
        email: 'ada@acme.test',
        name: 'Ada',
        role: 'admin',
        passwordHash: PLANTED_HASH,
      })
      insertUser(db, { ...person, id: this.agentId, email: 'ben@acme.test', name: 'Ben', role: 'agent', passwordHash: null })
      insertLossReason(db, { id: this.priceId, clientId, name: 'Price', description: null, isActive: true, createdAt })
      insertLossReason(db, { id: this.timingId, clientId, name: 'Timing', description: null, isActive: true, createdAt })
      putSettings(db, clientId, { time_zone: 'Europe/Berlin' })
    })
  }

  context(over: Partial<WriteContext> = {}): WriteContext {
    const { clientId, now } = this
    return { clientId, userId: this.adminId, ipAddress: '127.0.0.1', userAgent: 'test', now, newTxId: this.newId(), ...over }
  }

  /** Runs one transaction of the admin, a second after the last one. */
  write<T>(work: () => T, over: Partial<WriteContext> = {}): T {
    this.now += 1_000
    return writeTransaction(this.db, this.context(over), work)
  }

  /** Runs one transaction that applies the server's data. */
  take<T>(work: () => T): T {
    return this.write(work, { source: 'server' })
  }

  newCall(over: Partial<NewCall> = {}): NewCall & { id: Id; clientId: ClientId; createdAt: number } {
    return {
      id: this.newId(),
      clientId: this.clientId,
      createdAt: this.now,
      userId: this.agentId,
      ...NO_OPTIONAL_FIELDS,
      prospectName: 'Jo Smith',
      callType: 'outbound',
      status: 'scheduled',
      ...over,
    }
  }

  addCall(over: Partial<NewCall> & { id?: Id } = {}): Call {
    return this.write(() => insertCall(this.db, { ...this.newCall(), ...over }))
  }

  reader(): ReadableDb {
    return openReadable(this.path)
  }

  /** Copies the file. The checkpoint empties the write-ahead log, so that one file has all content. */
  copyTo(path: string): void {
    this.db.sqlite.pragma('wal_checkpoint(TRUNCATE)')
    copyFileSync(this.path, path)
  }

  dispose(): void {
    this.db.close()
    rmSync(this.folder, { recursive: true, force: true })
  }
}
