import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { CallId, Id } from '../../../core/id.ts'
import {
  columnarTables,
  idsFrom,
  sampleWorkspace,
  seeded,
  wonCall,
  type SampleWorkspace,
} from '../../testing/sample-workspace.ts'
import type { StoreFixture } from './contract-fixture.ts'
import { StoreRuleError, type NewAuditRecord, type Store, type TrailPage, type TrailQuery } from '../store.ts'

const NOW = 1_800_000_000_000

/** The contract of a store's audit trail. Call it once for every store. */
export function trailContract(name: string, makeFixture: () => Promise<StoreFixture>): void {
  describe(`contract of the audit trail: ${name}`, () => {
    let fixture: StoreFixture
    let store: Store
    let newId: () => Id
    let acme: SampleWorkspace
    let callId: CallId

    beforeEach(async () => {
      fixture = await makeFixture()
      newId = idsFrom(seeded(5), () => NOW)
      store = await fixture.open()
      acme = sampleWorkspace('Acme', newId)
      callId = newId()
      const { clientId, people, rows } = acme
      rows.calls.push({ id: callId, created_at: NOW, updated_at: NOW, ...wonCall(people.agent.id) })
      const device = { deviceId: newId(), deviceName: 'Publisher', deviceSeq: 0 }
      const progress = { startedAt: NOW, nextChunk: 0, lastSeq: 0, secretHash: null }
      await store.write(async (tx) => {
        await tx.beginPublication(clientId, { publicationId: newId(), userId: people.admin.id, ...device, ...progress })
        for (const page of columnarTables(acme))
          await tx.publishRows(
            clientId,
            page,
            await tx.allocate(clientId, page.data[0]?.length ?? 0, new Uint8Array()),
            people.admin.id,
          )
        await tx.finishPublication(clientId, NOW)
      })
    })
    afterEach(async () => {
      await store.close()
      await fixture.dispose()
    })

    const line = (recordId: string, createdAt: number): NewAuditRecord => ({
      id: newId(),
      userId: acme.people.agent.id,
      table: 'calls',
      recordId,
      action: 'INSERT',
      oldValues: null,
      newValues: '{"notes":"x"}',
      ipAddress: null,
      userAgent: null,
      createdAt,
    })
    const trailOf = (query: Partial<TrailQuery>): TrailQuery => ({
      before: null,
      limit: 100,
      bytes: 1_000_000,
      ownedBy: null,
      ...query,
    })

    const append = (lines: readonly NewAuditRecord[]) => store.write((tx) => tx.appendAudit(acme.clientId, lines))
    const ids = async (query: Partial<TrailQuery>) =>
      (await store.read((tx) => tx.trail(acme.clientId, trailOf(query)))).lines.map(({ id }) => id)

    test('is read newest first in the order of writing, regardless of the lines’ times', async () => {
      const [record, other] = [newId(), newId()]
      const lines = [line(record, 1), line(record, 3), line(record, 2), line(other, 4)]
      await append(lines)
      expect(await ids({ recordId: record, table: 'calls', limit: 2 })).toEqual([lines[2]?.id, lines[1]?.id])
      expect(await ids({ recordId: record, table: 'users' })).toEqual([])
      expect(await ids({ limit: 4 })).toEqual(lines.map(({ id }) => id).toReversed())
    })

    test('successive pages are the whole trail, even if large values end a page early', async () => {
      const record = newId()
      await append(Array.from({ length: 20 }, (_, n) => ({ ...line(record, n), newValues: `{"notes":"${'x'.repeat(n * 10)}"}` })))
      const whole = await ids({ recordId: record })
      expect(whole).toHaveLength(20)
      for (const [limit, bytes] of [
        [3, 1_000_000],
        [100, 150],
        [100, 1],
      ] as const) {
        const joined: string[] = []
        let before: number | null = null
        do {
          const page: TrailPage = await store.read((tx) =>
            tx.trail(acme.clientId, trailOf({ recordId: record, before, limit, bytes })),
          )
          expect(page.lines.length).toBeGreaterThan(0)
          joined.push(...page.lines.map(({ id }) => id))
          before = page.next
        } while (before !== null)
        expect(joined).toEqual(whole)
      }
    })

    test('filters apply together, with every index', async () => {
      const { agent, admin } = acme.people
      const [record, other] = [newId(), newId()]
      const lines: NewAuditRecord[] = [
        { ...line(record, 10), userId: agent.id },
        { ...line(record, 30), userId: admin.id, action: 'DELETE', oldValues: '{}', newValues: null },
        { ...line(other, 20), userId: admin.id, action: 'IMPORT' },
        { ...line(other, 40), userId: agent.id, table: 'loss_reasons' },
        { ...line(record, 5), userId: agent.id },
      ]
      await append(lines)
      const mine = new Set(lines.map(({ id }) => id))
      const filters: Partial<TrailQuery>[] = [
        {},
        { userId: agent.id },
        { table: 'loss_reasons' },
        { table: 'calls' },
        { actions: ['DELETE'] },
        { actions: ['DELETE', 'INSERT'] },
        { actions: ['IMPORT'], table: 'calls' },
        { from: 10, to: 30 },
        { from: 5, to: 41, userId: agent.id },
        { recordId: record, userId: admin.id },
        { from: 30 },
        { to: 20, table: 'calls' },
      ]
      for (const filter of filters) {
        const { recordId, table, userId, actions, from = 0, to = Infinity } = filter
        const fits = lines.filter(
          (each) =>
            (recordId ?? each.recordId) === each.recordId &&
            (table ?? each.table) === each.table &&
            (userId ?? each.userId) === each.userId &&
            (actions ?? [each.action]).includes(each.action) &&
            each.createdAt >= from &&
            each.createdAt < to,
        )
        const read = (await ids(filter)).filter((id) => mine.has(id))
        expect([filter, read]).toEqual([filter, fits.map(({ id }) => id).toReversed()])
      }
    })

    test('[S14] a person reads lines of their own records, and a call’s lines since it last became theirs, in the server’s order', async () => {
      const { agent, other } = acme.people
      const values = (fields: object) => JSON.stringify(fields)
      const call = { id: callId }
      const edit = (fields: object, owner?: string | null): NewAuditRecord => ({
        ...line(call.id, 1_000 - Object.keys(fields).length),
        action: 'UPDATE',
        newValues: values(fields),
        ...(owner === undefined ? {} : { owner }),
      })
      const lines = [
        { ...line(call.id, 9), newValues: values({ user_id: agent.id }) },
        edit({ notes: 'first' }),
        edit({ user_id: other.id }),
        edit({ notes: 'second' }),
        edit({ user_id: agent.id, notes: 'back' }),
        edit({ notes: 'third' }),
        { ...edit({ notes: 'refused' }, null), action: 'SYNC_REJECTED' as const },
        edit({ notes: 'fourth' }),
      ]
      await append(lines)
      const of = (ownedBy: string) => ids({ ownedBy, recordId: call.id })
      expect(await of(agent.id)).toEqual([lines[7]?.id, lines[5]?.id, lines[4]?.id])
      expect(await of(other.id)).toEqual([])
      expect((await ids({ ownedBy: agent.id })).slice(0, 3)).toEqual(await of(agent.id))
    })

    test('values that are larger than the server itself writes are replaced by their length', async () => {
      const recordId = newId()
      const newValues = JSON.stringify({ notes: 'x'.repeat(30_000_000) })
      await append([{ ...line(recordId, NOW), newValues }])
      const { lines } = await store.read((tx) => tx.trail(acme.clientId, trailOf({ recordId })))
      expect(lines.map((each) => each.newValues)).toEqual([JSON.stringify({ characters: newValues.length })])
    })

    test('a line is stored only once', async () => {
      const once = line(newId(), 1)
      await store.write((tx) => tx.appendAudit(acme.clientId, [once]))
      await expect(store.write((tx) => tx.appendAudit(acme.clientId, [once]))).rejects.toThrow(StoreRuleError)
    })
  })
}
