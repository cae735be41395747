import { NO_OPTIONAL_FIELDS } from '../core/model/call.ts'
import { randomBytes } from 'node:crypto'
import { createIdGenerator, type Id, type ClientId, type UserId, type LossReasonId } from '../core/id.ts'
import type { CallOutcome, CallStatus } from '../core/model/call.ts'
import { insertCalls, type NewCallRow } from '../db/commands/calls.ts'
import { insertClient } from '../db/commands/clients.ts'
import { insertLossReason } from '../db/commands/loss-reasons.ts'
import { insertUser } from '../db/commands/users.ts'
import { createWorkspaceFile, openWritable } from '../db/open.ts'
import { checkpoint } from '../platform/sqlite/database.ts'
import { writeTransaction } from '../db/write-transaction.ts'
import { seeded } from '../sync-server/testing/sample-workspace.ts'

const DAY = 86_400_000
const ROWS_A_TRANSACTION = 5_000
export const FROM = Date.UTC(2023, 0, 1)
export const TO = Date.UTC(2026, 0, 1)
const SYLLABLES = 'ber man sch mit hof ler kow ski son wil ham ton mac gre fis her bau wag ner krau se mey er wei neu lang'.split(
  ' ',
)
export const FIRST_NAMES =
  'James Mary Robert Patricia John Jennifer Michael Linda David Elizabeth William Barbara Richard Susan Jo Zoë Anna Lena Paul Max Sophie Marie Lukas Leon Emma Mia Hannah Ben Jonas Finn Elias Luis Noah Felix'.split(
    ' ',
  )
const COMMON_WORDS =
  'price budget call back later interested contract offer send mail team lead demo meeting next week month quarter wants info decision'.split(
    ' ',
  )

export type ListWorkspace = {
  readonly path: string
  readonly clientId: ClientId
  readonly userIds: readonly UserId[]
  readonly lossReasonIds: readonly LossReasonId[]
}

/** Returns low indexes more often than high ones: a few agents make most calls, and a few words fill most notes. */
function skewed<T>(random: () => number, list: readonly T[]): T {
  return list[Math.floor(list.length * random() * random())] as T
}

function makeWords(random: () => number, count: number): string[] {
  return Array.from({ length: count }, () =>
    Array.from({ length: 2 + Math.floor(random() * 3) }, () => skewed(random, SYLLABLES)).join(''),
  )
}

function status(x: number): CallStatus {
  return x < 0.7 ? 'completed' : x < 0.85 ? 'no_show' : x < 0.93 ? 'rescheduled' : x < 0.98 ? 'scheduled' : 'cancelled'
}

function outcome(x: number): CallOutcome {
  return x < 0.3 ? 'won' : x < 0.75 ? 'lost' : 'undecided'
}

/**
 * Creates a workspace with `count` calls over three years, 20 agents and 8 loss reasons, with the same commands and triggers as the
 * product.
 */
export function makeListWorkspace(path: string, count: number, seed = 1): ListWorkspace {
  const random = seeded(seed)
  let now = FROM
  const newId = createIdGenerator(
    () => now,
    (length) => randomBytes(length),
  )
  createWorkspaceFile(path, { deviceId: newId() })
  const db = openWritable(path)
  const clientId = newId()
  const userIds = Array.from({ length: 20 }, newId)
  const lossReasonIds = Array.from({ length: 8 }, newId)
  const context = () => ({
    clientId,
    userId: userIds[0] as Id,
    ipAddress: '127.0.0.1',
    userAgent: 'Propaganda/0 (bench)',
    now,
    newTxId: newId(),
  })
  writeTransaction(db, context(), () => {
    insertClient(db, { id: clientId, name: 'Bench', email: null, phone: null, address: null, isActive: true, createdAt: now })
    for (const [n, id] of userIds.entries())
      insertUser(db, {
        id,
        clientId,
        email: `agent${n}@bench.test`,
        name: `Agent ${n}`,
        role: 'agent',
        passwordHash: null,
        isActive: true,
        createdAt: now,
      })
    for (const [n, id] of lossReasonIds.entries())
      insertLossReason(db, { id, clientId, name: `Reason ${n}`, description: null, isActive: true, createdAt: now })
  })
  const lastNames = makeWords(random, 3_000).map((word) => word.charAt(0).toUpperCase() + word.slice(1))
  const rareWords = makeWords(random, 4_000)

  const newCall = (): NewCallRow => {
    const name = `${skewed(random, FIRST_NAMES)} ${skewed(random, lastNames)}`
    const state = status(random())
    const completed = state === 'completed'
    const result = completed ? outcome(random()) : null
    const words = () => (random() < 0.5 ? skewed(random, COMMON_WORDS) : skewed(random, rareWords))
    return {
      ...NO_OPTIONAL_FIELDS,
      id: newId(),
      clientId,
      userId: skewed(random, userIds),
      prospectName: name,
      prospectEmail: random() < 0.5 ? `${name.toLowerCase().replace(' ', '.')}${Math.floor(random() * 99)}@example.com` : null,
      prospectPhone:
        random() < 0.8 ? `+49 ${150 + Math.floor(random() * 30)} ${1_000_000 + Math.floor(random() * 8_999_999)}` : null,
      callType: random() < 0.6 ? 'outbound' : 'inbound',
      status: state,
      outcome: result,
      lossReasonId: result === 'lost' && random() < 0.9 ? skewed(random, lossReasonIds) : null,
      notes: random() < 0.6 ? Array.from({ length: 3 + Math.floor(random() * 12) }, words).join(' ') : null,
      callDuration: completed && random() < 0.95 ? Math.floor(20 + 1_200 * random() * random()) : null,
      scheduledAt: completed ? null : now + Math.floor(random() * 7 * DAY),
      completedAt: completed ? now : null,
      createdAt: now,
    }
  }

  for (let made = 0; made < count; made += ROWS_A_TRANSACTION) {
    const calls: NewCallRow[] = []
    for (let n = made; n < Math.min(made + ROWS_A_TRANSACTION, count); n++) {
      now = Math.floor(FROM + ((TO - FROM) * n) / count)
      calls.push(newCall())
    }
    writeTransaction(db, context(), () => insertCalls(db, calls))
  }
  checkpoint(db.sqlite)
  db.close()
  return { path, clientId, userIds, lossReasonIds }
}
