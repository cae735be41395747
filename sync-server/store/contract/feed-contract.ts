import type { UserId } from '../../../core/id.ts'
import { describe, expect, test } from 'vitest'
import type { Scope } from '../../../core/sync/scope.ts'
import { wonCall } from '../../testing/sample-workspace.ts'
import { CONTENT, EVERYTHING, NOW, type ContractFixture } from './contract-fixture.ts'

/** The part of the store contract about what a device pulls: changed rows, removals and conflicts. */
export function feedContract(fixture: () => ContractFixture): void {
  describe('the feed', () => {
    test('rows come in the order of their last change, within the given bounds', async () => {
      const { store, acme, addCall, callIds } = fixture()
      const made = [await addCall(acme.people.agent.id), await addCall(acme.people.other.id), await addCall(acme.people.agent.id)]
      const [first, second, third] = made.map(({ id }) => id)
      expect(await callIds(null)).toEqual([first, second, third])
      expect(await callIds({ only: acme.people.agent.id })).toEqual([first, third])
      expect(await callIds({ except: acme.people.agent.id })).toEqual([second])
      const range = { after: made[0]?.seq ?? 0, upTo: made[1]?.seq ?? 0, limit: 10 }
      const some = await store.read((tx) =>
        tx.feed(acme.clientId, { table: 'calls', columns: ['id', '@version'], owner: null, ...range }),
      )
      expect(some).toEqual([[made[1]?.seq, second, made[1]?.seq]])
      const limited = await store.read((tx) =>
        tx.feed(acme.clientId, { table: 'calls', columns: [], owner: null, ...EVERYTHING, limit: 2 }),
      )
      expect(limited).toEqual([[made[0]?.seq], [made[1]?.seq]])
    })

    test('[S15] the removal of a call is sent to its former owner until the call returns', async () => {
      const { store, acme, newId, callRow, changes, deletedCall, addCall } = fixture()
      const { agent, other } = acme.people
      const [moved, deleted] = [await addCall(agent.id), await addCall(agent.id)]
      await store.write(async (tx) => {
        const seq = await tx.allocate(acme.clientId, 2, CONTENT)
        const row = { ...callRow(seq, wonCall(other.id)) }
        const departures = [
          { seq, id: moved.id, owner: agent.id, reason: 'moved' as const },
          { seq: seq + 1, id: deleted.id, owner: agent.id, reason: 'deleted' as const },
        ]
        const rows = [{ table: 'calls' as const, id: moved.id, row, isNew: false }]
        await tx.apply(acme.clientId, changes({ rows, deletedCalls: [deletedCall(deleted)], departures }))
      })
      const removals = async (owner: { only: string } | null) =>
        (await store.read((tx) => tx.removals(acme.clientId, EVERYTHING, owner))).map(({ id, reason }) => [id, reason])
      expect(await removals({ only: agent.id })).toEqual([
        [moved.id, 'moved'],
        [deleted.id, 'deleted'],
      ])
      expect(await removals({ only: other.id })).toEqual([])
      expect(await removals(null)).toEqual([[deleted.id, 'deleted']])
      const owners = () => store.read((tx) => tx.deletedOwners(acme.clientId, [moved.id, deleted.id, newId()]))
      expect([...(await owners())]).toEqual([[deleted.id, agent.id]])
      await addCall(agent.id, deleted.id)
      expect(await removals({ only: agent.id })).toEqual([[moved.id, 'moved']])
      expect((await owners()).size).toBe(0)
    })

    test('[S11] the last accepted state of a deleted call is kept until the call is restored', async () => {
      const { store, acme, newId, callRow, changes, addCall } = fixture()
      const { agent } = acme.people
      const [deleted, other] = [await addCall(agent.id), await addCall(agent.id)]
      const overrides = { notes: deleted.seq + 1 }
      const row = {
        ...callRow(deleted.seq, wonCall(agent.id)),
        versions: { base: deleted.seq, overrides },
        changedBy: agent.id,
      }
      const kept = { row, seq: deleted.seq + 2 }
      await store.write((tx) => tx.apply(acme.clientId, changes({ deletedCalls: [{ id: deleted.id, ...kept }] })))
      const found = () => store.read((tx) => tx.deletedCalls(acme.clientId, [deleted.id, other.id, newId()]))
      expect([...(await found())]).toEqual([[deleted.id, kept]])
      await store.write(async (tx) => {
        const rows = [{ table: 'calls' as const, id: deleted.id, row, isNew: true }]
        await tx.apply(acme.clientId, changes({ rows, restoredCalls: [deleted.id] }))
      })
      expect((await found()).size).toBe(0)
    })

    test('[S11] a call that was deleted before the store kept deleted calls is read from the audit trail', async () => {
      const { store, acme, newId, callRow, line } = fixture()
      const { agent } = acme.people
      const id = newId()
      const { updated_at: _, ...values } = callRow(1, wonCall(agent.id)).values
      const present = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null))
      const oldValues = (prospect: string) =>
        JSON.stringify({ id, client_id: acme.clientId, ...present, prospect_name: prospect })
      await store.write((tx) =>
        tx.appendAudit(acme.clientId, [
          { ...line(id, NOW), action: 'DELETE', oldValues: oldValues('Second'), newValues: null, userId: agent.id },
          { ...line(id, NOW - 1), action: 'DELETE', oldValues: oldValues('First'), newValues: null },
        ]),
      )
      const found = (await store.read((tx) => tx.deletedCalls(acme.clientId, [id]))).get(id)
      expect(found).toEqual({
        seq: 0,
        row: {
          values: { ...values, prospect_name: 'Second', updated_at: NOW },
          version: 0,
          versions: { base: 0, overrides: null },
          changedBy: agent.id,
        },
      })
    })

    test('[S10] [S14] a conflict is returned to the people on its two sides, within the given scope', async () => {
      const { store, acme, changes, addCall, conflictOf } = fixture()
      const { agent, other, admin } = acme.people
      const all = { calls: 'all', users: 'full' } as const
      const own = { calls: 'own', users: 'names' } as const
      const { id } = await addCall(agent.id)
      const conflict = conflictOf(500, id, other.id, agent.id)
      await store.write((tx) => tx.apply(acme.clientId, changes({ conflicts: [conflict] })))
      const of = (userId: UserId, scope: Scope) => store.read((tx) => tx.conflicts(acme.clientId, userId, EVERYTHING, scope))
      expect(await of(agent.id, own)).toEqual([conflict])
      expect(await of(other.id, all)).toEqual([conflict])
      expect(await of(other.id, own)).toEqual([])
      expect(await of(admin.id, all)).toEqual([])
      // A former admin who is now an agent keeps the lines about their own row.
      const ofUser = (seq: number, rowId: string) => ({
        ...conflictOf(seq, rowId, admin.id, other.id),
        table: 'users' as const,
      })
      const [aboutAgent, aboutAdmin] = [ofUser(501, agent.id), ofUser(502, admin.id)]
      await store.write((tx) => tx.apply(acme.clientId, changes({ conflicts: [aboutAgent, aboutAdmin] })))
      expect(await of(admin.id, all)).toEqual([aboutAgent, aboutAdmin])
      expect(await of(admin.id, own)).toEqual([aboutAdmin])
      expect(await of(admin.id, { calls: 'all', users: 'names' })).toEqual([aboutAdmin])
    })
  })
}
