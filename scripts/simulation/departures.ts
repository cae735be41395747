import { must } from '../../core/assert.ts'
import type { Id, UserId } from '../../core/id.ts'
import { newCallSchema } from '../../core/model/call.ts'
import { ROLES, type Role } from '../../core/roles.ts'
import { scopeOf } from '../../core/sync/scope.ts'
import { deleteCall, insertCall } from '../../db/commands/calls.ts'
import { putDraft } from '../../db/commands/drafts.ts'
import { openRejections, settleRejection } from '../../db/sync/rejections.ts'
import type { Person } from '../../sync-server/testing/sample-workspace.ts'
import { Simulation, type Line, type SimulatedDevice } from './simulation.ts'

const TEXTS = ['prospect_name', 'prospect_email', 'prospect_phone', 'notes'] as const
const MARK = /z[a-y]{13}z/g

/** A unique word, and where it was typed. */
export type Mark = { readonly word: string; readonly by: UserId; readonly userId: UserId | null }

/**
 * A walk in which calls and roles change while devices are offline. Every typed text is a unique word, so that the walk can check whether a
 * file holds a word that its person may not see.
 */
export class DepartureWalk {
  readonly simulation: Simulation
  readonly devices: SimulatedDevice[] = []
  readonly marks: Mark[] = []
  /** By person and call: the words that the call held on the server while it was theirs; removed when the call moves away. */
  readonly #held = new Map<string, Map<string, Set<string>>>()
  readonly #owners = new Map<string, string>()

  constructor(seed: number) {
    this.simulation = new Simulation(seed)
  }

  async begin(): Promise<void> {
    await this.simulation.begin()
    const { agent, other, team_lead: lead, admin, viewer } = this.simulation.workspace.people
    for (const person of [admin, agent, other, lead, viewer]) this.devices.push(await this.simulation.device(person, 0, true))
    // Some people have a second device that did not join in bulk.
    for (const person of [agent, lead]) this.devices.push(await this.simulation.device(person, 0, false))
  }

  /** The only person whose role never changes. */
  get admin(): SimulatedDevice {
    return must(this.devices[0], 'The first device is the admin’s')
  }

  roleOf(person: Person): Role {
    const [found] = this.simulation
      .serverRows<{ id: string; role: Role }>('SELECT id, role FROM users')
      .filter(({ id }) => id === person.id)
    return must(found, 'Everyone is on the server').role
  }

  #word(by: SimulatedDevice, userId: UserId | null = null): string {
    const letters = Array.from({ length: 13 }, () => String.fromCodePoint(97 + this.simulation.below(25)))
    const word = `z${letters.join('')}z`
    this.marks.push({ word, by: by.person.id, userId })
    return word
  }

  /** Runs a random action that the application offers for the role of this device's person. */
  #change(device: SimulatedDevice): void {
    const { simulation } = this
    const { db, person } = device
    const [self] = device.rows<{ role: Role }>('SELECT role FROM users WHERE id = ?', person.id)
    const role = self?.role ?? 'viewer'
    const reachable = role === 'agent' ? 'user_id = ?' : '(true OR user_id = ?)'
    const calls = device.rows<{ id: string; owner: string }>(
      `SELECT id, user_id AS owner FROM calls WHERE ${reachable} ORDER BY id`,
      person.id,
    )
    const chosen = calls.length === 0 ? undefined : simulation.oneOf(calls)
    const dice = simulation.random()
    if (dice < 0.03) return this.#discard(device)
    if (role === 'admin' && dice < 0.2) return this.#administer(device, dice)
    if (role === 'viewer') return
    if (dice < 0.4 || chosen === undefined) return this.#log(device, role)
    const { id, owner } = chosen
    if (dice < 0.6) {
      const text = simulation.oneOf(TEXTS)
      db.sqlite.prepare(`UPDATE calls SET ${text} = ? WHERE id = ?`).run(this.#word(device), id)
    } else if (dice < 0.7) this.#draft(device, id)
    else if (dice < 0.85 && role !== 'agent')
      db.sqlite.prepare('UPDATE calls SET user_id = ? WHERE id = ?').run(simulation.oneOf(this.#owning()), id)
    else if (role === 'admin' || owner === person.id) deleteCall(db, id)
  }

  #owning(): readonly Id[] {
    const { agent, other, team_lead: lead, viewer } = this.simulation.workspace.people
    return [agent.id, other.id, lead.id, viewer.id]
  }

  #log(device: SimulatedDevice, role: Role): void {
    const { simulation } = this
    const id = simulation.newId()
    const userId = role === 'agent' ? device.person.id : simulation.oneOf([device.person.id, ...this.#owning()])
    const name = `${this.#word(device)} ${this.#word(device)}`
    const fields = {
      userId,
      prospectName: name,
      prospectEmail: `${this.#word(device)}@x.test`,
      callType: 'outbound',
      status: 'scheduled',
    }
    insertCall(device.db, { ...newCallSchema.parse(fields), id, clientId: simulation.workspace.clientId, createdAt: device.now })
  }

  /** Opens the form of a call: its draft holds the call's values. */
  #draft(device: SimulatedDevice, id: string): void {
    const [value] = device.rows<object>(`SELECT ${TEXTS.join(', ')} FROM calls WHERE id = ?`, id)
    // The form of the call, or of another one that is started from it.
    for (const form of [`call:${id}`, `call:${id}:settle`])
      putDraft(device.db, { userId: device.person.id, form, value, updatedAt: device.now })
  }

  #discard(device: SimulatedDevice): void {
    for (const { opId } of openRejections(device.db, device.person.id)) settleRejection(device.db, opId)
  }

  #administer(device: SimulatedDevice, dice: number): void {
    const { simulation } = this
    const whose = simulation.oneOf(this.#owning())
    const set = (column: string, value: string) =>
      device.db.sqlite.prepare(`UPDATE users SET ${column} = ? WHERE id = ?`).run(value, whose)
    if (dice < 0.12) set('email', `${this.#word(device, whose)}@x.test`)
    else set('role', simulation.oneOf(ROLES))
  }

  async step(): Promise<void> {
    const { simulation } = this
    const device = simulation.random() < 0.2 ? this.admin : simulation.oneOf(this.devices)
    const dice = simulation.random()
    if (dice < 0.6) device.write(() => this.#change(device))
    else if (dice < 0.8) {
      await device.push(simulation.oneOf<Line>(['up', 'up', 'up', 'answer lost', 'request lost']), 1)
      this.#observe()
    } else await device.pull(simulation.oneOf([1, 2, 99]), simulation.oneOf([2, 5, 4_000]))
  }

  async settle(): Promise<void> {
    for (let round = 0; round < 3; round++)
      for (const device of this.devices) {
        while (device.pending > 0) {
          await device.push('up', 1)
          this.#observe()
        }
        await device.settle()
      }
  }

  /** Records every call's present values for its owner. Call it after each transaction of the server. */
  #observe(): void {
    const calls = this.simulation.serverRows<Record<string, string | null> & { id: string; owner: string }>(
      `SELECT id, user_id AS owner, ${TEXTS.join(', ')} FROM calls`,
    )
    for (const { id, owner, ...texts } of calls) {
      const before = this.#owners.get(id)
      if (before !== undefined && before !== owner) this.#held.get(before)?.delete(id)
      this.#owners.set(id, owner)
      const ofOwner = this.#held.get(owner) ?? new Map<string, Set<string>>()
      this.#held.set(owner, ofOwner)
      const words = ofOwner.get(id) ?? new Set<string>()
      ofOwner.set(id, words)
      for (const word of JSON.stringify(texts).match(MARK) ?? []) words.add(word)
    }
  }

  /** Returns the words that the person of this device may not see and did not type. */
  hiddenWords(device: SimulatedDevice): string[] {
    const { person } = device
    const scope = scopeOf(this.roleOf(person))
    const own = this.#held.get(person.id) ?? new Map<string, Set<string>>()
    const shown = new Set([...own.values()].flatMap((words) => [...words]))
    for (const word of this.#wordsOfConflicts(person, own)) shown.add(word)
    return this.marks
      .filter(({ by, userId, word }) => {
        if (by === person.id) return false
        if (userId !== null) return scope.users === 'names' && userId !== person.id
        return scope.calls === 'own' && !shown.has(word)
      })
      .map(({ word }) => word)
  }

  /** Returns the words in conflicts, which both of its people see with both values (S10). */
  #wordsOfConflicts(person: Person, own: ReadonlyMap<string, unknown>): string[] {
    const conflicts = this.simulation.serverRows<{
      rowId: string
      winning: string
      losing: string
      winner: string
      loser: string
    }>(`SELECT row_id AS rowId, winning, losing, winning_user AS winner, losing_user AS loser FROM conflicts`)
    return conflicts
      .filter(({ rowId, winner, loser }) => own.has(rowId) && (winner === person.id || loser === person.id))
      .flatMap(({ winning, losing }) => (winning + losing).match(MARK) ?? [])
  }
}

/** Returns the forms of a word in a file: the text index omits the beginning that a word shares with the previous one. */
export function tracesOf(word: string, bytes: Buffer, folded: string): boolean {
  const end = word.slice(5)
  return folded.includes(end) || bytes.includes(Buffer.from(end, 'utf16le'))
}
