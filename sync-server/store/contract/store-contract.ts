import type { ClientId } from '../../../core/id.ts'
import { describe, expect, test } from 'vitest'
import { sampleWorkspace, wonCall } from '../../testing/sample-workspace.ts'
import { chainContract } from './chain-contract.ts'
import { CONTENT, EVERYTHING, HASH, NOW, useContractFixture, type StoreFixture } from './contract-fixture.ts'
import { feedContract } from './feed-contract.ts'
import { operationsContract } from './operations-contract.ts'
import { rowsContract } from './rows-contract.ts'
import { teamContract } from './team-contract.ts'

/** The contract that every store of the server fulfils. Call it once for every store. */
export function storeContract(name: string, makeFixture: () => Promise<StoreFixture>): void {
  describe(`store contract: ${name}`, () => {
    const fixture = useContractFixture(makeFixture)

    describe('transactions', () => {
      test('a failed transaction is rolled back, including its numbers [S1]', async () => {
        const { store, acme, newId, callRow, changes, head } = fixture()
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

      test('[S1] numbers have no gaps and no repetition under concurrent requests', async () => {
        const { store, acme, head } = fixture()
        const before = await head()
        const taken = await Promise.all(
          Array.from({ length: 20 }, (_, n) => store.write((tx) => tx.allocate(acme.clientId, 1 + (n % 3), CONTENT))),
        )
        const used = taken.flatMap((first, n) => Array.from({ length: 1 + (n % 3) }, (_, offset) => first + offset))
        expect(used.toSorted((a, b) => a - b)).toEqual(Array.from({ length: used.length }, (_, n) => before + 1 + n))
      })

      test('[S1] each client has its own order', async () => {
        const { store, seed, newId, head } = fixture()
        const bolt = sampleWorkspace('Bolt', newId)
        await seed(bolt)
        const before = await head()
        await store.write((tx) => tx.allocate(bolt.clientId, 50, CONTENT))
        expect(await head()).toBe(before)
      })

      test('a reader sees one state despite later commits', async () => {
        const { store, acme, addCall, callIds } = fixture()
        const { id } = await addCall(acme.people.agent.id)
        const seen = await store.read(async (tx) => {
          const before = await tx.feed(acme.clientId, { table: 'calls', columns: ['id'], owner: null, ...EVERYTHING })
          await addCall(acme.people.agent.id)
          const after = await tx.feed(acme.clientId, { table: 'calls', columns: ['id'], owner: null, ...EVERYTHING })
          return [before.length, after.length]
        })
        expect(seen).toEqual([1, 1])
        expect(await callIds(null)).toContain(id)
      })

      test('committed data survives a restart, under the same epoch', async () => {
        const { store, open, acme, addCall } = fixture()
        const { id } = await addCall(acme.people.agent.id)
        const again = await open()
        expect(again.epoch).toBe(store.epoch)
        expect((await again.read((tx) => tx.rows(acme.clientId, 'calls', [id]))).get(id)?.values['prospect_name']).toBe(
          'Jo Smith',
        )
      })
    })

    chainContract(fixture)
    rowsContract(fixture)
    feedContract(fixture)
    operationsContract(fixture)
    teamContract(fixture)

    describe('people and devices', () => {
      test('a token identifies a person on a device, with the current role', async () => {
        const { store, acme, deviceId } = fixture()
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

      test('a person has one token per device, the last one', async () => {
        const { store, acme, deviceId } = fixture()
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
        const { store, acme, seed, newId } = fixture()
        const twin = sampleWorkspace('Acme', newId)
        await seed(twin)
        const hidden = sampleWorkspace('Acme', newId)
        await seed(hidden, false)
        const found = await store.read((tx) => tx.accounts('agent@acme.test'))
        expect(found.map(({ clientId }) => clientId).toSorted()).toEqual([acme.clientId, twin.clientId].toSorted())
        expect(found[0]).toMatchObject({ name: 'Acme agent', role: 'agent', isActive: true, clientName: 'Acme' })
      })

      test('a sign-in changes the person’s row', async () => {
        const { store, acme, head } = fixture()
        await store.write(async (tx) =>
          tx.recordLogin(acme.clientId, acme.people.agent.id, await tx.allocate(acme.clientId, 1, CONTENT), NOW + 5),
        )
        const row = (await store.read((tx) => tx.rows(acme.clientId, 'users', [acme.people.agent.id]))).get(acme.people.agent.id)
        expect(row).toMatchObject({ version: await head(), values: { last_login: NOW + 5 } })
      })
    })

    describe('publication', () => {
      test('is stored with its parts, and the next one replaces it', async () => {
        const { store, acme, seed, newId } = fixture()
        const bolt = sampleWorkspace('Bolt', newId)
        await seed(bolt, false)
        expect(await store.read((tx) => tx.client(bolt.clientId))).toMatchObject({ isPublished: false })
        expect(await store.read((tx) => tx.publication(bolt.clientId))).toMatchObject({ nextChunk: 1, deviceSeq: 7 })
        const secretOf = async (clientId: ClientId) => (await store.read((tx) => tx.publication(clientId)))?.secretHash
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

      test('a finished publication makes the client reachable, with the feed from the head on', async () => {
        const { store, acme, head } = fixture()
        const state = await store.read((tx) => tx.client(acme.clientId))
        expect(state).toMatchObject({ head: await head(), floor: await head(), isPublished: true })
        expect(await store.read((tx) => tx.counts(acme.clientId))).toEqual({
          clients: 1,
          users: 5,
          loss_reasons: 3,
          client_settings: 2,
          user_settings: 0,
          do_not_call: 0,
          calls: 0,
          audit_logs: 0,
        })
      })
    })
  })
}
