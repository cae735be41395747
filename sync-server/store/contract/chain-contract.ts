import { describe, expect, test } from 'vitest'
import { must } from '../../../core/assert.ts'
import { sampleWorkspace } from '../../testing/sample-workspace.ts'
import { nextChainValue } from '../chain.ts'
import { CONTENT, HASH, type ContractFixture } from './contract-fixture.ts'

/** The part of the store contract about the chain, by which a restored backup is recognised. */
export function chainContract(fixture: () => ContractFixture): void {
  describe('the chain of a client’s history [S6]', () => {
    /** Returns the last number. */
    const take = (count: number) => {
      const { store, acme } = fixture()
      return store.write(async (tx) => (await tx.allocate(acme.clientId, count, CONTENT)) + count - 1)
    }
    const state = async () => {
      const { store, acme } = fixture()
      return must(await store.read((tx) => tx.client(acme.clientId)), 'The client exists')
    }
    const chainAt = async (seq: number) => {
      const { store, acme } = fixture()
      const value = await store.read((tx) => tx.chainAt(acme.clientId, seq))
      return value === undefined ? undefined : Buffer.from(value).toString('hex')
    }

    test('has a value at every number that was once the head, and at no other number', async () => {
      const { head: before } = await state()
      const [first, second] = [await take(3), await take(1)]
      expect([first, second]).toEqual([before + 3, before + 4])
      expect(await chainAt(first)).toMatch(/^[0-9a-f]{32}$/)
      expect(await chainAt(second)).toBe(Buffer.from((await state()).chain).toString('hex'))
      for (const seq of [before + 1, before + 2, second + 1, 999_999]) expect(await chainAt(seq), String(seq)).toBeUndefined()
    })

    test('a value covers the previous value, the number and the content', async () => {
      const start = HASH(0).subarray(0, 16)
      const values = [
        nextChainValue(start, 1, CONTENT),
        nextChainValue(start, 2, CONTENT),
        nextChainValue(start, 1, HASH(8)),
        nextChainValue(HASH(1).subarray(0, 16), 1, CONTENT),
      ].map((value) => Buffer.from(value).toString('hex'))
      expect(new Set(values).size).toBe(values.length)
      const before = await state()
      const seq = await take(2)
      expect(await chainAt(seq)).toBe(Buffer.from(nextChainValue(before.chain, seq, CONTENT)).toString('hex'))
    })

    test('a failed transaction does not change the chain', async () => {
      const { store, acme } = fixture()
      const before = await state()
      const failed = store.write(async (tx) => {
        await tx.allocate(acme.clientId, 2, CONTENT)
        throw new Error('stop here')
      })
      await expect(failed).rejects.toThrow('stop here')
      expect(await state()).toEqual(before)
      expect(await chainAt(before.head + 2)).toBeUndefined()
    })

    test('each client has its own chain, and a restarted publication restarts it', async () => {
      const { store, seed, newId } = fixture()
      const bolt = sampleWorkspace('Bolt', newId)
      await seed(bolt, false)
      const { head: boltHead } = must(await store.read((tx) => tx.client(bolt.clientId)), 'Bolt exists')
      const before = await state()
      const fresh = must(await store.read((tx) => tx.publication(bolt.clientId)), 'A publication is under way')
      // Bolt's device has a token from `seed`. Only a publication without a token can restart, so another client is used.
      const other = sampleWorkspace('Other', newId)
      await store.write((tx) => tx.beginPublication(other.clientId, fresh))
      await store.write((tx) => tx.allocate(other.clientId, 5, CONTENT))
      await store.write((tx) => tx.beginPublication(other.clientId, fresh))
      expect(await store.read((tx) => tx.client(other.clientId))).toMatchObject({ head: 0 })
      expect(await store.read((tx) => tx.chainAt(other.clientId, 5))).toBeUndefined()
      await store.write((tx) => tx.allocate(other.clientId, 5, HASH(9)))
      expect(await store.read((tx) => tx.chainAt(bolt.clientId, boltHead))).toBeDefined()
      expect(await state()).toEqual(before)
    })

    test('epoch, key and chain survive a restart of the server', async () => {
      const { store, open, acme } = fixture()
      const seq = await take(1)
      const value = await chainAt(seq)
      const again = await open()
      expect(again.epoch).toBe(store.epoch)
      expect(again.cursorKey).toHaveLength(32)
      expect(Buffer.compare(again.cursorKey, store.cursorKey)).toBe(0)
      const kept = await again.read((tx) => tx.chainAt(acme.clientId, seq))
      expect(Buffer.from(kept ?? []).toString('hex')).toBe(value)
    })
  })
}
