import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Id } from '../../core/id.ts'
import type { ConflictRecord } from '../../core/sync/protocol.ts'
import type { SyncRow } from '../../core/sync/judge.ts'
import type { Scope } from '../../core/sync/scope.ts'
import { SYNC_TABLES, type SyncTableName } from '../../core/sync/tables.ts'
import { columnarTables, idsFrom, sampleWorkspace, seeded, wonCall, type SampleWorkspace } from '../testing/sample-workspace.ts'
import { chainContract } from './chain-contract.ts'
import { StoreRuleError, type Changes, type OperationRecord, type Store } from './store.ts'

/** A store that a test may open more than once over the same data, as a server that was started anew would. */
export type StoreFixture = { readonly open: () => Promise<Store>; readonly dispose: () => Promise<void> }

const HASH = (byte: number) => new Uint8Array(32).fill(byte)
const NOW = 1_800_000_000_000
const CLOCK = '0'.repeat(16)
/** Any content, for tests in which it does not matter. */
const CONTENT = HASH(7)

/** What the server relies on, whatever keeps its data. Call it once for every store. */
export function storeContract(name: string, makeFixture: () => Promise<StoreFixture>): void {
  describe(`store contract: ${name}`, () => {
    let fixture: StoreFixture
    let store: Store
    let newId: () => Id
    let acme: SampleWorkspace
    let deviceId: Id
    let deviceSeq: number
    let tokens: number
    const opened: Store[] = []

    const open = async () => {
      const made = await fixture.open()
      opened.push(made)
      return made
    }

    beforeEach(async () => {
      fixture = await makeFixture()
      newId = idsFrom(seeded(3), () => NOW)
      deviceId = newId()
      deviceSeq = 0
      tokens = 0
      store = await open()
      acme = sampleWorkspace('Acme', newId)
      await seed(acme)
    })
    afterEach(async () => {
      for (const made of opened.splice(0)) await made.close()
      await fixture.dispose()
    })

    async function seed(workspace: SampleWorkspace, finish = true): Promise<void> {
      const { clientId, people } = workspace
      const publication = {
        publicationId: newId(),
        userId: people.admin.id,
        deviceId,
        deviceName: 'Publisher',
        deviceSeq: 7,
        startedAt: NOW,
        nextChunk: 0,
        lastSeq: 0,
        secretHash: HASH(9),
      }
      await store.write(async (tx) => {
        await tx.beginPublication(clientId, publication)
        for (const page of columnarTables(workspace)) {
          const first = await tx.allocate(clientId, page.data[0]?.length ?? 0, CONTENT)
          await tx.publishRows(clientId, page, first, people.admin.id)
        }
        const { head } = (await tx.client(clientId)) ?? { head: 0 }
        await tx.savePublicationChunk(clientId, 0, { digest: HASH(1).subarray(0, 16), firstSeq: 1 }, head)
        if (finish) await tx.finishPublication(clientId, NOW)
        await tx.saveToken(clientId, {
          hash: HASH(tokens === 0 ? 1 : 100 + tokens),
          deviceId,
          deviceName: 'Publisher',
          userId: people.admin.id,
          at: NOW,
        })
        tokens++
      })
    }

    const callRow = (seq: number, fields: SyncRow['values']): SyncRow => ({
      values: {
        ...Object.fromEntries(SYNC_TABLES.calls.columns.map(({ name: column }) => [column, null])),
        updated_at: NOW,
        ...fields,
      },
      version: seq,
      versions: { base: seq, overrides: null },
      changedBy: acme.people.agent.id,
    })

    const operation = (seq: number, rowId: string): OperationRecord => ({
      seq,
      opId: newId(),
      txId: newId(),
      deviceSeq: ++deviceSeq,
      schemaVersion: 1,
      table: 'calls',
      rowId,
      action: 'INSERT',
      hlc: CLOCK,
      wallTime: NOW,
      clock: CLOCK,
      ownerBefore: null,
      ownerAfter: acme.people.agent.id,
      digest: HASH(2).subarray(0, 16),
      verdict: 'accepted',
      rejection: null,
    })

    const changes = (some: Partial<Changes>): Changes => ({
      deviceId,
      userId: acme.people.admin.id,
      receivedAt: NOW,
      lastClock: CLOCK,
      operations: [],
      rows: [],
      deletedCalls: [],
      restoredCalls: [],
      aliases: [],
      departures: [],
      conflicts: [],
      audit: [],
      ...some,
    })

    const deletedCall = ({ id, seq }: { readonly id: string; readonly seq: number }) => ({
      id,
      seq: seq + 1,
      row: callRow(seq, wonCall(acme.people.agent.id)),
    })

    /** One call with its operation, as a push would leave it. */
    async function addCall(userId: string, id = newId()): Promise<{ id: string; seq: number; op: OperationRecord }> {
      return store.write(async (tx) => {
        const seq = await tx.allocate(acme.clientId, 1, CONTENT)
        const op = operation(seq, id)
        const row = callRow(seq, wonCall(userId))
        await tx.apply(acme.clientId, changes({ operations: [op], rows: [{ table: 'calls', id, row, isNew: true }] }))
        return { id, seq, op }
      })
    }

    const conflictOf = (seq: number, rowId: string, winningUserId: string, losingUserId: string): ConflictRecord => ({
      seq,
      table: 'calls',
      rowId,
      columns: ['notes'],
      winning: { notes: 'a' },
      losing: { notes: null },
      winningOpId: newId(),
      losingOpId: newId(),
      winningUserId,
      losingUserId,
      version: seq,
      createdAt: NOW,
    })

    const line = (recordId: string, createdAt: number) => ({
      id: newId(),
      userId: acme.people.agent.id,
      table: 'calls',
      recordId,
      action: 'UPDATE' as const,
      oldValues: '{}',
      newValues: '{"notes":"x"}',
      ipAddress: null,
      userAgent: 'test',
      createdAt,
    })

    const head = async () => (await store.read((tx) => tx.client(acme.clientId)))?.head ?? 0
    const everything = { after: 0, upTo: 1_000_000, limit: 1_000 }
    const callIds = async (owner: { only: string } | { except: string } | null) =>
      (await store.read((tx) => tx.feed(acme.clientId, { table: 'calls', columns: ['id'], owner, ...everything }))).map(
        ([, id]) => id,
      )

    describe('transactions', () => {
      test('what a failed one did is gone, number included [S1]', async () => {
        const before = await head()
        const id = newId()
        const failed = store.write(async (tx) => {
          const seq = await tx.allocate(acme.clientId, 3, CONTENT)
          await tx.apply(
            acme.clientId,
            changes({ rows: [{ table: 'calls', id, row: callRow(seq, wonCall(acme.people.agent.id)), isNew: true }] }),
          )
          throw new Error('stop here')
        })
        await expect(failed).rejects.toThrow('stop here')
        expect(await head()).toBe(before)
        expect((await store.read((tx) => tx.rows(acme.clientId, 'calls', [id]))).size).toBe(0)
      })

      test('[S1] numbers have no gaps and no repetition, however many ask at once', async () => {
        const before = await head()
        const taken = await Promise.all(
          Array.from({ length: 20 }, (_, n) => store.write((tx) => tx.allocate(acme.clientId, 1 + (n % 3), CONTENT))),
        )
        const used = taken.flatMap((first, n) => Array.from({ length: 1 + (n % 3) }, (_, offset) => first + offset))
        expect(used.toSorted((a, b) => a - b)).toEqual(Array.from({ length: used.length }, (_, n) => before + 1 + n))
      })

      test('[S1] clients have orders of their own', async () => {
        const bolt = sampleWorkspace('Bolt', newId)
        await seed(bolt)
        const before = await head()
        await store.write((tx) => tx.allocate(bolt.clientId, 50, CONTENT))
        expect(await head()).toBe(before)
      })

      test('a reader sees one state, whatever is committed meanwhile', async () => {
        const { id } = await addCall(acme.people.agent.id)
        const seen = await store.read(async (tx) => {
          const before = await tx.feed(acme.clientId, { table: 'calls', columns: ['id'], owner: null, ...everything })
          await addCall(acme.people.agent.id)
          const after = await tx.feed(acme.clientId, { table: 'calls', columns: ['id'], owner: null, ...everything })
          return [before.length, after.length]
        })
        expect(seen).toEqual([1, 1])
        expect(await callIds(null)).toContain(id)
      })

      test('what was committed is there after the server was started anew, under the same epoch', async () => {
        const { id } = await addCall(acme.people.agent.id)
        const again = await open()
        expect(again.epoch).toBe(store.epoch)
        expect((await again.read((tx) => tx.rows(acme.clientId, 'calls', [id]))).get(id)?.values['prospect_name']).toBe(
          'Jo Smith',
        )
      })
    })

    chainContract(() => ({ store, open, acme, seed, newId }))

    describe('rows', () => {
      test.each(['clients', 'users', 'loss_reasons', 'client_settings'] as const)(
        '%s come back as they were written',
        async (table: SyncTableName) => {
          const ids = acme.rows[table].map(({ id }) => id)
          const found = await store.read((tx) => tx.rows(acme.clientId, table, ids))
          expect([...found.keys()].toSorted()).toEqual(ids.toSorted())
          for (const { id, ...values } of acme.rows[table]) expect(found.get(id)?.values).toEqual(values)
        },
      )

      test('versions of fields come back with the row', async () => {
        const { id, seq } = await addCall(acme.people.agent.id)
        const row = {
          ...callRow(seq, wonCall(acme.people.agent.id)),
          version: seq + 1,
          versions: { base: seq, overrides: { notes: seq + 1 } },
        }
        await store.write((tx) => tx.apply(acme.clientId, changes({ rows: [{ table: 'calls', id, row, isNew: false }] })))
        expect((await store.read((tx) => tx.rows(acme.clientId, 'calls', [id]))).get(id)).toEqual(row)
      })

      test('rows of another client are not there, also under an id that both have', async () => {
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

      test('[S13] whatever is asked under one client, and by whatever id, nothing of another is in the answer', async () => {
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
        const asked = (clientId: string) =>
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
            feed: await tx.feed(clientId, { table: 'calls', columns: ['id'], owner: null, ...everything }),
            removals: await tx.removals(clientId, everything, null),
            conflicts: await tx.conflicts(clientId, agent.id, everything, { calls: 'all', users: 'full' }),
            trail: (
              await Promise.all(
                [kept.id, deleted.id].map((id) =>
                  tx.trail(clientId, { before: null, limit: 9, bytes: 9_000, ownedBy: null, recordId: id }),
                ),
              )
            ).flatMap(({ lines }) => lines),
          }))
        for (const [what, found] of Object.entries(await asked(acme.clientId)))
          expect([what, found.length]).not.toEqual([what, 0])
        for (const [what, found] of Object.entries(await asked(bolt.clientId))) expect([what, found]).toEqual([what, []])
      })

      test.each([
        ['foreign_key', { user_id: '01999999-0000-7000-8000-000000000000' }],
        ['check', { outcome: null }],
        ['check', { status: 'asleep' }],
        ['check', { call_duration: -1 }],
      ] as const)('a row that breaks the model is kept out (%s): %o', async (rule, fields) => {
        const row = callRow(900, { ...wonCall(acme.people.agent.id), ...fields })
        const attempt = store.write((tx) =>
          tx.apply(acme.clientId, changes({ rows: [{ table: 'calls', id: newId(), row, isNew: true }] })),
        )
        await expect(attempt).rejects.toThrow(expect.objectContaining({ name: 'StoreRuleError', rule }))
      })

      test('a call cannot point to a person of another client', async () => {
        const bolt = sampleWorkspace('Bolt', newId)
        await seed(bolt)
        const row = callRow(900, wonCall(bolt.people.agent.id))
        const attempt = store.write((tx) =>
          tx.apply(acme.clientId, changes({ rows: [{ table: 'calls', id: newId(), row, isNew: true }] })),
        )
        await expect(attempt).rejects.toThrow(StoreRuleError)
      })

      test('names can be exchanged in one batch', async () => {
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
        const found = await store.read((tx) =>
          tx.holders(acme.clientId, 'users', 'email', ['agent@acme.test', 'nobody@acme.test']),
        )
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
        const [id, to] = [newId(), newId()]
        const alias = { table: 'loss_reasons' as const, id, to, seq: 7 }
        await store.write((tx) => tx.apply(acme.clientId, changes({ aliases: [alias] })))
        expect(await store.read((tx) => tx.aliases(acme.clientId, [newId(), id]))).toEqual([alias])
        expect(await store.read((tx) => tx.aliases(newId(), [id]))).toEqual([])
        expect(await store.read((tx) => tx.aliases(acme.clientId, [to]))).toEqual([])
      })

      test('admins are counted while they are active', async () => {
        expect(await store.read((tx) => tx.activeAdmins(acme.clientId))).toEqual([acme.people.admin.id])
      })
    })

    describe('the feed', () => {
      test('rows come in the order of their last change, from and to where asked', async () => {
        const made = [
          await addCall(acme.people.agent.id),
          await addCall(acme.people.other.id),
          await addCall(acme.people.agent.id),
        ]
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
          tx.feed(acme.clientId, { table: 'calls', columns: [], owner: null, ...everything, limit: 2 }),
        )
        expect(limited).toEqual([[made[0]?.seq], [made[1]?.seq]])
      })

      test('[S15] a call that left is told to whom it left, until it is back', async () => {
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
          (await store.read((tx) => tx.removals(acme.clientId, everything, owner))).map(({ id, reason }) => [id, reason])
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

      test('[S11] a deleted call is kept as it was last accepted until it is restored', async () => {
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

      test('[S10] [S14] conflicts are shown to their two sides, within the given scope', async () => {
        const { agent, other, admin } = acme.people
        const all = { calls: 'all', users: 'full' } as const
        const own = { calls: 'own', users: 'names' } as const
        const { id } = await addCall(agent.id)
        const conflict = conflictOf(500, id, other.id, agent.id)
        await store.write((tx) => tx.apply(acme.clientId, changes({ conflicts: [conflict] })))
        const of = (userId: string, scope: Scope) => store.read((tx) => tx.conflicts(acme.clientId, userId, everything, scope))
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

    describe('operations', () => {
      test('[S3] an operation’s id and its place on the device are taken once', async () => {
        const { op } = await addCall(acme.people.agent.id)
        for (const repeated of [{ opId: op.opId }, { deviceSeq: op.deviceSeq }]) {
          const again = { ...operation(900, newId()), ...repeated }
          const attempt = store.write((tx) => tx.apply(acme.clientId, changes({ operations: [again] })))
          await expect(attempt).rejects.toThrow(expect.objectContaining({ rule: 'unique' }))
        }
      })

      test('[S3] verdicts are kept with what was pushed, rejections included', async () => {
        const { op, seq, id } = await addCall(acme.people.agent.id)
        const rejection = { code: 'INVALID' as const, field: 'notes', current: 'x' }
        const refused = { ...operation(901, newId()), verdict: 'rejected' as const, rejection }
        await store.write((tx) => tx.apply(acme.clientId, changes({ operations: [refused] })))
        const found = await store.read((tx) => tx.verdicts(acme.clientId, deviceId, [1, 2, 77]))
        expect(found.map((each) => ({ ...each, digest: [...each.digest] }))).toEqual([
          {
            seq,
            opId: op.opId,
            deviceSeq: 1,
            table: 'calls',
            rowId: id,
            digest: [...op.digest],
            verdict: 'accepted',
            rejection: null,
          },
          {
            seq: 901,
            opId: refused.opId,
            deviceSeq: 2,
            table: 'calls',
            rowId: refused.rowId,
            digest: [...refused.digest],
            verdict: 'rejected',
            rejection,
          },
        ])
        const ofPerson = (userId: string) =>
          store.read((tx) => tx.verdictsOf(acme.clientId, userId, [op.opId, newId(), refused.opId]))
        expect(await ofPerson(acme.people.admin.id)).toEqual(found)
        expect(await ofPerson(acme.people.other.id), 'conflicts of another person are not shown').toEqual([])
        expect(await store.read((tx) => tx.verdicts(acme.clientId, newId(), [1, 2]))).toEqual([])
        expect(await store.read((tx) => tx.verdicts(acme.clientId, deviceId, [3, 100]))).toEqual([])
      })

      test('verdicts of distant numbers are found without reading the operations between them', async () => {
        const { op } = await addCall(acme.people.agent.id)
        const far = { ...operation(902, newId()), deviceSeq: Number.MAX_SAFE_INTEGER }
        await store.write((tx) => tx.apply(acme.clientId, changes({ operations: [far] })))
        const asked = [op.deviceSeq, Number.MAX_SAFE_INTEGER - 1, Number.MAX_SAFE_INTEGER]
        const found = await store.read((tx) => tx.verdicts(acme.clientId, deviceId, asked))
        expect(found.map((each) => [each.deviceSeq, each.opId])).toEqual([
          [op.deviceSeq, op.opId],
          [Number.MAX_SAFE_INTEGER, far.opId],
        ])
      })

      test('a check writes to disk', async () => {
        await expect(store.check()).resolves.toBeUndefined()
      })

      test('versions know who wrote them; those of a publication are the publisher’s', async () => {
        const { seq, op } = await addCall(acme.people.agent.id)
        const authors = await store.read((tx) => tx.authors(acme.clientId, [1, seq, 999]))
        expect([...authors.keys()].toSorted((a, b) => a - b)).toEqual([1, seq])
        expect(authors.get(seq)).toEqual({
          opId: op.opId,
          deviceId,
          deviceSeq: op.deviceSeq,
          userId: acme.people.admin.id,
          clock: CLOCK,
        })
        expect(authors.get(1)).toMatchObject({ deviceId, deviceSeq: 7, userId: acme.people.admin.id })
      })

      test('the device’s last clock is remembered', async () => {
        const lastClock = 'f'.repeat(16)
        await store.write((tx) => tx.apply(acme.clientId, changes({ lastClock })))
        expect((await store.read((tx) => tx.principal(HASH(1))))?.lastClock).toBe(lastClock)
      })
    })

    describe('people and devices', () => {
      test('a token stands for a person on a device, with the role of this moment', async () => {
        expect(await store.read((tx) => tx.principal(HASH(1)))).toEqual({
          clientId: acme.clientId,
          userId: acme.people.admin.id,
          role: 'admin',
          isActive: true,
          deviceId,
          isRevoked: false,
          lastClock: null,
        })
        expect(await store.read((tx) => tx.principal(HASH(9)))).toBeUndefined()
      })

      test('a person has one token on a device, the last one', async () => {
        const token = { hash: HASH(4), deviceId, deviceName: 'Renamed', userId: acme.people.admin.id, at: NOW }
        await store.write((tx) => tx.saveToken(acme.clientId, token))
        expect(await store.read((tx) => tx.principal(HASH(1)))).toBeUndefined()
        expect(await store.read((tx) => tx.principal(HASH(4)))).toMatchObject({ userId: acme.people.admin.id })
        await store.write((tx) => tx.saveToken(acme.clientId, { ...token, hash: HASH(5), userId: acme.people.agent.id }))
        expect(await store.read((tx) => tx.principal(HASH(4)))).toBeDefined()
        const users = await store.write((tx) => tx.deviceUsers(acme.clientId, deviceId))
        expect(users.toSorted()).toEqual([acme.people.admin.id, acme.people.agent.id].toSorted())
      })

      test('accounts are found by e-mail in every published client, and in no other', async () => {
        const twin = sampleWorkspace('Acme', newId)
        await seed(twin)
        const hidden = sampleWorkspace('Acme', newId)
        await seed(hidden, false)
        const found = await store.read((tx) => tx.accounts('agent@acme.test'))
        expect(found.map(({ clientId }) => clientId).toSorted()).toEqual([acme.clientId, twin.clientId].toSorted())
        expect(found[0]).toMatchObject({ name: 'Acme agent', role: 'agent', isActive: true, clientName: 'Acme' })
      })

      test('a sign-in is a change of the person’s row', async () => {
        await store.write(async (tx) =>
          tx.recordLogin(acme.clientId, acme.people.agent.id, await tx.allocate(acme.clientId, 1, CONTENT), NOW + 5),
        )
        const row = (await store.read((tx) => tx.rows(acme.clientId, 'users', [acme.people.agent.id]))).get(acme.people.agent.id)
        expect(row).toMatchObject({ version: await head(), values: { last_login: NOW + 5 } })
      })
    })

    describe('publication', () => {
      test('is remembered with its parts, and forgotten by the next one', async () => {
        const bolt = sampleWorkspace('Bolt', newId)
        await seed(bolt, false)
        expect(await store.read((tx) => tx.client(bolt.clientId))).toMatchObject({ isPublished: false })
        expect(await store.read((tx) => tx.publication(bolt.clientId))).toMatchObject({ nextChunk: 1, deviceSeq: 7 })
        const secretOf = async (clientId: string) => (await store.read((tx) => tx.publication(clientId)))?.secretHash
        expect([...((await secretOf(bolt.clientId)) ?? [])]).toEqual([...HASH(9)])
        expect(await store.read((tx) => tx.publication(bolt.clientId))).toMatchObject({ finishedAt: null })
        expect(await store.read((tx) => tx.publication(acme.clientId))).toMatchObject({ finishedAt: NOW })
        expect((await store.read((tx) => tx.publicationChunk(bolt.clientId, 0)))?.firstSeq).toBe(1)
        expect(await store.read((tx) => tx.publicationChunk(bolt.clientId, 1))).toBeUndefined()
        const fresh = {
          publicationId: newId(),
          userId: bolt.people.admin.id,
          deviceId: newId(),
          deviceName: 'x',
          deviceSeq: 0,
          startedAt: NOW,
          nextChunk: 0,
          lastSeq: 0,
          secretHash: HASH(9),
        }
        const other = sampleWorkspace('Other', newId)
        await store.write((tx) => tx.beginPublication(other.clientId, fresh))
        expect(await store.read((tx) => tx.counts(other.clientId))).toMatchObject({ calls: 0, users: 0 })
      })

      test('its end makes the client reachable, from the head on', async () => {
        const state = await store.read((tx) => tx.client(acme.clientId))
        expect(state).toMatchObject({ head: await head(), floor: await head(), isPublished: true })
        expect(await store.read((tx) => tx.counts(acme.clientId))).toEqual({
          clients: 1,
          users: 5,
          loss_reasons: 3,
          client_settings: 2,
          calls: 0,
          audit_logs: 0,
        })
      })
    })
  })
}
