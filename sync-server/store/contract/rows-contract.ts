import type { ClientId } from '../../../core/id.ts'
import { describe, expect, test } from 'vitest'
import type { SyncRow } from '../../../core/sync/judge.ts'
import type { SyncTableName } from '../../../core/sync/tables.ts'
import { sampleWorkspace, wonCall } from '../../testing/sample-workspace.ts'
import { CONTENT, EVERYTHING, NOW, type ContractFixture } from './contract-fixture.ts'
import { StoreRuleError } from '../store.ts'

/** The part of the store contract about rows and their rules. */
export function rowsContract(fixture: () => ContractFixture): void {
  describe('rows', () => {
    test.each(['clients', 'users', 'loss_reasons', 'client_settings'] as const)(
      '%s are read as they were written',
      async (table: SyncTableName) => {
        const { store, acme } = fixture()
        const ids = acme.rows[table].map(({ id }) => id)
        const found = await store.read((tx) => tx.rows(acme.clientId, table, ids))
        expect([...found.keys()].toSorted()).toEqual(ids.toSorted())
        for (const { id, ...values } of acme.rows[table]) expect(found.get(id)?.values).toEqual(values)
      },
    )

    test('the versions of fields are returned with the row', async () => {
      const { store, acme, callRow, changes, addCall } = fixture()
      const { id, seq } = await addCall(acme.people.agent.id)
      const row = {
        ...callRow(seq, wonCall(acme.people.agent.id)),
        version: seq + 1,
        versions: { base: seq, overrides: { notes: seq + 1 } },
      }
      await store.write((tx) => tx.apply(acme.clientId, changes({ rows: [{ table: 'calls', id, row, isNew: false }] })))
      expect((await store.read((tx) => tx.rows(acme.clientId, 'calls', [id]))).get(id)).toEqual(row)
    })

    test('rows of another client are not returned, even under an id that both have', async () => {
      const { store, acme, seed, newId, callRow, changes, addCall } = fixture()
      const bolt = sampleWorkspace('Bolt', newId)
      await seed(bolt)
      const { id } = await addCall(acme.people.agent.id)
      expect((await store.read((tx) => tx.rows(bolt.clientId, 'calls', [id]))).size).toBe(0)
      expect((await store.read((tx) => tx.rows(bolt.clientId, 'users', [acme.people.agent.id]))).size).toBe(0)
      const twin: SyncRow = { ...callRow(900, { ...wonCall(bolt.people.agent.id), prospect_name: 'Twin' }) }
      await store.write((tx) => tx.apply(bolt.clientId, changes({ rows: [{ table: 'calls', id, row: twin, isNew: true }] })))
      const [mine, theirs] = await Promise.all(
        [acme, bolt].map(({ clientId }) => store.read((tx) => tx.rows(clientId, 'calls', [id]))),
      )
      expect([mine?.get(id)?.values['prospect_name'], theirs?.get(id)?.values['prospect_name']]).toEqual(['Jo Smith', 'Twin'])
    })

    test('[S13] no query of one client returns data of another, even with the other’s ids', async () => {
      const { store, acme, seed, newId, deviceId, changes, deletedCall, addCall, conflictOf, line } = fixture()
      const bolt = sampleWorkspace('Bolt', newId)
      await seed(bolt)
      const { agent, admin, team_lead: lead } = acme.people
      const [kept, deleted] = [await addCall(agent.id), await addCall(agent.id)]
      await store.write(async (tx) => {
        const seq = await tx.allocate(acme.clientId, 1, CONTENT)
        const departures = [{ seq, id: deleted.id, owner: agent.id, reason: 'deleted' as const }]
        const conflicts = [conflictOf(seq, kept.id, agent.id, lead.id)]
        const audit = [line(kept.id, NOW), line(deleted.id, NOW)]
        await tx.apply(acme.clientId, changes({ deletedCalls: [deletedCall(deleted)], departures, conflicts, audit }))
      })
      const asked = (clientId: ClientId) =>
        store.read(async (tx) => ({
          rows: [
            ...(await tx.rows(clientId, 'calls', [kept.id])).keys(),
            ...(await tx.rows(clientId, 'users', [agent.id])).keys(),
          ],
          deleted: [...(await tx.deletedOwners(clientId, [deleted.id])).keys()],
          deletedCalls: [...(await tx.deletedCalls(clientId, [deleted.id])).keys()],
          holders: [...(await tx.holders(clientId, 'users', 'email', [agent.email])).values()],
          admins: (await tx.activeAdmins(clientId)).filter((id) => id === admin.id),
          authors: [...(await tx.authors(clientId, [kept.seq])).keys()],
          verdicts: (await tx.verdicts(clientId, deviceId, [1, 2, 3, 4, 5])).map(({ opId }) => opId),
          feed: await tx.feed(clientId, { table: 'calls', columns: ['id'], owner: null, ...EVERYTHING }),
          removals: await tx.removals(clientId, EVERYTHING, null),
          conflicts: await tx.conflicts(clientId, agent.id, EVERYTHING, { calls: 'all', users: 'full' }),
          trail: (
            await Promise.all(
              [kept.id, deleted.id].map((id) =>
                tx.trail(clientId, { before: null, limit: 9, bytes: 9_000, ownedBy: null, recordId: id }),
              ),
            )
          ).flatMap(({ lines }) => lines),
        }))
      for (const [what, found] of Object.entries(await asked(acme.clientId))) expect([what, found.length]).not.toEqual([what, 0])
      for (const [what, found] of Object.entries(await asked(bolt.clientId))) expect([what, found]).toEqual([what, []])
    })

    test.each([
      ['foreign_key', { user_id: '01999999-0000-7000-8000-000000000000' }],
      ['check', { outcome: null }],
      ['check', { status: 'asleep' }],
      ['check', { call_duration: -1 }],
    ] as const)('a row that breaks the model is refused (%s): %o', async (rule, fields) => {
      const { store, acme, newId, callRow, changes } = fixture()
      const row = callRow(900, { ...wonCall(acme.people.agent.id), ...fields })
      const attempt = store.write((tx) =>
        tx.apply(acme.clientId, changes({ rows: [{ table: 'calls', id: newId(), row, isNew: true }] })),
      )
      await expect(attempt).rejects.toThrow(expect.objectContaining({ name: 'StoreRuleError', rule }))
    })

    test('a call cannot point to a person of another client', async () => {
      const { store, acme, seed, newId, callRow, changes } = fixture()
      const bolt = sampleWorkspace('Bolt', newId)
      await seed(bolt)
      const row = callRow(900, wonCall(bolt.people.agent.id))
      const attempt = store.write((tx) =>
        tx.apply(acme.clientId, changes({ rows: [{ table: 'calls', id: newId(), row, isNew: true }] })),
      )
      await expect(attempt).rejects.toThrow(StoreRuleError)
    })

    test('names can be exchanged in one batch', async () => {
      const { store, acme, changes } = fixture()
      const [one = '', two = ''] = acme.lossReasonIds
      const reasons = await store.read((tx) => tx.rows(acme.clientId, 'loss_reasons', [one, two]))
      const renamed = (id: string, from: string) => {
        const row = reasons.get(id) as SyncRow
        return {
          table: 'loss_reasons' as const,
          id,
          row: { ...row, values: { ...row.values, name: reasons.get(from)?.values['name'] ?? null } },
          isNew: false,
        }
      }
      await store.write((tx) => tx.apply(acme.clientId, changes({ rows: [renamed(one, two), renamed(two, one)] })))
      const after = await store.read((tx) => tx.rows(acme.clientId, 'loss_reasons', [one, two]))
      expect([after.get(one)?.values['name'], after.get(two)?.values['name']]).toEqual(['Reason 2', 'Reason 1'])
    })

    test('all rows with a unique value are found by its key', async () => {
      const { store, acme, newId, callRow, changes } = fixture()
      const found = await store.read((tx) => tx.holders(acme.clientId, 'users', 'email', ['agent@acme.test', 'nobody@acme.test']))
      expect([...found]).toEqual([['agent@acme.test', [acme.people.agent.id]]])
      const ids = [newId(), newId()].toSorted()
      const reason = (id: string, called: string) => ({
        table: 'loss_reasons' as const,
        id,
        row: { ...callRow(901, {}), values: { ...acme.rows.loss_reasons[0], name: called, id: null } },
        isNew: true,
      })
      const rows = [reason(ids[0] ?? '', 'ÄRGER'), reason(ids[1] ?? '', 'ärger')]
      await store.write((tx) => tx.apply(acme.clientId, changes({ rows })))
      const both = await store.read((tx) => tx.holders(acme.clientId, 'loss_reasons', 'name', ['ärger', 'ARGER']))
      expect([...both]).toEqual([['ärger', ids]])
      const taken: SyncRow = { ...callRow(900, {}), values: { ...acme.rows.users[0], email: 'AGENT@acme.test', id: null } }
      const attempt = store.write((tx) =>
        tx.apply(acme.clientId, changes({ rows: [{ table: 'users', id: newId(), row: taken, isNew: true }] })),
      )
      await expect(attempt).rejects.toThrow(expect.objectContaining({ rule: 'unique' }))
    })

    test('an alias is found by its id, only in its own client', async () => {
      const { store, acme, newId, changes } = fixture()
      const [id, to] = [newId(), newId()]
      const alias = { table: 'loss_reasons' as const, id, to, seq: 7 }
      await store.write((tx) => tx.apply(acme.clientId, changes({ aliases: [alias] })))
      expect(await store.read((tx) => tx.aliases(acme.clientId, [newId(), id]))).toEqual([alias])
      expect(await store.read((tx) => tx.aliases(newId(), [id]))).toEqual([])
      expect(await store.read((tx) => tx.aliases(acme.clientId, [to]))).toEqual([])
    })

    test('only active admins are returned', async () => {
      const { store, acme } = fixture()
      expect(await store.read((tx) => tx.activeAdmins(acme.clientId))).toEqual([acme.people.admin.id])
    })
  })
}
