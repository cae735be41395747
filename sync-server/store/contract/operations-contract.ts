import type { UserId } from '../../../core/id.ts'
import { describe, expect, test } from 'vitest'
import { CLOCK, HASH, type ContractFixture } from './contract-fixture.ts'

/** The part of the store contract about pushed operations and their verdicts. */
export function operationsContract(fixture: () => ContractFixture): void {
  describe('operations', () => {
    test('[S3] an operation’s id and its number on the device are unique', async () => {
      const { store, acme, newId, operation, changes, addCall } = fixture()
      const { op } = await addCall(acme.people.agent.id)
      for (const repeated of [{ opId: op.opId }, { deviceSeq: op.deviceSeq }]) {
        const again = { ...operation(900, newId()), ...repeated }
        const attempt = store.write((tx) => tx.apply(acme.clientId, changes({ operations: [again] })))
        await expect(attempt).rejects.toThrow(expect.objectContaining({ rule: 'unique' }))
      }
    })

    test('[S3] verdicts are stored with their operations, including rejections', async () => {
      const { store, acme, newId, deviceId, operation, changes, addCall } = fixture()
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
      const ofPerson = (userId: UserId) =>
        store.read((tx) => tx.verdictsOf(acme.clientId, userId, [op.opId, newId(), refused.opId]))
      expect(await ofPerson(acme.people.admin.id)).toEqual(found)
      expect(await ofPerson(acme.people.other.id), 'operations of another person are not returned').toEqual([])
      expect(await store.read((tx) => tx.verdicts(acme.clientId, newId(), [1, 2]))).toEqual([])
      expect(await store.read((tx) => tx.verdicts(acme.clientId, deviceId, [3, 100]))).toEqual([])
    })

    test('verdicts of distant numbers are found without reading the operations between them', async () => {
      const { store, acme, newId, deviceId, operation, changes, addCall } = fixture()
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
      const { store } = fixture()
      await expect(store.check()).resolves.toBeUndefined()
    })

    test('each version has an author; the publisher is the author of published rows', async () => {
      const { store, acme, deviceId, addCall } = fixture()
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

    test('the device’s last clock is stored', async () => {
      const { store, acme, changes } = fixture()
      const lastClock = 'f'.repeat(16)
      await store.write((tx) => tx.apply(acme.clientId, changes({ lastClock })))
      expect((await store.read((tx) => tx.principal(HASH(1))))?.lastClock).toBe(lastClock)
    })
  })
}
